"""A defect that a reader noted, before a rule reports it."""

from __future__ import annotations

from loracfg.named_tuple import NamedTuple
from loracfg.report.report import Data, Location, Related


class Fault(NamedTuple):
    """A defect that a reader noted; `kind` names it for the rule that reports it.

    `count` is the number of tensors or values that show it, and `data` has the values that the
    message gives.

    Readers never raise on content. They note faults and read on as far as they can.
    """

    kind: str
    message: str
    location: Location
    help: str = ""
    related: tuple[Related, ...] = ()
    count: int = 1  # type: ignore[assignment]  # in the place of `tuple.count`
    data: Data | None = None
