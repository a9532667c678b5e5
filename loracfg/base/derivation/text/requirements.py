"""Reads what models and configs require."""

from __future__ import annotations

from typing import Any, Final

from loracfg.base.catalogue.printing.requirements import Group
from loracfg.base.derivation.text.expressions import Reader
from loracfg.base.derivation.text.tokens import Cursor, Entry

MOST_CASES: Final = 100
WORDS: Final = frozenset(["compute", "require", "if", "elif", "else", "for"])


def is_requirement(entry: Entry) -> bool:
    """Tell whether a line is about what is required, and is not an assignment."""
    following = entry.tokens[1].text if len(entry.tokens) > 1 else ""
    return entry.tokens[0].text in WORDS and following != "="


def read_requirements(
    reader: Reader, entries: list[Entry], conditions: tuple[Any, ...] = ()
) -> list[Group]:
    """Read lines of requirements as groups.

    Raises:
        FactsError: if a line is something else.
    """
    own: Group = [list(conditions), [], []]
    groups = [own]
    before: list[Any] = []  # the conditions of the cases so far
    for entry in entries:
        cursor = Cursor(entry.tokens)
        word = cursor.take()
        if word.text in ("elif", "else") and not before:
            raise word.fault(f"there is no `if` before this `{word.text}`")
        if word.text in ("elif", "else"):
            before[-1] = reader.table.add(["not", before[-1]])
        else:
            before = []
        if len(before) > MOST_CASES:
            raise word.fault("there are too many cases")
        inside = list(before)
        if word.text in ("compute", "require"):
            own[1 if word.text == "compute" else 2].append(reader.read(cursor))
            cursor.finish()
            continue
        if word.text in ("if", "elif"):
            before.append(reader.choice(cursor))
            inside.append(before[-1])
        elif word.text == "for":
            inside.append(["for", *reader.loop(cursor)])
        elif word.text != "else":
            raise word.fault(f"expected a requirement, found `{word.text:.40}`")
        cursor.expect(":")
        cursor.finish()
        groups += read_requirements(reader, entry.inside, (*conditions, *inside))
        if word.text == "else":
            before = []
    return [group for group in groups if group[1] or group[2]]
