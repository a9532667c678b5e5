"""Choose which findings a report lists, by the rules that the user selects and ignores."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from loracfg.errors import LoracfgError
from loracfg.named_tuple import NamedTuple
from loracfg.rules.registry import all_rules
from loracfg.rules.rule import Rule

UNREADABLE: Final = frozenset({"LC001", "LC002", "LC004", "LC005", "LC008", "LC026"})
"""The rules for adapters and bases that cannot be read; what they find is always listed."""
OF_QUESTIONS: Final = ("LC2", "LC8")
"""How the codes of findings about a release or an engine begin that the user asked for."""

_CHOICES: Final = 64
_NAMES: Final = 4096
"""How many choices are cached; most callers make one."""


class RuleChoice(NamedTuple):
    """The codes of the rules that the user selected, and of those that the user ignored."""

    selected: frozenset[str]
    ignored: frozenset[str]

    def lists(self, *codes: str) -> bool:
        """Return whether a finding is listed. Findings on unreadable files always are.

        `codes` are the code of its rule and, if it is a crash, that of the rule that crashed.
        """
        own = frozenset(codes)
        chosen = not own.isdisjoint(self.selected) and own.isdisjoint(self.ignored)
        return chosen or not own.isdisjoint(UNREADABLE)


@lru_cache(_CHOICES)
def choice_of(select: tuple[str, ...], ignore: tuple[str, ...]) -> RuleChoice:
    """Return the choice for codes, code prefixes or names; an empty `select` selects all rules.

    Raises:
        LoracfgError: if an entry matches no rule.
    """
    selected = codes_of(select) if select else frozenset(rule.code for rule in all_rules())
    return RuleChoice(selected, codes_of(ignore))


def only_in_preview(entries: Sequence[str]) -> list[str]:
    """Return the entries that match rules in preview and no others.

    Raises:
        LoracfgError: if an entry matches no rule.
    """
    return [e for e in entries if all(rule.stage == "preview" for rule in _matching(e))]


def codes_of(entries: Sequence[str]) -> frozenset[str]:
    """Return the codes of the rules that codes, code prefixes or names mean.

    Raises:
        LoracfgError: if an entry matches no rule.
    """
    return frozenset(rule.code for entry in entries for rule in _matching(entry))


def _matching(entry: str) -> tuple[Rule, ...]:
    found = _named(entry.upper())
    if not found:
        raise LoracfgError(f"there is no rule `{entry}`", "`loracfg rules` lists all rules")
    return found


@lru_cache(_NAMES)
def _named(entry: str) -> tuple[Rule, ...]:
    return tuple(
        rule for rule in all_rules() if rule.code.startswith(entry) or rule.name.upper() == entry
    )
