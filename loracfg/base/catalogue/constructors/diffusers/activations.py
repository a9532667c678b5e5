"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): activations. Made by `python -m loracfg.base.transcriber`."""
from loracfg.base.catalogue.stand_ins.diffusers import is_torch_version
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import functional as F, nn

ACT2CLS = {'swish': nn.SiLU, 'silu': nn.SiLU, 'mish': nn.Mish, 'gelu': nn.GELU, 'relu': nn.ReLU}

def get_activation(act_fn):
    act_fn = act_fn.lower()
    if act_fn in ACT2CLS:
        return ACT2CLS[act_fn]()
    else:
        raise ValueError(f'activation function {act_fn} not found in ACT2FN mapping {list(ACT2CLS.keys())}')

class FP32SiLU(nn.Module):

    def __init__(self):
        super().__init__()

class GELU(nn.Module):

    def __init__(self, dim_in, dim_out, approximate='none', bias=True):
        super().__init__()
        self.proj = nn.Linear(dim_in, dim_out, bias=bias)
        self.approximate = approximate

    def gelu(self, gate):
        if gate.device.type == 'mps' and is_torch_version('<', '2.0.0'):
            return F.gelu(gate.to(dtype=torch.float32), approximate=self.approximate).to(dtype=gate.dtype)
        return F.gelu(gate, approximate=self.approximate)

class GEGLU(nn.Module):

    def __init__(self, dim_in, dim_out, bias=True):
        super().__init__()
        self.proj = nn.Linear(dim_in, dim_out * 2, bias=bias)

    def gelu(self, gate):
        if gate.device.type == 'mps' and is_torch_version('<', '2.0.0'):
            return F.gelu(gate.to(dtype=torch.float32)).to(dtype=gate.dtype)
        return F.gelu(gate)

class SwiGLU(nn.Module):

    def __init__(self, dim_in, dim_out, bias=True):
        super().__init__()
        self.proj = nn.Linear(dim_in, dim_out * 2, bias=bias)
        self.activation = nn.SiLU()

class ApproximateGELU(nn.Module):

    def __init__(self, dim_in, dim_out, bias=True):
        super().__init__()
        self.proj = nn.Linear(dim_in, dim_out, bias=bias)

class LinearActivation(nn.Module):

    def __init__(self, dim_in, dim_out, bias=True, activation='silu'):
        super().__init__()
        self.proj = nn.Linear(dim_in, dim_out, bias=bias)
        self.activation = get_activation(activation)
