"""What a repair is: a function from a finding to a changed draft, or to nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import wraps
from typing import NamedTuple, TypeAlias, TypeVar

from loracfg.analysis.subject import Subject
from loracfg.config import CONFIG_NAME
from loracfg.document.edit import ConfigEdit, SetValue
from loracfg.repair.draft import Draft
from loracfg.report.report import Edit, Fix
from loracfg.rules.rule import Finding

D = TypeVar("D")


class Change(NamedTuple):
    """A draft in which the cause of a finding is gone.

    `title` says what is done, and `why` in one clause why it is safe, or what it takes for granted.
    A change is safe if the adapter then computes what was trained, whatever that was. `edits` do
    the same to the config, for other programs.
    """

    draft: Draft
    title: str
    safe: bool
    why: str
    edits: tuple[Edit, ...] = ()

    @property
    def fix(self) -> Fix:
        """The change as a report says it."""
        return Fix(self.title, self.safe, self.edits)


Repair: TypeAlias = Callable[[Subject, Finding, Draft], Change | None]
"""Returns None where there is more than one answer, or none."""


def for_data(kind: type[D], repair: Callable[[Subject, D, Draft], Change | None]) -> Repair:
    """Return the repair of findings with data of a kind, by what does it to these data."""

    @wraps(repair)
    def of_finding(subject: Subject, finding: Finding, draft: Draft) -> Change | None:
        found = finding.data
        return repair(subject, found, draft) if isinstance(found, kind) else None

    return of_finding


def config_change(
    draft: Draft, values: Mapping[str, object], title: str, *, safe: bool, why: str
) -> Change | None:
    """Return the change that sets top-level values of the config; None if there is no config."""
    if CONFIG_NAME not in draft.sizes():
        return None
    changes: list[ConfigEdit] = [SetValue(f"/{key}", value) for key, value in values.items()]
    return Change(draft.with_config_edits(changes), title, safe, why)


def rename_change(
    draft: Draft, names: dict[str, str], title: str, *, safe: bool, why: str
) -> Change | None:
    """Return the change that renames tensors; None if two would have one name, or none changes."""
    moved = {old: new for old, new in names.items() if old != new}
    if draft.tensors is None or not moved or not moved.keys() <= draft.tensors.keys():
        return None
    try:
        return Change(draft.with_renamed_tensors(moved), title, safe, why)
    except ValueError:
        return None


def drop_change(draft: Draft, names: tuple[str, ...], title: str, why: str) -> Change | None:
    """Return the change that drops tensors, which is never safe; None if the file lacks one."""
    if draft.tensors is None or not names or not draft.tensors.keys() >= set(names):
        return None
    return Change(draft.without_tensors(names), title, False, why)


def keep_weight_file(change: Change, draft: Draft, loaded: Draft) -> Change:
    """Keep the weight file of `draft` byte for byte if the change leaves its tensors alone.

    `loaded` is the draft that the repair changed: `draft` with the tensors of its weight file.
    """
    if change.draft.tensors is not loaded.tensors:
        return change
    kept = replace(change.draft, tensors=draft.tensors, metadata=draft.metadata)
    return change._replace(draft=kept)


def as_config_number(value: float) -> float | int:
    """Return a number as a config has it: a whole one without a point."""
    return int(value) if float(value).is_integer() else value
