"""What a config can name in a base, as tables or JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from loracfg.base.search import ResolvedBase
from loracfg.errors import LoracfgError
from loracfg.inspection.contents_text import aligned
from loracfg.report.render.style import painter
from loracfg.report.render.words import visible
from loracfg.training.base_targets import BaseTargets, targets_in

if TYPE_CHECKING:
    from loracfg.engine.engine import Engine

_MOST_SIZES: Final = 3
_HELP: Final = "pass the folder with its `config.json`, or an id with `--online`"


def targets_of_base(engine: Engine) -> tuple[ResolvedBase, BaseTargets]:
    """Return the base that an engine's options name, and what a config can name in it.

    Raises:
        LoracfgError: no base is named, or it cannot be used.
    """
    base = engine.open_planned({}).base
    tree = base.architecture
    if tree is None or base.faults:
        reasons = [fault.message for fault in base.faults] or base.not_checked
        message = f"the base cannot be used: {'; '.join(reasons)}"
        raise LoracfgError(message, _HELP if tree is None else "use another class")
    return base, targets_in(tree)


def shown_targets(engine: Engine, format_name: str, *, color: bool) -> str:
    """Return what a config can name in the base of an engine, as `text` or `json`.

    Raises:
        LoracfgError: no base is named, or it cannot be used.
    """
    base, found = targets_of_base(engine)
    if format_name == "json":
        import json

        tree = base.architecture
        named = {"config": base.name, "model_type": tree and tree.model_type}
        data = {"base": named | {"class": tree and tree.class_name}, **found.to_dict()}
        return json.dumps(data, indent=2) + "\n"
    return render_targets(found, color=color)


def render_targets(found: BaseTargets, *, color: bool = False) -> str:
    """Return what a config can name in a base, as tables."""
    paint = painter(color)
    head = ("target_modules", "Kind", "Count", "In → out", "all-linear")
    rows = [
        (
            visible(one.name),
            one.kind,
            f"{one.modules:,}",
            sizes_words(one.sizes),
            "yes" if one.is_linear else "",
        )
        for one in found.modules
    ]
    blocks = ["\n".join(aligned([head, *rows], paint, (0, 1, 3, 4)))] if rows else []
    more = [
        (visible(one.name), f"{one.modules:,}", " x ".join(map(str, one.shape)))
        for one in found.parameters
    ]
    if more:
        titles = ("target_parameters", "Count", "Shape")
        blocks.append("\n".join(aligned([titles, *more], paint, (0, 2))))
    if found.saved:
        saved = ", ".join(map(visible, found.saved))
        blocks.append(f"modules_to_save, besides the names above: {saved}")
    return "\n\n".join(blocks) + "\n"


def sizes_words(sizes: Sequence[tuple[int, int]]) -> str:
    """Return the input and output sizes of layers, such as `4096 → 1024`; the first of many."""
    shown = ", ".join(f"{into} → {out}" for into, out in sizes[:_MOST_SIZES])
    return f"{shown}, …" if len(sizes) > _MOST_SIZES else shown
