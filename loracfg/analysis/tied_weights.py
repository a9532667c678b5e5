"""Modules that are saved whole, and others of the base that use the same weight."""

from __future__ import annotations

from typing import Final, NamedTuple

from loracfg.analysis.subject import Subject
from loracfg.base.architecture import Architecture
from loracfg.config.history.releases import at_least
from loracfg.releases.dating import written_by

_FROZEN: Final = "0.6.0"
"""The release that keeps the base's own weight as it is, beside the copy that it trains."""


class SharedWeight(NamedTuple):
    """Modules of one weight: those that the file has, and those that it has not."""

    saved: list[str]
    others: list[str]


def trained_in_place(subject: Subject) -> SharedWeight | None:
    """Return modules whose weight was trained in the base too, where it is not saved."""
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
    """Return the paths of modules that use the weight of the input embedding."""
    own = base.input_embeddings
    if own is None:
        return set()
    aliases = {path for path, first in base.aliases.items() if first == own}
    return {own, *aliases, *base.tied}
