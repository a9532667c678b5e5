"""Audit a fleet of adapters: `audit` is what the command runs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from loracfg.audit.engines import EngineName, EngineTask, check_engine
from loracfg.audit.job_runner import RunnerSetup
from loracfg.audit.judging.judge_state import own_state
from loracfg.audit.judging.verdict_inputs import options_digest
from loracfg.audit.known_rows import KnownRows
from loracfg.audit.ledger import Ledger
from loracfg.audit.listing.listing import FleetListing, check_sources
from loracfg.audit.packages import import_pyarrow
from loracfg.audit.parts import ROWS, Parts
from loracfg.audit.pipeline import run_here
from loracfg.audit.progress import Progress
from loracfg.audit.ray_cluster import check_ray
from loracfg.audit.reading.limiter import Limiter, ReadLimits
from loracfg.audit.reuse import Reuse
from loracfg.audit.run_state import begin_run, judge_named
from loracfg.engine.options import Options, check_options
from loracfg.named_tuple import NamedTuple
from loracfg.sources.address import Address


class AuditRequest(NamedTuple):
    """What to audit, and how.

    Attributes:
        sources: folders, files, lists, URLs, ids and queries of the Hub.
        output: the output folder.
        options_for: the options for an address; None stands for all that have none of their own.
        exclude: patterns of folders to leave out of searches.
        limits: how fast to read.
        jobs: the number of processes that judge, on Ray the most; 0 for one per core.
        part_rows: the rows of a Parquet file.
        uses_known: whether rows of earlier runs that still hold are used.
        records_unreachable: whether what a host does not answer for gets a row.
        engine: what runs it.
    """

    sources: tuple[str, ...]
    output: Path
    options_for: Callable[[Address | None], Options]
    exclude: tuple[str, ...] = ()
    limits: ReadLimits = ReadLimits()
    jobs: int = 0
    part_rows: int = ROWS
    uses_known: bool = True
    records_unreachable: bool = False
    engine: EngineName = "local"


class AuditResult(NamedTuple):
    """What a run did.

    Attributes:
        run: its id.
        progress: its counts.
        requests: the requests that it sent.
        is_finished: whether it has judged everything; if not, the same request continues it.
        error: what the listing broke off with: a list or query cannot be read.
    """

    run: str
    progress: Progress
    requests: int
    is_finished: bool
    error: Exception | None = None


Watcher = Callable[[Progress, int], None]
"""Called now and then with the counts of a run, and the number of requests."""


def audit(request: AuditRequest, watch: Watcher | None = None) -> AuditResult:
    """Judge all adapters that sources name, and write their rows to the output folder.

    If the last run there was stopped, and the same was asked for, it continues that run.

    Raises:
        LoracfgError: the request or its options name a rule, release or engine that does not
            exist, no source does, something cannot be written, or a package is not installed. What
            was judged before is kept.
    """
    check_engine(request.engine)
    check_options(request.options_for(None))
    import_pyarrow()
    if request.engine == "ray":
        check_ray()
    check_sources(request.sources)
    state, limiter, progress = own_state(), Limiter(request.limits), Progress()
    run = begin_run(request.output, request.sources, _digest_of(request), state)
    known = KnownRows(request.output)
    earlier = partial(judge_named, request.output)
    reuse = Reuse(run.name, state, earlier, uses_known=request.uses_known)
    try:
        parts = Parts(run, known, request.part_rows)
        ledger = Ledger(request.options_for, reuse, known, parts, progress)
        listed = FleetListing(request.sources, request.exclude, limiter.turn).listed()
        setup = RunnerSetup(
            state.digest,
            request.jobs,
            request.limits.readers,
            request.records_unreachable,
        )
        tick = _ticker(watch, progress, limiter)
        task = EngineTask(listed, ledger, setup, limiter, progress, tick)
        error = _run(request.engine, task)
        parts.finish()
        is_finished = error is None and not progress.postponed
        if is_finished:
            counts = {"rows": parts.rows, "judged": progress.judged, "requests": limiter.requests}
            run.finish(counts)
        return AuditResult(run.name, progress, limiter.requests, is_finished, error)
    finally:
        known.close()


def _run(engine: EngineName, task: EngineTask) -> Exception | None:
    if engine == "local":
        return run_here(task)
    from loracfg.audit.ray_run import run_on_ray

    return run_on_ray(task)


def _ticker(watch: Watcher | None, progress: Progress, limiter: Limiter) -> Callable[[], None]:
    def tick() -> None:
        if watch is not None:
            watch(progress, limiter.requests)

    return tick


def _digest_of(request: AuditRequest) -> str:
    parts = options_digest(request.options_for(None)), request.exclude, request.uses_known
    return repr(parts)
