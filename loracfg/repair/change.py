"""What a repair is: a function from a finding to a changed draft, or to nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from loracfg.analysis.subject import Subject
from loracfg.config import CONFIG_NAME
from loracfg.document.edit import ConfigEdit, SetValue
from loracfg.repair.draft import Draft
from loracfg.rules.rule import Finding

if TYPE_CHECKING:
    pass


class Change(NamedTuple):
    """A draft in which the cause of a finding is gone.

    `title` says what is done, and `why` in one clause why it is safe, or what it takes for granted.
    A change is safe if the adapter then computes what was trained, whatever that was.
    """

    draft: Draft
    title: str
    safe: bool
    why: str


Repair: TypeAlias = Callable[[Subject, Finding, Draft], Change | None]
"""Returns None where there is more than one answer, or none."""


def configuring(
    draft: Draft, values: Mapping[str, object], title: str, *, safe: bool, why: str
) -> Change | None:
    """Return the change that sets top-level values of the config; None if there is no config."""
    if CONFIG_NAME not in draft.sizes():
        return None
    changes: list[ConfigEdit] = [SetValue(f"/{key}", value) for key, value in values.items()]
    return Change(draft.configured(changes), title, safe, why)


def names_of(finding: Finding, subject: Subject) -> list[str]:
    """Return the tensors of the file that a finding explains, in file order."""
    return [name for name in subject.adapter.shapes if name in finding.explains]


def renaming(
    draft: Draft, names: dict[str, str], title: str, *, safe: bool, why: str
) -> Change | None:
    """Return the change that renames tensors; None if two would have one name, or none changes."""
    moved = {old: new for old, new in names.items() if old != new}
    if draft.tensors is None or not moved or not moved.keys() <= draft.tensors.keys():
        return None
    try:
        return Change(draft.renamed(moved), title, safe, why)
    except ValueError:
        return None


def as_written(value: float) -> float | int:
    """Return a number as a config has it: a whole one without a point."""
    return int(value) if float(value).is_integer() else value
