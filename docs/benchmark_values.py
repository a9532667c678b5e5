"""Measure how fast values are read, and write docs/values_performance.md.

python -m docs.benchmark_values

One core reads a bfloat16 weight file from the page cache, alternating between `--data` and
safetensors with `torch.isfinite`. Needs the extra `test`.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]

MAKE: Final = """
import sys, torch
from safetensors.torch import save_file
torch.manual_seed(0)
name = "base_model.model.model.layers.{}.self_attn.q_proj.lora_{}.weight"
shapes = {"A": (256, 8192), "B": (8192, 256)}
save_file(
    {name.format(n, part): torch.randn(shape).bfloat16()
     for n in range(int(sys.argv[2])) for part, shape in shapes.items()},
    sys.argv[1],
)
"""
PIN: Final = """
import os, resource, sys, time
os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
path, size = sys.argv[1], os.path.getsize(sys.argv[1])
"""
OURS: Final = """
from loracfg.adapter.header.safetensors_file import read_safetensors
from loracfg.adapter.tensor_values import AdapterValues
import numpy
with open(path, "rb") as stream:
    header, _ = read_safetensors(stream, size, path)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
started = time.perf_counter()
values = AdapterValues(lambda: open(path, "rb"), header)
seconds = time.perf_counter() - started
assert not any(v.not_finite or v.is_zero for v in values.tensors.values())
"""
THEIRS: Final = """
import torch
from safetensors.torch import load_file
torch.set_num_threads(1)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
started = time.perf_counter()
tensors = load_file(path)
fine = all(bool(torch.isfinite(t).all()) for t in tensors.values())
fine = fine and all(bool((t != 0).any()) for t in tensors.values())
seconds = time.perf_counter() - started
assert fine
"""
PRINT: Final = """
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(size / seconds / 1e9, (after - before) / 1024)
"""


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(prog="python -m docs.benchmark_values", description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--layers", type=int, default=256)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "weights.safetensors")
        run(MAKE, str(path), str(options.layers))
        ours, theirs = in_turn(path, options.runs)
        size = path.stat().st_size
    text = page(ours, theirs, size, options.runs)
    (ROOT / "docs/values_performance.md").write_text(text, "utf-8")


Figures = tuple[float, float]
"""GB per second, and additional peak memory in MB."""


def in_turn(path: Path, runs: int) -> tuple[Figures, Figures]:
    """Return the medians of both."""
    found: dict[str, list[Figures]] = {OURS: [], THEIRS: []}
    for number in range(runs + 1):
        for program, figures in found.items():
            rate, grown = map(float, run(PIN + program + PRINT, str(path)).split())
            if number:  # the first fills the page cache
                figures.append((rate, grown))
    ours, theirs = (
        (statistics.median(f[0] for f in figures), statistics.median(f[1] for f in figures))
        for figures in found.values()
    )
    return ours, theirs


def run(program: str, *arguments: str) -> str:
    """Run a program and return what it prints."""
    command = [sys.executable, "-W", "ignore", "-c", program, *arguments]
    env = os.environ | {"OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT, env=env)
    return done.stdout


def page(ours: Figures, theirs: Figures, size: int, runs: int) -> str:
    """Return the page."""
    where = f"{platform.machine()}, Python {platform.python_version()}"
    return f"""# Performance of reading values

Measured by `python -m docs.benchmark_values` on {where}, in one run: medians of {runs} alternating
processes for each, on one core. A weight file with {size / 1e9:.1f} GB of bfloat16, in the page
cache, is searched for non-finite values and zero tensors.

| | GB per second | Additional peak memory |
|---|--:|--:|
| `loracfg validate --data` (its reader alone) | {ours[0]:.1f} | {ours[1]:.0f} MB |
| `safetensors.torch.load_file`, `torch.isfinite` and a comparison with 0 | {theirs[0]:.1f} | \
{theirs[1]:.0f} MB |
"""


if __name__ == "__main__":
    main()
