"""What an entry of a config selects, as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from loracfg.lsp.entry_matches import span_words
from loracfg.lsp.offered_names import MODULE_LISTS, PARAMETERS, SAVED, modules_words
from loracfg.report.render.words import counted, scale_words, visible
from loracfg.training.base_targets import named_modules

if TYPE_CHECKING:
    from loracfg.base.architecture import Architecture
    from loracfg.lsp.marked_entries import MarkedEntry
    from loracfg.planning.layer_settings import LayerSettings

_MOST: Final = 4
"""How many kinds of modules, or ranks, are shown."""
_EXCLUDES: Final = MODULE_LISTS[1]
_VERBS: Final = {
    _EXCLUDES: "Excludes",
    SAVED: "Saves",
    "rank_pattern": "Sets the rank of",
    "alpha_pattern": "Sets the alpha of",
}


def entry_words(entry: MarkedEntry, base: Architecture | None) -> str:
    """Return what an entry selects: how many modules, which, and their ranks and scales."""
    verb = _VERBS.get(entry.field, "Selects")
    what = "parameter" if entry.field == PARAMETERS else "module"
    lines = [f"{verb} {counted(len(entry.paths), what)}."]
    if not entry.paths:
        return f"{lines[0]} The base has none that it matches."
    if base is not None and entry.field != PARAMETERS:
        lines += [f"- `{name}`: {words}" for name, words in _kinds(entry.paths, base)]
    lines += _settings(entry.settings)
    lines.append(visible(span_words(entry.paths)))
    return "\n\n".join(lines)


def _kinds(paths: Iterable[str], base: Architecture) -> Iterator[tuple[str, str]]:
    modules = [module for path in paths if (module := base.find(path)) is not None]
    for number, one in enumerate(named_modules(modules, base)):
        if number == _MOST:
            yield "…", "and others"
            return
        yield visible(one.name), modules_words(one)


def _settings(settings: tuple[LayerSettings, ...]) -> Iterator[str]:
    for one in settings[:_MOST]:
        yield f"Rank {one.rank}, alpha {one.alpha:g}, scale {scale_words(one.scaling)}."
    if len(settings) > _MOST:
        yield f"And {counted(len(settings) - _MOST, 'other combination')}."
