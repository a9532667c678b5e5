"""Converts the interpreted classes of a model type into its program."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from loracfg.base.derivation.emission.checks import RowCoverage, TreeCoverage, group_checks
from loracfg.base.derivation.emission.simplify import Simplifier
from loracfg.base.derivation.emission.table import ProgramTable
from loracfg.base.derivation.emission.tree import NodeWriter
from loracfg.base.derivation.interpreter.binding import free_variables, simplified
from loracfg.base.derivation.interpreter.conversion import as_expression
from loracfg.base.derivation.interpreter.expressions import Expression, Operand, expression
from loracfg.base.derivation.interpreter.values import Instance, Value
from loracfg.named_tuple import NamedTuple

if TYPE_CHECKING:
    from loracfg.base.catalogue.program_data import ModelRecord, ProgramData


_FEW_LOOPS: Final = 2
"""This many nested loops are cheap, whether a check depends on them or not."""
_OPPOSITES: Final = {
    "!=": "==",
    "==": "!=",
    "isnt": "is",
    "is": "isnt",
    "notin": "in",
    "in": "notin",
}


class InterpretedClass(NamedTuple):
    """An interpreted model class.

    Attributes:
        root: the instance of the class.
        inputs: the input embedding.
        outputs: the output embedding.
        checks: what must hold, with the conditions and loops around it.
        tied: the names of tied weights that the class lists, in transformers 4.
        exports: attributes that outer models read, by name.
    """

    root: Instance
    inputs: Value
    outputs: Value
    checks: list[tuple[tuple[Operand, ...], Operand]]
    tied: list[str] | None = None
    exports: Mapping[str, Value] = MappingProxyType({})


class Emission:
    """Writes the classes of one model type."""

    def __init__(self) -> None:
        self.table = ProgramTable()
        self.classes: dict[str, ModelRecord] = {}
        self._checks: list[Any] = []
        self._numbers: dict[str, int] = {}

    def add(self, name: str, found: InterpretedClass, fields: frozenset[str] = frozenset()) -> None:
        """Write a class.

        Args:
            name: the name of the class.
            found: the interpreted class.
            fields: attribute names that every config of the class has.

        Raises:
            NotFollowed: a part of it cannot be written.
        """
        simplifier = Simplifier(fields)
        writer = NodeWriter(self.table, simplifier, found.root)
        inputs, outputs = writer.reference(found.inputs), writer.reference(found.outputs)
        root: Any = writer.child(found.root)
        own: ModelRecord = {"in": inputs, "out": outputs, "root": root, "checks": []}
        if found.exports:
            own["exports"] = {
                attribute: writer.value(as_expression(value))
                for attribute, value in sorted(found.exports.items())
            }
        if found.tied is not None:
            own["tied"] = [*found.tied]
        checks = [_check(conditions, needed, writer) for conditions, needed in found.checks]
        cover = TreeCoverage(self.table.nodes, self.table.rows)
        cover.visit(own["root"], frozenset())
        plain = self._plain(fields)
        kept = (one for one in checks if one is not None)
        own["checks"] = self._groups(kept, plain, cover.coverage)
        self.classes[name] = own

    def _plain(self, fields: frozenset[str]) -> set[int]:
        """Return the rows whose evaluation never raises: the config and its fields."""
        rows = self.table.rows
        configs = {number for number, row in enumerate(rows) if row == ["c"]}
        return configs | {
            number
            for number, row in enumerate(rows)
            if row[0] == "." and row[1] in configs and row[2] in fields
        }

    def _groups(self, checks: Iterable[Any], plain: set[int], coverage: RowCoverage) -> list[int]:
        numbers = []
        for group in group_checks(checks, plain, coverage):
            text = json.dumps(group)
            if text not in self._numbers:
                self._numbers[text] = len(self._checks)
                self._checks.append(group)
            numbers.append(self._numbers[text])
        return numbers

    def program(self) -> ProgramData:
        """Return the program of the type."""
        return {
            "exprs": self.table.rows,
            "nodes": self.table.nodes,
            "checks": self._checks,
            "classes": self.classes,
        }


def _check(
    conditions: tuple[Operand, ...], needed: Operand, writer: NodeWriter
) -> tuple[list[Any], Any] | None:
    """Return a check with operands of the table; None if it always holds."""
    found: list[Any] = []
    for condition in _without_idle_loops(conditions, needed):
        if isinstance(condition, Expression) and condition.op == "for":
            found.append(["for", condition[1], writer.value(condition[2])])
            continue
        operand = writer.condition(condition)
        if type(operand) is not list:
            if operand not in found:
                found.append(operand)
        elif not operand[0]:
            return None
    if isinstance(needed, Expression) and needed.op == "ok":
        operand = writer.value(needed[1])
        return None if type(operand) is list else (found, ["ok", operand])
    operand = writer.condition(_without_negation(needed))
    return None if operand == [True] else (found, operand)


def _without_idle_loops(conditions: tuple[Operand, ...], needed: Operand) -> Iterator[Operand]:
    """Yield conditions; among many loops, replace unused ones with "has an iteration"."""
    count = sum(isinstance(one, Expression) and one.op == "for" for one in conditions)
    for place, one in enumerate(conditions):
        if count > _FEW_LOOPS and isinstance(one, Expression) and one.op == "for":
            rest = (*conditions[place + 1 :], needed)
            if not any(expression("i", one[1]) in free_variables(other) for other in rest):
                yield simplified("<", 0, one[2])
                continue
        yield one


def _without_negation(needed: Operand) -> Operand:
    """Return `a == b` for `not (a != b)`, and so on."""
    if isinstance(needed, Expression) and needed.op == "not":
        inner = needed[1]
        if isinstance(inner, Expression) and inner.op in _OPPOSITES:
            return expression(_OPPOSITES[inner.op], *inner.operands)
    return needed


def emit(
    classes: Mapping[str, InterpretedClass], fields: Mapping[str, frozenset[str]] | None = None
) -> ProgramData:
    """Return the program of a model type.

    Args:
        classes: the interpreted classes, by name.
        fields: attribute names that every config of a class has, by class.
    """
    emission = Emission()
    for name, found in classes.items():
        emission.add(name, found, (fields or {}).get(name, frozenset()))
    return emission.program()
