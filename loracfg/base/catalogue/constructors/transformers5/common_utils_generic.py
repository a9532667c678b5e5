"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): common_utils_generic. Made by `python -m loracfg.base.transcriber`."""
import re
_is_torch_available = True

def is_flash_attention_requested(config=None, requested_attention_implementation=None, version=None):
    if config is not None and requested_attention_implementation is not None:
        raise ValueError('Requested attention implementation is ambiguous: Please pass either the config or the name of the attention implementation, not both.')
    if config is not None:
        checked_attention_implementation = config._attn_implementation
    else:
        checked_attention_implementation = requested_attention_implementation
    if checked_attention_implementation is None:
        return False
    if version is not None:
        if isinstance(version, int):
            version = [version]
        return any((re.match('.*flash.*' + str(v), checked_attention_implementation) is not None for v in version))
    return 'flash' in checked_attention_implementation

def torch_int(x):
    if not _is_torch_available:
        return int(x)
    from loracfg.base.catalogue.stand_ins.functions import torch
    return x.to(torch.int64) if torch.jit.is_tracing() and isinstance(x, torch.Tensor) else int(x)
