"""The picture of layers and modules: a cell for each, coloured by rank or scale."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from loracfg.inspection.arrange import LayerStack, arrange, row_name
from loracfg.inspection.contents import InspectedModule
from loracfg.inspection.covered_modules import State
from loracfg.inspection.markup import NOTHING, Markup, joined, tag, text
from loracfg.inspection.wording import (
    alpha_words,
    counted_at_length,
    rank_words,
    scaling_words,
    shortened,
    sizes_words,
)
from loracfg.named_tuple import NamedTuple
from loracfg.report.render.words import bytes_words, scale_words

MAX_NAME: Final = 120
"""Characters of a name that are shown."""
LEVELS: Final = 6
"""Shades of the colour."""
_WORDS: Final[Mapping[State, str]] = {
    "fits": "fits the base",
    "missing": "missing",
    "wrong_shape": "wrong shape",
    "not_targeted": "not adapted",
    "unknown": "not compared with a base",
}
_SIGNS: Final[Mapping[State, str]] = {"missing": "○", "wrong_shape": "\N{MULTIPLICATION SIGN}"}
_WORST_FIRST: Final[tuple[State, ...]] = (
    *("wrong_shape", "missing", "unknown", "fits", "not_targeted"),
)
_DENSE: Final = 48
"""From this many layers on, cells are narrow and only every fifth layer has its number above."""
_MAX_OTHERS: Final = 100
_MAX_VALUES: Final = 4


class _Shades(NamedTuple):
    """The shade of each value; larger is darker."""

    levels: Mapping[float, int]

    @classmethod
    def of(cls, values: Iterable[float]) -> _Shades:
        found = sorted(set(values))
        last = len(found) - 1
        if last == 0:
            return cls({found[0]: LEVELS // 2})
        if last < LEVELS:
            return cls({value: round(at * (LEVELS - 1) / last) for at, value in enumerate(found)})
        return cls({value: at * LEVELS // len(found) for at, value in enumerate(found)})

    def legend(self, name: str, words: Callable[[float], str]) -> Markup:
        """Return a swatch for each shade, with the values that have it."""
        of_level: dict[int, list[float]] = {}
        for value, level in self.levels.items():
            of_level.setdefault(level, []).append(value)
        entries = [
            _entry(f"{name}{level}", words(values[0]), words(values[-1]))
            for level, values in of_level.items()
        ]
        return tag("ul", *entries, class_=f"legend of-{name}")


class _Colours(NamedTuple):
    ranks: _Shades
    scales: _Shades


def picture(modules: Sequence[InspectedModule]) -> Markup:
    """Return the picture; modules outside layers are listed below it."""
    arranged = arrange(modules)
    adapted = [module for module in modules if module.tensors]
    colours = _Colours(
        _Shades.of(module.rank for module in adapted if module.rank is not None),
        _Shades.of(module.scaling for module in adapted if module.scaling is not None),
    )
    left = arranged.left_out
    words = f"{counted_at_length(left, 'more module')} not shown."
    more = tag("p", text(words), class_="aside")
    return joined(
        (
            _key(colours, modules),
            *(_stack(stack, colours) for stack in arranged.stacks),
            _others(arranged.others),
            more if left else NOTHING,
        )
    )


def _key(colours: _Colours, modules: Sequence[InspectedModule]) -> Markup:
    """Return the choice of what colours show, with the legends."""
    counts = Counter(module.state for module in modules)
    states = [
        tag(
            "li",
            tag("i", text(_SIGNS.get(state, "")), class_=f"cell {state}", aria_hidden="true"),
            text(f"{_WORDS[state]} {counts[state]:,}"),
        )
        for state in ("missing", "wrong_shape", "not_targeted")
        if counts[state]
    ]
    choices = [_choice("rank", checked=True), _choice("scale", checked=False)]
    return tag(
        "div",
        tag("fieldset", tag("legend", text("Colour shows")), *choices),
        colours.ranks.legend("r", lambda value: f"{value:g}"),
        colours.scales.legend("s", scale_words),
        tag("ul", *states, class_="legend") if states else NOTHING,
        class_="key",
    )


def _choice(name: str, *, checked: bool) -> Markup:
    state = {"checked": ""} if checked else {}
    radio = tag("input", type="radio", name="by", id=f"by-{name}", **state)
    return tag("label", radio, text(name))


def _entry(name: str, first: str, last: str) -> Markup:
    words = first if first == last else f"{first} to {last}"
    return tag("li", tag("i", class_=f"cell fits {name}", aria_hidden="true"), text(words))


def _stack(stack: LayerStack, colours: _Colours) -> Markup:
    dense = " dense" if len(stack.layers) > _DENSE else ""
    heads = [tag("th", text(str(layer)), scope="col") for layer in stack.layers]
    rows = [_row(stack, row, colours) for row in stack.rows]
    table = tag(
        "table",
        tag("thead", tag("tr", tag("th", text("layer"), scope="col"), *heads)),
        tag("tbody", *rows),
        class_=f"grid{dense}",
        role="grid",
        aria_label="modules by layer",
    )
    adapted = sum(module.is_adapted for module in stack.modules)
    name = tag("code", text(shortened(stack.name, MAX_NAME))) if stack.name else text("layers")
    layers, modules = (len(stack.layers), "layer"), (adapted, "adapted module")
    words = text(f" {counted_at_length(*layers)}, {counted_at_length(*modules)}")
    return tag(
        "figure", tag("figcaption", name, words), tag("div", table, class_="scroll"), class_="stack"
    )


def _row(stack: LayerStack, row: str, colours: _Colours) -> Markup:
    name, cells = shortened(row_name(stack, row), MAX_NAME), stack.rows[row]
    drawn = [
        _cell(f"layer {layer}, {name}", cells[layer], colours) if layer in cells else tag("td")
        for layer in stack.layers
    ]
    return tag("tr", tag("th", text(name), scope="row"), *drawn)


def _cell(where: str, modules: Sequence[InspectedModule], colours: _Colours) -> Markup:
    """Return a cell in the worst state of its modules, with a description of all of them."""
    states = {module.state for module in modules}
    worst = next(state for state in _WORST_FIRST if state in states)
    ranks = [module.rank for module in modules if module.rank is not None]
    scales = [module.scaling for module in modules if module.scaling is not None]
    shades = []
    if worst in ("fits", "unknown") and ranks:
        shades.append(f"r{colours.ranks.levels[max(ranks)]}")
    if worst in ("fits", "unknown") and scales:
        shades.append(f"s{colours.scales.levels[max(scales)]}")
    return tag(
        "td",
        text(_SIGNS.get(worst, "")),
        class_=" ".join(("cell", worst, *shades)),
        aria_label=f"{where}: {about_modules(modules)}",
    )


def about_modules(modules: Sequence[InspectedModule]) -> str:
    """Return in one line what is known about the modules in a cell."""
    parts = [f"{len(modules)} modules"] if len(modules) > 1 else []
    parts += [_states(modules)]
    adapted = [module for module in modules if module.tensors]
    for words, lead in (
        (sizes_words, ""),
        (rank_words, "rank "),
        (alpha_words, "alpha "),
        (scaling_words, "scale "),
    ):
        parts += _several(map(words, adapted), lead)
    parts += _several((" and ".join(module.dtypes) for module in adapted), "")
    if adapted:
        parts.append(f"{sum(module.parameters for module in adapted):,} parameters")
        parts.append(bytes_words(sum(module.bytes for module in adapted)))
    return ", ".join(parts)


def _states(modules: Sequence[InspectedModule]) -> str:
    counts = Counter(module.state for module in modules)
    if len(counts) == 1:
        return _WORDS[modules[0].state]
    return ", ".join(f"{counts[s]} {_WORDS[s]}" for s in _WORST_FIRST if counts[s])


def _several(values: Iterable[str], lead: str) -> Iterator[str]:
    """Yield one phrase with the distinct values, if there are any."""
    found = list(dict.fromkeys(filter(None, values)))
    if found:
        more = " or others" if len(found) > _MAX_VALUES else ""
        yield f"{lead}{' or '.join(found[:_MAX_VALUES])}{more}"


def _others(modules: Sequence[InspectedModule]) -> Markup:
    """List the modules outside layers."""
    if not modules:
        return NOTHING
    shown = sorted(modules, key=lambda module: not module.tensors)[:_MAX_OTHERS]
    lines = [tag("li", _path(one), text(f" {about_modules([one])}")) for one in shown]
    left = len(modules) - len(shown)
    lines += [tag("li", text(f"and {left:,} more"))] if left else []
    return tag("figure", tag("figcaption", text("Outside the layers")), tag("ul", *lines))


def _path(module: InspectedModule) -> Markup:
    return tag("code", text(shortened(module.path, MAX_NAME)))
