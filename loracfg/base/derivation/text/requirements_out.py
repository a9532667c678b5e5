"""Writes what models and configs require."""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.base.catalogue.printing.expressions import Printer
from loracfg.base.catalogue.printing.notation import BIT_OR, CHOICE, loop_name
from loracfg.base.derivation.text.layout import line
from loracfg.base.derivation.text.requirements import Branch


def requirement_lines(printer: Printer, depth: int, branch: Branch) -> Iterator[str]:
    """Give the lines of what is required, conditions with what they lead to below them."""
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
        yield line(depth, f"for {loop_name(condition[1])} < {count}:")
    else:
        yield line(depth, f"{word} {printer.text(condition, CHOICE)}:")
    yield from requirement_lines(printer, depth + 1, branch)
    if opposite is None:
        return
    pairs = list(opposite.pairs(printer.rows))
    is_chain = len(pairs) == 1 and not (opposite.evaluated or opposite.true)
    if is_chain and type(pairs[0][0].condition) is int:
        yield from _cases(printer, depth, "elif", *pairs[0])
    else:
        yield line(depth, "else:")
        yield from requirement_lines(printer, depth + 1, opposite)
