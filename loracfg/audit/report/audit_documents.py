"""Documents on the results in output folders: what a run found, and how two runs differ."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from loracfg.audit.report import changes
from loracfg.audit.report.database import Database, opened, why_unreadable
from loracfg.audit.report.loading_questions import loading_in_engine, loading_in_release
from loracfg.audit.report.own_query import ask_own
from loracfg.audit.report.question import AuditDocument, AuditTable, answer, count_in
from loracfg.audit.report.questions import QUESTIONS
from loracfg.audit.result_files import RunFiles, newest_runs
from loracfg.errors import LoracfgError
from loracfg.named_tuple import NamedTuple
from loracfg.report.render.words import counted

CHANGES: Final = "changes"
"""The name of the question what broke since the last run."""
QUESTION_NAMES: Final = (*(question.name for question in QUESTIONS), CHANGES)
"""The names of all questions that need no argument."""


class Wanted(NamedTuple):
    """What a report is about: everything, unless something is named.

    Attributes:
        questions: the names of questions.
        releases: releases of PEFT that adapters may load in.
        engines: inference engines that adapters may load in.
        limit: the most rows of a table.
    """

    questions: tuple[str, ...] = ()
    releases: tuple[str, ...] = ()
    engines: tuple[str, ...] = ()
    limit: int = 20

    @property
    def is_narrow(self) -> bool:
        """Whether something is named."""
        return bool(self.questions or self.releases or self.engines)


class Difference(NamedTuple):
    """How two runs differ, and how many adapters are newly broken, unreadable or gone."""

    document: AuditDocument
    broken: int
    unreadable: int
    gone: int


def report_on(output: Path, wanted: Wanted) -> AuditDocument:
    """Return the answers about the newest run in an output folder.

    Raises:
        LoracfgError: there are no results, they cannot be read, or what is wanted is not in them.
    """
    runs = _newest(output)
    if wanted.is_narrow and CHANGES not in wanted.questions:
        runs.pop(changes.PREVIOUS, None)
    lost = () if wanted.is_narrow else _without_lost(runs)
    with opened(runs) as database:
        facts = (*_facts(database, runs), *lost)
        return AuditDocument(f"Audit in {output}", facts, tuple(_answers(database, runs, wanted)))


def own_answer(output: Path, sql: str, limit: int, seconds: float) -> AuditDocument:
    """Return the answer to a user's own query about the newest run in an output folder.

    Raises:
        LoracfgError: there are no results, or the query is wrong or takes longer.
    """
    runs = _newest(output)
    lost = _without_lost(runs)
    with opened(runs, is_for_users=True) as database:
        table = ask_own(database, sql, limit, seconds)
    facts = (_run_words(runs[changes.RESULTS]), *lost)
    return AuditDocument(f"Audit in {output}", facts, (table,))


def difference_of(old: Path, new: Path | None, limit: int) -> Difference:
    """Compare the newest runs in two output folders, or the two newest in one.

    Raises:
        LoracfgError: there are not two runs, or they cannot be read.
    """
    if new is None:
        runs = _newest(old)
        if changes.PREVIOUS not in runs:
            advice = "audit again, or pass another folder to compare with"
            raise LoracfgError(f"`{old}` has only one run", advice)
    else:
        (results, *_), (previous, *_) = newest_runs(new), newest_runs(old)
        runs = {changes.RESULTS: results, changes.PREVIOUS: previous}
    with opened(runs) as database:
        facts = tuple(
            f"{when}: {_run_words(run)}, {counted(_number_of_rows(database, view), 'adapter')}"
            for when, view, run in (
                ("before", changes.PREVIOUS, runs[changes.PREVIOUS]),
                ("now", changes.RESULTS, runs[changes.RESULTS]),
            )
        )
        tables = changes.changes_by_kind(database, limit)
        gone = changes.number_gone(database)
    title = f"Changes in {old}" if new is None else f"Changes from {old} to {new}"
    return Difference(
        AuditDocument(title, facts, tables),
        changes.number_of(tables, changes.BROKEN),
        changes.number_of(tables, changes.UNREADABLE),
        gone,
    )


def _newest(output: Path) -> dict[str, RunFiles]:
    """Return the newest run and the one before, if there is one, by the names of their views."""
    return dict(zip((changes.RESULTS, changes.PREVIOUS), newest_runs(output), strict=False))


def _without_lost(runs: dict[str, RunFiles]) -> tuple[str, ...]:
    """Leave out the run before if its files cannot be read, and return a sentence on why."""
    previous = runs.get(changes.PREVIOUS)
    why = why_unreadable(previous) if previous else None
    if why is None:
        return ()
    del runs[changes.PREVIOUS]
    return (f"not compared with the run before: {why}",)


def _answers(database: Database, runs: dict[str, RunFiles], wanted: Wanted) -> Iterator[AuditTable]:
    names = wanted.questions if wanted.is_narrow else QUESTION_NAMES
    for question in QUESTIONS:
        if question.name in names:
            yield answer(database, question, wanted.limit)
    if CHANGES in names and (changes.PREVIOUS in runs or wanted.is_narrow):
        yield from _changes(database, runs, wanted.limit)
    for release in wanted.releases:
        yield from loading_in_release(database, release, wanted.limit)
    for engine in wanted.engines:
        yield from loading_in_engine(database, engine, wanted.limit)


def _changes(database: Database, runs: dict[str, RunFiles], limit: int) -> tuple[AuditTable, ...]:
    if changes.PREVIOUS not in runs:
        raise LoracfgError("there is only one run, so nothing can have changed", "audit again")
    return changes.changes_of_status(database, limit)


def _facts(database: Database, runs: dict[str, RunFiles]) -> tuple[str, ...]:
    rows = database.ask(_JUDGED).rows
    judged = ", ".join(f"{version}" for (version,) in rows)
    run = (
        f"{_run_words(runs[changes.RESULTS])}, "
        f"{counted(_number_of_rows(database, changes.RESULTS), 'adapter')}"
        + (f", judged by loracfg {judged}" if judged else "")
    )
    return (run, *_hidden_words(*map(count_in, database.ask(_HIDDEN).rows[0])))


def _hidden_words(findings: int, adapters: int) -> tuple[str, ...]:
    if not findings:
        return ()
    what = f"{counted(findings, 'finding')} on {counted(adapters, 'adapter')}"
    verb = "is" if findings == 1 else "are"
    return (f"{what} {verb} hidden: the audit was given `--select` or `--ignore`",)


_HIDDEN: Final = "SELECT sum(hidden)::BIGINT, count(*) FROM results WHERE hidden > 0"
_JUDGED: Final = "SELECT DISTINCT loracfg FROM results WHERE loracfg IS NOT NULL ORDER BY ALL"


def _number_of_rows(database: Database, view: str) -> int:
    return count_in(database.ask(f"SELECT count(*) FROM {view}").rows[0][0])


def _run_words(run: RunFiles) -> str:
    return f"run {run.name}" if run.is_finished else f"run {run.name}, which has not finished"
