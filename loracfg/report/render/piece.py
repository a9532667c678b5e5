"""What a listing keeps of a report, made in the process that validated."""

from __future__ import annotations

from loracfg.named_tuple import NamedTuple
from loracfg.report.render import stream_of
from loracfg.report.report import AdapterReport, Tally


class Piece(NamedTuple):
    """The text for an adapter in a format that is written in pieces, and its counts."""

    text: str
    tally: Tally


def piece_of(report: AdapterReport, *, format_name: str, color: bool, quiet: bool) -> Piece:
    """Return the text for an adapter, and its counts."""
    stream = stream_of(format_name, color=color, quiet=quiet)
    return Piece(stream.piece(report) if stream else "", tally_of(report))


def tally_of(report: AdapterReport) -> Tally:
    """Return the counts of an adapter."""
    return Tally((report,))
