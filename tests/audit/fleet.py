"""Audit a simulated Hub, with kills at random moments, and print what it took.

    python -m tests.audit.fleet --adapters 100000 --kills 20 --jobs 2

First a run that is left alone, whose figures count, and the same again with nothing changed, by
query and by list; then one that is killed (`kill -9`) and goes on, whose rows have to be those of
the first, each exactly once.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from pyarrow import parquet

from loracfg.audit.result_files import newest_runs
from loracfg.audit.result_schema import TIMES
from tests.audit.generated_fleet import name_of
from tests.audit.simulated_hub import HubOptions, SimulatedHub, running_hub
from tests.llama8b import make_without_checkpoint

ROOT: Final = Path(__file__).resolve().parents[2]
QUERY: Final = "hf://models?filter=peft"
_PROGRAM: Final = """
import json, re, resource, sys
from pathlib import Path
from loracfg.cli import main
status = 0
try:
    main()
except SystemExit as ended:
    status = ended.code
own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
cpu = [one.ru_utime + one.ru_stime for one in (own, others)]
# The peak that `getrusage` gives may be that of the process that started this one.
peak = int(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1])
print(json.dumps([*cpu, peak, others.ru_maxrss]), file=sys.stderr)
sys.exit(status)
"""


class Run(NamedTuple):
    """What a run took: seconds, CPU seconds and peak MiB of the program and its processes."""

    status: int
    seconds: float
    own_cpu: float
    other_cpu: float
    own_peak: float
    other_peak: float

    @property
    def cpu(self) -> float:
        """The CPU seconds of all processes."""
        return self.own_cpu + self.other_cpu


class Fleet(NamedTuple):
    """A Hub, and a folder to work in."""

    hub: SimulatedHub
    work: Path
    jobs: int

    def command(self, output: str, *sources: str) -> list[str]:
        """Return the command of an audit."""
        options = ["--output", str(self.work / output), "--base", str(self.work / "base")]
        return ["audit", *(sources or (QUERY,)), *options, "-j", str(self.jobs), "--quiet"]

    def environment(self) -> dict[str, str]:
        """Return an environment in which the Hub is this one."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("HF_", "HUGGING"))}
        return kept | {
            "HF_ENDPOINT": self.hub.address,
            "HF_HUB_CACHE": str(self.work / "hub"),
            "HF_HOME": str(self.work / "home"),
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "NO_PROXY": "127.0.0.1",
        }

    def run(self, output: str, *sources: str, more: Sequence[str] = ()) -> Run:
        """Run an audit to its end."""
        command = [sys.executable, "-c", _PROGRAM, *self.command(output, *sources), *more]
        started = time.perf_counter()
        done = subprocess.run(
            command, env=self.environment(), cwd=ROOT, capture_output=True, text=True, check=False
        )
        seconds = time.perf_counter() - started
        lines = done.stderr.splitlines()
        try:
            own, others, peak, other_peak = json.loads(lines[-1])
        except (IndexError, ValueError):
            raise AssertionError(done.stderr) from None
        return Run(done.returncode, seconds, own, others, peak / 1024, other_peak / 1024)

    def run_for(self, output: str, seconds: float, *sources: str) -> int | None:
        """Run an audit, kill it after some seconds, and return its status if it ended before."""
        command = [sys.executable, "-m", "loracfg", *self.command(output, *sources)]
        process = subprocess.Popen(
            command, env=self.environment(), cwd=ROOT, stderr=subprocess.DEVNULL
        )
        try:
            return process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            return None

    def rows(self, output: str) -> list[dict[str, Any]]:
        """Return the rows of the newest run, in the order of their sources, without times."""
        return rows_of(self.work / output)


def rows_of(output: Path) -> list[dict[str, Any]]:
    """Return the rows of the newest run in a folder, in the order of their sources."""
    found = [
        {name: value for name, value in row.items() if name not in TIMES}
        for path in newest_runs(output)[0].parts
        for row in parquet.read_table(path).to_pylist()
    ]
    return sorted(found, key=lambda row: str(row["source"]))


def twice(rows: Sequence[dict[str, Any]]) -> list[str]:
    """Return the sources that have more than one row."""
    return [name for name, count in Counter(row["source"] for row in rows).items() if count > 1]


def kill_until_done(fleet: Fleet, output: str, kills: int, seconds: float, seed: int) -> int:
    """Run an audit with kills at random moments, and return how many there were."""
    draw = random.Random(seed)  # noqa: S311  # nothing is kept secret by it
    for number in range(kills):
        share = seconds / max(1, kills)
        if fleet.run_for(output, draw.uniform(0.3, 1.2) * share + 1.0) is not None:
            return number
    return kills


def measured(fleet: Fleet, adapters: int, kills: int, seed: int) -> Iterator[str]:
    """Run everything, and yield lines with the figures.

    Raises:
        AssertionError: rows are lost, doubled or different.
    """
    expected = sorted(f"hf://{name_of(number)}" for number in range(adapters))
    alone = fleet.run("alone")
    assert alone.status == 0, alone
    counts = fleet.hub.counts(reset=True)
    rows = fleet.rows("alone")
    assert [row["source"] for row in rows] == expected
    yield (
        f"first run: {adapters} adapters in {alone.seconds:.1f} s, {alone.cpu:.1f} s of CPU: "
        f"{adapters / alone.cpu:.0f} a second a core; {counts['requests'] / adapters:.3f} requests "
        f"an adapter; peak {alone.own_peak:.0f} MiB, each process {alone.other_peak:.0f} MiB; "
        f"{dict(Counter(row['status'] for row in rows))}"
    )
    yield (
        f"bytes of an adapter: {counts['bytes'] / adapters:.0f} from the server, "
        f"{_size(fleet, 'results/*.parquet') / adapters:.0f} in Parquet, "
        f"{_size(fleet, 'known.sqlite*') / adapters:.0f} in the database"
    )
    again = fleet.run("alone")
    counts = fleet.hub.counts(reset=True)
    assert (again.status, fleet.rows("alone")) == (0, rows)
    yield (
        f"second run: {again.seconds:.1f} s, {again.cpu:.1f} s of CPU: "
        f"{alone.seconds / again.seconds:.1f} x faster, {alone.cpu / again.cpu:.1f} x less CPU; "
        f"{counts.get('requests', 0) / adapters:.3f} requests an adapter; "
        f"peak {again.own_peak:.0f} MiB"
    )
    names = fleet.work / "ids.txt"
    names.write_text("".join(f"hf://{name_of(number)}\n" for number in range(adapters)))
    listed = fleet.run("alone", str(names))
    counts = fleet.hub.counts(reset=True)
    assert (listed.status, fleet.rows("alone")) == (0, rows)
    yield (
        f"a list of the same ids, without commits: {listed.seconds:.1f} s, "
        f"{counts['requests'] / adapters:.3f} requests an adapter"
    )
    if kills:
        done = kill_until_done(fleet, "killed", kills, alone.seconds, seed)
        last = fleet.run("killed")
        counts = fleet.hub.counts(reset=True)
        killed = fleet.rows("killed")
        assert last.status == 0
        assert not twice(killed)
        assert killed == rows
        yield (
            f"{done} x kill -9: the same {len(killed)} rows, none lost, none twice; "
            f"{counts['requests'] / adapters:.3f} requests an adapter"
        )


def _size(fleet: Fleet, pattern: str) -> int:
    return sum(path.stat().st_size for path in (fleet.work / "alone").glob(pattern))


def main() -> None:
    """Run it, and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.audit.fleet", description=__doc__)
    parser.add_argument("--adapters", type=int, default=2_000)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        running_hub(HubOptions(options.adapters)) as hub,
    ):
        work = Path(folder)
        make_without_checkpoint(work)
        fleet = Fleet(hub, work, options.jobs)
        for line in measured(fleet, options.adapters, options.kills, options.seed):
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
