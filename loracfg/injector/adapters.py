"""What one adapter adds to one layer, for each kind of layer: `W + scaling · B A`.

LoRA (Hu et al., https://arxiv.org/abs/2106.09685). W is always `(out, in)` here, however a layer
stores it; A is `(r, in)` and B `(out, r)`. Parameters and buffers have the names used in files.
Source: `peft/tuners/lora/layer.py`, 0.21.2.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from loracfg.base.architecture import Kind
from loracfg.config.model.config_values import ConfigValues
from loracfg.injector.factors import Factor, new_parameter
from loracfg.injector.montecarlo import MonteCarlo
from loracfg.planning.layer_settings import LayerSettings


class LoraVariant:
    """How an adapter starts, computes and merges. This is plain LoRA: `W x + scaling · B A x`.

    `loracfg.injector.variants` has those that options of a config select.
    """

    frozen: tuple[str, ...] = ()
    """Names of the parameters that are frozen."""

    merge_problem: str | None = None
    """Why adapters of this variant cannot be merged, if they cannot."""

    def __init__(self, config: ConfigValues) -> None:
        self.config = config

    def prepare(self, adapter: LoraAdapter) -> None:
        """Change the factors of an initialised adapter, or add tensors to it."""

    def down(self, adapter: LoraAdapter, x: Tensor) -> Tensor:
        """Apply A."""
        return adapter.down(x)

    def product(self, adapter: LoraAdapter) -> Tensor:
        """Return the update without its scaling, shaped as W."""
        return adapter.product()

    def update(self, adapter: LoraAdapter, x: Tensor) -> Tensor:
        """Return what the adapter adds for x, after dropout."""
        return adapter.up(self.down(adapter, x)) * adapter.scaling

    def join(self, adapter: LoraAdapter, x: Tensor, result: Tensor) -> Tensor:
        """Add the update to the result of the base layer."""
        return result + self.update(adapter, adapter.drop(x))

    def delta(self, adapter: LoraAdapter) -> Tensor:
        """Return the update, shaped as W."""
        return self.product(adapter) * adapter.scaling

    def merged(self, adapter: LoraAdapter, weight: Tensor, original: Tensor) -> Tensor:
        """Return a weight with the update; `original` is the base's. Both are `(out, in)`."""
        return weight + self.delta(adapter)

    def unmerged(self, adapter: LoraAdapter, weight: Tensor) -> Tensor:
        """Return a weight without the update."""
        return weight - self.delta(adapter)


class LoraAdapter(nn.Module):
    """The update of a linear layer, and the base class of all other updates.

    `option` is the LoRA variant that the config selects, usually plain LoRA.
    """

    lora_A: Factor
    lora_B: Factor
    lora_magnitude_vector: nn.Parameter
    lora_diag: nn.Parameter
    lora_velora_embed: Tensor
    lora_monteclora_sampler: MonteCarlo

    def __init__(
        self, base: nn.Module, given: LayerSettings, option: LoraVariant, path: str
    ) -> None:
        super().__init__()
        self.rank = given.rank
        self.scaling = given.scaling
        self.lora_dropout = float(option.config.lora_dropout)
        self._base = (base,)  # in a tuple, so that it is not a submodule of the adapter
        self.path = path
        self.option = option
        self.make(option.config)

    @property
    def base(self) -> nn.Module:
        """The layer that is adapted."""
        return self._base[0]

    def make(self, config: ConfigValues) -> None:
        """Make the factors."""
        out, into = self.weight.shape
        self.lora_A = Factor((self.rank, into), self.weight)
        self.lora_B = Factor((out, self.rank), self.weight, bias=config.lora_bias)

    @property
    def factors(self) -> tuple[nn.Parameter, nn.Parameter]:
        """A and B."""
        return self.lora_A.weight, self.lora_B.weight

    @property
    def bias(self) -> Tensor | None:
        """What merging adds to the bias, `(out,)`; None if the update has no bias."""
        return None if self.lora_B.bias is None else self.lora_B.bias * self.scaling

    @property
    def weight(self) -> Tensor:
        """The base weight as `(out, in)`."""
        return self.turned(base_weight(self.base))

    def turned(self, weight: Tensor) -> Tensor:
        """Convert a weight from the layer's own order to `(out, in)`, or back."""
        return weight

    def drop(self, x: Tensor) -> Tensor:
        """Apply dropout during training."""
        return F.dropout(x, self.lora_dropout) if self.training and self.lora_dropout else x

    def down(self, x: Tensor) -> Tensor:
        """Apply A: `(..., in)` to `(..., r)`."""
        return self.lora_A(x)  # type: ignore[no-any-return]

    def up(self, x: Tensor) -> Tensor:
        """Apply B: `(..., r)` to `(..., out)`."""
        return self.lora_B(x)  # type: ignore[no-any-return]

    def product(self) -> Tensor:
        """Return `B A`, shaped as W."""
        return self.lora_B.matrix @ self.lora_A.matrix

    def without_bias(self, x: Tensor) -> Tensor:
        """Return the result of the base layer without its bias."""
        return F.linear(x, self.weight.to(x.dtype))

    def spread(self, values: Tensor) -> Tensor:
        """Reshape a value per output feature so that it broadcasts over results."""
        return values

    def forward(self, x: Tensor, result: Tensor) -> Tensor:
        """Return a result of the base layer for x, with the update added."""
        return self.option.join(self, x.to(self.lora_A.weight.dtype), result)

    @property
    def delta(self) -> Tensor:
        """The update, shaped as W."""
        return self.option.delta(self)

    def merge_problem(self) -> str | None:
        """Return why the update cannot be merged into the weight, if it cannot."""
        return self.option.merge_problem


class TransposedAdapter(LoraAdapter):
    """The update of a `Conv1D` of GPT-2, which stores its weight as `(in, out)`."""

    def turned(self, weight: Tensor) -> Tensor:
        return weight.T


class EmbeddingAdapter(LoraAdapter):
    """The update of an embedding, which stores its weight as `(rows, dim)`; `in` is `rows`.

    A token selects a column of A, so A starts at zero and B at random.
    """

    lora_embedding_A: nn.Parameter
    lora_embedding_B: nn.Parameter

    def make(self, config: ConfigValues) -> None:
        dim, rows = self.weight.shape
        self.lora_embedding_A = new_parameter((self.rank, rows), self.weight)
        self.lora_embedding_B = new_parameter((dim, self.rank), self.weight)

    @property
    def factors(self) -> tuple[nn.Parameter, nn.Parameter]:
        return self.lora_embedding_A, self.lora_embedding_B

    @property
    def bias(self) -> None:
        return None

    def turned(self, weight: Tensor) -> Tensor:
        return weight.T

    def drop(self, x: Tensor) -> Tensor:
        """Return x: tokens are not dropped."""
        return x

    def down(self, x: Tensor) -> Tensor:
        return embedded(x, self.lora_embedding_A.T, self.base)

    def up(self, x: Tensor) -> Tensor:
        """Apply B, and the factor with which some models scale their embeddings."""
        return scaled(x @ self.lora_embedding_B.T, self.base)

    def product(self) -> Tensor:
        return self.lora_embedding_B @ self.lora_embedding_A

    def forward(self, x: Tensor, result: Tensor) -> Tensor:
        return self.option.join(self, x, result)


class ConvolutionAdapter(LoraAdapter):
    """The update of a convolution: A is `(r, in, *kernel)` and B `(out, r / groups, 1…)`."""

    def make(self, config: ConfigValues) -> None:
        base: Any = self.base
        out, _, *kernel = base.weight.shape
        self.groups: int = base.groups
        self.placed = {"stride": base.stride, "padding": base.padding}
        self.convolve = (F.conv1d, F.conv2d, F.conv3d)[len(kernel) - 1]
        ones = (1,) * len(kernel)
        self.lora_A = Factor((self.rank, base.in_channels, *kernel), base.weight)
        shape = (out, self.rank // self.groups, *ones)
        self.lora_B = Factor(shape, base.weight, bias=config.lora_bias)

    def down(self, x: Tensor) -> Tensor:
        """Apply A as a convolution, undilated and without groups, as PEFT does."""
        return self.convolve(x, self.lora_A.weight, **self.placed)

    def up(self, x: Tensor) -> Tensor:
        return self.convolve(x, self.lora_B.weight, self.lora_B.bias, groups=self.groups)

    def product(self) -> Tensor:
        """Return `B A`, shaped as W; with groups, what PEFT uses for it."""
        a, b = self.lora_A.weight, self.lora_B.weight
        found = b.reshape(-1, self.rank) @ a.reshape(self.rank, -1)
        return found.reshape(b.shape[0], a.shape[1] // self.groups, *a.shape[2:])

    def without_bias(self, x: Tensor) -> Tensor:
        placed = self.placed | {"dilation": self.base.dilation, "groups": self.groups}
        return self.convolve(x, self.weight.to(x.dtype), **placed)

    def spread(self, values: Tensor) -> Tensor:
        return values.reshape(-1, *(1,) * (self.lora_A.weight.dim() - 2))

    def merge_problem(self) -> str | None:
        if self.groups > 1:
            return "the update of a convolution with groups cannot be merged"
        return super().merge_problem()


class ParameterAdapter(LoraAdapter):
    """The update of one parameter: a matrix `(out, in)`, or a stack with one for each expert.

    A stack is `(experts, out, in)`, or `(experts, in, out)` if its module has `is_transposed`.
    The factors of all experts are stored together: A is `(experts · r, in)`, B is
    `(out, r · experts)`.
    """

    def __init__(
        self,
        base: nn.Module,
        given: LayerSettings,
        option: LoraVariant,
        path: str,
        parameter: str,
    ) -> None:
        self.parameter = parameter
        super().__init__(base, given, option, path)

    def make(self, config: ConfigValues) -> None:
        weight = getattr(self.base, self.parameter)
        self.shape = weight.shape
        flag = getattr(self.base, "is_transposed", False)
        self.is_transposed = len(self.shape) == 3 and flag is True
        *stack, out, into = self.shape
        out, into = (into, out) if self.is_transposed else (out, into)
        self.experts = stack[0] if stack else 1
        self.lora_A = Factor((self.experts * self.rank, into), weight)
        self.lora_B = Factor((out, self.rank * self.experts), weight)

    def pair(self) -> tuple[Tensor, Tensor]:
        """Return two tensors whose product has the shape of the parameter."""
        if len(self.shape) == 2:
            return self.lora_B.weight, self.lora_A.weight
        a = self.lora_A.weight.reshape(self.experts, self.rank, -1)
        b = self.lora_B.weight.reshape(-1, self.rank, self.experts).permute(2, 0, 1)
        return (a.mT, b.mT) if self.is_transposed else (b, a)

    def product(self) -> Tensor:
        left, right = self.pair()
        return left @ right

    def added_to(self, weight: Tensor) -> Tensor:
        """Return the parameter with the update, without a copy as large as the update."""
        left, right = (factor.to(weight.dtype) for factor in self.pair())
        if len(self.shape) == 2:
            return torch.addmm(weight, left, right, alpha=self.scaling)
        return torch.baddbmm(weight, left, right, alpha=self.scaling)


def base_weight(base: nn.Module) -> Tensor:
    """Return the weight of a layer that is adapted."""
    weight = base.in_proj_weight if isinstance(base, nn.MultiheadAttention) else base.weight
    assert isinstance(weight, Tensor)
    return weight


def embedded(tokens: Tensor, weight: Tensor, base: nn.Module) -> Tensor:
    """Look up rows of a weight, with the options of an embedding."""
    names = ("padding_idx", "max_norm", "norm_type", "scale_grad_by_freq", "sparse")
    return F.embedding(tokens, weight, **{name: getattr(base, name) for name in names})


def scaled(vectors: Tensor, base: nn.Module) -> Tensor:
    """Multiply by the factor that some embeddings have (`embed_scale`, e.g. in Gemma)."""
    factor = getattr(base, "embed_scale", None)
    return vectors if factor is None else vectors * factor


KINDS: dict[Kind, type[LoraAdapter]] = {
    Kind.LINEAR: LoraAdapter,
    Kind.ATTENTION: LoraAdapter,
    Kind.CONV1D_GPT2: TransposedAdapter,
    Kind.EMBEDDING: EmbeddingAdapter,
    Kind.CONV1D: ConvolutionAdapter,
    Kind.CONV2D: ConvolutionAdapter,
    Kind.CONV3D: ConvolutionAdapter,
}
