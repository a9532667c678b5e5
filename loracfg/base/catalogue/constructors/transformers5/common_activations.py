"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): common_activations. Made by `python -m loracfg.base.transcriber`."""
from collections import OrderedDict
from loracfg.base.catalogue.stand_ins.functions import torch
from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.unknown import Foreign, Unknown
import functools
import math

class GELUTanh(nn.Module):

    def __init__(self, use_gelu_tanh_python=False):
        super().__init__()
        if use_gelu_tanh_python:
            self.act = self._gelu_tanh_python
        else:
            self.act = functools.partial(nn.functional.gelu, approximate='tanh')

    def _gelu_tanh_python(self, input):
        return input * 0.5 * (1.0 + torch.tanh(math.sqrt(2.0 / math.pi) * (input + 0.044715 * torch.pow(input, 3.0))))

class NewGELUActivation(nn.Module):
    pass

class GELUActivation(nn.Module):

    def __init__(self, use_gelu_python=False):
        super().__init__()
        if use_gelu_python:
            self.act = self._gelu_python
        else:
            self.act = nn.functional.gelu

    def _gelu_python(self, input):
        return input * 0.5 * (1.0 + torch.erf(input / math.sqrt(2.0)))

class SiLUActivation(nn.Module):
    pass

class FastGELUActivation(nn.Module):
    pass

class QuickGELUActivation(nn.Module):
    pass

class ClippedGELUActivation(nn.Module):

    def __init__(self, min, max):
        if min > max:
            raise ValueError(f'min should be < max (got min: {min}, max: {max})')
        super().__init__()
        self.min = min
        self.max = max

class AccurateGELUActivation(nn.Module):

    def __init__(self):
        super().__init__()
        self.precomputed_constant = math.sqrt(2 / math.pi)

class MishActivation(nn.Module):

    def __init__(self):
        super().__init__()
        self.act = nn.functional.mish

class LinearActivation(nn.Module):
    pass

class LaplaceActivation(nn.Module):
    pass

class ReLUSquaredActivation(nn.Module):
    pass

class SqrtSoftplusActivation(nn.Module):
    pass

class ClassInstantier(OrderedDict):

    def __getitem__(self, key):
        content = super().__getitem__(key)
        cls, kwargs = content if isinstance(content, tuple) else (content, {})
        return cls(**kwargs)

class XIELUActivation(nn.Module):

    def __init__(self, alpha_p_init=0.8, alpha_n_init=0.8, beta=0.5, eps=-1e-06, dtype=torch.bfloat16, with_vector_loads=False):
        super().__init__()
        self.alpha_p = nn.Parameter(torch.log(torch.expm1(torch.tensor(alpha_p_init, dtype=dtype))).unsqueeze(0))
        self.alpha_n = nn.Parameter(torch.log(torch.expm1(torch.tensor(alpha_n_init - beta, dtype=dtype))).unsqueeze(0))
        self.beta = nn.Buffer(torch.tensor(beta, dtype=dtype))
        self.eps = nn.Buffer(torch.tensor(eps, dtype=dtype))
        self.with_vector_loads = with_vector_loads
        self._beta_scalar = float(beta)
        self._eps_scalar = float(eps)
        self._xielu_cuda_obj = None
        try:
            xielu = Foreign('xielu.ops')
            self._xielu_cuda_obj = torch.classes.xielu.XIELU()
            msg = 'Using experimental xIELU CUDA.'
            try:
                allow_in_graph = Unknown('torch.compiler.allow_in_graph')
                self._xielu_cuda_fn = allow_in_graph(self._xielu_cuda)
                msg += ' Enabled torch._dynamo for xIELU CUDA.'
            except Exception as err:
                msg += f' Could not enable torch._dynamo for xIELU ({err}) - this may result in slower performance.'
                self._xielu_cuda_fn = self._xielu_cuda
        except Exception as err:
            pass

    def _xielu_cuda(self, x):
        original_shape = x.shape
        while x.dim() < 3:
            x = x.unsqueeze(0)
        if x.dim() > 3:
            x = x.view(-1, 1, x.size(-1))
        if original_shape != x.shape:
            pass
        result = self._xielu_cuda_obj.forward(x, self.alpha_p.to(x.dtype), self.alpha_n.to(x.dtype), self._beta_scalar, self._eps_scalar, self.with_vector_loads)
        return result.view(original_shape)

ACT2CLS = {'gelu': GELUActivation, 'gelu_10': (ClippedGELUActivation, {'min': -10, 'max': 10}), 'gelu_fast': FastGELUActivation, 'gelu_new': NewGELUActivation, 'gelu_python': (GELUActivation, {'use_gelu_python': True}), 'gelu_pytorch_tanh': GELUTanh, 'gelu_python_tanh': (GELUTanh, {'use_gelu_tanh_python': True}), 'gelu_accurate': AccurateGELUActivation, 'hardswish': nn.Hardswish, 'laplace': LaplaceActivation, 'leaky_relu': nn.LeakyReLU, 'linear': LinearActivation, 'mish': MishActivation, 'quick_gelu': QuickGELUActivation, 'relu': nn.ReLU, 'relu2': ReLUSquaredActivation, 'relu6': nn.ReLU6, 'sigmoid': nn.Sigmoid, 'silu': SiLUActivation, 'sqrtsoftplus': SqrtSoftplusActivation, 'swish': nn.SiLU, 'tanh': nn.Tanh, 'prelu': nn.PReLU, 'xielu': XIELUActivation}

ACT2FN = ClassInstantier(ACT2CLS)

def get_activation(activation_string):
    if activation_string in ACT2FN:
        return ACT2FN[activation_string]
    else:
        raise KeyError(f'function {activation_string} not found in ACT2FN mapping {list(ACT2FN.keys())}')

gelu_new = get_activation('gelu_new')

gelu = get_activation('gelu')

gelu_pytorch_tanh = get_activation('gelu_pytorch_tanh')

silu = get_activation('silu')
