"""From what was read of adapters to rows."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Final

from loracfg.audit.judging.verdict_inputs import options_digest
from loracfg.audit.reading.contents import (
    Contents,
    Unread,
    config_digest_of,
    header_digest_of,
)
from loracfg.audit.result_row import (
    JudgedRow,
    ReadFacts,
    microseconds,
    row_of_case,
    row_of_report,
)
from loracfg.crash import show_traceback
from loracfg.engine.caches import Caches
from loracfg.engine.engine import Engine, for_each_source
from loracfg.engine.options import Options
from loracfg.named_tuple import NamedTuple
from loracfg.report.report import AdapterReport
from loracfg.rules.unjudged import crash_report, unreadable_report
from loracfg.sources.address import SearchedFolder
from loracfg.sources.source import Source

_ENGINES: Final = 64
"""How many engines are kept; a run has one for each set of options."""


class ToJudge(NamedTuple):
    """Something listed that is to be judged.

    Attributes:
        listed_as: the text of what was listed.
        options: how to judge.
        found: what was read of the adapters there; for a path on this machine, the path, which the
            process that judges reads.
        revision: what distinguishes its content from earlier ones.
        read_at: when it was read, in microseconds since 1970.
        mark: what tells its rows from those of others with the same name.
    """

    listed_as: str
    options: Options
    found: list[Contents] | Unread | Path | SearchedFolder
    revision: str | None = None
    read_at: int = 0
    mark: str = ""


def judge_one(judge: str, task: ToJudge) -> list[JudgedRow]:
    """Return the rows of what was listed: one, or one for each adapter in an archive.

    Args:
        judge: the digest of the rules and facts that judge.
        task: what was read.
    """
    engine = _engine(task.options)
    if isinstance(task.found, Unread):
        code, message, advice = task.found
        report = unreadable_report(code, task.listed_as, message, advice)
        return [row_of_report(report, _facts(task), judge)]
    if isinstance(task.found, Path | SearchedFolder):
        work = partial(_judged_here, engine, task, judge)
        found = for_each_source(task.found, work, task.options)
        return [_row(one, task, judge) for one in found]
    return [_judged(engine, one, task, judge) for one in task.found]


@lru_cache(_ENGINES)
def _engine(options: Options) -> Engine:
    return Engine(options, caches=_caches())


@cache
def _caches() -> Caches:
    """Return what all engines of this process share: a base is read once in a run."""
    return Caches(keeps_bases=True)


def judge_batch(judge: str, tasks: Iterable[ToJudge]) -> list[JudgedRow]:
    """Return the rows of all that was read, in order."""
    return [row for task in tasks for row in judge_one(judge, task)]


def died(judge: str, task: ToJudge, how: str) -> list[JudgedRow]:
    """Return the row of what was judged when its process ended, and how it ended."""
    from loracfg.report.report import CRASH

    message = f"the process that judged it {how}"
    advice = "validate it alone; there may be too little memory"
    return [_row(unreadable_report(CRASH, task.listed_as, message, advice), task, judge)]


def _judged_here(engine: Engine, task: ToJudge, judge: str, source: Source) -> JudgedRow:
    """Return the row of an adapter on this machine."""
    case = engine.open_source(source)
    facts = _facts(task)._replace(
        read_at=microseconds(),
        config_digest=config_digest_of(source.files),
        header_digest=header_digest_of(source.files),
    )
    return row_of_case(case, facts, judge)


def _judged(engine: Engine, read: Contents, task: ToJudge, judge: str) -> JudgedRow:
    facts = _facts(task)._replace(
        config_digest=read.config_digest,
        header_digest=read.header_digest,
        weights_etag=read.weights_etag,
    )
    try:
        return row_of_case(engine.open_source(read.source()), facts, judge)
    except Exception as error:
        show_traceback(error)
        return row_of_report(crash_report(read.name, error, task.options.choice), facts, judge)


def _row(found: JudgedRow | AdapterReport, task: ToJudge, judge: str) -> JudgedRow:
    if isinstance(found, JudgedRow):
        return found
    return row_of_report(found, _facts(task), judge)


def _facts(task: ToJudge) -> ReadFacts:
    read_at = task.read_at or microseconds()
    options = options_digest(task.options, with_base=False)
    return ReadFacts(task.listed_as, task.revision, read_at, mark=task.mark, options=options)
