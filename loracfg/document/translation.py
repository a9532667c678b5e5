"""Where the values of a document come from if it was translated from a file of another kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from loracfg.named_tuple import NamedTuple
from loracfg.report.report import Region


class Translation(NamedTuple):
    """How a document was translated.

    Attributes:
        place: returns the place in the original file for the JSON pointer of a value, or of its key
            if the second argument is true; None if it has no line.
        unknown: the members whose values are not known, and why.
        added: the entries of lists that are not in the original file, by member.
    """

    place: Callable[[str, bool], Region | None]
    unknown: Mapping[str, str]
    added: Mapping[str, frozenset[str]]
