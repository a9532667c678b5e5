"""Whether PEFT's `hotswap_adapter` can replace one adapter with another.

Source: `peft/utils/hotswap.py` of 0.21.2, and what it does when run (`tests/comparison`). It
compares four keys of the configs, copies tensors by name into the layers of the old adapter, zeroes
those that the new one does not have, and sets the scale of each layer. Everything else that the old
adapter changed in the model stays.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from loracfg.adapter.directory import Adapter
from loracfg.adapter.header.tensor import Shape
from loracfg.adapter.tensor_names import PREFIX, Part
from loracfg.comparison.difference import Effect, Swap, SwapObstacle
from loracfg.config.history.field_facts import default_of
from loracfg.config.model.known_names import find_init
from loracfg.document.display import show
from loracfg.inspection.contents import InspectedModule
from loracfg.inspection.wording import shortened
from loracfg.named_tuple import NamedTuple
from loracfg.planning.layer_settings import LayerSettings, settings_of
from loracfg.planning.patterns import DEFAULT_SECONDS, PatternBudget, PatternTimeoutError
from loracfg.report.render.words import counted, scale_words

if TYPE_CHECKING:
    from loracfg.config.model.config_values import ConfigValues
    from loracfg.document.json_value import JsonObject

CHECKED: Final = ("use_rslora", "lora_dropout", "alpha_pattern", "use_dora")
"""The keys that PEFT compares (`CONFIG_KEYS_TO_CHECK`)."""

_RANKING: Final[tuple[Effect, ...]] = ("raises", "breaks", "differs")
_OUTSIDE: Final = frozenset({Part.BASE, Part.TOKENS})
"""Tensors without `lora_` in their names, for which the swap raises."""
_REFUSED: Final[Mapping[Part, str]] = {
    Part.MAGNITUDE: "DoRA magnitudes",
    Part.EMBEDDING_A: "adapted embeddings",
    Part.EMBEDDING_B: "adapted embeddings",
    Part.DIAGONAL: "the diagonals of KaSA",
    Part.VELORA: "the state of VeLoRA",
}
"""Tensors whose layers the swap does not find."""
_OPTIONS: Final[Mapping[str, Effect]] = {
    "alora_invocation_tokens": "differs",
    "arrow_config": "differs",
    "kasa_config": "breaks",
    "layer_replication": "differs",
    "use_bdlora": "breaks",
    "use_qalora": "breaks",
}
"""Options that layers are built with, and keep."""
_SHRINKING: Final = (2, 4)
"""The numbers of dimensions for which the swap copies smaller tensors into larger ones."""

_MAX_NAME: Final = 160

_Key = tuple[str, Part, str]
"""The path of a layer, the part of it that a tensor is for, and how its name ends."""


class Side(NamedTuple):
    """One of two adapters: its letter, its config and tensors, and its modules by path."""

    letter: str
    adapter: Adapter
    config: ConfigValues
    settings: Mapping[str, LayerSettings]
    modules: Mapping[str, InspectedModule]

    def shapes(self) -> dict[_Key, Shape]:
        """Return the shapes of its tensors."""
        names = self.adapter.names.values()
        return {(n.path, n.part, n.rest): self.adapter.shapes[n.name] for n in names}

    def names_of(self, parts: Collection[Part]) -> list[str]:
        """Return the names of tensors for these parts."""
        return [n.name for n in self.adapter.names.values() if n.part in parts]


def swap(old: Side, new: Side) -> Swap:
    """Return what happens when `new` replaces `old`; both load, and on the same base."""
    found = (_keys, _refused_tensors, _new_modules, _sizes, _scales, _left, _options, _base)
    reasons = tuple(reason for find in found for reason in find(old, new))
    if not reasons:
        return Swap("swaps", (), _target_rank(old, new))
    worst = min((reason.effect for reason in reasons), key=_RANKING.index)
    return Swap(worst, reasons)


def _target_rank(old: Side, new: Side) -> int | None:
    """Return the rank that both fit into, if the swap changes a rank or a scale."""
    ranks = {m.rank for side in (old, new) for m in side.modules.values() if m.rank is not None}
    scales = {m.scaling for side in (old, new) for m in side.modules.values()}
    return max(ranks) if ranks and (len(ranks) > 1 or len(scales) > 1) else None


def _keys(old: Side, new: Side) -> Iterator[SwapObstacle]:
    one, other = given_values(old.adapter), given_values(new.adapter)
    for key in CHECKED:
        first, second = (values.get(key, default_of(key)) for values in (one, other))
        if first != second:
            values = f"{show(first)} in {old.letter}, {show(second)} in {new.letter}"
            yield SwapObstacle("raises", f"`{key}` differs: {values}")


def given_values(adapter: Adapter) -> JsonObject:
    """Return the config as written in the file; empty if it is not an object."""
    value = adapter.document.value if adapter.document else None
    return value if isinstance(value, dict) else {}


def _refused_tensors(_old: Side, new: Side) -> Iterator[SwapObstacle]:
    outside = new.names_of(_OUTSIDE)
    if outside:
        what = f"{counted(len(outside), 'tensor')} besides its factors"
        yield SwapObstacle("raises", f"{new.letter} has {what}, e.g. {_named(outside[0])}")
    for words in dict.fromkeys(_REFUSED.values()):
        if new.names_of([part for part, said in _REFUSED.items() if said == words]):
            yield SwapObstacle("raises", f"{new.letter} has {words}, which PEFT cannot copy")


def _new_modules(old: Side, new: Side) -> Iterator[SwapObstacle]:
    apart = _OUTSIDE | _REFUSED.keys()
    copied = {key for key in new.shapes() if key[1] not in apart}
    left = [path for path, *_ in sorted(copied - old.shapes().keys())]
    paths = list(dict.fromkeys(left))
    if paths:
        what = f"{counted(len(paths), 'module')} with tensors that {old.letter} does not have"
        yield SwapObstacle("raises", f"{new.letter} has {what}, e.g. {_named(paths[0])}")


def _sizes(old: Side, new: Side) -> Iterator[SwapObstacle]:
    mine, theirs = old.shapes(), new.shapes()
    common = [key for key in theirs if key in mine]
    wrong = [key for key in common if not _fits(key, mine[key], theirs[key])]
    if wrong:
        path, part, _ = wrong[0]
        values = f"`{list(mine[wrong[0]])}` in {old.letter}, `{list(theirs[wrong[0]])}` in"
        yield SwapObstacle(
            "breaks", f"`{part}` of {_named(path)} has a different size: {values} {new.letter}"
        )
        return
    smaller = [key for key in common if _rank(key, theirs) < _rank(key, mine)]
    stiff = [key[0] for key in smaller if len(theirs[key]) not in _SHRINKING]
    if stiff:
        yield SwapObstacle(
            "raises", f"{_named(stiff[0])} has a smaller rank in {new.letter}, and is not a matrix"
        )
    stacked = [p for p, *_ in smaller if p in new.modules and new.modules[p].experts]
    if stacked:
        message = (
            f"{_named(stacked[0])} has a smaller rank in {new.letter}, which mixes up its experts"
        )
        yield SwapObstacle("differs", message)


def _fits(key: _Key, old: Shape, new: Shape) -> bool:
    """Whether a tensor may replace another; factors may differ in rank.

    The state of MonteCLoRA, in which every dimension is a rank, may only grow.
    """
    match key[1]:
        case Part.A:
            return old[1:] == new[1:]
        case Part.B:
            return (old[:1], old[2:]) == (new[:1], new[2:])
        case Part.SAMPLER:
            return len(old) == len(new) and all(map(operator.le, old, new))
    return True


def _rank(key: _Key, shapes: Mapping[_Key, Shape]) -> int:
    shape = shapes[key]
    return shape[0] if key[1] is Part.A and shape else 0


def _scales(_old: Side, new: Side) -> Iterator[SwapObstacle]:
    """Find layers that get a wrong scale, since the swap matches patterns against tensor names."""
    if not (new.config.rank_pattern or new.config.alpha_pattern):
        return
    layers = [layer for layer in new.adapter.table.layers.values() if Part.B in layer.parts]
    names = {layer.path: f"{PREFIX}{layer.path}.lora_B.default.weight" for layer in layers}
    try:
        given = settings_of(new.config, list(names.values()), PatternBudget(DEFAULT_SECONDS))
    except (PatternTimeoutError, re.error):
        yield SwapObstacle("breaks", f"the patterns of {new.letter} cannot be matched in time")
        return
    for layer in layers:
        real, set_to = new.settings.get(layer.module), given[names[layer.path]]
        if real and not math.isclose(real.scaling, set_to.scaling, rel_tol=1e-9):
            scales = f"`{scale_words(set_to.scaling)}` instead of `{scale_words(real.scaling)}`"
            patterns = "PEFT matches patterns against tensor names here"
            yield SwapObstacle(
                "differs", f"{_named(layer.path)} gets the scale {scales}, since {patterns}"
            )
            return


def _left(old: Side, new: Side) -> Iterator[SwapObstacle]:
    left = old.names_of(_OUTSIDE)
    if left and not new.names_of(_OUTSIDE):
        what = f"{counted(len(left), 'tensor')} of {old.letter} besides its factors"
        yield SwapObstacle("differs", f"{what} would stay, e.g. {_named(left[0])}")


def _options(old: Side, new: Side) -> Iterator[SwapObstacle]:
    for key, effect in _OPTIONS.items():
        first, second = getattr(old.config, key), getattr(new.config, key)
        if first != second:
            yield SwapObstacle(
                effect, f"`{key}` differs, and the model keeps the one of {old.letter}"
            )


def _base(old: Side, new: Side) -> Iterator[SwapObstacle]:
    """Find whether loading changes the base, and not in the same way for both."""
    inits = [side.config.init_lora_weights for side in (old, new)]
    if not any(map(changes_base, inits)):
        return
    by_scale = not str(inits[0]).startswith(
        "pissa"
    )  # its change of the base does not depend on the scale
    layers = [
        {path: (m.rank, m.scaling if by_scale else None) for path, m in side.modules.items()}
        for side in (old, new)
    ]
    if inits[0] != inits[1] or layers[0] != layers[1]:
        values = f"{show(inits[0])} in {old.letter}, {show(inits[1])} in {new.letter}"
        what = "modules, ranks and scales" if by_scale else "modules and ranks"
        message = f"loading changes the base according to `init_lora_weights`, {what}: {values}"
        yield SwapObstacle("differs", message)


def _named(name: str) -> str:
    return f"`{shortened(name, _MAX_NAME)}`"


def changes_base(init: object) -> bool:
    """Whether PEFT changes the weights of the base when it loads an adapter with this value."""
    found = find_init(init) if isinstance(init, str) else None
    return bool(found and found.changes_base)
