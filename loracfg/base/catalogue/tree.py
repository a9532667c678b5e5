"""Evaluating the tree of a class: which modules it makes for a config, with their sizes.

A node is a list, or its number in the list of an entry's nodes:

- `["?", condition, [[outcome, node], …]]` goes on by the outcome of a condition;
- `["!", condition, outcome, is_required, node]` has seen one outcome alone;
- `["=", leaf, items]` is what a module has of its own, with its children: `["child", name, node]`,
  `["loop", count, node]`, whose node has items of its own for each turn, and `["alias", name,
  path]`. Names are strings, `null` for a counter, or `["name", before, offset, after]` around the
  number of the turn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from loracfg.base.architecture import Kind, Module
from loracfg.base.catalogue.expression import ABSENT, UnknownValueError, evaluate

Node = Any

MAX_MODULES: Final = 300_000
"""Largest tree that is made."""

_NO_VALUE: Final = object()
_KINDS: Final = {str(kind): kind for kind in Kind}


class DeclinedError(Exception):
    """The catalogue does not know what a class makes of a config; the message says why."""


@dataclass(frozen=True, slots=True)
class Skeleton:
    """The modules of a class for all configs that decide alike: paths, and leaves without sizes.

    `asked` are the conditions and counts, each with the turns that it was asked in and its value:
    where they have the same values, the skeleton is the same.
    """

    places: list[tuple[str, int]]
    leaves: list[tuple[Any, tuple[int, ...]]]
    aliases: dict[str, str]
    asked: list[tuple[Any, tuple[int, ...], Any]]


class Evaluation:
    """Evaluates nodes for the attributes of one config.

    Args:
        nodes: the nodes that others name by number.
        attributes: the attributes of the config by path.
        turning: the numbers of nodes that may be different in each turn of a loop.
        activations: class name, parameters and buffers of each activation function.
    """

    def __init__(
        self,
        nodes: Sequence[Node],
        attributes: Mapping[str, Any],
        turning: frozenset[int] = frozenset(),
        activations: Mapping[str, Any] | None = None,
    ) -> None:
        self.nodes = nodes
        self.attributes = attributes
        self.turning = turning
        self.activations = activations or {}
        self._asked: list[tuple[Any, tuple[int, ...], Any]] = []
        self._leaves: list[tuple[Any, tuple[int, ...]]] = []
        self._aliases: dict[str, str] = {}
        self._made: dict[int, list[tuple[str, int]]] = {}

    def skeleton(self, node: Node) -> Skeleton:
        """Return the modules of a class without their sizes.

        Raises:
            DeclinedError: if the config leads to what was never seen.
        """
        places = self._expand(node, "", ())
        return Skeleton(places, self._leaves, self._aliases, self._asked)

    def holds(self, skeleton: Skeleton) -> bool:
        """Tell whether a skeleton that was made for another config is right for this one."""
        return all(
            _same(self._value_or_none(expression, turns), value)
            for expression, turns, value in skeleton.asked
        )

    def _value_or_none(self, expression: Any, turns: tuple[int, ...]) -> Any:
        try:
            return evaluate(expression, self.attributes, turns)
        except UnknownValueError:
            return _NO_VALUE

    def modules(self, skeleton: Skeleton) -> dict[str, Module]:
        """Return the modules with their sizes, in the order of `named_modules`.

        Raises:
            DeclinedError: if a size is none.
        """
        leaves = [self._leaf(leaf, turns) for leaf, turns in skeleton.leaves]
        make = Module._make
        return {path: make((path, *leaves[number])) for path, number in skeleton.places}

    def value(self, node: Node, turns: tuple[int, ...] = ()) -> Any:
        """Return the value that a tree of attributes has.

        Raises:
            DeclinedError: if the keys of the config lead to what was never seen.
        """
        _, leaf, items = self.choose(node, turns)
        if not isinstance(leaf, (list, tuple)):
            return leaf
        match leaf[0]:
            case "absent":
                return ABSENT
            case "dict":
                return {}
            case "config":
                return tuple(leaf)
            case "comp":
                _, count, body = items[0]
                length = self.number(count, turns)
                before = [x for one in leaf[1:] for x in self._evaluated(one, turns)]
                return before + [self.value(body, (*turns, n)) for n in range(length)]
        return self._evaluated(leaf, turns)

    def choose(self, node: Node, turns: tuple[int, ...]) -> Any:
        """Follow the decisions of a node to its leaf.

        Raises:
            DeclinedError: if a decision has an outcome that was never seen.
        """
        while True:
            if type(node) is int:
                node = self.nodes[node]
            if node is None:
                raise DeclinedError("a part of the model was never seen")
            if node[0] == "=":
                return node
            node = self._next(node, turns)

    def _next(self, node: Node, turns: tuple[int, ...]) -> Node:
        condition = node[1]
        value = self._value_or_none(condition, turns)
        self._asked.append((condition, turns, value))
        if value is _NO_VALUE:
            if node[0] == "!" and not node[3]:
                return node[4]
            raise DeclinedError(f"{shown(condition)} has no value")
        if node[0] == "!":
            if _same(value, node[2]):
                return node[4]
            raise DeclinedError(f"{shown(condition)} is {value!r}, and only {node[2]!r} is known")
        for outcome, branch in node[2]:
            if _same(value, outcome):
                return branch
        raise DeclinedError(f"{shown(condition)} is {value!r}, which is not known")

    def number(self, expression: Any, turns: tuple[int, ...]) -> int:
        """Return the value of a size or count.

        Raises:
            DeclinedError: if it has none, or one that is no size.
        """
        if type(expression) is int:
            return expression
        value = self._evaluated(expression, turns)
        if type(value) is not int or value < 0:
            raise DeclinedError(f"{shown(expression)} is {value!r}")
        return value

    def _evaluated(self, expression: Any, turns: tuple[int, ...]) -> Any:
        try:
            return evaluate(expression, self.attributes, turns)
        except UnknownValueError as error:
            raise DeclinedError(f"{shown(expression)} has no value") from error

    def _expand(self, node: Node, path: str, turns: tuple[int, ...]) -> list[tuple[str, int]]:
        """Return the modules at and below a node, with paths from there on.

        `path` is that of the node; only aliases need it.
        """
        if type(node) is not int or node in self.turning:
            return self._expand_new(node, path, turns)
        if node not in self._made:
            self._made[node] = self._expand_new(node, path, turns)
        return self._made[node]

    def _expand_new(self, node: Node, path: str, turns: tuple[int, ...]) -> list[tuple[str, int]]:
        _, leaf, items = self.choose(node, turns)
        self._leaves.append((leaf, turns))
        made = [("", len(self._leaves) - 1)]
        self._add_items(made, items, path, turns, [0])
        return made

    def _add_items(
        self,
        made: list[tuple[str, int]],
        items: Any,
        path: str,
        turns: tuple[int, ...],
        counter: list[int],
    ) -> None:
        for what, name, value in items:
            if what == "loop":
                length = self.number(name, turns)
                self._asked.append((name, turns, length))
                for number in range(length):
                    if len(made) > MAX_MODULES:
                        raise DeclinedError(f"it has more than {MAX_MODULES} modules")
                    inside = (*turns, number)
                    _, _, inner = self.choose(value, inside)
                    self._add_items(made, inner, path, inside, counter)
                continue
            local = _name(name, turns, counter)
            full = f"{path}.{local}" if path else local
            if what == "alias":
                self._aliases[full] = value
                continue
            for suffix, leaf in self._expand(value, full, turns):
                made.append((f"{local}.{suffix}" if suffix else local, leaf))

    def _leaf(self, leaf: Any, turns: tuple[int, ...]) -> tuple[Any, ...]:
        """Return the fields of a module after its path."""
        if leaf[0] == "act":
            return self._activation(leaf[1], turns)
        name, kind, parameters, buffers, groups, transposed = leaf
        return (
            _KINDS[kind],
            name,
            {key: tuple([self.number(d, turns) for d in dims]) for key, dims in parameters},
            {key: tuple([self.number(d, turns) for d in dims]) for key, dims in buffers},
            self.number(groups, turns),
            transposed,
        )

    def _activation(self, expression: Any, turns: tuple[int, ...]) -> tuple[Any, ...]:
        name = self._evaluated(expression, turns)
        known = self.activations.get(name) if isinstance(name, str) else None
        if known is None:
            raise DeclinedError(f"the activation function {name!r} is not known")
        class_name, parameters, buffers = known
        sizes = [{key: tuple(shape) for key, shape in of.items()} for of in (parameters, buffers)]
        return Kind.OTHER, class_name, sizes[0], sizes[1], 1, False


def _same(value: Any, outcome: Any) -> bool:
    return type(value) is type(outcome) and bool(value == outcome)


def _name(name: Any, turns: tuple[int, ...], counter: list[int]) -> str:
    if name is None:
        counter[0] += 1
        return str(counter[0] - 1)
    if isinstance(name, str):
        return name
    _, before, offset, after = name
    return f"{before}{turns[-1] + offset}{after}"


def turning_nodes(nodes: Sequence[Node]) -> frozenset[int]:
    """Return the numbers of the nodes that depend on the turn of a loop, or hold an alias.

    Nodes stand after those that they name.
    """
    found: set[int] = set()
    for number, node in enumerate(nodes):
        if _turns(node, found):
            found.add(number)
    return frozenset(found)


def _turns(node: Node, known: set[int]) -> bool:
    if node[0] == "?":
        return _mentions_turn(node[1]) or any(branch in known for _, branch in node[2])
    if node[0] == "!":
        return _mentions_turn(node[1]) or node[4] in known
    return _mentions_turn(node[1]) or any(
        what == "alias" or value in known or _mentions_turn(name) for what, name, value in node[2]
    )


def _mentions_turn(expression: Any) -> bool:
    if not isinstance(expression, (list, tuple)):
        return False
    if expression and expression[0] in ("i", "name"):
        return True
    return any(_mentions_turn(part) for part in expression)


_INFIX: Final = {
    "add": "+",
    "sub": "-",
    "mul": "*",
    "truediv": "/",
    "floordiv": "//",
    "mod": "%",
    "eq": "==",
    "lt": "<",
    "le": "<=",
    "gt": ">",
    "ge": ">=",
    "in": "in",
}


def shown(expression: Any) -> str:
    """Return an expression as people write it."""
    if not isinstance(expression, (list, tuple)):
        return repr(expression)
    name, *operands = expression
    if name == "attr":
        return f"`{operands[0]}`"
    if name == "i":
        return "the layer"
    parts = [shown(part) for part in operands]
    if name in _INFIX and len(parts) == 2:
        return f"{parts[0]} {_INFIX[name]} {parts[1]}"
    return f"{name}({', '.join(parts)})"
