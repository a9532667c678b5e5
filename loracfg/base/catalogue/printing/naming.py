"""Chooses names for parts of expressions that occur often: `let head_dim_1 = ...`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from loracfg.base.catalogue.evaluation.rows import operands_of
from loracfg.base.catalogue.printing.expressions import Printer
from loracfg.base.catalogue.printing.notation import LOOP_NAMES, RESERVED, is_word

if TYPE_CHECKING:
    from loracfg.base.catalogue.program_data import Operand, Row


SHORTEST: Final = 48
"""Shorter expressions get no name."""
DEEPEST: Final = 16
"""Deeper expressions get a name even if they occur once."""
_UNNAMED: Final = frozenset(["c", "c2", "dict", "for", "ok", "opt", "gone", "keep"])
_ATTRIBUTES: Final = {".": 2, "has": 2, "kw": 1, "kwhas": 1, "arg": 1}


def words_of(rows: list[Row]) -> set[str]:
    """Return the names of attributes in rows, and all reserved names."""
    names = {str(row[_ATTRIBUTES[row[0]]]) for row in rows if row[0] in _ATTRIBUTES}
    return names | RESERVED


def reachable(rows: list[Row], operands: Iterable[Operand]) -> Counter[int]:
    """Return the rows that operands refer to, with the number of references to each."""
    uses: Counter[int] = Counter()
    todo = [one for one in operands if type(one) is int]
    while todo:
        number = todo.pop()
        uses[number] += 1
        if uses[number] == 1:
            todo += [one for one in operands_of(rows[number]) if type(one) is int]
    return uses


class Namer:
    """Names the expressions of a file; names are unique, and differ from attributes."""

    def __init__(self, rows: list[list[Any]]) -> None:
        self.rows = rows
        self._taken = words_of(rows)
        self._words: dict[int, str] = {}

    def printer(
        self, operands: Iterable[Operand], root: str = "c", names: dict[int, str] | None = None
    ) -> tuple[Printer, list[str]]:
        """Return a printer for operands, and the lines that define its new names."""
        printer = Printer(self.rows, names, root)
        lines = []
        depths: dict[int, int] = {}
        for number, count in sorted(reachable(self.rows, operands).items()):
            row = self.rows[number]
            if number not in self._words:
                self._words[number] = self._word(row)
            if number in printer.names:
                continue
            inside = [depths.get(one, 0) for one in operands_of(row) if type(one) is int]
            depths[number] = 1 + max(inside, default=0)
            if row[0] in _UNNAMED:
                continue
            is_long = count > 1 and len(printer.text(number)) >= SHORTEST
            if is_long or depths[number] >= DEEPEST:
                name = self._name(number)
                lines.append(f"let {name} = {printer.definition(number)}")
                printer.names[number] = name
                depths[number] = 0
        return printer, lines

    def _name(self, number: int) -> str:
        base = self._words[number].rstrip("_0123456789") or "value"
        count = 1
        while f"{base}_{count}" in self._taken:
            count += 1
        name = f"{base}_{count}"
        self._taken.add(name)
        return name

    def _word(self, row: list[Any]) -> str:
        """Return the first descriptive word of an expression."""
        if row[0] in _ATTRIBUTES and isinstance(row[_ATTRIBUTES[row[0]]], str):
            word = row[_ATTRIBUTES[row[0]]]
            return word if is_word(word) and word not in LOOP_NAMES else ""
        operands: list[Any] = operands_of(row)
        if row[0] in ("if", "opt"):
            operands = operands[1:]
        elif row[0] in ("[]", "get", "for"):
            operands = [*operands[1:], *operands[:1]]
        words = (
            _constant_word(one) if isinstance(one, list) else self._words[one] for one in operands
        )
        return next(filter(None, words), "")


def _constant_word(constant: list[Any]) -> str:
    return constant[0] if isinstance(constant[0], str) and is_word(constant[0]) else ""
