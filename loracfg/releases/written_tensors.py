"""Find the releases that can write and load the tensors of an adapter.

Sources: `tuners/lora/layer.py` and `utils/save_and_load.py` of the wheels, and tensors written by
each release.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from loracfg.adapter.directory import SAFETENSORS_NAME, Adapter
from loracfg.adapter.tensor_names import PREFIX, Part, TensorName
from loracfg.base.architecture import Architecture, Kind
from loracfg.config.history.releases import at_least
from loracfg.named_tuple import NamedTuple
from loracfg.planning.spelling import adds_prefix
from loracfg.releases.outcome import Effect, Reason

_LAYERS_SINCE: Final = {3: "0.15.0", 4: "0.4.0", 5: "0.14.0"}
"""The first release that adapts convolutions, by the number of dimensions of A."""

_MAGNITUDES_SINCE: Final = {3: "0.16.0", 4: "0.10.0", 5: "0.14.0"}
"""The first release with DoRA for convolutions, by the number of dimensions of the magnitude."""

_EMBEDDINGS: Final = (Part.EMBEDDING_A, Part.EMBEDDING_B)
_STACKS_TURNED: Final = "0.19.1"

_DORA_SINCE: Final = "0.9.0"
_OF_DORA: Final = ("DoRA for convolutions", "DoRA for embeddings")
_OF_EMBEDDINGS: Final = "adapters of embeddings"
_OF_ATTENTION: Final = "adapters of multi-head attention"
_GROUPED: Final = "the factors of grouped convolutions"
_FUSED: Final = "factors of a fused layer (`enable_lora`)"
_BIASES: Final = "the names of biases"

MISREAD: Final = "it drops tensors, since it misreads `lora_`, `weight` or `bias` in their paths"
"""The problem with tensors for which `is_misread` is true."""
_PREFIX_ADDED_SINCE: Final = "0.19.0"
_NAMED_SINCE: Final = "0.3.0"
_NAMED_AT_THE_END_SINCE: Final = "0.18.0"
_NAMED_BY_LAYERS_SINCE: Final = "0.21.0"
"""When PEFT introduced adapter names, and changed where it inserts them into tensor names."""


class Evidence(NamedTuple):
    """Something that only releases from `since` and before `before` write."""

    what: str
    since: str | None = None
    before: str | None = None

    def allows(self, release: str) -> bool:
        """Tell whether a release may have written it."""
        return not (self.is_too_old(release) or self.is_too_new(release))

    def is_too_old(self, release: str) -> bool:
        """Tell whether a release does not have it yet."""
        return self.since is not None and not at_least(release, self.since)

    def is_too_new(self, release: str) -> bool:
        """Tell whether a release no longer has it."""
        return self.before is not None and at_least(release, self.before)


class ExpertStack(NamedTuple):
    """The factors of stacked experts, with the name of A.

    `square`: both inner dimensions are equal, so shapes do not show which way round they are.
    """

    name: str
    square: bool
    transposed: bool


class Weights(NamedTuple):
    """The properties of a weight file that releases handle differently.

    `old_biases` and `new_biases` are biases of adapted modules with names as up to 0.6.2 and since
    0.7.0. `named` are tensors with the adapter name in their names, `unprefixed` those whose names
    lack the prefix that some releases add, and `confusing` those that some release misreads.
    `conv1d` says whether there are `Conv1D` layers, and `blocks` whether there are block-diagonal
    factors (BD-LoRA).
    """

    file: str | None
    evidence: tuple[Evidence, ...]
    old_biases: tuple[str, ...]
    new_biases: tuple[str, ...]
    named: tuple[str, ...]
    unprefixed: tuple[str, ...]
    confusing: tuple[TensorName, ...]
    stacks: tuple[ExpertStack, ...]
    conv1d: bool
    dora: bool
    blocks: bool

    @property
    def is_plain(self) -> bool:
        """Whether releases only differ in the weight file that they look for."""
        names = self.old_biases or self.new_biases or self.named or self.unprefixed
        return not (
            self.evidence or names or self.confusing or self.stacks or self.conv1d or self.blocks
        )


def weights_of(adapter: Adapter, writer: str, base: Architecture | None = None) -> Weights:
    """Return the properties of a weight file, treated as written by the release `writer`."""
    old, new = _bias_names(adapter)
    config = adapter.config
    blocks = config.use_bdlora if config else None
    return Weights(
        file=adapter.weights,
        evidence=tuple(tensor_evidence(adapter)),
        old_biases=tuple(old),
        new_biases=tuple(new),
        named=tuple(adapter.table.adapters),
        unprefixed=tuple(_unprefixed(adapter, base)),
        confusing=adapter.table.confusing,
        stacks=tuple(_stacks(adapter, base)),
        conv1d=_has_conv1d(adapter, writer, base),
        dora=bool(config and config.use_dora),
        blocks=bool(blocks and blocks.nblocks > 1 and adapter.module_paths),
    )


def tensor_reasons(weights: Weights, release: str, writer: str) -> Iterator[Reason]:
    """Yield the problems of a release with a weight file that `writer` wrote."""
    if weights.file == SAFETENSORS_NAME and not at_least(release, "0.4.0"):
        message = "it does not find the weights, since it only reads `adapter_model.bin`"
        yield Reason(Effect.RAISES, message, error="ValueError")
    if weights.is_plain:
        return
    for seen in weights.evidence:
        dropped = seen.what in _OF_DORA and not at_least(release, _DORA_SINCE)
        if seen.what == _BIASES or dropped:
            continue  # checked below, or as a dropped key
        if seen.is_too_old(release):
            error = _error(seen, release)
            yield Reason(Effect.RAISES, f"it does not support {seen.what}", error=error)
        if seen.is_too_new(release):
            yield Reason(Effect.RAISES, f"it does not load {seen.what}", error="RuntimeError")
    yield from _name_reasons(weights, release)
    yield from _layer_kind_reasons(weights, release)
    yield from _stack_reasons(weights, release, writer)


def _error(missing: Evidence, release: str) -> str:
    """Return the exception of a release without a kind of layer; empty if it is unknown."""
    if not at_least(release, "0.3.0"):
        # PEFT reuses the module that it made for the layer before a convolution, if there is one.
        return "AttributeError" if missing.what in (_OF_EMBEDDINGS, _OF_ATTENTION) else ""
    if missing.what == _GROUPED:
        return "RuntimeError"
    not_implemented = missing.what in _OF_DORA and missing.since == "0.16.0"
    return "NotImplementedError" if not_implemented else "ValueError"


def tensor_evidence(adapter: Adapter) -> Iterator[Evidence]:
    """Yield what the tensors show about the release that wrote them."""
    table = adapter.table
    if not table.parts.isdisjoint(_EMBEDDINGS):
        yield Evidence(_OF_EMBEDDINGS, since="0.3.0")
    yield from _by_dimensions(adapter)
    if any(name.path.endswith("base_layer.out_proj") for name in table.nested):
        yield Evidence(_OF_ATTENTION, since="0.15.0")
    old, new = _bias_names(adapter)
    if old and not new:
        yield Evidence(_BIASES, before="0.7.0")
    if new and not old:
        yield Evidence(_BIASES, since="0.7.0")


def _by_dimensions(adapter: Adapter) -> Iterator[Evidence]:
    if any(len(shape) > 2 for shape in adapter.forms):
        yield from _of_kernels(adapter)
    if Part.MAGNITUDE not in adapter.table.parts:
        return
    names = adapter.names.values()
    embedded = {name.path for name in names if name.part in _EMBEDDINGS}
    if any(name.path in embedded for name in names if name.part is Part.MAGNITUDE):
        yield Evidence(_OF_DORA[1], since="0.13.0")


def _of_kernels(adapter: Adapter) -> Iterator[Evidence]:
    factors = {len(adapter.shapes[n]) for n, t in adapter.names.items() if t.part is Part.A}
    for dimensions in sorted(factors & _LAYERS_SINCE.keys()):
        what = f"adapters of {dimensions - 2}-dimensional convolutions"
        yield Evidence(what, since=_LAYERS_SINCE[dimensions])
    pairs = list(_factors(adapter))
    if any(len(a) == len(b) > 2 and a[0] != b[1] for a, b in pairs):
        yield Evidence(_GROUPED, since="0.16.0")  # B has the rank of one group
    if any(len(a) == 2 and len(b) == 3 for a, b in pairs):
        yield Evidence(_FUSED, before="0.3.0")  # `MergedLinear`
    magnitudes = [n for n, t in adapter.names.items() if t.part is Part.MAGNITUDE]
    found = {len(adapter.shapes[name]) for name in magnitudes}
    for dimensions in sorted(found & _MAGNITUDES_SINCE.keys()):
        yield Evidence(_OF_DORA[0], since=_MAGNITUDES_SINCE[dimensions])


def _factors(adapter: Adapter) -> Iterator[tuple[Sequence[int], Sequence[int]]]:
    """Yield the shapes of A and B of each module that has both."""
    shapes: dict[str, dict[Part, Sequence[int]]] = {}
    for name, taken in adapter.names.items():
        shapes.setdefault(taken.path, {})[taken.part] = adapter.shapes[name]
    for parts in shapes.values():
        if Part.A in parts and Part.B in parts:
            yield parts[Part.A], parts[Part.B]


def _bias_names(adapter: Adapter) -> tuple[list[str], list[str]]:
    """Return the biases of adapted modules with names as up to 0.6.2, and as since 0.7.0."""
    adapted = adapter.module_paths
    old: list[str] = []
    new: list[str] = []
    if Part.BASE not in adapter.table.parts:
        return old, new
    for name, taken in adapter.names.items():
        if taken.part is not Part.BASE or taken.rest != "bias":
            continue
        if taken.path in adapted:
            old.append(name)
        elif taken.path.endswith(".base_layer") and taken.module in adapted:
            new.append(name)
    return old, new


def _unprefixed(adapter: Adapter, base: Architecture | None) -> Iterator[str]:
    """Yield the factors whose names lack a prefix that PEFT adds on this base."""
    if base is not None and adds_prefix(base):
        yield from (taken.name for taken in adapter.table.misplaced if not taken.prefix)


def _name_reasons(weights: Weights, release: str) -> Iterator[Reason]:
    """Yield the tensors that a release ignores because of their names."""
    lost = weights.old_biases if at_least(release, "0.7.0") else weights.new_biases
    if lost:
        message = "it ignores the biases of adapted modules, since it names them differently"
        yield Reason(Effect.DIFFERS, message, tensor=lost[0], count=len(lost))
    if weights.named and not at_least(release, "0.21.0"):
        message = "it ignores tensors with the adapter's name in their names"
        named = weights.named
        yield Reason(Effect.DIFFERS, message, tensor=named[0], count=len(named))
    if weights.unprefixed and not at_least(release, _PREFIX_ADDED_SINCE):
        message = f"it ignores tensors whose names do not begin with `{PREFIX}`"
        names = weights.unprefixed
        yield Reason(Effect.DIFFERS, message, tensor=names[0], count=len(names))
    misread = [taken.name for taken in weights.confusing if is_misread(taken, release)]
    if misread:
        yield Reason(Effect.DIFFERS, MISREAD, tensor=misread[0], count=len(misread))


def is_misread(taken: TensorName, release: str) -> bool:
    """Tell whether a release gives a tensor a name that no module has, and so ignores it.

    PEFT inserts the adapter name into tensor names: up to 0.17.1, wherever the text after the first
    `lora_` occurs; up to 0.20, at the end of each name with `lora_`; since then, only in adapter
    layers (`set_peft_model_state_dict` in `peft/utils/save_and_load.py`).
    """
    if not at_least(release, _NAMED_SINCE) or at_least(release, _NAMED_BY_LAYERS_SINCE):
        return False
    part, _, rest = taken.rest.partition(".")
    is_of_lora = part.startswith("lora_")
    if at_least(release, _NAMED_AT_THE_END_SINCE):
        return "lora_" in taken.path and not is_of_lora
    return "lora_" in taken.path or (is_of_lora and rest != "" and rest in taken.path)


def _layer_kind_reasons(weights: Weights, release: str) -> Iterator[Reason]:
    fused = any(seen.what == _FUSED for seen in weights.evidence)
    if weights.conv1d and not fused and not at_least(release, "0.3.0"):
        yield Reason(Effect.RAISES, "it only adapts `Conv1D` with factors of a fused layer")
    has_dora = at_least(release, _DORA_SINCE) and not at_least(release, "0.11.0")
    if weights.conv1d and weights.dora and has_dora:
        yield Reason(Effect.RAISES, "it does not support DoRA for `Conv1D`", error="RuntimeError")
    if weights.blocks and not at_least(release, "0.19.0"):
        message = "it expects the factors of whole layers, not of blocks"
        yield Reason(Effect.RAISES, message, "/use_bdlora", error="RuntimeError")


def _has_conv1d(adapter: Adapter, writer: str, base: Architecture | None) -> bool:
    """Tell whether there are `Conv1D` layers: in the base, or as `fan_in_fan_out` suggests."""
    if base is not None:
        paths, own, conv1d = adapter.table.sorted_paths, base.modules, Kind.CONV1D_GPT2
        kinds = [own[path].kind for path in paths if path in own]
        if len(kinds) < len(paths):  # few paths differ from those in the base
            found = [base.find(path) for path in paths if path not in own]
            kinds += [module.kind for module in found if module]
        return conv1d in kinds
    return at_least(writer, "0.3.0") and bool(adapter.config and adapter.config.fan_in_fan_out)


def _stack_reasons(weights: Weights, release: str, writer: str) -> Iterator[Reason]:
    if not at_least(release, "0.17.0") or not at_least(writer, "0.17.0"):
        return
    turned = [
        stack
        for stack in weights.stacks
        if _orientation(release, stack) != _orientation(writer, stack)
    ]
    if not turned:
        return
    message = "it expects the factors of stacked experts the other way round"
    yield Reason(
        Effect.DIFFERS if turned[0].square else Effect.RAISES,
        message,
        tensor=turned[0].name,
        error="" if turned[0].square else "RuntimeError",
        count=len(turned),
    )


def _stacks(adapter: Adapter, base: Architecture | None) -> Iterator[ExpertStack]:
    """Yield stacked experts, with factors that have one set of rows for each expert."""
    config = adapter.config
    if config is None or not config.target_parameters:
        return
    ranks = {config.r, *config.rank_pattern.values()}
    pairs: dict[str, dict[Part, str]] = {}
    for name, taken in adapter.names.items():
        if taken.part in (Part.A, Part.B):
            pairs.setdefault(taken.path, {})[taken.part] = name
    for parts in pairs.values():
        a, b = parts.get(Part.A), parts.get(Part.B)
        if a is None or b is None or len(adapter.shapes[a]) != 2:
            continue
        rows, inner = adapter.shapes[a]
        if rows not in ranks and any(rows % rank == 0 for rank in ranks):
            module = base.find(adapter.names[a].module) if base else None
            square = adapter.shapes[b][:1] == (inner,)
            yield ExpertStack(a, square, module is not None and module.is_transposed)


def _orientation(release: str, stack: ExpertStack) -> str:
    """Return which of the two inner dimensions A has (`ParamWrapper`, `layer.py`)."""
    if release == "0.19.0":
        return "last" if stack.transposed else "first"
    if at_least(release, _STACKS_TURNED):
        return "first" if stack.transposed else "last"
    return "first"
