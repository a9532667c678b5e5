"""Reads the requirements of models and configs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from loracfg.base.derivation.text.expressions import ExpressionReader
from loracfg.base.derivation.text.tokens import Cursor, Entry, Token

if TYPE_CHECKING:
    from loracfg.base.catalogue.program_data import Check, Operand


MOST_CASES: Final = 100
MOST_CONDITIONS: Final = 20_000
"""The most conditions of all groups together; the most in the catalogue are 1,738."""
WORDS: Final = frozenset(["compute", "require", "if", "elif", "else", "for"])


def is_requirement(entry: Entry) -> bool:
    """Return whether a line is about requirements, and is not an assignment."""
    following = entry.tokens[1].text if len(entry.tokens) > 1 else ""
    return entry.tokens[0].text in WORDS and following != "="


def read_requirements(
    reader: ExpressionReader, entries: list[Entry], conditions: tuple[Operand, ...] = ()
) -> list[Check]:
    """Read lines of requirements into groups.

    Raises:
        FactsError: if a line is something else.
    """
    own: Check = [list(conditions), [], []]
    groups = [own]
    before: list[Any] = []  # conditions since the last `if`; the last one is this branch's
    for entry in entries:
        cursor = Cursor(entry.tokens)
        word = cursor.take()
        if word.text in ("compute", "require"):
            own[1 if word.text == "compute" else 2].append(reader.read(cursor))
            before = []
        else:
            inside, before = _conditions(reader, cursor, word, before)
            groups += read_requirements(reader, entry.inside, (*conditions, *inside))
            reader.conditions += len(conditions) + len(inside)
            if reader.conditions > MOST_CONDITIONS:
                raise word.fault("there are too many conditions")
        cursor.finish()
    return [group for group in groups if group[1] or group[2]]


def _conditions(
    reader: ExpressionReader, cursor: Cursor, word: Token, before: list[Any]
) -> tuple[list[Any], list[Any]]:
    """Return the conditions of a line, and those that what follows it may be the opposite of."""
    if word.text not in ("if", "elif", "else", "for"):
        raise word.fault(f"expected a requirement, found `{word.text:.40}`")
    if word.text == "for":
        return [["for", *reader.loop(cursor)]], []
    if word.text == "if":
        before = []
    elif not before:
        raise word.fault(f"there is no `if` before this `{word.text}`")
    elif len(before) > MOST_CASES:
        raise word.fault("there are too many cases")
    else:
        before = [*before[:-1], reader.table.add(["not", before[-1]])]
    if word.text == "else":
        return before, []
    before = [*before, reader.choice(cursor)]
    inside = list(before)
    while cursor.accept(","):
        inside.append(reader.condition(cursor))
    return inside, before
