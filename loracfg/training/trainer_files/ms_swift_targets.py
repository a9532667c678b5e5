"""Expands `all-linear`, `all-embedding` and `all-norm` on a base as ms-swift does.

From `find_layers` and `get_multimodal_target_regex` in `utils/transformers_utils.py`, and
`get_target_modules` in `pipelines/train/tuner.py`, of release 4.6.0.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from loracfg.base.architecture import Kind
from loracfg.base.towers import parts_of
from loracfg.named_tuple import NamedTuple
from loracfg.training.trainer_files.tool_parts import SwiftParts, swift_parts
from loracfg.training.trainer_files.trainer_file import OptionNote, Resolved

if TYPE_CHECKING:
    from loracfg.base.architecture import Architecture, Module
    from loracfg.document.json_value import Json
    from loracfg.report.report import Location

ALL_LINEAR: Final = "all-linear"
ALL_EMBEDDING: Final = "all-embedding"
ALL_NORM: Final = "all-norm"

_IGNORED: Final = ("score", "v_head", "classifier", "lora_A", "lora_B", "base_layer")
"""Texts that no path of a linear target contains, besides the name of the output layer."""
_OTHER_CLASSES: Final = ("glulinear", "gemma4clippablelinear")
_MAMBA: Final = frozenset({"falcon_h1", "mamba", "mamba2", "falcon_mamba", "nemotron_h"})
_NOT_IN_MAMBA: Final = frozenset({"out_proj", "conv1d"})
_INDEX: Final = re.compile(r"(?<!\d)\d+\.")

IsWanted = Callable[[str, "Module"], bool]


class Frozen(NamedTuple):
    """Which parts of a model with towers get no adapter."""

    llm: bool
    vit: bool
    aligner: bool


def resolve(
    targets: Sequence[str] | None,
    saved: Sequence[str],
    frozen: Frozen,
    place: Location,
    base: Architecture,
) -> Resolved:
    """Return the targets and saved modules on a base; None for targets means a pattern.

    If it is not known whether ms-swift takes the base as one with towers, a note says so.
    """
    found: dict[str, Json] = {}
    notes: tuple[OptionNote, ...] = ()
    known = swift_parts().get(base.class_name or "")
    if targets is not None and ALL_LINEAR in targets and _is_unknown(known, base):
        why = f"it is not known which parts of `{base.class_name}` ms-swift means"
        notes = (
            OptionNote(
                "not-understood", "target_modules", place, why, ALL_LINEAR, "target_modules"
            ),
        )
    elif targets is not None and ALL_LINEAR in targets and _freezes_all(known, frozen):
        why = "every part of the base that ms-swift knows is frozen"
        notes = (
            OptionNote("rejected", "target_modules", place, why, ALL_LINEAR, "target_modules"),
        )
    elif targets is not None:
        found["target_modules"] = _targets(targets, known or SwiftParts(False), frozen, base)
    if not {ALL_EMBEDDING, ALL_NORM}.isdisjoint(saved):
        found["modules_to_save"] = _saved(saved, base)
    return Resolved(found, notes)


def _is_unknown(known: SwiftParts | None, base: Architecture) -> bool:
    if known is None:
        return parts_of(base) is not None
    return known.is_multimodal is None or (known.is_multimodal and not known.language_model)


def _freezes_all(known: SwiftParts | None, frozen: Frozen) -> bool:
    return known is not None and bool(known.is_multimodal) and not _chosen(known, frozen)


def _chosen(parts: SwiftParts, frozen: Frozen) -> tuple[str, ...]:
    """Return the parts of a model with towers that are not frozen."""
    return (
        *(() if frozen.llm else parts.language_model),
        *(() if frozen.vit else parts.vision_tower),
        *(() if frozen.aligner else parts.aligner),
    )


def _targets(targets: Sequence[str], parts: SwiftParts, frozen: Frozen, base: Architecture) -> Json:
    has_embeddings = ALL_EMBEDDING in targets
    names: list[Json] = [one for one in targets if one not in (ALL_LINEAR, ALL_EMBEDDING)]
    if ALL_LINEAR in targets:
        if parts.is_multimodal:
            return _pattern(parts, frozen, has_embeddings, base)
        is_wanted = partial(_is_linear, parts.output, False)
        names += sorted(_find_layers(base.modules, is_wanted))
    if has_embeddings:
        names += sorted(_find_layers(base.modules, _is_embedding))
    if base.model_type in _MAMBA:
        names = [name for name in names if name not in _NOT_IN_MAMBA]
    return names


def _saved(saved: Sequence[str], base: Architecture) -> list[Json]:
    names: list[Json] = [one for one in saved if one not in (ALL_EMBEDDING, ALL_NORM)]
    at = names.index("v_head") if names[-1:] == ["v_head"] else len(names)
    more: list[Json] = []
    if ALL_EMBEDDING in saved:
        more += sorted(_find_layers(base.modules, _is_embedding))
    if ALL_NORM in saved:
        more += sorted(_find_layers(base.modules, _is_norm))
    return [*names[:at], *more, *names[at:]]


def _is_linear(output: str, with_embeddings: bool, path: str, module: Module) -> bool:
    name = module.class_name.lower()
    is_kind = "linear" in name and not any(other in name for other in _OTHER_CLASSES)
    is_kind |= with_embeddings and module.kind is Kind.EMBEDDING
    return is_kind and not any(one in path for one in (output, *_IGNORED))


def _is_embedding(_: str, module: Module) -> bool:
    return module.kind is Kind.EMBEDDING


def _is_norm(_: str, module: Module) -> bool:
    return module.class_name == "LayerNorm" or "rmsnorm" in module.class_name.lower()


def _find_layers(modules: Mapping[str, Module], is_wanted: IsWanted) -> set[str]:
    """Return the shortest ends of paths that tell the wanted modules from all others."""
    wanted = [path for path, module in modules.items() if is_wanted(path, module)]
    skipped = {_without_numbers(path) for path in modules.keys() - wanted}
    is_end: dict[str, bool] = {}
    found = set()
    for path in wanted:
        steps = path.split(".")
        name = steps.pop()
        while steps and _is_end_of(_without_numbers(name), skipped, is_end):
            name = f"{steps.pop()}.{name}"
        found.add(name)
    return found


def _is_end_of(name: str, paths: Collection[str], known: dict[str, bool]) -> bool:
    if name not in known:
        known[name] = any(path.endswith(name) for path in paths)
    return known[name]


def _without_numbers(path: str) -> str:
    return _INDEX.sub("{}.", path)


def _pattern(
    parts: SwiftParts, frozen: Frozen, with_embeddings: bool, base: Architecture
) -> str | None:
    """Return the pattern for the parts of a model with towers that are not frozen."""
    found = []
    for part in _chosen(parts, frozen):
        module = base.find(part)
        if module is None:
            continue
        apart = () if frozen.vit and frozen.llm else parts.aligner
        rejected = [one for one in apart if one.startswith(f"{part}.")]
        names = _names_inside(part, module, parts, with_embeddings, base)
        before = f"(?!({'|'.join(rejected)}))" if rejected else ""
        start = f"{before}{re.escape(part)}"
        if "" in names:
            found.append(start)
        if rest := sorted(names - {""}):
            found.append(rf"{start}(?=\.).*\.({'|'.join(rest)})")
    return f"^({'|'.join(found)})$"


def _names_inside(
    part: str, module: Module, parts: SwiftParts, with_embeddings: bool, base: Architecture
) -> set[str]:
    if module.kind is Kind.LINEAR and part.endswith("lm_head"):
        return set()
    inside = {
        path[len(part) + 1 :]: one
        for path, one in base.modules.items()
        if path == part or path.startswith(f"{part}.")
    }
    return _find_layers(inside, partial(_is_linear, parts.output, with_embeddings))
