"""How long the gates take: medians of CPU time, for adapters that they have not seen.

    python -m tests.serving.speed [ROUNDS]

Each round judges copies of an adapter for Llama 3.1 8B (448 tensors) with different names and
content, once without and once with a kept verdict, and adapters that are refused.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from loracfg_api.admitting import controller_of
from loracfg_api.settings import Settings

from loracfg.engine.caches import Caches
from loracfg.serving.admission.review import answer, read_review
from loracfg.serving.vllm.decisions import Decisions
from loracfg.serving.vllm.settings import read_gate_settings
from loracfg.testing.copies import CONFIG, WEIGHTS
from tests.llama8b import make
from tests.serving.resources import kserve

_ROUNDS: Final = 30
_WARM: Final = 3
_SETTLED: Final = 2.5
"""Seconds after which a verdict on files is kept."""


def milliseconds(work: Callable[[str], object], names: Iterable[str]) -> list[float]:
    """Return the CPU time of each call, in milliseconds."""
    found = []
    for name in names:
        started = time.process_time()
        work(name)
        found.append((time.process_time() - started) * 1000)
    return found


def copies(source: Path, root: Path, count: int, *, broken: bool = False) -> list[str]:
    """Write copies of an adapter below a root, each with a different config and header."""
    names = []
    for number in range(count):
        name = f"{'broken' if broken else 'sound'}-{number}"
        (root / name).mkdir(parents=True)
        config = json.loads((source / CONFIG).read_text())
        config["revision"] = f"r{number}"
        if broken:
            config["r"] += 1 + number
        (root / name / CONFIG).write_text(json.dumps(config))
        _stamp(source / WEIGHTS, root / name / WEIGHTS, number)
        names.append(name)
    return names


def _stamp(source: Path, target: Path, number: int) -> None:
    """Write weights with other metadata in their header; the data are a hole in the file."""
    with source.open("rb") as stream:
        length = int.from_bytes(stream.read(8), "little")
        header = json.loads(stream.read(length))
    header["__metadata__"] = {"format": "pt", "n": str(number)}
    text = json.dumps(header).encode()
    with target.open("wb") as stream:
        stream.write(len(text).to_bytes(8, "little") + text)
        stream.truncate(8 + len(text) + source.stat().st_size - 8 - length)


def measure(rounds: int) -> dict[str, list[float]]:
    """Return the times of each kind of call."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        adapter, base = make(folder)
        roots = folder / "roots"
        sound = copies(adapter, roots, rounds + _WARM)
        broken = copies(adapter, roots, rounds + _WARM, broken=True)
        time.sleep(_SETTLED)
        settings = read_gate_settings({"LORACFG_VLLM_ROOTS": str(roots)})
        gate = Decisions(settings, str(base), "0.33.0")
        found = {
            "vLLM, an adapter that passes": milliseconds(gate.decide, sound)[_WARM:],
            "vLLM, an adapter that is refused": milliseconds(gate.decide, broken)[_WARM:],
            "vLLM, with a kept verdict": milliseconds(gate.decide, [sound[0]] * (rounds + 2))[2:],
        }
        places = (f"s3://adapters={roots}", f"base={base}")
        service = Settings(admission_places=places, admission_for=("vllm==0.33",))
        controller = controller_of(service, Caches())

        def review(name: str) -> object:
            resource = kserve(f"s3://adapters/{name}", base="base")
            request = {"uid": "1", "operation": "CREATE", "object": resource}
            value = {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview"}
            asked = read_review({**value, "request": request})
            return answer(asked.uid, controller.rule(asked))

        found["admission, an adapter that passes"] = milliseconds(review, sound)[_WARM:]
        found["admission, an adapter that is refused"] = milliseconds(review, broken)[_WARM:]
        return found


def main() -> None:
    """Print the medians."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else _ROUNDS
    for name, times in measure(rounds).items():
        middle = statistics.median(times)
        sys.stdout.write(f"{name:<40} {middle:7.2f} ms (at most {max(times):.2f} ms)\n")


if __name__ == "__main__":
    main()
