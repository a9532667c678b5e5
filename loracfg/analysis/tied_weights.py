"""Find modules that are saved whole while other modules of the base share their weight."""

from __future__ import annotations

from typing import Final

from loracfg.analysis.subject import Subject
from loracfg.base.architecture import Architecture
from loracfg.config.history.releases import at_least
from loracfg.named_tuple import NamedTuple
from loracfg.releases.dating import written_by

_FROZEN: Final = "0.6.0"
"""The first release that leaves the base's own weight unchanged and trains a copy."""


class SharedWeight(NamedTuple):
    """Modules that share a weight: those that the file has, and those that it does not."""

    saved: list[str]
    others: list[str]


def trained_in_place(subject: Subject) -> SharedWeight | None:
    """Return modules with a shared weight that was trained in the base but is not saved there."""
    plan = subject.plan
    if plan is None or not subject.certain:
        return None
    users = _users(plan.base)
    saved, others = users.intersection(plan.saved), users.difference(plan.saved)
    if not saved or not others:
        return None
    dating = written_by(subject.adapter)
    is_old = dating is not None and not at_least(dating.newest, _FROZEN)
    return SharedWeight(sorted(saved), sorted(others)) if is_old else None


def _users(base: Architecture) -> set[str]:
    """Return the paths of the modules that use the weight of the input embedding."""
    own = base.input_embeddings
    if own is None:
        return set()
    aliases = {path for path, first in base.aliases.items() if first == own}
    return {own, *aliases, *base.tied}
