"""Validate submissions, with the same engine as the command line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from loracfg_api.problems import ProblemError, too_large
from loracfg_api.submission import Submission, ValidateOptions

from loracfg.adapter.directory import SAFETENSORS_NAME, check_config
from loracfg.adapter.files import Files
from loracfg.base.search import UploadedBase
from loracfg.config.history.releases import loading_release
from loracfg.cpu_time import thread_time
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
from loracfg.training.config_source import ConfigSource
from loracfg.training.planned import Training, plan_source
from loracfg.training.training_plan import TrainingPlan
from loracfg.version import __version__


class JudgingLimits(Protocol):
    """The limits for one request; the settings of the service have them.

    `pattern_seconds` and `request_seconds` are CPU time, `max_tensors` counts those of a file, and
    `max_modules` those of all bases together, where they are listed.
    """

    @property
    def pattern_seconds(self) -> float: ...  # noqa: D102

    @property
    def request_seconds(self) -> float: ...  # noqa: D102

    @property
    def max_tensors(self) -> int: ...  # noqa: D102

    @property
    def max_modules(self) -> int: ...  # noqa: D102


class ValidationResult(NamedTuple):
    """A report, and whether all patterns could be matched within their time limit."""

    report: Report
    in_time: bool


def judge(
    submission: Submission,
    limits: JudgingLimits,
    caches: Caches,
    budget: PatternBudget | None = None,
) -> ValidationResult:
    """Validate the adapters of a request.

    Args:
        submission: the adapters, their base and options.
        limits: the limits.
        caches: what earlier requests left.
        budget: the budget for patterns (default: of `pattern_seconds`).

    Raises:
        ProblemError: if they take too long, or an adapter is too large.
    """
    budget = budget or PatternBudget(limits.pattern_seconds)
    engine = _engine(submission, caches, budget)
    cases = _in_time(submission, engine, limits)
    reports = tuple(case.report for case in cases)
    return ValidationResult(Report(__version__, reports), budget.left > 0)


def cover(
    submission: Submission,
    limits: JudgingLimits,
    caches: Caches,
    budget: PatternBudget | None = None,
) -> dict[str, list[CoveredModule]]:
    """Return the modules of each adapter's base, and what the adapter has for them.

    The arguments are those of `judge`.

    Raises:
        LoracfgError: if a config cannot be read.
        ProblemError: if they take too long, or have too many modules together.
    """
    engine = _engine(submission, caches, budget or PatternBudget(limits.pattern_seconds))
    listed: dict[str, list[CoveredModule]] = {}
    left = limits.max_modules
    for case in _in_time(submission, engine, limits):
        listed[case.name] = _covered(case)
        left -= len(listed[case.name])
        if left < 0:
            raise too_large("the response", None, limits.max_modules, "modules")
    return listed


def _covered(case: Case) -> list[CoveredModule]:
    check_config(case.adapter)
    return covered_modules(case)


def plan(files: Files, to: str, source: str | None, limits: JudgingLimits) -> Migration:
    """Plan a migration.

    Raises:
        LoracfgError: if there is no config to migrate.
    """
    budget = PatternBudget(limits.pattern_seconds)
    case = Engine(Options(isolated=True), budget=budget).open_files(files)
    adapter = _of_few_tensors(case, files, limits).adapter
    given = None if source is None else loading_release(source)
    return plan_migration(adapter, loading_release(to), given, budget)


def plan_training(
    source: ConfigSource,
    base: UploadedBase | None,
    asked: ValidateOptions,
    training: Training,
    limits: JudgingLimits,
    caches: Caches,
    *,
    suggest: bool,
) -> TrainingPlan:
    """Return what training a config will do."""
    budget = PatternBudget(limits.pattern_seconds)
    engine = Engine(_options(asked), caches=caches, budget=budget)
    return plan_source(source, engine, training, base=base, suggest=suggest)


def _engine(submission: Submission, caches: Caches, budget: PatternBudget) -> Engine:
    return Engine(_options(submission.options), caches=caches, budget=budget)


def _options(asked: ValidateOptions) -> Options:
    return Options(
        class_name=asked.class_name,
        peft=asked.peft,
        select=tuple(asked.select),
        ignore=tuple(asked.ignore),
        runtimes=tuple(asked.runtimes),
        isolated=True,
        preview=asked.preview,
    )


def _in_time(submission: Submission, engine: Engine, limits: JudgingLimits) -> Iterator[Case]:
    """Open the adapters of a request, within its time limit.

    Raises:
        ProblemError: if the previous adapters have used up the time, or an adapter is too large.
    """
    started = thread_time() if len(submission.adapters) > 1 else 0.0  # a system call
    for number, (name, files) in enumerate(submission.adapters.items()):
        if number and thread_time() - started > limits.request_seconds:
            seconds = f"{limits.request_seconds:g} s"
            message = f"validating the adapters took longer than the limit of {seconds} per request"
            raise ProblemError(413, message, "send fewer adapters per request")
        case = engine.open_files(files, name, submission.base)
        yield _of_few_tensors(case, files, limits)


def _of_few_tensors(case: Case, files: Files, limits: JudgingLimits) -> Case:
    """Return a case with no more tensors than the settings allow.

    Raises:
        ProblemError: if it has more.
    """
    if isinstance(files, HeldFiles):
        _count_tensors(files, limits.max_tensors)
    adapter = case.adapter
    if len(adapter.shapes) > limits.max_tensors:
        what = f"`{adapter.weights}`"
        raise too_large(what, len(adapter.shapes), limits.max_tensors, "tensors")
    return case


def _count_tensors(files: HeldFiles, most: int) -> None:
    """Count the tensors in a large header before it is parsed.

    Raises:
        ProblemError: if there are more than `most`.
    """
    held = files.files.get(SAFETENSORS_NAME)
    if held and len(held.head) > MIB and has_more_tensors([held], most):
        raise too_large(f"`{SAFETENSORS_NAME}`", None, most, "tensors")
