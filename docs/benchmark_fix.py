"""Measure how fast a weight file is rewritten, and write docs/fix_performance.md.

python -m docs.benchmark_fix

`loracfg fix`, `cp` and safetensors alternate in writing a copy of a 10 GB weight file whose tensors
must all be renamed. Needs 20 GB of disk and the extra `test`.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).resolve().parents[1]

MAKE: Final = """
import json, os, sys
from pathlib import Path
from loracfg.config.model.lora_config import LoraConfig
folder, layers = Path(sys.argv[1]), int(sys.argv[2])
name = "base_model.model._orig_mod.model.layers.{}.self_attn.q_proj.lora_{}.weight"
shapes = {"A": (4096, 8192), "B": (8192, 4096)}
header, end = {}, 0
for number in range(layers):
    for part, shape in shapes.items():
        begin, end = end, end + 2 * shape[0] * shape[1]
        entry = {"dtype": "BF16", "shape": shape, "data_offsets": [begin, end]}
        header[name.format(number, part)] = entry
text = json.dumps(header).encode()
text += b" " * (-len(text) % 8)
with open(folder / "adapter_model.safetensors", "wb") as stream:
    stream.write(len(text).to_bytes(8, "little") + text)
    block = os.urandom(1 << 20)
    for _ in range(end >> 20):
        stream.write(block)
LoraConfig(r=4096, target_modules=["q_proj"], task_type="CAUSAL_LM").save_pretrained(folder)
"""
FIX: Final = """
import sys, loracfg
loracfg.fix(sys.argv[1]).write(sys.argv[2])
"""
LIBRARY: Final = """
import sys
from pathlib import Path
from safetensors.torch import load_file, save_file
name = "adapter_model.safetensors"
Path(sys.argv[2]).mkdir()
tensors = load_file(Path(sys.argv[1], name))
renamed = {key.replace("_orig_mod.", ""): tensor for key, tensor in tensors.items()}
save_file(renamed, Path(sys.argv[2], name), {"format": "pt"})
"""
MEASURED: Final = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
"""


class Figures(NamedTuple):
    """The seconds until a copy is on disk, and the peak memory in MB."""

    seconds: float
    memory: float


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(prog="python -m docs.benchmark_fix", description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--layers", type=int, default=75)
    parser.add_argument("--folder", help="where there is room, by default the temporary folder")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as root:
        source = Path(root, "adapter")
        source.mkdir()
        python = [sys.executable, "-W", "ignore", "-c"]
        run([*python, MAKE, str(source), str(options.layers)])
        ways = {
            "`loracfg fix`": [*python, FIX],
            "`cp -r`": ["cp", "-r"],
            "`safetensors.torch.load_file`, renaming, `save_file`": [*python, LIBRARY],
        }
        found = in_turn(ways, source, Path(root, "copy"), options.runs)
        size = (source / "adapter_model.safetensors").stat().st_size
    (ROOT / "docs/fix_performance.md").write_text(page(found, size, options.runs), "utf-8")


def in_turn(ways: dict[str, list[str]], source: Path, copy: Path, runs: int) -> dict[str, Figures]:
    """Return the medians for each way."""
    found: dict[str, list[Figures]] = {name: [] for name in ways}
    for _ in range(runs):
        for name, command in ways.items():
            os.sync()
            found[name].append(timed([*command, str(source), str(copy)]))
            shutil.rmtree(copy)
    return {
        name: Figures(*(statistics.median(values) for values in zip(*figures, strict=True)))
        for name, figures in found.items()
    }


def timed(command: list[str]) -> Figures:
    """Run a command; the time includes writing to disk."""
    started = time.perf_counter()
    memory = float(run([sys.executable, "-c", MEASURED, *command]))
    os.sync()
    return Figures(time.perf_counter() - started, memory)


def run(command: list[str]) -> str:
    """Run a command and return what it prints."""
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    return done.stdout


def page(found: dict[str, Figures], size: int, runs: int) -> str:
    """Return the page."""
    where = f"{platform.machine()}, Python {platform.python_version()}"
    rows = "\n".join(
        f"| {name} | {figures.seconds:.1f} | {size / figures.seconds / 1e9:.2f} | "
        f"{figures.memory:.0f} MB |"
        for name, figures in found.items()
    )
    return f"""# Performance of repairs

Measured by `python -m docs.benchmark_fix` on {where}, in one run: medians of {runs} alternating
processes for each, measured until the copy is on disk. All tensors of a weight file of
{size / 1e9:.1f} GB are renamed; `cp` only copies.

| | Seconds | GB per second | Peak memory |
|---|--:|--:|--:|
{rows}
"""


if __name__ == "__main__":
    main()
