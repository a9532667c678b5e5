"""Modules arranged for a picture: a table for each stack of layers, a column for each layer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Final

from loracfg.inspection.contents import InspectedModule
from loracfg.inspection.gather import layer_of, pattern_of
from loracfg.named_tuple import NamedTuple

MAX_CELLS: Final = 12_000
"""The maximum cells of all tables; browsers draw this many instantly."""
MAX_STACKS: Final = 48
MAX_LAYERS: Final = 256
MAX_ROWS: Final = 120


class LayerStack(NamedTuple):
    """Layers under one path: `rows` are names below a layer, each with its modules by layer.

    Names that differ only in numbers, such as those of experts, share a row and are shown with `*`.
    `left_out` is the number of modules that do not fit.
    """

    name: str
    layers: Sequence[int]
    rows: Mapping[str, Mapping[int, Sequence[InspectedModule]]]
    left_out: int = 0

    @property
    def modules(self) -> list[InspectedModule]:
        """All modules of the rows."""
        return [m for row in self.rows.values() for modules in row.values() for m in modules]


class StackPlace(NamedTuple):
    """Where a module is: the path of its stack, its layer, and its path below that."""

    stack: str
    layer: int
    below: str


class Arrangement(NamedTuple):
    """The stacks that fit, the modules outside layers, and how many modules do not fit."""

    stacks: Sequence[LayerStack]
    others: Sequence[InspectedModule]
    left_out: int


def arrange(modules: Iterable[InspectedModule]) -> Arrangement:
    """Arrange modules, as many as a page can show."""
    found: dict[str, dict[str, dict[int, list[InspectedModule]]]] = {}
    others = []
    for module in modules:
        place = place_of(module.path)
        if place is None:
            others.append(module)
            continue
        row = found.setdefault(place.stack, {}).setdefault(pattern_of(place.below), {})
        row.setdefault(place.layer, []).append(module)
    stacks: list[LayerStack] = []
    room, left_out = MAX_CELLS, 0
    for name, rows in found.items():
        stack = _within(_stack(name, rows), room if len(stacks) < MAX_STACKS else 0)
        room -= len(stack.rows) * len(stack.layers)
        left_out += stack.left_out
        if stack.rows:
            stacks.append(stack)
    return Arrangement(stacks, others, left_out)


def place_of(path: str) -> StackPlace | None:
    """Return the layer that a module is in: the first number among its steps."""
    number = layer_of(path)
    if number is None:
        return None
    steps = path.split(".")
    at = steps.index(number)
    return StackPlace(".".join(steps[:at]), int(number), ".".join(steps[at + 1 :]))


def row_name(stack: LayerStack, row: str) -> str:
    """Return the name of a row: with the numbers of its modules, if they are all the same."""
    modules = (module for cell in stack.rows[row].values() for module in cell)
    names = {place.below for module in modules if (place := place_of(module.path))}
    return (names.pop() if len(names) == 1 else row) or "itself"


def _stack(name: str, rows: dict[str, dict[int, list[InspectedModule]]]) -> LayerStack:
    return LayerStack(name, sorted({layer for row in rows.values() for layer in row}), rows)


def _within(stack: LayerStack, room: int) -> LayerStack:
    """Leave out the last rows and layers, which do not fit."""
    layers = stack.layers[: min(MAX_LAYERS, room)]
    fit = min(MAX_ROWS, room // len(layers)) if layers else 0
    kept = set(layers)
    rows = {
        name: {layer: cell for layer, cell in row.items() if layer in kept}
        for name, row in islice(stack.rows.items(), fit)
    }
    smaller = LayerStack(stack.name, layers, rows)
    return smaller._replace(left_out=len(stack.modules) - len(smaller.modules))
