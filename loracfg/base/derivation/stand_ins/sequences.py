"""Stands in for attention and recurrent layers of `torch.nn`."""

from __future__ import annotations

from typing import Any

from loracfg.base.derivation.stand_ins.layers import NonDynamicallyQuantizableLinear
from loracfg.base.derivation.stand_ins.module import Module, parameter
from loracfg.base.derivation.stand_ins.turns import range


class MultiheadAttention(Module):
    def __init__(
        self,
        embed_dim: Any,
        num_heads: Any,
        dropout: Any = 0.0,
        bias: Any = True,
        add_bias_kv: Any = False,
        add_zero_attn: Any = False,
        kdim: Any = None,
        vdim: Any = None,
        batch_first: Any = False,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        if embed_dim <= 0 or num_heads <= 0:
            raise ValueError("embed_dim and num_heads must be greater than 0")
        super().__init__()
        self.embed_dim, self.num_heads = embed_dim, num_heads
        self.kdim = kdim if kdim is not None else embed_dim
        self.vdim = vdim if vdim is not None else embed_dim
        self.head_dim = embed_dim // num_heads
        if self.head_dim * num_heads != embed_dim:
            raise AssertionError("embed_dim must be divisible by num_heads")
        if self.kdim != embed_dim or self.vdim != embed_dim:
            self.q_proj_weight = parameter(embed_dim, embed_dim)
            self.k_proj_weight = parameter(embed_dim, self.kdim)
            self.v_proj_weight = parameter(embed_dim, self.vdim)
            self.register_parameter("in_proj_weight", None)
        else:
            self.in_proj_weight = parameter(3 * embed_dim, embed_dim)
            for name in ("q_proj_weight", "k_proj_weight", "v_proj_weight"):
                self.register_parameter(name, None)
        if bias:
            self.in_proj_bias = parameter(3 * embed_dim)
        else:
            self.register_parameter("in_proj_bias", None)
        self.out_proj = NonDynamicallyQuantizableLinear(embed_dim, embed_dim, bias=bias)
        if add_bias_kv:
            self.bias_k = parameter(1, 1, embed_dim)
            self.bias_v = parameter(1, 1, embed_dim)


class _Recurrent(Module):
    gates = 1

    def __init__(
        self,
        input_size: Any,
        hidden_size: Any,
        num_layers: Any = 1,
        bias: Any = True,
        batch_first: Any = False,
        dropout: Any = 0.0,
        bidirectional: Any = False,
        proj_size: Any = 0,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        is_rate = isinstance(dropout, (int, float)) and not isinstance(dropout, bool)
        if not is_rate or not 0 <= dropout <= 1:
            raise ValueError("dropout should be a number in range [0, 1]")
        if not isinstance(bias, bool) or not isinstance(batch_first, bool):
            raise TypeError("bias and batch_first should be of type bool")
        if not isinstance(input_size, int) or not isinstance(hidden_size, int):
            raise TypeError("input_size and hidden_size should be of type int")
        if input_size <= 0 or hidden_size <= 0 or num_layers <= 0:
            raise ValueError("input_size, hidden_size, num_layers must be greater than zero")
        if not 0 <= proj_size < hidden_size:
            raise ValueError("proj_size has to be smaller than hidden_size")
        self.input_size, self.hidden_size, self.num_layers = input_size, hidden_size, num_layers
        width = self.gates * hidden_size if self.gates > 1 else hidden_size
        outputs = proj_size or hidden_size
        ways = ("", "_reverse") if bidirectional else ("",)
        for layer in range(num_layers):
            into = input_size if layer == 0 else outputs * len(ways)
            for way in ways:
                end = f"l{layer}{way}"
                setattr(self, f"weight_ih_{end}", parameter(width, into))
                setattr(self, f"weight_hh_{end}", parameter(width, outputs))
                if bias:
                    setattr(self, f"bias_ih_{end}", parameter(width))
                    setattr(self, f"bias_hh_{end}", parameter(width))
                if proj_size:
                    setattr(self, f"weight_hr_{end}", parameter(proj_size, hidden_size))


class _Unprojected(_Recurrent):
    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        if "proj_size" in keywords:
            raise ValueError("proj_size argument is only supported for LSTM")
        super().__init__(*arguments, **keywords)


class RNN(_Unprojected):
    def __init__(self, *arguments: Any, nonlinearity: Any = "tanh", **keywords: Any) -> None:
        if len(arguments) > 3:
            nonlinearity = arguments[3]
            arguments = (*arguments[:3], *arguments[4:])
        super().__init__(*arguments, **keywords)
        if nonlinearity not in ("tanh", "relu"):
            raise ValueError(f"Unknown nonlinearity '{nonlinearity}'")


class GRU(_Unprojected):
    gates = 3


class LSTM(_Recurrent):
    gates = 4


class GRUCell(Module):
    gates = 3

    def __init__(
        self,
        input_size: Any,
        hidden_size: Any,
        bias: Any = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        width = self.gates * hidden_size
        self.weight_ih = parameter(width, input_size)
        self.weight_hh = parameter(width, hidden_size)
        if bias:
            self.bias_ih = parameter(width)
            self.bias_hh = parameter(width)
        else:
            self.register_parameter("bias_ih", None)
            self.register_parameter("bias_hh", None)


class LSTMCell(GRUCell):
    gates = 4
