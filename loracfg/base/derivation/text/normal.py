"""The one form of a program that the text stands for.

Rows and nodes are there once and in the order of their first use; what packing derives, such as the
loops that a row depends on, is left out.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from loracfg.base.catalogue.evaluation.rows import FIRST_OPERAND
from loracfg.base.catalogue.printing.requirements import Group, arranged, groups_of
from loracfg.base.catalogue.printing.structure import (
    EVEN_IF_EMPTY,
    RECORD_KEYS,
    Structure,
    only,
)
from loracfg.base.catalogue.printing.trees import children_of
from loracfg.base.derivation.text.table import ExpressionTable

if TYPE_CHECKING:
    from loracfg.base.catalogue.program_data import (
        Check,
        ConfigRecord,
        Node,
        Operand,
        ProgramData,
        Section,
        Term,
    )


PARTS: Final = ("exprs", "nodes", "checks", "classes", "configs")
DERIVED: Final = ("free", "used")


def normalise(program: ProgramData) -> ProgramData:
    """Return a program in the form that reading its text gives.

    Raises:
        ValueError: if it has something that the text has no place for.
    """
    once = _Normaliser(program).program()  # requirements are in their order, rows not yet
    return _Normaliser(once).program()


class CycleError(ValueError):
    """A node contains itself.

    Attributes:
        node: its number.
    """

    def __init__(self, node: int) -> None:
        super().__init__("a module contains itself")
        self.node = node


class _Normaliser(Structure):
    def __init__(self, program: ProgramData, table: ExpressionTable | None = None) -> None:
        only(program, (*PARTS, *DERIVED))
        self.old = program
        self.table = ExpressionTable() if table is None else table
        self.numbers: dict[int, int] = {}
        self.nodes = _Once()
        self.node_numbers: dict[int, int] = {}

    def program(self) -> ProgramData:
        """Return the whole program."""
        old = self.old
        configs = {name: self.record(one) for name, one in sorted(old.get("configs", {}).items())}
        models = sorted(old["classes"].items())
        classes = {name: self.model(one) for name, one in models}
        groups = [self.check(one) for one in old["checks"]]
        of_class = {name: one["checks"] for name, one in models}
        checks, of_class = arranged(groups, of_class, self.table.rows)
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
        """Return an operand by its new number."""
        if type(operand) is not int:
            return operand
        waiting = [operand]
        while waiting:
            row = self.old["exprs"][waiting[-1]]
            first = FIRST_OPERAND.get(row[0], 1)
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
        return self.nodes.add(self.made_node(self.old["nodes"][number])) if known is None else known

    def record(self, old: ConfigRecord) -> ConfigRecord:
        """Return what is known of a config class."""
        only(old, RECORD_KEYS)
        kept = [key for key in RECORD_KEYS if old.get(key) or (key in old and key in EVEN_IF_EMPTY)]
        new = {key: old[key] for key in kept}
        if "does" in new:
            new["does"] = {key: self._does(program) for key, program in new["does"].items()}
        return new

    def _does(self, old: Section) -> Section:
        """Return what a config class computes."""
        rows = old.get("exprs")
        if rows is not None:  # rows of its own
            return _Normaliser({**self.old, "exprs": rows}, self.table)._does(_without_rows(old))
        new = self.made_program(old)
        for key in ("checks", "checks2"):
            if key in new:
                groups = groups_of(new[key], self.table.rows)
                groups = arranged(groups, {"": list(range(len(groups)))}, self.table.rows)[0]
                new[key] = checks_of(groups, self.table)
        return new

    def value(self, value: Term) -> Term:
        """Return what an attribute becomes; a choice between two values is a value."""
        new = super().value(value)
        if new[0] == "if" and new[2][0] == new[3][0] == "v":
            return ["v", self.table.add(["if", new[1], new[2][1], new[3][1]])]
        return new


def _without_rows(program: ProgramData) -> ProgramData:
    return {key: value for key, value in program.items() if key != "exprs"}


class _Once:
    """Parts of a program; an equal part is the same one."""

    def __init__(self) -> None:
        self.parts: list[Node] = []
        self._numbers: dict[str, int] = {}

    def add(self, part: Node) -> int:
        key = json.dumps(part)
        number = self._numbers.setdefault(key, len(self.parts))
        if number == len(self.parts):
            self.parts.append(part)
        return number


def checks_of(groups: list[Group], table: ExpressionTable) -> list[Check]:
    """Return groups as requirements of config classes."""
    checks = []
    for conditions, evaluated, true in groups:
        checks += [[conditions, table.add(["ok", one])] for one in evaluated]
        checks += [[conditions, one] for one in true]
    return checks
