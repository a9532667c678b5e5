"""Groups the checks of classes, without those that evaluating the tree makes redundant."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from loracfg.base.catalogue.evaluation.rows import operands_of

if TYPE_CHECKING:
    from loracfg.base.catalogue.program_data import Check, Choice, Operand, Row


Conditions = frozenset[str]
"""Conditions and loops around an evaluation, each as its JSON text."""

_FIRST_ONLY: Final = frozenset(("if", "and", "or", "opt"))
_APART: Final = "generation"
"""The operation of checks that only generating classes have, kept apart from shared ones."""
_NEVER_RAISES: Final = frozenset(("c", "i", "kw", "kwhas", "enum"))


def strict_operands(row: Row) -> list[int]:
    """Return the rows that are evaluated whenever a given row is."""
    if row[0] == "for":
        operands = row[2:3]
    elif row[0] == "scan":  # the body only if there is an iteration
        operands = [row[2], row[4]]
    elif row[0] in _FIRST_ONLY:
        operands = row[1:2]
    elif row[0] in ("list", "tuple", "set"):
        operands = row[1:]
    else:
        operands = operands_of(row)
    return [one for one in operands if type(one) is int]


class RowCoverage:
    """Records which rows are evaluated under which conditions."""

    def __init__(self, rows: list[list[Any]]) -> None:
        self.rows = rows
        self._required: dict[str, list[Conditions]] = {}
        self._evaluated: dict[int, list[Conditions]] = {}

    def add(self, row: Choice, under: Conditions) -> None:
        """Record that a row is evaluated under conditions."""
        if type(row) is int and _remember(self._evaluated, row, under):
            own = self.rows[row]
            if own[0] in ("list", "tuple", "set", "for"):
                self._add_items(own, under)
            else:
                for operand in strict_operands(own):
                    self.add(operand, under)

    def _add_items(self, row: list[Any], under: Conditions) -> None:
        """Record what is evaluated of a list, whose items may be loops or conditional."""
        if row[0] == "for":
            self.add(row[2], under)
            return
        for one in row[1:]:
            if type(one) is int and self.rows[one][0] not in ("for", "opt", "if"):
                self.add(one, under)

    def add_requirement(self, row: Row, under: Conditions) -> None:
        """Record that a config is rejected if a check does not hold."""
        for operand in row[1:]:
            self.add(operand, under)
        _remember(self._required, _text(row), under)

    def add_check(self, number: int, under: Conditions) -> None:
        """Record that a config is rejected if a row is not true."""
        self.add(number, under)
        _remember(self._required, _text(self.rows[number]), under)

    def add_conditions(self, conditions: list[Operand]) -> None:
        """Record that conditions are evaluated, each if those before it hold."""
        before: Conditions = frozenset()
        for condition in conditions:
            is_loop = isinstance(condition, list) and condition[0] == "for"
            self.add(condition[2] if isinstance(condition, list) and is_loop else condition, before)
            before |= {_text(condition)}

    def has(self, row: int, under: Conditions) -> bool:
        """Return whether a row is evaluated whenever these conditions hold."""
        return _holds(self._evaluated, row, under)

    def requires(self, row: int, under: Conditions) -> bool:
        """Return whether a different check already rejects configs for which a row is not true."""
        if _text(row) in under:
            return True
        return _holds(self._required, _text(self.rows[row]), under)


def _remember(known: dict[Any, list[Conditions]], row: Any, under: Conditions) -> bool:
    if _holds(known, row, under):
        return False
    known[row] = [*(one for one in known.get(row, ()) if not under <= one), under]
    return True


def _holds(known: dict[Any, list[Conditions]], row: Any, under: Conditions) -> bool:
    return any(one <= under for one in known.get(row, ()))


class TreeCoverage:
    """Records what is evaluated when the tree of a class is built."""

    def __init__(self, nodes: list[dict[str, Any]], rows: list[list[Any]]) -> None:
        self.nodes = nodes
        self.coverage = RowCoverage(rows)
        self._negations = {
            json.dumps(row[1]): number for number, row in enumerate(rows) if row[0] == "not"
        }
        self._truths = {
            _text(row[1]): number
            for number, row in enumerate(rows)
            if row[0] == "isinst" and row[2] == "bool"
        }
        self._seen: set[tuple[int, Conditions]] = set()

    def visit(self, child: Choice, under: Conditions) -> None:
        """Record what is evaluated for a child."""
        if type(child) is int:
            self._visit_node(child, under)
        elif not isinstance(child, list):
            return
        elif child[0] == "if":
            self.coverage.add(child[1], under)
            self.visit(child[2], under | {_text(child[1])})
            self.visit(child[3], under | self._negated(child[1]))
        else:
            self.coverage.add(child[2], under)
            inside: Any = child[3]
            for one in inside:
                self._visit_entry(one, under | {_text(child[:3])})

    def _visit_entry(self, entry: Any, under: Conditions) -> None:
        is_named = type(entry) is list and len(entry) == 2
        if is_named:
            self.coverage.add(entry[0], under)
        self.visit(entry[1] if is_named else entry, under)

    def _negated(self, condition: Any) -> Conditions:
        """Return the negation of a condition, in each form that checks may have."""
        found = {_text(["not", condition])}
        number = self._negations.get(_text(condition))
        if number is not None:
            found.add(_text(number))
        if type(condition) is int and self.coverage.rows[condition][0] == "not":
            found.add(_text(self.coverage.rows[condition][1]))
        return frozenset(found)

    def _visit_node(self, number: int, under: Conditions) -> None:
        if (number, under) in self._seen:
            return
        self._seen.add((number, under))
        node = self.nodes[number]
        self._visit_sizes(node.get("sizes", []), under)
        for key in ("bias", "groups", "config", "ties"):
            self.coverage.add(node.get(key), under)
        if "padding" in node:
            self.coverage.add_requirement(["padding", node["sizes"][0], node["padding"]], under)
        if "activation" in node:
            self.coverage.add_requirement(["activation", node["activation"]], under)
        for entry in (*node.get("parameters", ()), *node.get("buffers", ())):
            if len(entry) == 2:  # loops may have no iteration
                self._visit_shape(entry[1], under)
        for entry in (*node.get("items", ()), *node.get("children", ())):
            self._visit_entry(entry, under)

    def _visit_shape(self, shape: Any, under: Conditions) -> None:
        if type(shape) is not list:
            return
        if shape[:1] == ["if"]:
            self.coverage.add(shape[1], under)
            self._visit_shape(shape[2], under | {_text(shape[1])})
            self._visit_shape(shape[3], under | self._negated(shape[1]))
            return
        self._visit_sizes(shape, under)

    def _visit_sizes(self, sizes: list[Any], under: Conditions) -> None:
        for size in sizes:
            self.coverage.add_requirement(["size", size], under)
        truth = self._truths.get(_text(sizes[0])) if sizes else None
        if truth is not None:  # `checked_shape` rejects `True` and `False` as the first size
            self.coverage.add_requirement(["not", truth], under)


def _text(value: Any) -> str:
    return json.dumps(value)


FoundCheck: TypeAlias = "tuple[list[Operand], Operand]"
"""Conditions and loops, and what must hold: an operand, or `["ok", operand]` to evaluate one."""


def group_checks(
    checks: Iterable[FoundCheck], plain: set[int], coverage: RowCoverage
) -> Iterator[Check]:
    """Yield the checks of a class grouped by conditions, without those that others imply.

    Args:
        checks: the checks.
        plain: rows whose evaluation never raises.
        coverage: what the tree evaluates; the yielded checks are added.
    """
    groups = sorted(_by_conditions(checks, coverage.rows), key=lambda one: len(one[0]))
    for group in groups:
        conditions, _, required = group
        under = frozenset(map(_text, conditions))
        group[2] = [
            one for one in required if type(one) is not int or not coverage.requires(one, under)
        ]
        for one in group[2]:
            if type(one) is int:
                coverage.add_check(one, under)
        if group[2]:
            coverage.add_conditions(conditions)
    for conditions, evaluated, required in groups:
        left = _left(conditions, evaluated, plain, coverage)
        if left and not required:
            coverage.add_conditions(conditions)
        if left or required:
            yield [conditions, left, required]


def _by_conditions(checks: Iterable[FoundCheck], rows: list[Row]) -> list[Check]:
    groups: dict[tuple[str, bool], Check] = {}
    needed: Any
    for conditions, needed in checks:
        is_apart = type(needed) is int and rows[needed][0] == _APART
        group = groups.setdefault((_text(conditions), is_apart), [conditions, [], []])
        is_ok = type(needed) is list and needed[0] == "ok"
        part, operand = (group[1], needed[1]) if is_ok else (group[2], needed)
        if operand not in part:
            part.append(operand)
    return list(groups.values())


def _left(
    conditions: list[Any], evaluated: list[Any], plain: set[int], coverage: RowCoverage
) -> list[Operand]:
    """Return the rows that nothing else evaluates, and record that they are evaluated now."""
    under = frozenset(map(_text, conditions))
    left: list[int] = []
    rows: list[int] = [one for one in evaluated if type(one) is int]
    for one in sorted(rows, reverse=True):
        if one not in plain and not coverage.has(one, under):  # the largest row contains others
            coverage.add(one, under)
            left.append(one)
    return [*sorted(left)]
