"""The type of a repair, a function from a finding to a change, and ways to make changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import wraps
from typing import TypeAlias, TypeVar

from loracfg.analysis.subject import Subject
from loracfg.config import CONFIG_NAME
from loracfg.document.edit import ConfigEdit, SetValue
from loracfg.named_tuple import NamedTuple
from loracfg.repair.draft import Draft
from loracfg.report.report import Edit, Fix
from loracfg.rules.rule import Finding

D = TypeVar("D")


class Change(NamedTuple):
    """A draft without the cause of a finding.

    `title` says what to do, in the imperative. `why` says in one clause why that is safe, or what
    it assumes. A change is safe if the adapter then computes what was trained, whatever that was.
    `edits` are the same change as edits of the config, for other programs.
    """

    draft: Draft
    title: str
    safe: bool
    why: str
    edits: tuple[Edit, ...] = ()

    @property
    def fix(self) -> Fix:
        """The change as reports list it."""
        return Fix(self.title, self.safe, self.edits)


Repair: TypeAlias = Callable[[Subject, Finding, Draft], Change | None]
"""Returns None if there is no answer, or more than one."""


def for_data(kind: type[D], repair: Callable[[Subject, D, Draft], Change | None]) -> Repair:
    """Return a repair for the findings whose data is of this class.

    Args:
        kind: the class of `Finding.data`.
        repair: makes the change from the data instead of the finding.
    """

    @wraps(repair)
    def repair_finding(subject: Subject, finding: Finding, draft: Draft) -> Change | None:
        found = finding.data
        return repair(subject, found, draft) if isinstance(found, kind) else None

    return repair_finding


def config_change(
    draft: Draft, values: Mapping[str, object], title: str, *, safe: bool, why: str
) -> Change | None:
    """Return a change that sets top-level values of the config; None if there is no config."""
    if CONFIG_NAME not in draft.sizes():
        return None
    changes: list[ConfigEdit] = [SetValue(f"/{key}", value) for key, value in values.items()]
    return Change(draft.with_config_edits(changes), title, safe, why)


def rename_change(
    draft: Draft, names: dict[str, str], title: str, *, safe: bool, why: str
) -> Change | None:
    """Return a change that renames tensors; None if nothing changes or two names would clash."""
    renames = {old: new for old, new in names.items() if old != new}
    if draft.tensors is None or not renames or not renames.keys() <= draft.tensors.keys():
        return None
    try:
        return Change(draft.with_renamed_tensors(renames), title, safe, why)
    except ValueError:
        return None


def drop_change(draft: Draft, names: tuple[str, ...], title: str, why: str) -> Change | None:
    """Return a change that drops tensors, which is never safe; None if one is not in the file."""
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
    """Return a number as configs have it: an integer if it has no fraction."""
    return int(value) if float(value).is_integer() else value
