"""Judging what was submitted, with the engine of the command line, in threads of which few run."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

from loracfg_api.problems import ProblemError, busy, too_large
from loracfg_api.settings import Settings
from loracfg_api.submission import Submission

from loracfg import __version__
from loracfg.adapter.directory import SAFETENSORS_NAME, Adapter, read_adapter
from loracfg.adapter.files import Files
from loracfg.kept import NotKeptError, only_kept
from loracfg.modules import CoveredModule, modules_of
from loracfg.plan.patterns import Budget
from loracfg.releases.migration.migration import Migration, plan_migration
from loracfg.report.report import Report
from loracfg.rules.choice import choice_of
from loracfg.sources.archive.held import HeldFiles, has_more_tensors
from loracfg.sources.archive.limits import MIB
from loracfg.validation import Options, validate_adapter

T = TypeVar("T")


class Workers:
    """The threads that judge; a request waits for a free one, unless too many do."""

    def __init__(self, settings: Settings) -> None:
        self._threads = ThreadPoolExecutor(settings.threads, "judge")
        self._most = settings.threads + settings.max_waiting
        self._running = 0

    async def run(self, work: Callable[[], T], *, may_be_kept: bool = False) -> T:
        """Run something in a thread, or at once if it `may_be_kept` and takes no time for that.

        Raises:
            ProblemError: if too many requests wait for one.
        """
        if may_be_kept:
            with suppress(NotKeptError), only_kept():
                return work()
        if self._running >= self._most:
            raise busy()
        self._running += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._running -= 1


def judge(submission: Submission, settings: Settings) -> Report:
    """Validate the adapters of a request."""
    options = _options(submission, settings)
    choice = choice_of(tuple(submission.options.select), tuple(submission.options.ignore))
    return Report(
        __version__,
        tuple(
            validate_adapter(adapter, name, options, choice)
            for name, adapter in _in_time(submission, settings)
        ),
    )


def cover(submission: Submission, settings: Settings) -> dict[str, list[CoveredModule]]:
    """Return the modules of each adapter's base, and what the adapter has for them."""
    options = _options(submission, settings)
    return {name: modules_of(adapter, options) for name, adapter in _in_time(submission, settings)}


def plan(files: Files, to: str, source: str | None, settings: Settings) -> Migration:
    """Plan a migration; raises a `LoracfgError` where there is no config to migrate."""
    budget = Budget(settings.pattern_seconds)
    return plan_migration(_read(files, settings), to, source, budget)


def _options(submission: Submission, settings: Settings) -> Options:
    asked = submission.options
    return Options(
        class_name=asked.class_name,
        peft=asked.peft,
        runtimes=tuple(asked.runtimes),
        budget=Budget(settings.pattern_seconds),
        given=submission.base,
        isolated=True,
    )


def _in_time(submission: Submission, settings: Settings) -> Iterator[tuple[str, Adapter]]:
    """Read the adapters of a request by their names, as long as it has time.

    Raises:
        ProblemError: if the adapters before one have taken all of it, or one is too large.
    """
    started = time.thread_time()
    for number, (name, files) in enumerate(submission.adapters.items()):
        if number and time.thread_time() - started > settings.request_seconds:
            seconds = f"{settings.request_seconds:g} s"
            message = f"the adapters take longer than the {seconds} that a request has here"
            raise ProblemError(413, message, "send fewer adapters in a request")
        yield name, _read(files, settings)


def _read(files: Files, settings: Settings) -> Adapter:
    if isinstance(files, HeldFiles):
        _count_tensors(files, settings.max_tensors)
    adapter = read_adapter(files)
    if len(adapter.shapes) > settings.max_tensors:
        what = f"`{adapter.weights}`"
        raise too_large(what, len(adapter.shapes), settings.max_tensors, "tensors")
    return adapter


def _count_tensors(files: HeldFiles, most: int) -> None:
    """Count the tensors of a large header of weights before anything is made of it.

    Raises:
        ProblemError: if it has more than so many.
    """
    held = files.files.get(SAFETENSORS_NAME)
    if held and len(held.head) > MIB and has_more_tensors([held], most):
        raise too_large(f"`{SAFETENSORS_NAME}`", None, most, "tensors")
