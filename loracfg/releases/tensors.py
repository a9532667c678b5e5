"""What the tensors of an adapter ask of a release.

Sources: `tuners/lora/layer.py` and `utils/save_and_load.py` of the wheels, and the tensors that
each release was seen to write.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loracfg.adapter.names import Part, TensorName
from loracfg.adapter.read import SAFETENSORS_NAME, Adapter
from loracfg.base.architecture import Architecture
from loracfg.config.releases import at_least
from loracfg.releases.outcome import Effect, Reason

_LAYERS_SINCE: Final = {3: "0.15.0", 4: "0.4.0", 5: "0.14.0"}
"""Releases that adapt convolutions, by the dimensions of A: one, two and three spatial ones."""

_MAGNITUDES_SINCE: Final = {3: "0.16.0", 4: "0.10.0", 5: "0.14.0"}
"""Releases that have DoRA for convolutions, by the dimensions of the magnitude."""

_EMBEDDINGS: Final = (Part.EMBEDDING_A, Part.EMBEDDING_B)
_STACKS_TURNED: Final = "0.19.1"


def tensor_reasons(
    adapter: Adapter, release: str, writer: str, base: Architecture | None
) -> Iterator[Reason]:
    """Yield what a release makes of the weight file that is not what `writer` saved."""
    if adapter.weights == SAFETENSORS_NAME and not at_least(release, "0.4.0"):
        message = "it does not find the weights, since it reads `adapter_model.bin` only"
        yield Reason(Effect.RAISES, message, error="ValueError")
    for what, since, before in tensor_evidence(adapter):
        if what == _BIASES:
            continue
        if since and not at_least(release, since):
            yield Reason(Effect.RAISES, f"it does not support {what}", error="ValueError")
        if before and at_least(release, before):
            yield Reason(Effect.RAISES, f"it does not load {what}", error="RuntimeError")
    yield from _bias_reasons(adapter, release)
    yield from _name_reasons(adapter, release)
    yield from _stack_reasons(adapter, release, writer, base)


_BIASES: Final = "the names of biases"


def tensor_evidence(adapter: Adapter) -> Iterator[tuple[str, str | None, str | None]]:
    """Yield what only some releases write: what it is, since when, and before when."""
    names = adapter.names
    if any(name.part in _EMBEDDINGS for name in names.values()):
        yield "adapters of embeddings", "0.3.0", None
    yield from _by_dimensions(adapter)
    if any(name.path.endswith("base_layer.out_proj") for name in names.values()):
        yield "adapters of multi-head attention", "0.15.0", None
    old, new = bias_names(adapter)
    if old and not new:
        yield _BIASES, None, "0.7.0"
    if new and not old:
        yield _BIASES, "0.7.0", None


def _by_dimensions(adapter: Adapter) -> Iterator[tuple[str, str | None, str | None]]:
    factors = {len(adapter.tensors[n].shape) for n, t in adapter.names.items() if t.part is Part.A}
    for dimensions in sorted(factors & _LAYERS_SINCE.keys()):
        what = f"adapters of {dimensions - 2}-dimensional convolutions"
        yield what, _LAYERS_SINCE[dimensions], None
    if has_merged_linear(adapter):
        yield "factors of a fused layer (`enable_lora`)", None, "0.3.0"
    magnitudes = [n for n, t in adapter.names.items() if t.part is Part.MAGNITUDE]
    found = {len(adapter.tensors[name].shape) for name in magnitudes}
    for dimensions in sorted(found & _MAGNITUDES_SINCE.keys()):
        yield "DoRA for convolutions", _MAGNITUDES_SINCE[dimensions], None
    embedded = {t.path for t in adapter.names.values() if t.part in _EMBEDDINGS}
    if any(adapter.names[name].path in embedded for name in magnitudes):
        yield "DoRA for embeddings", "0.13.0", None


def has_merged_linear(adapter: Adapter) -> bool:
    """Tell whether factors are those of `MergedLinear`: A with 2 dimensions, B with 3."""
    dimensions: dict[str, dict[Part, int]] = {}
    for name, taken in adapter.names.items():
        dimensions.setdefault(taken.path, {})[taken.part] = len(adapter.tensors[name].shape)
    return any(parts.get(Part.A) == 2 and parts.get(Part.B) == 3 for parts in dimensions.values())


def bias_names(adapter: Adapter) -> tuple[list[str], list[str]]:
    """Return the names of adapted modules' biases: in the style up to 0.6.2, and since 0.7.0."""
    adapted = adapter.module_paths
    old, new = [], []
    for name, taken in adapter.names.items():
        if taken.part is not Part.BASE or taken.rest != "bias":
            continue
        if taken.path in adapted:
            old.append(name)
        elif taken.path.endswith(".base_layer") and taken.module in adapted:
            new.append(name)
    return old, new


def _bias_reasons(adapter: Adapter, release: str) -> Iterator[Reason]:
    old, new = bias_names(adapter)
    lost = old if at_least(release, "0.7.0") else new
    if lost:
        message = "it ignores the biases of adapted modules, which it names otherwise"
        yield Reason(Effect.DIFFERS, message, tensor=lost[0], count=len(lost))


def _name_reasons(adapter: Adapter, release: str) -> Iterator[Reason]:
    named = [name for name, taken in adapter.names.items() if taken.adapter]
    if named and not at_least(release, "0.21.0"):
        message = "it does not apply tensors that have the adapter's name in theirs"
        yield Reason(Effect.DIFFERS, message, tensor=named[0], count=len(named))


def _stack_reasons(
    adapter: Adapter, release: str, writer: str, base: Architecture | None
) -> Iterator[Reason]:
    if not at_least(release, "0.17.0") or not at_least(writer, "0.17.0"):
        return
    turned = [
        (a, b)
        for a, b in stacks(adapter)
        if _orientation(release, adapter.names[a], base)
        != _orientation(writer, adapter.names[a], base)
    ]
    if not turned:
        return
    a, b = turned[0]
    square = adapter.tensors[a].shape[1] == adapter.tensors[b].shape[0]
    message = "it takes the factors of expert stacks the other way round"
    yield Reason(
        Effect.DIFFERS if square else Effect.RAISES,
        message,
        tensor=a,
        error="" if square else "RuntimeError",
        count=len(turned),
    )


def stacks(adapter: Adapter) -> list[tuple[str, str]]:
    """Return the pairs of factors that belong to stacks of experts, by their names.

    They have more rows than the rank: one set for each expert.
    """
    config = adapter.config
    if config is None or not config.target_parameters:
        return []
    ranks = {config.r, *config.rank_pattern.values()}
    pairs: dict[str, dict[Part, str]] = {}
    for name, taken in adapter.names.items():
        if taken.part in (Part.A, Part.B):
            pairs.setdefault(taken.path, {})[taken.part] = name
    found = []
    for parts in pairs.values():
        a, b = parts.get(Part.A), parts.get(Part.B)
        if a is None or b is None or len(adapter.tensors[a].shape) != 2:
            continue
        rows = adapter.tensors[a].shape[0]
        if rows not in ranks and any(rows % rank == 0 for rank in ranks):
            found.append((a, b))
    return found


def _orientation(release: str, name: TensorName, base: Architecture | None) -> str:
    """Return which of the stack's two inner dimensions A takes (`ParamWrapper`, `layer.py`)."""
    module = base.find(name.module) if base else None
    transposed = module is not None and module.is_transposed
    if release == "0.19.0":
        return "last" if transposed else "first"
    if at_least(release, _STACKS_TURNED):
        return "first" if transposed else "last"
    return "first"
