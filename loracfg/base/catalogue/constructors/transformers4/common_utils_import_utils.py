"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): common_utils_import_utils. Made by `python -m loracfg.base.transcriber`."""
from loracfg.base.catalogue.stand_ins.unknown import Unknown
is_torch_available = lambda *_: True
is_torch_fx_available = lambda *_: False
is_torch_greater_or_equal = lambda *_: True

def is_cuda_platform():
    if is_torch_available():
        from loracfg.base.catalogue.stand_ins.functions import torch
        return torch.version.cuda is not None
    else:
        return False

def check_torch_load_is_safe():
    if not is_torch_greater_or_equal('2.6'):
        raise ValueError('Due to a serious vulnerability issue in `torch.load`, even with `weights_only=True`, we now require users to upgrade torch to at least v2.6 in order to use the function. This version restriction does not apply when loading files with safetensors.\nSee the vulnerability report here https://nvd.nist.gov/vuln/detail/CVE-2025-32434')

def is_torch_fx_proxy(x):
    if is_torch_fx_available():
        torch = Unknown('torch.fx')
        return isinstance(x, torch.fx.Proxy)
    return False
