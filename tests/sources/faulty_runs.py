"""Validate adapters from a server that misbehaves, with limits of less than a second.

    python -m tests.sources.faulty_runs --runs 10000 --seed 1

draws faults for the files of adapters, and prints how long a run took at most.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final, NamedTuple

from loracfg.engine.engine import Engine
from loracfg.errors import LoracfgError
from loracfg.report.report import AdapterReport
from loracfg.rules.unjudged import CRASHED, unreadable_report
from loracfg.sources.address import HubAddress, StoreAddress, WebAddress, parse_address
from loracfg.sources.remote.limits import WebLimits
from loracfg.sources.remote.opening import open_remote
from loracfg.sources.remote.ranged_file import FIRST_BYTES
from loracfg.sources.source import NO_SUCH_PATH, SourceError
from tests.sources.adapters import CONFIG, WEIGHTS, adapter, packed
from tests.sources.faults import FAULTS
from tests.sources.faulty_server import FaultyServer, serving_faults

LIMITS: Final = WebLimits(
    connect_seconds=0.4,
    silent_seconds=0.3,
    begin_seconds=0.5,
    least_rate=2_000_000,
    longest_wait=0.2,
    pause=0.02,
    whole_bytes=1 << 20,
)
SLACK: Final = 1.0
"""Seconds for what is not waiting, on a machine that has other work."""
LONGEST_READ: Final = (
    2 * LIMITS.begin_seconds
    + LIMITS.longest_wait
    + LIMITS.connect_seconds
    + LIMITS.seconds_for(5 * FIRST_BYTES)
)
READS: Final = 4
"""The reads of an adapter: its config, its weights by two names, and the rest of a long header."""


def files() -> dict[str, bytes]:
    """Return what the server has: an adapter with a long header, alone and in an archive."""
    found = adapter("metadata padded 100000")
    return found | {"lora.safetensors": found[WEIGHTS], "all.zip": packed(adapter(), "zip")}


class Run(NamedTuple):
    """A URL, the report on the adapter there, and the seconds that it took."""

    url: str
    report: AdapterReport
    seconds: float


def judge(url: str, limits: WebLimits = LIMITS) -> Run:
    """Validate the adapter at a URL as `Engine.validate` does, within other limits."""
    address = parse_address(url)
    assert isinstance(address, HubAddress | WebAddress | StoreAddress)
    begin = time.monotonic()
    try:
        (source,) = open_remote(address, limits)
        report = source.placed(Engine().open_files(source.files, source.name).report)
    except LoracfgError as error:
        code = error.code if isinstance(error, SourceError) else NO_SUCH_PATH
        report = unreadable_report(code, str(address), error.message, error.help)
    return Run(url, report, time.monotonic() - begin)


PLACES: Final = ("", f"@{CONFIG}", f"@{WEIGHTS}", "@1", "@2")
ENDS: Final = ("a", "a", "a/", f"a/{CONFIG}", "a/lora.safetensors", "a/all.zip")


def drawn(count: int, seed: int, address: str) -> Iterator[str]:
    """Draw the URLs of adapters with a fault."""
    draw = random.Random(seed)  # noqa: S311  # nothing is kept secret by it
    names = sorted(FAULTS)
    for number in range(count):
        fault, place, end = draw.choice(names), draw.choice(PLACES), draw.choice(ENDS)
        yield f"{address}/{fault}{place}/{number}/{end}?key=s3cret"


def check(run: Run) -> None:
    """Check that a run ended in time, with an answer that has no secret."""
    assert run.seconds < READS * LONGEST_READ + SLACK, run
    assert "s3cret" not in repr(run.report), run
    assert run.report.status != "valid" or not run.report.diagnostics, run
    assert all(gap.why != CRASHED for gap in run.report.not_checked), run
    for found in run.report.diagnostics:
        assert found.code != "LC901", run
        assert found.help or run.report.status != "error", run


def run_all(urls: Iterable[str], workers: int = 24) -> list[Run]:
    """Validate adapters at the same time, since most of it is waiting."""
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(judge, urls))


def serve_both() -> Iterator[FaultyServer]:
    """Serve faults from one host, with another one to redirect to."""
    with serving_faults(files()) as sound:
        others = {"sound": f"{sound.address}/sound"}
        with serving_faults(files(), others) as server:
            yield server


def main() -> None:
    """Run many, and print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    for server in serve_both():
        runs = run_all(drawn(options.runs, options.seed, server.address))
    for run in runs:
        check(run)
    statuses = Counter(run.report.status for run in runs)
    longest = max(runs, key=lambda run: run.seconds)
    sys.stdout.write(
        f"{len(runs)} runs: {dict(sorted(statuses.items()))}; the longest took "
        f"{longest.seconds:.2f} s of {READS * LONGEST_READ:.2f} s ({longest.url})\n"
    )


if __name__ == "__main__":
    main()
