"""Which findings a report lists: what the user selects and ignores. What is true stays true."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from loracfg.errors import LoracfgError
from loracfg.rules.registry import all_rules

UNREADABLE: Final = frozenset({"LC001", "LC002", "LC004", "LC005", "LC008"})
"""The rules for adapters and bases that cannot be read; without them there is no answer."""

_CHOICES: Final = 64
"""Choices that are remembered; most callers make one."""


class RuleChoice(NamedTuple):
    """The codes of the rules that were selected, and of those that were ignored."""

    selected: frozenset[str]
    ignored: frozenset[str]

    def lists(self, *codes: str) -> bool:
        """Tell whether a finding is listed; that something is unreadable always is.

        The codes are those of its rule and, if it is a crash, of the rule that crashed.
        """
        own = frozenset(codes)
        chosen = not own.isdisjoint(self.selected) and own.isdisjoint(self.ignored)
        return chosen or not own.isdisjoint(UNREADABLE)


@lru_cache(_CHOICES)
def choice_of(select: tuple[str, ...], ignore: tuple[str, ...]) -> RuleChoice:
    """Return the choice for codes, beginnings of codes or names; select nothing to select all.

    Raises:
        LoracfgError: if an entry is none of these.
    """
    selected = _matching(select) if select else frozenset(rule.code for rule in all_rules())
    return RuleChoice(selected, _matching(ignore))


def _matching(entries: Sequence[str]) -> frozenset[str]:
    found: set[str] = set()
    for entry in entries:
        codes = {
            rule.code
            for rule in all_rules()
            if rule.code.startswith(entry.upper()) or rule.name == entry.lower()
        }
        if not codes:
            raise LoracfgError(f"there is no rule `{entry}`", "`loracfg rules` lists all rules")
        found |= codes
    return frozenset(found)
