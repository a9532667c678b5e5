"""Draws inputs and counts on which of them readers differ; see the package."""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, Final

from tests import fuzz
from tests.fuzz import chunks
from tests.fuzz.chunks import CHUNK, COMPARED, TARGETS, draw

FOLDER: Final = Path.home() / ".cache" / "loracfg" / "fuzz"
CHUNKS: Final = 16
"""Chunks of a generation, after which the corpus grows."""


class Corpus:
    """The inputs that a target has found, in order, each the first of its way; kept in a folder."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder / name
        self.differences = folder / f"{name}-differences"
        for path in (self.folder, self.differences):
            path.mkdir(parents=True, exist_ok=True)
        self._index = folder / f"{name}.jsonl"
        self.inputs = chunks.target_of(name).seeds()
        self.ways: set[str] = set()
        if self._index.exists():
            for line in self._index.read_text("utf-8").splitlines():
                digest, way = json.loads(line)
                self.inputs.append((self.folder / digest).read_bytes())
                self.ways.add(way)

    def add(self, found: list[tuple[str, bytes]]) -> None:
        """Add inputs whose ways are new."""
        with self._index.open("a", encoding="utf-8") as index:
            for way, data in found:
                if way in self.ways:
                    continue
                self.ways.add(way)
                self.inputs.append(data)
                digest = _write(self.folder, data)
                index.write(json.dumps([digest, way]) + "\n")

    def keep_differences(self, found: list[tuple[str, bytes]]) -> None:
        """Keep inputs on which readers differ, and say the first of each kind."""
        for what, data in found:
            print(f"  {_write(self.differences, data)}: {what[:300]}", flush=True)  # noqa: T201


def _write(folder: Path, data: bytes) -> str:
    digest = hashlib.sha256(data).hexdigest()[:20]
    (folder / digest).write_bytes(data)
    return digest


def fuzz_target(name: str, options: argparse.Namespace, pool: ProcessPoolExecutor | None) -> int:
    """Draw inputs for a target until there were enough; return how many differences are new."""
    options.corpus.mkdir(parents=True, exist_ok=True)
    record = options.corpus / f"{name}.json"
    done: dict[str, Any] = json.loads(record.read_text("utf-8")) if record.exists() else {}
    corpus = Corpus(options.corpus, name)
    state = done.setdefault(str(options.seed), {"inputs": 0, "differences": 0, "seconds": 0.0})
    started, before, known = time.monotonic(), state["inputs"], state["differences"]
    while state["inputs"] < options.inputs:
        first = state["inputs"] // CHUNK
        tasks = [
            (name, options.seed, first + i, corpus.inputs, frozenset(corpus.ways), options.watch)
            for i in range(CHUNKS)
        ]
        drawn = pool.map(draw, *zip(*tasks, strict=True)) if pool else (draw(*one) for one in tasks)
        for chunk in drawn:
            corpus.add(chunk.new)
            corpus.keep_differences(chunk.different)
            state["inputs"] += chunk.inputs
            state["differences"] += len(chunk.different)
            state["deep"] = state.get("deep", 0) + chunk.deep
            state["seconds"] = round(state["seconds"] + chunk.seconds, 2)
        record.write_text(json.dumps(done) + "\n", encoding="utf-8")
    rate = state["inputs"] / max(state["seconds"], 0.01)
    wall = (state["inputs"] - before) / max(time.monotonic() - started, 0.01)
    print(  # noqa: T201
        f"{name}: {state['inputs']:,} inputs ({before:,} of them before), {rate:,.0f} a second of "
        f"a processor, {wall:,.0f} a second now, corpus {len(corpus.inputs):,}, "
        f"{100 * state.get('deep', 0) // state['inputs']} % understood, "
        f"{state['differences']} {'forbidden' if options.watch else 'differences'}"
        f"{f', {known} of them before' if known else ''}",
        flush=True,
    )
    return int(state["differences"] - known)


def replay(files: list[Path], *, is_watched: bool = False) -> int:
    """Judge inputs again that were kept; the folder of each says of which target they are."""
    found = 0
    for file in files:
        name = file.resolve().parent.name.removesuffix("-differences")
        judge = chunks.watched(name) if is_watched else chunks.target_of(name).judge
        answer = judge(file.read_bytes())
        found += bool(answer.difference)
        print(f"{file.name}: {answer.difference or f'no difference: {answer.way}'}")  # noqa: T201
    return found


def main() -> int:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.fuzz",
        description=fuzz.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("targets", nargs="*", help=f"of {', '.join(TARGETS)}; all if none")
    parser.add_argument("--inputs", type=int, default=40_000, help="for each, those before counted")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--corpus", type=Path, default=FOLDER)
    parser.add_argument("--watch", action="store_true", help="forbid what no input may cause")
    parser.add_argument("--replay", type=Path, nargs="+", metavar="FILE")
    options = parser.parse_args()
    if options.replay:
        return 1 if replay(options.replay, is_watched=options.watch) else 0
    if unknown := set(options.targets) - TARGETS.keys():
        parser.error(f"no target {', '.join(sorted(unknown))}")
    names = options.targets or list(TARGETS if options.watch else COMPARED)
    if options.watch and options.corpus == FOLDER:
        options.corpus = FOLDER.with_name("watched")
    if options.jobs == 1:
        return 1 if sum(fuzz_target(name, options, None) for name in names) else 0
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(options.jobs, spawn) as pool:
        return 1 if sum(fuzz_target(name, options, pool) for name in names) else 0


if __name__ == "__main__":
    sys.exit(main())
