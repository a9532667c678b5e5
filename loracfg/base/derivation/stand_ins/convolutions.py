"""Stands in for the convolutions of `torch.nn`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from loracfg.base.derivation.stand_ins.module import Module, parameter
from loracfg.base.derivation.stand_ins.tensors import Tensor
from loracfg.base.derivation.stand_ins.unknown import UndeterminedError, Unknown


def _tupled(dims: int, value: Any) -> tuple[Any, ...]:
    if isinstance(value, (Unknown, Tensor)):
        raise UndeterminedError("a size of a kernel is not known")
    if isinstance(value, Iterable):
        return tuple(value)
    return (value,) * dims


class _Convolution(Module):
    dims = 0
    transposed = False

    def __init__(
        self,
        in_channels: Any,
        out_channels: Any,
        kernel_size: Any,
        stride: Any = 1,
        padding: Any = 0,
        dilation: Any = 1,
        groups: Any = 1,
        bias: Any = True,
        padding_mode: Any = "zeros",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        self._make(in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias)
        if padding_mode not in ("zeros", "reflect", "replicate", "circular"):
            raise ValueError("padding_mode")

    def _make(
        self,
        into: Any,
        out: Any,
        kernel: Any,
        stride: Any,
        padding: Any,
        dilation: Any,
        groups: Any,
        bias: Any,
    ) -> None:
        kernel = _tupled(self.dims, kernel)
        if groups <= 0:
            raise ValueError("groups must be a positive integer")
        if groups != 1 and (into % groups or out % groups):
            raise ValueError("channels must be divisible by groups")
        is_named = isinstance(padding, str) and not self.transposed
        if is_named:
            if padding not in ("same", "valid"):
                raise ValueError("padding")
            if padding == "same" and any(one != 1 for one in _tupled(self.dims, stride)):
                raise ValueError("padding='same' is not supported for strided convolutions")
        self.in_channels = into
        self.out_channels = out
        self.kernel_size = kernel
        self.stride = _tupled(self.dims, stride)
        self.padding = padding if is_named else _tupled(self.dims, padding)
        self.dilation = _tupled(self.dims, dilation)
        self.groups = groups
        first, second = (into, out) if self.transposed else (out, into)
        self.weight = parameter(first, second if groups == 1 else second // groups, *kernel)
        if bias:
            self.bias = parameter(out)
        else:
            self.register_parameter("bias", None)


class Conv1d(_Convolution):
    dims = 1


class Conv2d(_Convolution):
    dims = 2


class Conv3d(_Convolution):
    dims = 3


class _Transposed(_Convolution):
    transposed = True

    def __init__(
        self,
        in_channels: Any,
        out_channels: Any,
        kernel_size: Any,
        stride: Any = 1,
        padding: Any = 0,
        output_padding: Any = 0,
        groups: Any = 1,
        bias: Any = True,
        dilation: Any = 1,
        padding_mode: Any = "zeros",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        Module.__init__(self)
        self._make(in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias)
        if padding_mode != "zeros":
            raise ValueError("padding_mode")


class ConvTranspose1d(_Transposed):
    dims = 1


class ConvTranspose2d(_Transposed):
    dims = 2


class ConvTranspose3d(_Transposed):
    dims = 3
