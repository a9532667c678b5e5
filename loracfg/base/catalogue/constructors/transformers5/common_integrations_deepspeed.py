"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): common_integrations_deepspeed. Made by `python -m loracfg.base.transcriber`."""
_hf_deepspeed_config_weak_ref = None

def is_deepspeed_zero3_enabled():
    if _hf_deepspeed_config_weak_ref is not None and _hf_deepspeed_config_weak_ref() is not None:
        return _hf_deepspeed_config_weak_ref().is_zero3()
    else:
        return False
