"""The row of one adapter: what a case says of it, in the order of the columns."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import prod
from typing import TYPE_CHECKING, Final

from loracfg.adapter.header.tensor import Header
from loracfg.audit.judging.verdict_inputs import base_digest
from loracfg.audit.result_schema import COLUMNS
from loracfg.engine.base_request import is_local
from loracfg.engine.case import Case
from loracfg.named_tuple import NamedTuple
from loracfg.report.report import AdapterReport, Diagnostic
from loracfg.rules.unjudged import CRASHED
from loracfg.sources.hub.repo_id import parse_id
from loracfg.urls import redacted
from loracfg.version import __version__

if TYPE_CHECKING:
    from loracfg.releases.outcome import Outcome

_NAMES: Final = tuple(column.name for column in COLUMNS)
SOURCE, LISTED_AS, REVISION, STATUS = 0, 1, 2, 3
CODES: Final = _NAMES.index("codes")
NOTED: Final = _NAMES.index("noted")
WEIGHTS_ETAG: Final = _NAMES.index("weights_etag")
READ_AT: Final = _NAMES.index("read_at")
JUDGE: Final = _NAMES.index("judge")
RUN: Final = _NAMES.index("run")
STRUCTS: Final = tuple(
    at for at, one in enumerate(COLUMNS) if one.type in ("findings", "gaps", "answers")
)

_MOST: Final = 2**63 - 1

Cell = str | int | float | None | list["Cell"] | tuple["Cell", ...]
Row = tuple[Cell, ...]
"""The values of the columns; structs are tuples, and times microseconds since 1970."""


class JudgedRow(NamedTuple):
    """A row, and what its verdict depends on besides the files and the options.

    Attributes:
        row: the row.
        base: the base that the options or the config name, if it was looked up.
        base_revision: the revision of it that the config names.
    """

    row: Row
    base: str | None = None
    base_revision: str | None = None


class ReadFacts(NamedTuple):
    """What is known of an adapter from reading it.

    Attributes:
        listed_as: what was listed.
        revision: what distinguishes its content from earlier ones.
        read_at: when it was read, in microseconds since 1970.
        config_digest: the SHA-256 of the config.
        header_digest: the SHA-256 of the header.
        weights_etag: what the server gives for the weights.
        mark: what is added to names that would be the same as those of others.
        options: a digest of the options.
    """

    listed_as: str
    revision: str | None = None
    read_at: int = 0
    config_digest: str | None = None
    header_digest: str | None = None
    weights_etag: str | None = None
    mark: str = ""
    options: str | None = None


def unicode_row(row: Row) -> Row:
    """Return a row whose texts are valid Unicode (see `unicode_text`)."""
    return tuple(map(_unicode, row))


def unicode_text(text: str) -> str:
    r"""Return a text that is valid Unicode.

    Bytes in names that are not UTF-8 are written as in reports: `\udcff`.
    """
    return text.encode(errors="backslashreplace").decode()


def _unicode(cell: Cell) -> Cell:
    if isinstance(cell, str):
        return unicode_text(cell)
    return tuple(map(_unicode, cell)) if isinstance(cell, list | tuple) else cell


def _storable(cell: Cell) -> Cell:
    """Return a cell without numbers that its column cannot have, as servers and files claim."""
    if isinstance(cell, tuple):
        return tuple(value for value in cell if not _is_too_large(value))
    return None if _is_too_large(cell) else cell


def _is_too_large(cell: Cell) -> bool:
    return isinstance(cell, int) and not -_MOST <= cell <= _MOST


def microseconds() -> int:
    """Return the time in microseconds since 1970."""
    return time.time_ns() // 1000


def row_of_case(case: Case, facts: ReadFacts, judge: str) -> JudgedRow:
    """Judge a case, and return its row.

    Args:
        case: the case.
        facts: what is known from reading it.
        judge: the digest of the rules and facts that judge.
    """
    begin = time.perf_counter()
    report = case.report
    adapter, base = case.adapter, case.base
    named = case.options.base or (case.config.base_model_name_or_path if case.config else None)
    named = named if isinstance(named, str) else adapter.named_base
    revision = case.config.revision if case.config and not case.options.base else None
    header = adapter.header
    summary = _summary(header) if header else _NOTHING
    answers = tuple(
        (one.runtime.profile.name, one.runtime.version, one.answer) for one in case.subject.verdicts
    )
    # Only `answers` depends on what is asked, so that runs which ask something else are alike.
    gaps = [gap for gap in report.not_checked if gap not in case.unanswered]
    kinds = tuple(sorted(case.noted)) if not adapter.is_empty else ()
    size = adapter.files.get(adapter.weights) if adapter.weights else None
    scaling, coverage = report.scaling, report.coverage
    found = report.base
    row: Row = (
        redacted(report.path) + facts.mark,
        facts.listed_as + facts.mark,
        facts.revision,
        report.own_status or report.status,
        _reason(report),
        _codes(report.diagnostics),
        _errors(report),
        report.hidden.total,
        tuple((gap.what, redacted(gap.why)) for gap in gaps),
        report.method,
        facts.config_digest,
        facts.header_digest,
        facts.weights_etag,
        redacted(named) if named else None,
        _commit(base.name) or revision,
        found.model_type if found else base.model_type,
        found.class_name if found else None,
        found.source if found else None,
        base_digest(base),
        len(header.shapes) if header else None,
        coverage.applied,
        summary.parameters,
        size,
        summary.dtypes,
        summary.ranks,
        scaling.min if scaling else None,
        scaling.max if scaling else None,
        summary.targets,
        report.written_by["peft"] if report.written_by else None,
        _loads_in(case, report),
        answers or None,
        kinds,
        facts.read_at,
        microseconds(),
        round(time.perf_counter() - begin, 6),
        facts.options,
        __version__,
        judge,
        None,
    )
    is_looked_up = case.options.base or is_local(adapter.source) or parse_id(named or "")
    row = tuple(map(_storable, row))
    return JudgedRow(row, named if is_looked_up else None, revision)


def row_of_report(report: AdapterReport, facts: ReadFacts, judge: str) -> JudgedRow:
    """Return the row of an adapter that could not be opened."""
    values: dict[str, Cell] = {
        "source": redacted(report.path) + facts.mark,
        "listed_as": facts.listed_as + facts.mark,
        "revision": facts.revision,
        "status": report.status,
        "reason": _reason(report),
        "codes": _codes(report.diagnostics),
        "errors": _errors(report),
        "hidden": report.hidden.total,
        "not_checked": tuple((gap.what, redacted(gap.why)) for gap in report.not_checked),
        "noted": (),
        "read_at": facts.read_at,
        "judged_at": microseconds(),
        "judge_seconds": 0.0,
        "options": facts.options,
        "loracfg": __version__,
        "judge": judge,
    }
    return JudgedRow(tuple(values.get(name) for name in _NAMES))


class _Summary(NamedTuple):
    """What a header says of an adapter in a few values."""

    parameters: int | None
    dtypes: tuple[str, ...] | None
    ranks: tuple[int, ...] | None
    targets: tuple[str, ...] | None


_NOTHING: Final = _Summary(None, None, None, None)


def _summary(header: Header) -> _Summary:
    return _kept_summary(_ById(header))


class _ById:
    """A header as a key: the same object has the same summary."""

    __slots__ = ("header",)

    def __init__(self, header: Header) -> None:
        self.header = header

    def __hash__(self) -> int:
        return id(self.header)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ById) and other.header is self.header


@lru_cache(64)
def _kept_summary(key: _ById) -> _Summary:
    header = key.header
    ranks = {header.shapes[pair.a][0] for pair in header.table.pairs if header.shapes[pair.a]}
    paths = header.table.adapted_paths
    return _Summary(
        sum(map(prod, header.shapes.values())),
        tuple(sorted(header.dtypes_used)),
        tuple(sorted(ranks)),
        tuple(sorted({path.rpartition(".")[2] for path in paths})),
    )


def _reason(report: AdapterReport) -> str | None:
    if report.status != "error" or not report.diagnostics:
        return None
    first = report.diagnostics[0]  # an error, or a warning that loracfg failed
    found = next((one for one in report.diagnostics if one.severity == "error"), first)
    return redacted(found.message)


def _codes(found: Sequence[Diagnostic]) -> Row:
    by_code: dict[str, list[Diagnostic]] = {}
    for one in found:
        by_code.setdefault(one.code, []).append(one)
    return tuple(
        (code, some[0].severity, len(some), sum(d.count for d in some), redacted(some[0].message))
        for code, some in by_code.items()
    )


def _errors(report: AdapterReport) -> int:
    return sum(one.severity == "error" for one in report.diagnostics)


def _loads_in(case: Case, report: AdapterReport) -> tuple[str, ...] | None:
    """Return the releases that load the adapter; None if that is unknown."""
    outcomes = {} if case.adapter.is_empty else case.subject.outcomes
    if not outcomes or any(gap.why == CRASHED for gap in report.not_checked):
        return None
    return _loading(tuple(outcomes.items())) if report.loads_in is not None else ()


def _loading(outcomes: Iterable[tuple[str, Outcome]]) -> tuple[str, ...]:
    from loracfg.releases.outcome import Effect

    return tuple(release for release, one in outcomes if one.effect <= Effect.DROPS)


def _commit(name: str | None) -> str | None:
    """Return the commit in the name of a base that was found by its id."""
    import re

    found = re.search(r"@([0-9a-f]{40})(?:/|$)", name or "")
    return found[1] if found else None
