"""Turns a model that was built under the recorder into samples: trees of scopes and what they made.

Expressions are normalised on the way: the number of a turn of a loop that is open at a place
becomes `("i", depth)`, a number of an earlier turn `("add", ("i", depth), -1)`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final

from loracfg.base.architecture import CONVOLUTIONS, Kind
from loracfg.base.tracer.recorder import Frame, Iteration, Loop, Scope, recorder
from loracfg.base.tracer.symbols import expression_of

DROP_PATH: Final = re.compile(r"\w*Drop(Path|out)\w*|Identity|StochasticDepth")
"""Modules without parameters that stand for each other, as rates say."""
_NUMBER: Final = re.compile(r"\d+")


@dataclass(frozen=True)
class Leaf:
    """What a module has of its own; sizes are expressions."""

    class_name: str
    kind: str
    parameters: tuple[tuple[str, tuple[Any, ...]], ...] = ()
    buffers: tuple[tuple[str, tuple[Any, ...]], ...] = ()
    groups: Any = 1
    is_transposed: bool = False
    activation: Any = None


@dataclass(frozen=True)
class Item:
    """One or several children: a module, a loop of them, or a module that stands elsewhere too.

    `name` is None in a list of modules, where a counter names the children.
    """

    what: str
    name: Any
    count: Any = None
    target: str | None = None


@dataclass
class Sample:
    """A scope as one trace saw it."""

    decisions: dict[Any, Any]
    leaf: Leaf | None
    items: list[tuple[Item, list[Sample]]]
    turns: tuple[int, ...]
    values: Any = field(repr=False, default_factory=dict)
    embeddings: Any = None
    architecture: Any = field(repr=False, default=None)
    is_settled: bool = False
    asked: dict[str, str] = field(repr=False, default_factory=dict)
    taken: dict[Any, Any] = field(repr=False, default_factory=dict)
    """The decisions as they were; `decisions` are those that the learner goes by."""

    def __post_init__(self) -> None:
        self.taken = self.decisions


@dataclass(frozen=True)
class _Open:
    """The loops that are open at a place, outermost first, with the turn that is looked at."""

    turns: tuple[tuple[int, int], ...] = ()

    def depth(self, uid: int) -> int | None:
        return next((d for d, (u, _) in enumerate(self.turns) if u == uid), None)

    def entered(self, uid: int, number: int) -> _Open:
        return _Open((*self.turns, (uid, number)))

    def numbers(self) -> tuple[int, ...]:
        return tuple(number for _, number in self.turns)


def harvest(model: Any, values: dict[str, Any]) -> Sample:
    """Return the sample of a model that was built while the recorder ran."""
    sample = _Harvest(values).module("", model, recorder.frames.get(id(model)), _Open())
    sample.decisions = _normal_decisions(recorder.root, _Open()) | sample.decisions
    sample.taken = sample.decisions
    return sample


def harvest_apart(model: Any, values: dict[str, Any]) -> Sample:
    """Return the sample of a model with each child in a loop of one turn, of the child's name.

    All decisions of the model stand in each of these turns: each child can then be learned alone.
    """
    frame = recorder.frames.get(id(model))
    at = _Open(((-1, 0),))
    made = _Harvest(values)
    made.seen[id(model)] = ""
    own = _normal_decisions(frame, at) if frame else {}
    decisions = _normal_decisions(recorder.root, at) | own
    items = [
        (
            Item("loop", name if item.name is None else item.name, count=1),
            [Sample(decisions, None, [(item, parts)], at.numbers(), values)],
        )
        for name, (item, parts) in enumerate(made.children("", model, at))
    ]
    return Sample({}, _leaf(model, _Open()), items, (), values)


class _Harvest:
    def __init__(self, values: dict[str, Any]) -> None:
        self.values = values
        self.seen: dict[int, str] = {}

    def module(self, path: str, module: Any, frame: Frame | None, at: _Open) -> Sample:
        self.seen[id(module)] = path
        decisions = _normal_decisions(frame, at) if frame else {}
        items = self.children(path, module, at)
        return Sample(decisions, _leaf(module, at), items, at.numbers(), self.values)

    def children(self, path: str, module: Any, at: _Open) -> list[tuple[Item, list[Sample]]]:
        entries = [(n, c, _chain(c, at)) for n, c in module._modules.items() if c is not None]
        counted = _is_counted(module, [name for name, *_ in entries])
        return self.items(path, entries, at, "counted" if counted else "named")

    def items(
        self, path: str, entries: list[Any], at: _Open, naming: str
    ) -> list[tuple[Item, list[Sample]]]:
        found: list[tuple[Item, list[Sample]]] = []
        start = 0
        while start < len(entries):
            name, child, chain = entries[start]
            if not chain:
                found.append(self.single(path, name, child, at, naming))
                start += 1
                continue
            loop = chain[0].loop
            end = start
            while end < len(entries) and entries[end][2] and entries[end][2][0].loop is loop:
                end += 1
            found.append(self.loop(path, loop, entries[start:end], at, naming))
            start = end
        return found

    def single(
        self, path: str, name: str, child: Any, at: _Open, naming: str
    ) -> tuple[Item, list[Sample]]:
        below = f"{path}.{name}" if path else name
        shown = {"counted": None, "named": name, "turns": _named(name, at)}[naming]
        if id(child) in self.seen:
            return Item("alias", shown, target=self.seen[id(child)]), []
        sample = self.module(below, child, recorder.frames.get(id(child)), at)
        return Item("child", shown), [sample]

    def loop(
        self, path: str, loop: Loop, entries: list[Any], at: _Open, naming: str
    ) -> tuple[Item, list[Sample]]:
        samples = []
        for turn in loop.iterations:
            inside = at.entered(loop.uid, turn.number)
            own = [(n, c, chain[1:]) for n, c, chain in entries if chain[0] is turn]
            items = self.items(path, own, inside, "counted" if naming == "counted" else "turns")
            decisions = _normal_decisions(turn, inside)
            samples.append(Sample(decisions, None, items, inside.numbers(), self.values))
        return Item("loop", None, count=_normal(loop.count, at)), samples


def _is_counted(module: Any, names: list[str]) -> bool:
    from torch import nn

    is_list = isinstance(module, (nn.ModuleList, nn.Sequential))
    return is_list and names == [str(n) for n in range(len(names))]


def _chain(module: Any, at: _Open) -> list[Iteration]:
    """Return the turns in which a module was made, down from the frame around, but the open ones."""
    frame = recorder.frames.get(id(module))
    chain: list[Iteration] = []
    scope: Scope | None = frame.outer if frame else None
    while isinstance(scope, Iteration):
        assert scope.loop is not None
        if at.depth(scope.loop.uid) is None:
            chain.append(scope)
        scope = scope.outer
    return chain[::-1]


def _named(name: str, at: _Open) -> Any:
    """Return the name of a child, with the turn of the innermost loop in place of its number."""
    numbers = _NUMBER.findall(name)
    if not at.turns or len(numbers) != 1:
        return name
    before, after = name.split(numbers[0], 1)
    return ("name", before, int(numbers[0]) - at.turns[-1][1], after)


def _leaf(module: Any, at: _Open) -> Leaf:
    from loracfg.base.transformers import kind_of_module

    parameters = tuple((n, _shape(p, at)) for n, p in module._parameters.items() if p is not None)
    buffers = tuple(
        (name, _shape(buffer, at))
        for name, buffer in module._buffers.items()
        if buffer is not None and name not in module._non_persistent_buffers_set
    )
    kind = kind_of_module(module)
    activation = getattr(module, "activation_expression", None)
    if activation is not None:
        return Leaf("activation", str(Kind.OTHER), activation=_normal(activation, at))
    name = type(module).__name__
    return Leaf(
        "Identity" if DROP_PATH.fullmatch(name) else name,
        str(kind),
        parameters,
        buffers,
        _normal(expression_of(module.groups), at) if kind in CONVOLUTIONS else 1,
        getattr(module, "is_transposed", False) is True,
    )


def _shape(tensor: Any, at: _Open) -> tuple[Any, ...]:
    shape = getattr(tensor, "shape_expression", None)
    if shape is None or len(shape) != tensor.dim():
        return tuple(tensor.shape)
    return tuple(_normal(expression_of(size), at) for size in shape)


def normal_decisions(scope: Scope, turns: tuple[tuple[int, int], ...] = ()) -> dict[Any, Any]:
    """Return the decisions of a scope; `turns` are the loops around with the turn looked at."""
    return _normal_decisions(scope, _Open(turns))


def normal_expression(expression: Any, turns: tuple[tuple[int, int], ...] = ()) -> Any:
    """Return an expression as it reads in some turns of loops."""
    return _normal(expression, _Open(turns))


def _normal_decisions(scope: Scope, at: _Open) -> dict[Any, Any]:
    normal = ((_normal(condition, at), value) for condition, value in scope.decisions.items())
    return {condition: value for condition, value in normal if _varies(condition)}


def _turn_of(expression: Any) -> Any:
    """Return the loop whose turn an expression is, whatever is added to it."""
    if isinstance(expression, tuple) and expression[0] == "add" and type(expression[2]) is int:
        expression = expression[1]
    return expression if isinstance(expression, tuple) and expression[0] == "i" else None


def _varies(condition: Any) -> bool:
    """Tell whether a condition depends on the config or on the turn of a loop that is open."""
    if not isinstance(condition, tuple):
        return False
    if len(condition) == 3 and None is not _turn_of(condition[1]) == _turn_of(condition[2]):
        return False  # two numbers of one loop differ as they always do
    return condition[:1] in (("attr",), ("i",)) or any(_varies(part) for part in condition[1:])


def _turn(depth: int, offset: int) -> Any:
    return ("add", ("i", depth), offset) if offset else ("i", depth)


def _left(loop: Loop, number: int, at: _Open) -> Any:
    """Return the number of a turn of a loop that is over: one that runs as often now, or its last.

    What one loop puts into a list another takes from there; a variable outlives the last turn.
    """
    for depth, (uid, turn) in reversed([*enumerate(at.turns)]):
        if uid >= 0 and recorder.loops[uid].count == loop.count:
            return _turn(depth, number - turn)
    if number == loop.length - 1 and isinstance(loop.count, tuple):
        return ("sub", _normal(loop.count, at), 1)
    return number


def _normal(expression: Any, at: _Open) -> Any:
    if not isinstance(expression, tuple):
        return expression
    if expression and expression[0] == "idx":
        _, uid, number = expression
        depth = at.depth(uid)
        if depth is None:
            return _left(recorder.loops[uid], number, at)
        return _turn(depth, number - at.turns[depth][1])
    return tuple(_normal(part, at) for part in expression)
