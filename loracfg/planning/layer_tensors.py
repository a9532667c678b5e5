"""The tensors of an adapted layer, which depend on its kind and on options of the config.

Shapes follow `peft/tuners/lora/layer.py` and `variants.py` of 0.21.2: for a layer with `in` and
`out` features and rank `r`, A is `(r, in)` and B is `(out, r)`; convolutions add the kernel to A
and ones to B, embeddings name the factors differently, and stacked experts multiply `r` by their
number.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Literal

from loracfg.adapter.header.tensor import Shape
from loracfg.base.architecture import CONVOLUTIONS, Architecture, Kind, Module
from loracfg.config.model.constraints import WITH_PARAMETERS, active_variants
from loracfg.named_tuple import NamedTuple

if TYPE_CHECKING:
    from loracfg.config.model.config_values import ConfigValues
    from loracfg.config.model.nested import BdLoraConfig


class Role(StrEnum):
    """What a tensor of an adapter is for."""

    FACTOR_A = "lora_A"
    FACTOR_B = "lora_B"
    FACTOR_BIAS = "lora_B bias"
    MAGNITUDE = "DoRA magnitude"
    VARIANT = "variant state"
    BASE_BIAS = "base bias"
    BASE_LAYER = "base layer"
    SAVED_MODULE = "saved module"
    TOKENS = "trained tokens"
    EMBEDDING = "saved embedding"


class LayerTensor(NamedTuple):
    """A tensor of an adapted layer: the end of its name after the module path, and its shape."""

    suffix: str
    shape: Shape
    role: Role


class UnsupportedLayerError(Exception):
    """PEFT cannot adapt a layer with this config; `kind` is the cause."""

    def __init__(self, message: str, kind: str = "unsupported-layer") -> None:
        super().__init__(message)
        self.kind = kind


_OF_SEVERAL: Final = ("Llama4Router", "PhimoeTopKRouter")
"""Subclasses of `Linear` in transformers 5.23 whose `forward` does not return one tensor."""

LAYER_PARTS: Final = (
    "lora_dropout",
    "lora_A",
    "lora_B",
    "lora_embedding_A",
    "lora_embedding_B",
    "lora_magnitude_vector",
)
"""Containers that every adapter layer has (`LoraLayer` in `peft/tuners/lora/layer.py`)."""

_MAMBAS: Final = ("falcon_h1", "mamba", "mamba2", "falcon_mamba", "nemotron_h")
_INITS_OF_CONVOLUTIONS: Final = (True, False, "lora_ga")
_INITS_FROM_WEIGHT: Final = ("pissa", "corda", "loftq", "orthogonal", "lora_ga")
_CAPPED_INITS: Final = ("olora", "loftq")
_VARIANTS_OF: Final = {
    Kind.LINEAR: frozenset(
        {
            "use_dora",
            "arrow_config",
            "use_bdlora",
            "alora_invocation_tokens",
            "velora_config",
            "monteclora_config",
            "mica",
            "kasa_config",
        }
    ),
    Kind.EMBEDDING: frozenset({"use_dora", "mica"}),
    Kind.CONV1D: frozenset({"use_dora"}),
    Kind.CONV2D: frozenset({"use_dora"}),
    Kind.CONV3D: frozenset({"use_dora"}),
    Kind.ATTENTION: frozenset[str](),
}
_VARIANTS_OF[Kind.CONV1D_GPT2] = _VARIANTS_OF[Kind.LINEAR]


def layer_tensors(module: Module, path: str, rank: int, config: ConfigValues) -> list[LayerTensor]:
    """Return the tensors of a module adapted at a path.

    Raises:
        UnsupportedLayerError: if PEFT cannot adapt it with this config.
    """
    _check_variants(module, config)
    if module.kind is Kind.EMBEDDING:
        return list(_embedding(module, rank, config))
    if module.kind in CONVOLUTIONS:
        return list(_convolution(module, rank, config))
    if module.kind is Kind.ATTENTION:
        return list(_attention(module, rank, config))
    return list(_linear(module, path, rank, config))


def parameter_tensors(
    shape: Shape, rank: int, config: ConfigValues, *, is_transposed: bool
) -> list[LayerTensor]:
    """Return the factors of a targeted parameter (`ParamWrapper`).

    A 3-D parameter has a matrix for each expert: it is `(experts, out, in)`, or
    `(experts, in, out)` if `is_transposed` (0.19.1 and newer).

    Raises:
        UnsupportedLayerError: if it is neither 2-D nor 3-D, or the config needs more than plain
            LoRA.
    """
    for option in ("lora_dropout", "fan_in_fan_out", "lora_bias"):
        if getattr(config, option):
            raise _not_for_parameters(option)
    for variant in active_variants(config):
        raise _not_for_parameters(variant)
    _check_orthogonal(rank, config)
    experts, into, out = 1, 0, 0
    match shape:
        case (out, into):
            pass
        case (experts, into, out) if is_transposed:
            pass
        case (experts, out, into):
            pass
        case _:
            raise UnsupportedLayerError(
                f"PEFT only adapts parameters with 2 or 3 dimensions, not {len(shape)}"
            )
    width = (capped_rank(rank, into, out, config) if len(shape) == 2 else rank) * experts
    return [
        LayerTensor("lora_A.weight", (width, into), Role.FACTOR_A),
        LayerTensor("lora_B.weight", (out, width), Role.FACTOR_B),
    ]


def has_mamba(base: Architecture) -> bool:
    """Tell whether a base uses weights of layers directly, without their adapters."""
    return base.model_type in _MAMBAS


def check_mamba(base: Architecture, path: str) -> None:
    """Reject layers that Mamba never calls, since it uses their weights directly.

    Source: `_check_lora_target_modules_mamba` in `peft/tuners/tuners_utils.py`, 0.16.0 and newer.

    Raises:
        UnsupportedLayerError: if the layer is one of them.
    """
    if not has_mamba(base):
        return
    name = path.rpartition(".")[2]
    if name in ("out_proj", "conv1d"):
        raise UnsupportedLayerError(f"`{base.model_type}` never calls `{name}`, nor its adapter")


def check_initial_weight(module: Module, config: ConfigValues) -> None:
    """Reject an initialisation that needs a `weight` if the module does not have one.

    Raises:
        UnsupportedLayerError: if the config selects such an initialisation.
    """
    init = config.init_lora_weights
    if not isinstance(init, str) or "weight" in module.parameters:
        return
    if init.lower() == "olora" or init.startswith(_INITS_FROM_WEIGHT):
        raise UnsupportedLayerError(
            f"`{init}` starts from a `weight`, which a `{module.class_name}` does not have"
        )


def _not_for_parameters(option: str) -> UnsupportedLayerError:
    message = f"`{option}` does not work with `target_parameters`"
    return UnsupportedLayerError(message, WITH_PARAMETERS)


def _check_variants(module: Module, config: ConfigValues) -> None:
    if module.kind is Kind.OTHER:
        raise UnsupportedLayerError(f"PEFT cannot adapt a `{module.class_name}`")
    if module.class_name in _OF_SEVERAL:  # PEFT loads it, but fails in the forward pass
        message = f"a `{module.class_name}` returns several tensors, which PEFT does not support"
        raise UnsupportedLayerError(message)
    for variant in active_variants(config):
        if variant not in _VARIANTS_OF[module.kind]:
            raise UnsupportedLayerError(f"`{variant}` does not work on a `{module.kind}`")


def capped_rank(rank: int, into: int, out: int, config: ConfigValues) -> int:
    """Return the rank that a layer really gets: some decompositions cannot exceed its size."""
    init = config.init_lora_weights
    capped = isinstance(init, str) and (init.startswith("pissa") or init.lower() in _CAPPED_INITS)
    return min(rank, into, out) if capped else rank


def _linear(module: Module, path: str, rank: int, config: ConfigValues) -> Iterator[LayerTensor]:
    into, out = module.features
    _check_linear(module, rank, config)
    width = capped_rank(rank, into, out, config)
    a_shape: Shape = (width, into)
    b_shape: Shape = (out, width)
    has_bias = config.lora_bias
    if config.use_bdlora:
        blocks = config.use_bdlora.nblocks
        side = _block_side(config.use_bdlora, module, path, rank)
        if side and width != rank:  # PEFT loads it, but fails in the forward pass
            init = config.init_lora_weights
            message = (
                f"`{init}` gives rank `{width}` here, but `use_bdlora` has blocks for `{rank}`"
            )
            raise UnsupportedLayerError(message)
        match side:
            case "A":
                a_shape = (rank, into // blocks)
            case "B":
                b_shape = (out, rank // blocks)
                has_bias = False
    yield LayerTensor("lora_A.weight", a_shape, Role.FACTOR_A)
    yield LayerTensor("lora_B.weight", b_shape, Role.FACTOR_B)
    if has_bias:
        yield LayerTensor("lora_B.bias", (out,), Role.FACTOR_BIAS)
    if config.use_dora:
        yield LayerTensor("lora_magnitude_vector", (out,), Role.MAGNITUDE)
    if config.velora_config:
        groups = config.velora_config.num_groups
        yield LayerTensor("lora_velora_embed", (-(-into // groups),), Role.VARIANT)
    if config.monteclora_config:
        samples = config.monteclora_config.num_samples
        sampler = "lora_monteclora_sampler."
        yield LayerTensor(sampler + "std_prior", (rank,), Role.VARIANT)
        yield LayerTensor(sampler + "expert_weights_prior", (samples,), Role.VARIANT)
        yield LayerTensor(sampler + "gaussian_var_prior", (rank, rank), Role.VARIANT)
        yield LayerTensor(sampler + "expert_weights", (samples,), Role.VARIANT)
    if config.kasa_config:
        yield LayerTensor("lora_diag", (rank,), Role.VARIANT)


def _check_linear(module: Module, rank: int, config: ConfigValues) -> None:
    smallest = min(module.features)
    init = config.init_lora_weights
    _check_orthogonal(rank, config)
    if isinstance(init, str) and init.lower() == "mica" and rank > smallest:
        raise UnsupportedLayerError(
            f"`mica` needs a rank of at most `{smallest}` here, not `{rank}`"
        )
    if module.kind is Kind.CONV1D_GPT2:
        _check_transposed_storage(config)
    if config.kasa_config and rank >= smallest:
        raise UnsupportedLayerError(
            f"`kasa_config` needs a rank below `{smallest}` here, not `{rank}`"
        )


def _check_orthogonal(rank: int, config: ConfigValues) -> None:
    if config.init_lora_weights == "orthogonal" and rank % 2:
        message = f"`orthogonal` needs an even rank, not `{rank}`"
        raise UnsupportedLayerError(message, "odd-orthogonal-rank")


def _check_transposed_storage(config: ConfigValues) -> None:
    init = config.init_lora_weights
    if config.kasa_config:
        raise UnsupportedLayerError("`kasa_config` does not work on a `Conv1D`")
    if isinstance(init, str) and init.lower() == "olora":
        # It factors the stored (in, out) weight as if it were (out, in); the forward pass fails.
        raise UnsupportedLayerError("`olora` swaps input and output of a `Conv1D`")


def _block_side(
    bdlora: BdLoraConfig, module: Module, path: str, rank: int
) -> Literal["A", "B"] | None:
    """Return which factor of a layer is block-diagonal."""
    into, out = module.features
    in_a = any(name in path for name in bdlora.target_modules_bd_a or ())
    in_b = any(name in path for name in bdlora.target_modules_bd_b or ())
    if in_a and in_b:
        raise UnsupportedLayerError("the path is in both lists of `use_bdlora`")
    if not (in_a or in_b):
        if bdlora.match_strict:
            message = "the path is in neither list of `use_bdlora`, and `match_strict` is true"
            raise UnsupportedLayerError(message)
        return None
    if module.kind is Kind.CONV1D_GPT2:
        raise UnsupportedLayerError("`use_bdlora` does not work on a `Conv1D`")
    for size in (into, rank) if in_a else (rank, out):
        if size % bdlora.nblocks:
            raise UnsupportedLayerError(f"`{size}` is not divisible by `{bdlora.nblocks}` blocks")
    return "A" if in_a else "B"


def _embedding(module: Module, rank: int, config: ConfigValues) -> Iterator[LayerTensor]:
    if config.lora_bias:
        raise UnsupportedLayerError("`lora_bias` does not work on an `Embedding`")
    rows, dim = module.features
    init = config.init_lora_weights
    if init == "loftq":
        raise UnsupportedLayerError("`loftq` does not initialise an `Embedding`")
    if isinstance(init, str) and init.lower() == "mica" and rank > min(rows, dim):
        raise UnsupportedLayerError(
            f"`mica` needs a rank of at most `{min(rows, dim)}` here, not `{rank}`"
        )
    yield LayerTensor("lora_embedding_A", (rank, rows), Role.FACTOR_A)
    yield LayerTensor("lora_embedding_B", (dim, rank), Role.FACTOR_B)
    if config.use_dora:
        yield LayerTensor("lora_magnitude_vector", (dim,), Role.MAGNITUDE)


def _convolution(module: Module, rank: int, config: ConfigValues) -> Iterator[LayerTensor]:
    into, out = module.features
    if rank % module.groups:
        raise UnsupportedLayerError(
            f"a convolution with `{module.groups}` groups needs a rank that is a multiple of that, "
            f"not `{rank}`"
        )
    init = config.init_lora_weights
    plain = init in _INITS_OF_CONVOLUTIONS or str(init).lower() == "gaussian"
    if not plain:
        raise UnsupportedLayerError(f"`{init}` does not initialise a `{module.kind}`")
    kernel = module.weight[2:]
    ones = (1,) * len(kernel)
    yield LayerTensor("lora_A.weight", (rank, into, *kernel), Role.FACTOR_A)
    yield LayerTensor("lora_B.weight", (out, rank // module.groups, *ones), Role.FACTOR_B)
    if config.lora_bias:
        yield LayerTensor("lora_B.bias", (out,), Role.FACTOR_BIAS)
    if config.use_dora:
        yield LayerTensor("lora_magnitude_vector", (1, out, *ones), Role.MAGNITUDE)


def _attention(module: Module, rank: int, config: ConfigValues) -> Iterator[LayerTensor]:
    if "in_proj_weight" not in module.parameters:
        raise UnsupportedLayerError(
            "PEFT only adapts a `MultiheadAttention` if query, key and value have the same size"
        )
    check_initial_weight(module, config)
    into, out = module.features
    for prefix, width in (("", out), ("base_layer.out_proj.", into)):
        yield LayerTensor(prefix + "lora_A.weight", (rank, into), Role.FACTOR_A)
        yield LayerTensor(prefix + "lora_B.weight", (width, rank), Role.FACTOR_B)
        if config.lora_bias:
            yield LayerTensor(prefix + "lora_B.bias", (width,), Role.FACTOR_BIAS)
