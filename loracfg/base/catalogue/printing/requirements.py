"""Groups the requirements of models and configs by their conditions, and writes them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from loracfg.base.catalogue.printing.expressions import Printer
from loracfg.base.catalogue.printing.line_breaks import line
from loracfg.base.catalogue.printing.notation import BIT_OR, CHOICE, OR, loop_name

if TYPE_CHECKING:
    from loracfg.base.catalogue.program_data import Check, ConfigCheck, Operand, Row
    from loracfg.document.json_value import Json


class Branch:
    """The requirements under a condition.

    Attributes:
        condition: an operand or `["for", variable, count]`; None at the top.
        evaluated: operands that must have a value.
        true: operands that must be true.
        inside: branches under further conditions, by condition.
    """

    def __init__(self, condition: Any = None) -> None:
        self.condition = condition
        self.evaluated: list[Any] = []
        self.true: list[Any] = []
        self.inside: dict[str, Branch] = {}

    def add(self, conditions: list[Operand], evaluated: list[Operand], true: list[Operand]) -> None:
        """Add a group under further conditions."""
        branch = self
        for condition in conditions:
            key = json.dumps(condition)
            branch = branch.inside.setdefault(key, Branch(condition))
        branch.evaluated = _once([*branch.evaluated, *evaluated])
        branch.true = _once([*branch.true, *true])

    def pairs(self, rows: list[Row]) -> Iterator[tuple[Branch, Branch | None]]:
        """Yield the inner branches, each with that of the opposite condition, if there is one."""
        opposites = {
            json.dumps(rows[one.condition][1]): one
            for one in self.inside.values()
            if type(one.condition) is int and rows[one.condition][0] == "not"
        }
        done = set()
        for key, one in self.inside.items():
            opposite = opposites.get(key)
            if id(one) not in done and not self._comes_later(one, rows):
                done.update({id(one), id(opposite)})
                yield one, opposite

    def _comes_later(self, one: Branch, rows: list[list[Any]]) -> bool:
        if type(one.condition) is not int or rows[one.condition][0] != "not":
            return False
        return json.dumps(rows[one.condition][1]) in self.inside

    def groups(self, rows: list[Row], conditions: tuple[Operand, ...] = ()) -> list[Check]:
        """Return all groups, each before those under further conditions."""
        found = []
        if self.evaluated or self.true:
            found.append([list(conditions), self.evaluated, self.true])
        for pair in self.pairs(rows):
            for branch in filter(None, pair):
                found += branch.groups(rows, (*conditions, branch.condition))
        return found


def _once(operands: list[Any]) -> list[Any]:
    return list({json.dumps(one): one for one in operands}.values())


def groups_of(checks: list[ConfigCheck], rows: list[Row]) -> list[Check]:
    """Convert requirements of config classes, `[conditions, operand]`, to groups."""
    groups: list[Check] = []
    conditions: Any
    operand: Any
    for conditions, operand in checks:
        is_evaluated = type(operand) is int and rows[operand][0] == "ok"
        evaluated: list[Json]
        true: list[Json]
        evaluated, true = ([rows[operand][1]], []) if is_evaluated else ([], [operand])
        groups.append([conditions, evaluated, true])
    return groups


def tree_of(groups: list[Check]) -> Branch:
    """Return a tree of groups by their conditions."""
    top = Branch()
    for group in groups:
        top.add(*group)
    return top


def arrange_groups(
    groups: list[Check], of_class: dict[str, list[int]], rows: list[Row]
) -> tuple[list[Check], dict[str, list[int]]]:
    """Return groups in the order of the text, and their numbers for each class.

    Groups of the same classes are together, in the order of the tree of their conditions.
    """
    found: list[Check] = []
    numbers_of: dict[str, list[int]] = {name: [] for name in of_class}
    for names, some in sections(groups, of_class).items():
        for group in tree_of(some).groups(rows):
            for name in names:
                numbers_of[name].append(len(found))
            found.append(group)
    return found, numbers_of


def sections(
    groups: list[Check], of_class: dict[str, list[int]]
) -> dict[tuple[str, ...], list[Check]]:
    """Return groups by the sorted classes that have them."""
    users: dict[int, list[str]] = {}
    for name, numbers in of_class.items():
        for number in dict.fromkeys(numbers):
            users.setdefault(number, []).append(name)
    found: dict[tuple[str, ...], list[Check]] = {}
    for number, names in users.items():
        found.setdefault(tuple(names), []).append(groups[number])
    return dict(sorted(found.items()))


def requirement_lines(printer: Printer, depth: int, branch: Branch) -> Iterator[str]:
    """Yield the lines of requirements, indented below their conditions."""
    for operand in branch.evaluated:
        yield line(depth, f"compute {printer.text(operand)}")
    for operand in branch.true:
        yield line(depth, f"require {printer.text(operand)}")
    for inner, opposite in branch.pairs(printer.rows):
        yield from _cases(printer, depth, "if", inner, opposite)


def _cases(
    printer: Printer, depth: int, word: str, branch: Branch, opposite: Branch | None
) -> Iterator[str]:
    condition = branch.condition
    if type(condition) is list and condition[0] == "for":
        count = printer.text(condition[2], BIT_OR)
        yield line(depth, f"for {loop_name(condition[1])} < {count}")
    else:
        conditions = [condition]
        while inner := _only_inner(branch, printer.rows):
            branch = inner
            conditions.append(inner.condition)
        least = OR if len(conditions) > 1 else CHOICE
        yield line(depth, f"{word} {', '.join(printer.text(one, least) for one in conditions)}")
    yield from requirement_lines(printer, depth + 1, branch)
    if opposite is None:
        return
    pairs = list(opposite.pairs(printer.rows))
    is_chain = len(pairs) == 1 and not (opposite.evaluated or opposite.true)
    if is_chain and type(pairs[0][0].condition) is int:
        yield from _cases(printer, depth, "elif", *pairs[0])
    else:
        yield line(depth, "else")
        yield from requirement_lines(printer, depth + 1, opposite)


def _only_inner(branch: Branch, rows: list[list[Any]]) -> Branch | None:
    """Return the only content of a branch, if that is a branch on a further condition."""
    pairs = list(branch.pairs(rows))
    if branch.evaluated or branch.true or len(pairs) != 1:
        return None
    inner, opposite = pairs[0]
    return inner if opposite is None and type(inner.condition) is int else None
