"""Normalises programs to the form that reading their text gives.

Rows and nodes have no duplicates and are in the order of their first use. Keys that packing adds,
such as the loops that a row depends on, are left out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from loracfg.base.catalogue.evaluation.rows import FIRST_OPERAND
from loracfg.base.catalogue.printing.requirements import arrange_groups, groups_of
from loracfg.base.catalogue.printing.structure import (
    EVEN_IF_EMPTY,
    RECORD_KEYS,
    ProgramRewriter,
    only,
)
from loracfg.base.catalogue.printing.trees import children_of
from loracfg.base.derivation.text.table import ExpressionTable

if TYPE_CHECKING:
    from loracfg.base.catalogue.program_data import (
        Check,
        Computation,
        ConfigCheck,
        ConfigRecord,
        Node,
        Operand,
        ProgramData,
        Term,
    )


PARTS: Final = ("exprs", "nodes", "checks", "classes", "configs")
DERIVED: Final = ("free", "used")


def normalise(program: ProgramData) -> ProgramData:
    """Return a program in the form that reading its text gives.

    Raises:
        ValueError: if the text cannot express a part of it.
    """
    once = _Normaliser(program).program()  # it orders the requirements, but not yet the rows
    return _Normaliser(once).program()


class CycleError(ValueError):
    """A node contains itself.

    Attributes:
        node: its number.
    """

    def __init__(self, node: int) -> None:
        super().__init__("a module contains itself")
        self.node = node


class _Normaliser(ProgramRewriter):
    def __init__(self, program: ProgramData, table: ExpressionTable | None = None) -> None:
        only(program, (*PARTS, *DERIVED))
        self.old = program
        self.table = ExpressionTable() if table is None else table
        self.numbers: dict[int, int] = {}
        self.nodes = _UniqueParts()
        self.node_numbers: dict[int, int] = {}

    def program(self) -> ProgramData:
        """Return the whole program."""
        old = self.old
        configs = {name: self.record(one) for name, one in sorted(old.get("configs", {}).items())}
        models = sorted(old["classes"].items())
        classes = {name: self.model(one) for name, one in models}
        groups = [self.check(one) for one in old["checks"]]
        of_class = {name: one["checks"] for name, one in models}
        checks, of_class = arrange_groups(groups, of_class, self.table.rows)
        for name, one in classes.items():
            one["checks"] = of_class[name]
        made = {
            "exprs": self.table.rows,
            "nodes": self.nodes.parts,
            "checks": checks,
            "classes": classes,
            "configs": configs,
        }
        plain: ProgramData = json.loads(json.dumps(made))
        return plain

    def operand(self, operand: Operand) -> Operand:
        """Return an operand with its new number."""
        if type(operand) is not int:
            return operand
        waiting = [operand]
        while waiting:
            row = self.old["exprs"][waiting[-1]]
            operation: Any = row[0]
            first = FIRST_OPERAND.get(operation, 1)
            words = len(row) if first is None else first
            missing = [one for one in row[words:] if type(one) is int and one not in self.numbers]
            if missing:
                waiting += reversed(missing)
                continue
            rest = [self.numbers[one] if type(one) is int else one for one in row[words:]]
            self.numbers[waiting.pop()] = self.table.add([*row[:words], *rest])
        return self.numbers[operand]

    def node(self, number: int) -> int:
        """Return the new number of a node.

        Raises:
            CycleError: if it contains itself.
        """
        waiting, open_nodes = [number], set()
        while waiting:
            one = waiting[-1]
            old = self.old["nodes"][one]
            missing = [child for child in children_of(old) if child not in self.node_numbers]
            if missing and one in open_nodes:
                raise CycleError(one)
            open_nodes.add(one)
            if missing:
                waiting += reversed(missing)
                continue
            self.node_numbers[waiting.pop()] = self._made(one)
        return self.node_numbers[number]

    def _made(self, number: int) -> int:
        known = self.node_numbers.get(number)
        if known is not None:
            return known
        return self.nodes.add(self.rewritten_node(self.old["nodes"][number]))

    def record(self, old: ConfigRecord) -> ConfigRecord:
        """Return the normalised facts of a config class."""
        only(old, RECORD_KEYS)
        given: Mapping[str, Any] = old
        kept = [k for k in RECORD_KEYS if given.get(k) or (k in given and k in EVEN_IF_EMPTY)]
        parts: Any = {key: given[key] for key in kept}
        new: ConfigRecord = parts
        if "does" in new:
            new["does"] = {key: self._does(program) for key, program in new["does"].items()}
        return new

    def _does(self, old: Computation) -> Computation:
        """Return the normalised program of a config class."""
        rows = old.get("exprs")
        if rows is not None:  # it has its own rows
            inner: ProgramData = {**self.old, "exprs": rows}
            return _Normaliser(inner, self.table)._does(_without_rows(old))
        new = self.rewritten_program(old)
        if "checks" in new:
            new["checks"] = self._arranged(new["checks"])
        if "checks2" in new:
            new["checks2"] = self._arranged(new["checks2"])
        return new

    def _arranged(self, checks: list[ConfigCheck]) -> list[ConfigCheck]:
        """Return the checks of a config class in their order."""
        groups = groups_of(checks, self.table.rows)
        groups = arrange_groups(groups, {"": list(range(len(groups)))}, self.table.rows)[0]
        return checks_of(groups, self.table)

    def value(self, value: Term) -> Term:
        """Return the term of an attribute; a choice between two values becomes a value."""
        new: list[Any] = super().value(value)
        if new[0] == "if" and new[2][0] == new[3][0] == "v":
            return ["v", self.table.add(["if", new[1], new[2][1], new[3][1]])]
        return new


def _without_rows(program: Computation) -> Computation:
    found = program.copy()
    del found["exprs"]
    return found


class _UniqueParts:
    """Parts of a program, without duplicates."""

    def __init__(self) -> None:
        self.parts: list[Node] = []
        self._numbers: dict[str, int] = {}

    def add(self, part: Node) -> int:
        key = json.dumps(part)
        number = self._numbers.setdefault(key, len(self.parts))
        if number == len(self.parts):
            self.parts.append(part)
        return number


def checks_of(groups: list[Check], table: ExpressionTable) -> list[ConfigCheck]:
    """Return groups as requirements of config classes."""
    checks: list[ConfigCheck] = []
    for conditions, evaluated, true in groups:
        checks += [[conditions, table.add(["ok", one])] for one in evaluated]
        checks += [[conditions, one] for one in true]
    return checks
