"""Audit a simulated Hub on Ray and Spark, and compare the rows with those of the local engine.

    python -m tests.audit.environments                                  # once
    ENV/bin/python -m tests.audit.ray_cluster --adapters 20000 [STEP…]

runs the steps, and prints what each took: CPU time is that of the command and all that it started,
without the Hub. Rows are compared byte by byte, sorted by source, without times.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

import psutil  # type: ignore[import-untyped]
import pyarrow
from pyarrow import parquet

from loracfg.audit.result_files import newest_runs
from loracfg.audit.result_schema import TIMES, arrow_schema
from loracfg.engine.options import Options
from tests.audit.fleet import QUERY, ROOT, Fleet
from tests.audit.generated_fleet import name_of
from tests.audit.simulated_hub import HubOptions, running_hub
from tests.llama8b import make_without_checkpoint

_POLL: Final = 0.25
_QUOTA: Final = 200
_WORKER: Final = "JobWorker"
RAY: Final = ("--engine", "ray")


class Watched(NamedTuple):
    """What a command took."""

    status: int
    seconds: float
    cpu: float
    killed: int
    nodes: int


class Bench(NamedTuple):
    """A fleet, and the rows that all engines should give."""

    fleet: Fleet
    adapters: int
    expected: str = ""

    def run(self, output: str, *more: str, kills: int = 0, source: str = QUERY) -> Watched:
        """Run an audit in a process of its own, and kill some of its workers."""
        command = [*self.fleet.command(output, source), *more]
        with (self.fleet.work / f"{output}.log").open("wb") as log:
            started = time.perf_counter()
            process = subprocess.Popen(
                [sys.executable, "-m", "loracfg", *command], cwd=ROOT, stderr=log, stdout=log
            )
            watch = _Watch()
            try:
                while process.poll() is None:
                    watch.look(process.pid)
                    if watch.killed < kills and self.has_done((watch.killed + 1) / (kills + 1)):
                        watch.kill()
                    time.sleep(_POLL)
            finally:
                process.kill()
        seconds = time.perf_counter() - started
        assert not process.returncode, (self.fleet.work / f"{output}.log").read_text()
        return Watched(process.returncode, seconds, watch.cpu, watch.killed, len(watch.nodes))

    def run_for(self, output: str, share: float, *more: str) -> None:
        """Begin an audit, and kill it when the Hub was asked for a share of all adapters."""
        command = [sys.executable, "-m", "loracfg", *self.fleet.command(output), *more]
        process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
        try:
            while not self.has_done(share):
                assert process.poll() is None, process.returncode
                time.sleep(_POLL)
        finally:
            process.kill()
            process.wait()

    def has_done(self, share: float) -> bool:
        """Return whether the Hub was asked for a share of what a whole run asks for."""
        return self.fleet.hub.counts().get("requests", 0) >= share * 2 * self.adapters

    def check(self, output: str) -> str:
        """Compare the rows of an audit with those expected; return their number."""
        found = pyarrow.concat_tables(
            parquet.read_table(path) for path in newest_runs(self.fleet.work / output)[0].parts
        )
        return self.check_table(found)

    def check_table(self, found: pyarrow.Table) -> str:
        """Compare rows with those expected."""
        assert found.num_rows == self.adapters, found.num_rows
        assert not self.expected or digest_of(found) == self.expected
        return f"{found.num_rows} rows, the same byte for byte"


def digest_of(found: pyarrow.Table) -> str:
    """Return a digest of rows, sorted by source, without times."""
    table = found.cast(arrow_schema()).drop_columns(list(TIMES)).sort_by("source")
    stream = io.BytesIO()
    with pyarrow.ipc.new_stream(stream, table.schema) as writer:
        writer.write_table(table.combine_chunks())
    return hashlib.sha256(stream.getvalue()).hexdigest()


class _Watch:
    """Adds up the CPU time of processes while they run, and kills workers."""

    def __init__(self) -> None:
        self.killed = 0
        self.nodes: set[int] = set()
        self._seconds: dict[tuple[int, float], float] = {}
        self._workers: list[psutil.Process] = []

    @property
    def cpu(self) -> float:
        return sum(self._seconds.values())

    def look(self, pid: int) -> None:
        self._workers = []
        for process in _started_by(pid):
            with suppress(psutil.Error):
                times = process.cpu_times()
                self._seconds[process.pid, process.create_time()] = times.user + times.system
                if _WORKER in "".join(process.cmdline()[:1]):
                    self._workers.append(process)
                    self.nodes.add(process.ppid())

    def kill(self) -> None:
        """Kill a worker, if there is one."""
        if self._workers:
            self._workers[self.killed % len(self._workers)].send_signal(signal.SIGKILL)
            self.killed += 1


def _started_by(pid: int) -> Iterator[psutil.Process]:
    """Yield a process and all below it, and those of a cluster that this program started."""
    roots = [psutil.Process(), psutil.Process(pid)]
    own = {one.pid: one for root in roots for one in root.children(recursive=True)}
    hub = [one for one in own.values() if "tests.audit.simulated_hub" in _line(one)]
    yield from (one for one in own.values() if one not in hub)


def _line(process: psutil.Process) -> str:
    with suppress(psutil.Error):
        return " ".join(process.cmdline())
    return ""


@contextmanager
def _two_nodes() -> Iterator[Any]:
    """Run a cluster of two nodes with a CPU each, for programs that this one starts."""
    from ray.cluster_utils import Cluster

    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
    cluster.add_node(num_cpus=1)
    os.environ["RAY_ADDRESS"] = cluster.address
    try:
        yield cluster
    finally:
        del os.environ["RAY_ADDRESS"]
        cluster.shutdown()


def local(bench: Bench) -> Iterator[str]:
    """The local engine, with one and two processes."""
    for jobs in ("1", "2"):
        yield _words(bench, f"local -j {jobs}", bench.run(f"l{jobs}", "-j", jobs), f"l{jobs}")


def workers(bench: Bench) -> Iterator[str]:
    """Ray on this machine, with one and two workers; and nothing changed."""
    for jobs in ("1", "2"):
        found = bench.run(f"r{jobs}", "-j", jobs, *RAY)
        yield _words(bench, f"ray -j {jobs}", found, f"r{jobs}")
    yield _words(bench, "ray, again", bench.run("r2", *RAY), "r2")


def nodes(bench: Bench) -> Iterator[str]:
    """Ray on a cluster of two nodes."""
    with _two_nodes():
        found = bench.run("n2", *RAY)
        assert found.nodes == 2, found
        yield _words(bench, "ray, two nodes", found, "n2")


def killed(bench: Bench) -> Iterator[str]:
    """Ray, with workers that are killed."""
    found = bench.run("k", *RAY, kills=3)
    assert found.killed == 3, found
    yield _words(bench, f"ray, {found.killed} x kill -9 of a worker", found, "k")


def driver(bench: Bench) -> Iterator[str]:
    """A run that the local engine begins and Ray ends, with commands that are killed."""
    with _two_nodes():
        for share, engine in ((0.25, ()), (0.5, RAY), (0.75, RAY)):
            bench.run_for("d", share, *engine)
        yield _words(
            bench, "local, then ray, 3 x kill -9 of the command", bench.run("d", *RAY), "d"
        )


def limited(bench: Bench) -> Iterator[str]:
    """Ray, on a Hub that limits requests: some are refused before workers know the limit."""
    bench.fleet.hub.set(quota=_QUOTA)
    found = bench.run("q", "-j", "2", *RAY)
    counts = bench.fleet.hub.counts()
    bench.fleet.hub.set(quota=0)
    refused, early = counts.get("limited", 0), counts.get("too early", 0)
    words = _words(bench, f"ray, {_QUOTA} requests a second", found, "q")
    yield f"{words}; {refused} refused, {early} of them before the time that was asked for"
    assert refused <= counts["requests"] / 50, counts


def pipeline(bench: Bench) -> Iterator[str]:
    """A pipeline of one's own on Ray."""
    import ray

    from loracfg.audit.ray import audit

    ray.init(num_cpus=2, log_to_driver=False, logging_level="ERROR")
    try:
        started = time.perf_counter()
        named = ray.data.from_arrow(_names(bench)).repartition(8)
        found = audit(named, _options(bench), concurrency=(1, 2))
        table = pyarrow.concat_tables(ray.get(found.to_arrow_refs()))
        seconds = time.perf_counter() - started
    finally:
        ray.shutdown()
    yield f"loracfg.audit.ray: {seconds:.1f} s; {bench.check_table(table)}"


def spark(bench: Bench) -> Iterator[str]:
    """A pipeline of one's own on Spark."""
    from pyspark.sql import SparkSession

    from loracfg.audit.spark import SCHEMA, FrameAuditor

    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    session = builder.config("spark.sql.session.timeZone", "UTC").getOrCreate()
    try:
        started = time.perf_counter()
        named = session.createDataFrame(_names(bench).to_pandas()).repartition(4)
        found = named.mapInPandas(FrameAuditor(_options(bench)), SCHEMA)
        table = found.toArrow()
        seconds = time.perf_counter() - started
    finally:
        session.stop()
    yield f"loracfg.audit.spark, local[2]: {seconds:.1f} s; {bench.check_table(table)}"


def _names(bench: Bench) -> pyarrow.Table:
    return pyarrow.table({"source": [f"hf://{name_of(n)}" for n in range(bench.adapters)]})


def _options(bench: Bench) -> Options:
    return Options(base=str(bench.fleet.work / "base"))


def _words(bench: Bench, what: str, found: Watched, output: str) -> str:
    requests = bench.fleet.hub.counts(reset=True).get("requests", 0)
    return (
        f"{what}: {found.seconds:.1f} s, {found.cpu:.1f} s of CPU, "
        f"{requests / bench.adapters:.3f} requests an adapter; {bench.check(output)}"
    )


STEPS: Final[tuple[Callable[[Bench], Iterator[str]], ...]] = (
    local,
    workers,
    nodes,
    killed,
    driver,
    limited,
    pipeline,
    spark,
)


def main() -> None:
    """Run steps, and print what they took."""
    names = [step.__name__ for step in STEPS]
    parser = argparse.ArgumentParser(prog="python -m tests.audit.ray_cluster", description=__doc__)
    parser.add_argument("--adapters", type=int, default=2_000)
    parser.add_argument("steps", nargs="*", choices=[*names, []], metavar="STEP")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        running_hub(HubOptions(options.adapters)) as hub,
    ):
        work = Path(folder)
        make_without_checkpoint(work)
        bench = Bench(Fleet(hub, work, 2), options.adapters)
        os.environ.update(bench.fleet.environment())  # of all that is started, such as clusters
        os.environ["RAY_TMPDIR"] = folder  # where programs look for a cluster on this machine
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(ROOT), *sys.path)))
        bench.run("expected")
        parts = newest_runs(work / "expected")[0].parts
        rows = pyarrow.concat_tables(parquet.read_table(path) for path in parts)
        hub.counts(reset=True)
        bench = bench._replace(expected=digest_of(rows))
        for step in STEPS:
            if step.__name__ in (options.steps or names):
                for line in step(bench):
                    sys.stdout.write(f"{line}\n")
                    sys.stdout.flush()


if __name__ == "__main__":
    main()
