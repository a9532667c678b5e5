"""Stands in for the layers of `torch.nn`, with the parameters and buffers that each registers."""

from __future__ import annotations

from typing import Any, Self

from loracfg.base.derivation.stand_ins.module import Module, Parameter, parameter
from loracfg.base.derivation.stand_ins.tensors import Tensor
from loracfg.base.derivation.stand_ins.unknown import UndeterminedError


def check_padding(rows: int, padding: float | None) -> None:
    """Reject a padding index that is not a row of the embedding."""
    if padding is not None and not -rows <= int(padding) < rows:
        raise AssertionError("padding_idx must be within num_embeddings")
    if isinstance(padding, float):
        raise IndexError("only integers are valid indices")


def check_probability(p: float) -> None:
    """Reject a value that is not a probability."""
    if p < 0 or p > 1:
        raise ValueError("dropout probability has to be between 0 and 1")


class Linear(Module):
    def __init__(
        self,
        in_features: Any,
        out_features: Any,
        bias: Any = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        self.in_features = in_features
        self.out_features = out_features
        self.weight = parameter(out_features, in_features)
        if bias:
            self.bias = parameter(out_features)
        else:
            self.register_parameter("bias", None)


class NonDynamicallyQuantizableLinear(Linear):
    pass


class Bilinear(Module):
    def __init__(
        self, in1_features: Any, in2_features: Any, out_features: Any, bias: Any = True
    ) -> None:
        super().__init__()
        if in1_features <= 0:
            raise ValueError("in1_features must be > 0")
        self.weight = parameter(out_features, in1_features, in2_features)
        if bias:
            self.bias = parameter(out_features)
        else:
            self.register_parameter("bias", None)


class Embedding(Module):
    def __init__(
        self,
        num_embeddings: Any,
        embedding_dim: Any,
        padding_idx: Any = None,
        max_norm: Any = None,
        norm_type: Any = 2.0,
        scale_grad_by_freq: Any = False,
        sparse: Any = False,
        _weight: Any = None,
        _freeze: Any = False,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        self.num_embeddings = num_embeddings
        self.embedding_dim = embedding_dim
        check_padding(num_embeddings, padding_idx)
        self.given_padding = padding_idx
        if padding_idx is not None and padding_idx < 0:
            padding_idx = num_embeddings + padding_idx
        self.padding_idx = padding_idx
        if _weight is None:
            self.weight = parameter(num_embeddings, embedding_dim)
        else:
            if list(_weight.shape) != [num_embeddings, embedding_dim]:
                raise AssertionError("shape of weight does not match")
            self.weight = Parameter(_weight)

    @classmethod
    def from_pretrained(cls, embeddings: Tensor, **_: object) -> Self:
        rows, columns = embeddings.shape
        return cls(rows, columns, _weight=embeddings)


class PReLU(Module):
    def __init__(
        self, num_parameters: Any = 1, init: Any = 0.25, device: Any = None, dtype: Any = None
    ) -> None:
        super().__init__()
        self.weight = parameter(num_parameters)


class _Rated(Module):
    def __init__(self, p: Any = 0.5, inplace: Any = False) -> None:
        super().__init__()
        check_probability(p)
        self.p = p


class Dropout(_Rated):
    pass


class Dropout1d(_Rated):
    pass


class Dropout2d(_Rated):
    pass


class Dropout3d(_Rated):
    pass


class _Plain(Module):
    """A module that registers nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__()
        self.__dict__.update(kwargs)


class Upsample(_Plain):
    def __init__(self, size: Any = None, scale_factor: Any = None, *_: Any, **__: Any) -> None:
        super().__init__()
        for factor in scale_factor if isinstance(scale_factor, tuple) else [scale_factor or 0]:
            float(factor)


class _Weighted(Module):
    def __init__(self, weight: Any = None, *_: Any, **more: Any) -> None:
        super().__init__()
        if weight is not None or more.get("pos_weight") is not None:
            raise UndeterminedError("weights of a loss are not known")


class BCELoss(_Weighted):
    pass


class BCEWithLogitsLoss(_Weighted):
    pass


class CrossEntropyLoss(_Weighted):
    pass


class NLLLoss(_Weighted):
    pass


class Hardtanh(_Plain):
    def __init__(
        self,
        min_val: Any = -1.0,
        max_val: Any = 1.0,
        inplace: Any = False,
        min_value: Any = None,
        max_value: Any = None,
    ) -> None:
        super().__init__()
        min_val = min_val if min_value is None else min_value
        max_val = max_val if max_value is None else max_value
        if not max_val > min_val:
            raise AssertionError("max_val must be greater than min_val")


_NAMES = """
AdaptiveAvgPool1d AdaptiveAvgPool2d AdaptiveAvgPool3d AdaptiveMaxPool1d AdaptiveMaxPool2d AvgPool1d
AvgPool2d AvgPool3d CELU CTCLoss ConstantPad1d ConstantPad2d ConstantPad3d
CosineSimilarity ELU Flatten Fold GELU GLU Hardsigmoid Hardswish Identity
KLDivLoss L1Loss LeakyReLU LogSigmoid LogSoftmax MSELoss MaxPool1d MaxPool2d MaxPool3d Mish
PixelShuffle PixelUnshuffle ReLU ReLU6 ReflectionPad1d ReflectionPad2d ReplicationPad1d
ReplicationPad2d ReplicationPad3d SELU SiLU Sigmoid SmoothL1Loss Softmax Softplus Softsign Tanh
Unflatten Unfold UpsamplingNearest2d ZeroPad1d ZeroPad2d
"""
globals().update({name: type(name, (_Plain,), {"__module__": __name__}) for name in _NAMES.split()})
