"""Matches patterns for names of tied weights within a budget.

The patterns of transformers are simple, but anybody can write a facts file. A pattern may have
characters, character classes, and groups without inner groups. A character or class may be
repeated, but the only group that may be repeated is one for the steps of a path. This bounds the
work, which is charged before it is done.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from loracfg.base.catalogue.evaluation.budget import Budget
from loracfg.base.catalogue.evaluation.refusals import DeclinedError, RefusedError
from loracfg.config.model.regexes import compile_pattern
from loracfg.named_tuple import NamedTuple

_LONGEST: Final = 500
_COMPILING: Final = 100
"""The cost of compiling in steps, in addition to one for each character."""

_ATOM: Final = r"(?:\\(?:[dDwWsS]|[^\w\s])|\[(?!\^?\])(?:\\.|[^\\\]])++\]|[^\\\[\](){}*+?|^$])"
_STEPS: Final = r"\(\?:\[\^\.\]\+\\\.\)\*"
"""`(?:[^.]+\\.)*`, which matches the beginning of a path in only one way."""
_PIECE: Final = rf"(?:{_ATOM}(?:[*+?]\??)?+|[|^$])"
_KNOWN: Final = rf"(?s)(?:{_PIECE}|{_STEPS}|\((?:\?[:!=])?+{_PIECE}*+\))*+"
_TOKEN: Final = (
    rf"(?s)(?P<steps>{_STEPS})|(?P<atom>{_ATOM})(?P<repeat>[*+?])?"
    r"|(?P<look>\(\?[!=])|(?P<sign>[(|)])|."
)
_ALTERNATIVES: Final = (
    rf"(?s)(?:{_ATOM}(?:[*+?]\??)?+|[$^]|{_STEPS}|\((?:\?[:!=])?+{_PIECE}*+\))*+\|"
)
_PREFIX: Final = rf"(?s)\^?(?:{_ATOM}(?![*+?]))*+"


class _Sizes(NamedTuple):
    """The largest length of a name, number of digits in a row, and number of dots."""

    name: int
    digits: int
    dots: int


def matches(
    patterns: Collection[str], names: Collection[str], budget: Budget
) -> dict[str, list[str]]:
    """Return the names that each pattern matches from their beginning, sorted.

    As in transformers, only the first of several alternatives must match from the beginning.

    Raises:
        DeclinedError: if a pattern is not simple, or the budget is spent.
        RefusedError: if a pattern does not compile.
    """
    budget.spend_steps(2 * len(names))
    ordered = sorted(set(names))
    runs = (run for name in ordered for run in re.findall(r"\d+", name))
    sizes = _Sizes(
        max(map(len, ordered), default=0),
        max(map(len, runs), default=0),
        max((name.count(".") for name in ordered), default=0),
    )
    found: dict[str, list[str]] = {}
    for text in patterns:
        if len(text) > _LONGEST or not re.fullmatch(_KNOWN, text):
            raise DeclinedError(f"the pattern `{text:.60}` of tied weights is too complex")
        budget.spend_steps(_COMPILING + 2 * len(text) + len(ordered) * (1 + (sizes.name >> 5)))
        candidates = ordered if re.match(_ALTERNATIVES, text) else _beginning(ordered, text)
        budget.spend_steps(len(candidates) * (_most_steps(text, sizes) >> 5))
        search = _compiled("^" + text).search
        found[text] = [name for name in candidates if search(name)]
    return found


def _beginning(names: list[str], pattern: str) -> list[str]:
    """Return the names that match the part of a pattern before its first repetition or group."""
    prefix = re.match(_PREFIX, pattern)
    begins = _compiled(prefix[0] if prefix else "").match
    return [name for name in names if begins(name)]


def _compiled(text: str) -> re.Pattern[str]:
    try:
        return compile_pattern(text)
    except re.error as error:
        raise RefusedError(f"the pattern `{text:.60}` does not compile: {error}") from error


def _most_steps(text: str, sizes: _Sizes) -> int:
    """Return an upper bound of the characters that matching compares for a name."""
    ways = outer = 1
    choices, is_looking = 1, False
    start, length = 0, len(text) + 2
    for token in re.finditer(_TOKEN, text):
        if token["steps"]:
            ways *= sizes.dots + 1
        elif token["repeat"]:
            run = sizes.digits if token["atom"] == r"\d" else sizes.name
            ways *= 2 if token["repeat"] == "?" else run + 1
        elif token["look"]:
            outer, ways, start, is_looking = ways, 1, token.start(), True
        elif token["sign"] == "(":
            choices = 1
        elif token["sign"] == "|":
            choices += 1
        elif token["sign"] == ")":
            if is_looking:
                length += ways * (token.end() - start)
            else:
                outer = ways * choices
            ways, is_looking = outer, False
    return ways * length * (sizes.name + 1 if re.match(_ALTERNATIVES, text) else 1)
