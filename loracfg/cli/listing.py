"""Print reports as they come, and count them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from loracfg.cli.output import wants_color, write, writing
from loracfg.errors import LoracfgError
from loracfg.named_tuple import NamedTuple
from loracfg.report.formats import FORMATS
from loracfg.report.render import render, stream_of
from loracfg.report.report import Report, Tally
from loracfg.sources.source import OWN_FILES

if TYPE_CHECKING:
    from loracfg.cli.validation import Validation
    from loracfg.report.render.stream import Stream

T = TypeVar("T")

_COUNTED: Final = ("text", "concise", "json")
"""The formats of statistics."""


class Listing(NamedTuple):
    """How reports are printed.

    Attributes:
        format_name: the format.
        output: the file to write to; None for standard output.
        quiet: whether to print only findings.
        statistics: whether to print only how often each rule found something.
    """

    format_name: str
    output: Path | None = None
    quiet: bool = False
    statistics: bool = False

    @property
    def is_shown(self) -> bool:
        """Whether a person reads the output, so that other lines may follow."""
        return FORMATS[self.format_name].for_terminals and self.output is None

    def check(self) -> None:
        """Check that the options go together.

        Raises:
            LoracfgError: they do not.
        """
        if self.statistics and self.format_name not in _COUNTED:
            message = f"`--statistics` has no format {self.format_name}"
            raise LoracfgError(message, f"use `--format {'`, `'.join(_COUNTED)}`")
        if self.output and self.output.name in OWN_FILES:
            message = f"`--output {self.output}` names a file of an adapter"
            raise LoracfgError(message, "write the report to a different file")

    def print(self, validation: Validation) -> Tally:
        """Validate, print, and return the counts."""
        if self.statistics:
            return self._print_statistics(validation)
        color = self.is_shown and wants_color()
        stream = stream_of(self.format_name, color=color, quiet=self.quiet)
        if stream is None:
            return self._print_document(validation)
        return self._print_pieces(validation, stream, color=color)

    def _print_pieces(self, validation: Validation, stream: Stream, *, color: bool) -> Tally:
        from loracfg.report.render.piece import piece_of

        then = partial(piece_of, format_name=self.format_name, color=color, quiet=self.quiet)
        is_watched = self.output is None and sys.stdout is not None and sys.stdout.isatty()
        tally = Tally()
        with _closing(validation.each(then)) as found, writing(self.output) as put:
            pieces = found if is_watched else self._with_progress(found, validation)
            is_read = put(stream.opening(validation.version))
            between = ""
            for piece in pieces:
                tally.merge(piece.tally)
                if piece.text:
                    is_read = put(between + piece.text)
                    between = stream.between
                if not is_read:
                    return tally
            put(stream.closing(tally))
        return tally

    def _print_document(self, validation: Validation) -> Tally:
        with _closing(validation.reports()) as found:
            reports = tuple(self._with_progress(found, validation))
        write(render(Report(validation.version, reports), self.format_name), self.output)
        return Tally(reports)

    def _print_statistics(self, validation: Validation) -> Tally:
        from loracfg.report.render.piece import tally_of
        from loracfg.report.render.statistics import statistics_text

        tally = Tally()
        with _closing(validation.each(tally_of)) as found:
            for one in self._with_progress(found, validation):
                tally.merge(one)
        write(statistics_text(tally, as_json=self.format_name == "json"), self.output)
        return tally

    def _with_progress(self, found: Iterator[T], validation: Validation) -> Iterator[T]:
        if self.quiet or sys.stderr is None or not sys.stderr.isatty():
            return found
        from loracfg.cli.progress import with_progress

        return with_progress(found, validation.expected)


@contextmanager
def _closing(found: Iterator[T]) -> Iterator[Iterator[T]]:
    """End a validation that is left early, with the processes that it started."""
    try:
        yield found
    finally:
        if close := getattr(found, "close", None):
            close()
