"""Measure loracfg and write docs/performance.md.

python -m docs.benchmark --light PYTHON

PYTHON is the Python of an environment with only loracfg; this one needs the extra `test`. Both
commands of the first comparison alternate, so that other load on the machine slows both.
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
from typing import Any, Final

from tests.llama8b import make_without_checkpoint

ROOT: Final = Path(__file__).resolve().parents[1]
SCRIPT: Final = ROOT / "docs/examples/with_transformers.py"
ADAPTERS: Final = 2000
KINDS: Final = 4

THROUGHPUT: Final = """
import json, os, sys, time
import loracfg
work = json.load(open(sys.argv[1]))
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
def run(pairs):
    for adapter, base in pairs:
        (report,) = loracfg.validate(adapter, loracfg.Options(base=base)).adapters
        assert report.status == "valid", report
run(work["warm"])
started = time.perf_counter()
run(work["pairs"])
print(len(work["pairs"]) / (time.perf_counter() - started))
"""


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(prog="python -m docs.benchmark", description=__doc__)
    parser.add_argument("--light", required=True, help="Python of an environment without torch")
    parser.add_argument("--runs", type=int, default=15)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        adapter, config = make_without_checkpoint(work)
        command = str(Path(options.light).with_name("loracfg"))
        light = [command, "validate", str(adapter), "--base", str(config)]
        heavy = [sys.executable, str(SCRIPT), str(adapter), str(config)]
        ours, theirs = compare(light, heavy, options.runs)
        differs = throughput(options.light, work, adapter, config, ADAPTERS)
        repeats = throughput(options.light, work, adapter, config, KINDS)
    text = page(ours, theirs, differs, repeats, options.runs)
    (ROOT / "docs/performance.md").write_text(text, "utf-8")


def compare(first: list[str], second: list[str], runs: int) -> tuple[float, float]:
    """Return the medians of two commands that run in turn, in seconds."""
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(runs + 1):
        for command, found in zip((first, second), times, strict=True):
            started = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True, cwd=ROOT.parent)
            if number:  # the first of each fills the caches
                found.append(time.perf_counter() - started)
    return statistics.median(times[0]), statistics.median(times[1])


def throughput(python: str, work: Path, adapter: Path, base: Path, kinds: int) -> float:
    """Return the adapters per second that one core validates; `kinds` of them are different."""
    pairs = [pair(work / f"{kinds}" / str(n), adapter, base, n % kinds) for n in range(ADAPTERS)]
    warm = [pair(work / f"{kinds}" / f"w{n}", adapter, base, -1 - n) for n in range(3)]
    listed = work / f"{kinds}.json"
    listed.write_text(json.dumps({"warm": warm, "pairs": pairs}))
    command = [python, "-c", THROUGHPUT, str(listed)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT.parent)
    return float(done.stdout)


def pair(folder: Path, adapter: Path, base: Path, number: int) -> tuple[str, str]:
    """Copy an adapter and a base, with a number in their configs that makes them different."""
    for name in ("adapter", "base"):
        (folder / name).mkdir(parents=True)
    change(adapter / "adapter_config.json", folder / "adapter", lora_alpha=32 + number)
    change(base / "config.json", folder / "base", vocab_size=128256 + number)
    weights = "adapter_model.safetensors"
    os.link(adapter / weights, folder / "adapter" / weights)
    return str(folder / "adapter"), str(folder / "base")


def change(source: Path, target: Path, **values: Any) -> None:
    """Copy a JSON file to a folder, with some values changed."""
    target.joinpath(source.name).write_text(json.dumps(json.loads(source.read_text()) | values))


def page(ours: float, theirs: float, differs: float, repeats: float, runs: int) -> str:
    """Return the page."""
    script = SCRIPT.read_text("utf-8").strip()
    where = f"{platform.machine()}, Python {platform.python_version()}"
    return f"""# Performance

Measured by `python -m docs.benchmark` on {where}, in one run: an adapter with the shapes of Llama
3 8B (448 tensors) is validated against the `config.json` of its base.

| | Median of {runs} |
|---|--:|
| `loracfg validate adapter --base base`: the whole process, without torch | {ours * 1000:.0f} ms |
| the script below: transformers and PEFT | {theirs * 1000:.0f} ms |
| speedup | {theirs / ours:.0f} |

{ADAPTERS} adapters on disk, in one process on one core:

| | Adapters per second |
|---|--:|
| all adapter configs and base configs differ | {differs:.0f} |
| {KINDS} different adapter configs and {KINDS} base configs | {repeats:.0f} |

This is the shortest script that answers part of the same question:

```python
{script}
```
"""


if __name__ == "__main__":
    main()
