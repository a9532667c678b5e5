"""Stands in for the normalisation layers of `torch.nn`, and for weight norm."""

from __future__ import annotations

from typing import Any

from loracfg.base.derivation.stand_ins.containers import ModuleDict, ModuleList
from loracfg.base.derivation.stand_ins.module import Module, parameter
from loracfg.base.derivation.stand_ins.tensors import made, sizes


class LayerNorm(Module):
    def __init__(
        self,
        normalized_shape: Any,
        eps: Any = 1e-5,
        elementwise_affine: Any = True,
        bias: Any = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        shape = (normalized_shape,) if isinstance(normalized_shape, int) else normalized_shape
        self.normalized_shape = tuple(shape)
        self.eps = eps
        if elementwise_affine:
            self.weight = parameter(*self.normalized_shape)
            if bias:
                self.bias = parameter(*self.normalized_shape)
            else:
                self.register_parameter("bias", None)
        else:
            self.register_parameter("weight", None)
            self.register_parameter("bias", None)


class RMSNorm(Module):
    def __init__(
        self,
        normalized_shape: Any,
        eps: Any = None,
        elementwise_affine: Any = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        shape = (normalized_shape,) if isinstance(normalized_shape, int) else normalized_shape
        self.normalized_shape = tuple(shape)
        self.eps = eps
        if elementwise_affine:
            self.weight = parameter(*self.normalized_shape)
        else:
            self.register_parameter("weight", None)


class GroupNorm(Module):
    def __init__(
        self,
        num_groups: Any,
        num_channels: Any,
        eps: Any = 1e-5,
        affine: Any = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        if num_channels % num_groups:
            raise ValueError("num_channels must be divisible by num_groups")
        self.num_groups, self.num_channels, self.eps = num_groups, num_channels, eps
        if affine:
            self.weight = parameter(num_channels)
            self.bias = parameter(num_channels)
        else:
            self.register_parameter("weight", None)
            self.register_parameter("bias", None)


class _Normalised(Module):
    def __init__(
        self,
        num_features: Any,
        eps: Any = 1e-5,
        momentum: Any = 0.1,
        affine: Any = True,
        track_running_stats: Any = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        self.num_features, self.eps, self.momentum = num_features, eps, momentum
        if affine:
            self.weight = parameter(num_features)
            self.bias = parameter(num_features)
        else:
            self.register_parameter("weight", None)
            self.register_parameter("bias", None)
        if track_running_stats:
            self.register_buffer("running_mean", made(sizes([num_features])))
            self.register_buffer("running_var", made(sizes([num_features])))
            self.register_buffer("num_batches_tracked", made(()))
        else:
            for name in ("running_mean", "running_var", "num_batches_tracked"):
                self.register_buffer(name, None)


class BatchNorm1d(_Normalised):
    pass


class BatchNorm2d(_Normalised):
    pass


class BatchNorm3d(_Normalised):
    pass


class SyncBatchNorm(_Normalised):
    pass


class InstanceNorm1d(_Normalised):
    def __init__(
        self,
        num_features: Any,
        eps: Any = 1e-5,
        momentum: Any = 0.1,
        affine: Any = False,
        track_running_stats: Any = False,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(num_features, eps, momentum, affine, track_running_stats)


class InstanceNorm2d(InstanceNorm1d):
    pass


class _WeightNorm(Module):
    pass


class ParametrizationList(ModuleList):
    def __init__(self, weight: Any, kept: int | None) -> None:
        super().__init__([_WeightNorm()])
        self.original0 = parameter(*_norm_shape(weight.shape, kept))
        self.original1 = parameter(*weight.shape)


def _norm_shape(shape: tuple[int, ...], kept: int | None) -> list[int]:
    if kept is None or kept == -1:  # all of them
        return []
    if not shape[kept]:
        raise RuntimeError("a weight of no rows has no norms")
    return [size if at == kept % len(shape) else 1 for at, size in enumerate(shape)]


def parametrized_weight_norm(module: Module, name: str = "weight", dim: int | None = 0) -> Module:
    weight = module._parameters.pop(name)
    module.__dict__.pop(name)
    if "parametrizations" not in module._modules:
        cls = type(module)
        object.__setattr__(module, "__class__", type(f"Parametrized{cls.__name__}", (cls,), {}))
        module.parametrizations = ModuleDict()
    module.parametrizations[name] = ParametrizationList(weight, dim)
    module.__dict__[name] = made(weight.shape)
    return module


def weight_norm(module: Module, name: str = "weight", dim: int | None = 0) -> Module:
    weight = module._parameters.pop(name)
    module.__dict__.pop(name)
    setattr(module, f"{name}_g", parameter(*_norm_shape(weight.shape, dim)))
    setattr(module, f"{name}_v", parameter(*weight.shape))
    module.__dict__[name] = made(weight.shape)
    return module
