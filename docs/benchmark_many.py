"""Measure validation in one and two processes, and write docs/many_performance.md.

python -m docs.benchmark_many

Runs alternate, so that other load on the machine slows both. CPU time is that of all processes.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final, NamedTuple

from tests.llama8b import make_without_checkpoint

ROOT: Final = Path(__file__).resolve().parents[1]
ADAPTERS: Final = 10_000
FEW: Final = 100
"""The adapters of a run whose memory is compared."""
WEIGHTS: Final = "adapter_model.safetensors"

PROGRAM: Final = """
import json, re, resource, sys
from pathlib import Path
from loracfg.cli import main
try:
    main()
except SystemExit as ended:
    assert ended.code == 0, ended.code
own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
cpu = own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime
# The peak that `getrusage` gives may be that of the process that started this one.
peak = int(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1])
print(json.dumps([cpu, peak, others.ru_maxrss]), file=sys.stderr)
"""


class Run(NamedTuple):
    """What a run took: seconds, CPU seconds, and the peak memory of parent and children in MiB."""

    seconds: float
    cpu: float
    own: float
    workers: float


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(prog="python -m docs.benchmark_many", description=__doc__)
    parser.add_argument("--adapters", type=int, default=ADAPTERS)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        adapter, _ = make_without_checkpoint(work)
        for name, number in (("few", FEW), ("all", options.adapters)):
            write(work / name, adapter, number)
        few = [run(work, "few", jobs) for jobs in (1, 2)]
        pairs = [[run(work, "all", jobs) for jobs in (1, 2)] for _ in range(options.runs)]
    text = page(options.adapters, few, pairs)
    (ROOT / "docs/many_performance.md").write_text(text, "utf-8")


def write(folder: Path, adapter: Path, number: int) -> None:
    """Write adapters with different configs and the same weights."""
    values = json.loads((adapter / "adapter_config.json").read_text())
    for at in range(number):
        home = folder / f"adapter-{at}"
        home.mkdir(parents=True)
        (home / "adapter_config.json").write_text(json.dumps(values | {"lora_alpha": 32 + at}))
        os.link(adapter / WEIGHTS, home / WEIGHTS)


def run(work: Path, name: str, jobs: int) -> Run:
    """Validate a folder of adapters."""
    command = [sys.executable, "-c", PROGRAM, "validate", name, "--base", "base", "-j", str(jobs)]
    with (work / "report").open("w") as out:  # a pipe would need a reader, which takes a core
        started = time.perf_counter()
        done = subprocess.run(
            command, check=True, stdout=out, stderr=subprocess.PIPE, text=True, cwd=work
        )
        seconds = time.perf_counter() - started
    cpu, own, workers = json.loads(done.stderr.splitlines()[-1])
    return Run(seconds, cpu, own / 1024, workers / 1024)


def page(adapters: int, few: list[Run], pairs: list[list[Run]]) -> str:
    """Return the page."""
    where = f"{platform.machine()}, Python {platform.python_version()}"
    ratio = statistics.median(one.seconds / two.seconds for one, two in pairs)
    work = statistics.median(two.cpu / one.cpu for one, two in pairs)
    rows = "\n".join(
        f"| {at} | {adapters / one.seconds:.0f} | {adapters / two.seconds:.0f} "
        f"| {one.seconds / two.seconds:.2f} | {one.cpu:.1f} s | {two.cpu:.1f} s |"
        for at, (one, two) in enumerate(pairs, 1)
    )
    alone, together = zip(*pairs, strict=True)
    own = [max(one.own for one in runs) for runs in (alone, together)]
    workers = max(one.workers for one in together)
    return f"""# Performance of many adapters

Measured by `python -m docs.benchmark_many` on {where}: `loracfg validate all --base base`
on {adapters:,} adapters with the shapes of Llama 3 8B (448 tensors) and different configs. Runs
with one and two processes alternate.

| Run | Adapters per second, `-j 1` | `-j 2` | Ratio | CPU, `-j 1` | CPU, `-j 2` |
|---|--:|--:|--:|--:|--:|
{rows}

The median ratio is {ratio:.2f}. Two processes use {work:.2f} times the CPU of one, so two cores
without other load give up to {2 / work:.2f} times the rate.

| Peak memory | {FEW} adapters | {adapters:,} adapters |
|---|--:|--:|
| `-j 1` | {few[0].own:.0f} MiB | {own[0]:.0f} MiB |
| `-j 2`, the process that prints | {few[1].own:.0f} MiB | {own[1]:.0f} MiB |
| `-j 2`, each of the others | {few[1].workers:.0f} MiB | {workers:.0f} MiB |
"""


if __name__ == "__main__":
    main()
