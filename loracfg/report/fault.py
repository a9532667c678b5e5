"""A defect noted while reading, before any rule judges it."""

from __future__ import annotations

from typing import NamedTuple

from loracfg.report.report import Data, Location, Related


class Fault(NamedTuple):
    """What a reader found: `kind` names the defect for the rule that reports it.

    `count` is how many tensors or values show it, `data` what the message gives of them.

    Readers never raise on content; they note faults and go on as far as they can.
    """

    kind: str
    message: str
    location: Location
    help: str = ""
    related: tuple[Related, ...] = ()
    count: int = 1  # type: ignore[assignment]  # in the place of `tuple.count`
    data: Data | None = None
