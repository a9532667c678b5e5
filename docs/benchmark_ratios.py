"""Compare what loracfg costs with its history, as ratios that hold on any machine.

python -m docs.benchmark_ratios             measures, and exits with 1 if a ratio has grown
python -m docs.benchmark_ratios --record    also adds the measurement to docs/benchmark_ratios.jsonl

Each ratio is CPU time of loracfg over CPU time of something that is not ours, measured in turn, so
that a slow or busy machine slows both. The least of many runs is taken.
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import loracfg
from docs.benchmark import change
from tests.llama8b import make_without_checkpoint

ROOT: Final = Path(__file__).resolve().parents[1]
HISTORY: Final = ROOT / "docs/benchmark_ratios.jsonl"
RUNS: Final = 15
LIMIT: Final = 1.3
"""A ratio may be so many times the median of the latest ones: noise is a tenth to a fifth."""
LATEST: Final = 5

RATIOS: Final = {
    "start": "`loracfg validate` of an adapter as large as Llama 3 8B's, over starting Python",
    "judge": "judging such an adapter in a running process, over `json.loads` of its header",
}


def main() -> int:
    """Measure, compare and record; return 1 if a ratio has grown."""
    parser = argparse.ArgumentParser(prog="python -m docs.benchmark_ratios", description=__doc__)
    parser.add_argument("--record", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measured = measure(Path(folder))
    python = ".".join(platform.python_version_tuple()[:2])
    history = [json.loads(line) for line in HISTORY.read_text("utf-8").splitlines()]
    grown = list(compare(measured, history, python))
    for name, text in RATIOS.items():
        sys.stdout.write(f"{measured[name]:8.1f}  {text}\n")
    sys.stdout.write("".join(f"{line}\n" for line in grown))
    if options.record:
        record(measured, python)
    return int(bool(grown))


def measure(folder: Path) -> dict[str, float]:
    """Return the ratios, in a folder that may be written to."""
    adapter, config = make_without_checkpoint(folder)
    command = ["-m", "loracfg", "validate", f"{adapter}", "--base", f"{config}"]
    started, bare = least(lambda: of_process(*command), lambda: of_process("-I", "-c", "pass"))
    header = header_of(adapter / "adapter_model.safetensors")
    adapters = different(adapter, folder / "different")
    judged, parsed = least(
        lambda: of_call(lambda: judge(next(adapters), config)),
        lambda: of_call(lambda: json.loads(header)),
    )
    return {"start": started / bare, "judge": judged / parsed}


def least(ours: Callable[[], float], theirs: Callable[[], float]) -> tuple[float, float]:
    """Return the least time of each, run in turn; the first of each fills the caches."""
    times = [(ours(), theirs()) for _ in range(RUNS + 1)][1:]
    return min(ours for ours, _ in times), min(theirs for _, theirs in times)


def of_process(*arguments: str) -> float:
    """Return the CPU time of a Python process, in seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def of_call(call: Callable[[], object]) -> float:
    """Return the CPU time of a call in this process, in seconds."""
    before = time.process_time()
    call()
    return time.process_time() - before


def judge(adapter: Path, base: Path) -> None:
    """Judge an adapter, which is valid."""
    (report,) = loracfg.validate(adapter, base=base).adapters
    assert report.status == "valid", report


def different(adapter: Path, folder: Path) -> Iterator[Path]:
    """Yield copies of an adapter whose configs differ, so that no cache has the answer."""
    number = 0
    while True:
        number += 1
        copy = folder / str(number)
        copy.mkdir(parents=True)
        change(adapter / "adapter_config.json", copy, lora_alpha=32 + number)
        (copy / "adapter_model.safetensors").hardlink_to(adapter / "adapter_model.safetensors")
        yield copy


def header_of(path: Path) -> bytes:
    """Return the header of a file of safetensors: its length is in the first 8 bytes."""
    with path.open("rb") as file:
        return file.read(int.from_bytes(file.read(8), "little"))


def compare(
    measured: Mapping[str, float], history: Sequence[Mapping[str, Any]], python: str
) -> Iterator[str]:
    """Yield a line for each ratio that is above its limit.

    Records of a different Python are left out: its own speed changes the ratios.
    """
    for name, ratio in measured.items():
        known = [one["ratios"][name] for one in history if one["python"] == python][-LATEST:]
        if known and ratio > LIMIT * statistics.median(known):
            usual, limit = statistics.median(known), LIMIT * statistics.median(known)
            yield f"`{name}` has grown: {ratio:.1f}, usually {usual:.1f} (limit {limit:.1f})"


def record(measured: Mapping[str, float], python: str) -> None:
    """Add a line to the history."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short=12", "HEAD"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    line = {
        "date": datetime.now(UTC).date().isoformat(),
        "commit": commit,
        "python": python,
        "ratios": {name: round(ratio, 2) for name, ratio in measured.items()},
    }
    with HISTORY.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    sys.exit(main())
