"""Validate submissions, with the same engine as the command line."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import NamedTuple

from loracfg_api.problems import ProblemError, too_large
from loracfg_api.settings import Settings
from loracfg_api.submission import Submission

from loracfg.adapter.directory import SAFETENSORS_NAME, check_config
from loracfg.adapter.files import Files
from loracfg.config.history.releases import loading_release
from loracfg.engine.caches import Caches
from loracfg.engine.case import Case
from loracfg.engine.engine import Engine
from loracfg.engine.options import Options
from loracfg.inspection.covered_modules import CoveredModule, covered_modules
from loracfg.planning.patterns import PatternBudget
from loracfg.releases.migration.migration import Migration, plan_migration
from loracfg.report.report import Report
from loracfg.sources.archive.held import HeldFiles, has_more_tensors
from loracfg.sources.archive.limits import MIB
from loracfg.version import __version__


class ValidationResult(NamedTuple):
    """A report, and whether all patterns could be matched within their time limit."""

    report: Report
    in_time: bool


def judge(submission: Submission, settings: Settings, caches: Caches) -> ValidationResult:
    """Validate the adapters of a request."""
    budget = PatternBudget(settings.pattern_seconds)
    engine = _engine(submission, caches, budget)
    cases = _in_time(submission, engine, settings)
    reports = tuple(case.report for case in cases)
    return ValidationResult(Report(__version__, reports), budget.left > 0)


def cover(
    submission: Submission, settings: Settings, caches: Caches
) -> dict[str, list[CoveredModule]]:
    """Return the modules of each adapter's base, and what the adapter has for them.

    Raises:
        LoracfgError: if a config cannot be read.
    """
    engine = _engine(submission, caches, PatternBudget(settings.pattern_seconds))
    cases = _in_time(submission, engine, settings)
    return {case.name: _covered(case) for case in cases}


def _covered(case: Case) -> list[CoveredModule]:
    check_config(case.adapter)
    return covered_modules(case)


def plan(files: Files, to: str, source: str | None, settings: Settings) -> Migration:
    """Plan a migration.

    Raises:
        LoracfgError: if there is no config to migrate.
    """
    budget = PatternBudget(settings.pattern_seconds)
    case = Engine(budget=budget).open_files(files)
    adapter = _of_few_tensors(case, files, settings).adapter
    given = None if source is None else loading_release(source)
    return plan_migration(adapter, loading_release(to), given, budget)


def _engine(submission: Submission, caches: Caches, budget: PatternBudget) -> Engine:
    asked = submission.options
    options = Options(
        class_name=asked.class_name,
        peft=asked.peft,
        select=tuple(asked.select),
        ignore=tuple(asked.ignore),
        runtimes=tuple(asked.runtimes),
        isolated=True,
        preview=asked.preview,
    )
    return Engine(options, caches=caches, budget=budget)


def _in_time(submission: Submission, engine: Engine, settings: Settings) -> Iterator[Case]:
    """Open the adapters of a request, within its time limit.

    Raises:
        ProblemError: if the previous adapters have used up the time, or an adapter is too large.
    """
    started = time.thread_time() if len(submission.adapters) > 1 else 0.0  # a system call
    for number, (name, files) in enumerate(submission.adapters.items()):
        if number and time.thread_time() - started > settings.request_seconds:
            seconds = f"{settings.request_seconds:g} s"
            message = f"validating the adapters took longer than the limit of {seconds} per request"
            raise ProblemError(413, message, "send fewer adapters per request")
        case = engine.open_files(files, name, submission.base)
        yield _of_few_tensors(case, files, settings)


def _of_few_tensors(case: Case, files: Files, settings: Settings) -> Case:
    """Return a case with no more tensors than the settings allow.

    Raises:
        ProblemError: if it has more.
    """
    if isinstance(files, HeldFiles):
        _count_tensors(files, settings.max_tensors)
    adapter = case.adapter
    if len(adapter.shapes) > settings.max_tensors:
        what = f"`{adapter.weights}`"
        raise too_large(what, len(adapter.shapes), settings.max_tensors, "tensors")
    return case


def _count_tensors(files: HeldFiles, most: int) -> None:
    """Count the tensors in a large header before it is parsed.

    Raises:
        ProblemError: if there are more than `most`.
    """
    held = files.files.get(SAFETENSORS_NAME)
    if held and len(held.head) > MIB and has_more_tensors([held], most):
        raise too_large(f"`{SAFETENSORS_NAME}`", None, most, "tensors")
