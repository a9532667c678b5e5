"""Runs a loader in its environment, and judges what came of each adapter."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from safetensors.torch import load_file

from loracfg import Options, validate
from loracfg.engine.fronts import compat
from loracfg.runtimes.profile_files import names
from tests.oracles.adapters import Made, make
from tests.oracles.comparing import Seen, disagreement, seen
from tests.oracles.environments import Loader, python_of

_ROOT = Path(__file__).resolve().parents[2]


class Judged(NamedTuple):
    """An adapter that a loader was asked about; `line` is what there is to say of it, or empty."""

    name: str
    line: str
    disagrees: bool = False


def judged(loader: Loader, root: Path) -> list[Judged]:
    """Return what a loader made of each adapter, as the facts see it.

    The adapters are made below `root`, unless they are there. Skips the calling test where the
    loader's environment is missing, or what makes its bases.

    Raises:
        RuntimeError: if the loader ends before it answered for all.
    """
    python_of(loader)
    if "flux" in loader.bases:
        pytest.importorskip("diffusers", reason="the models of images are those of diffusers")
    found = [Judged(name, f"not asked: {why}") for name, why in loader.without.items()]
    adapters = make(root, loader.cases())
    for base in loader.bases:
        of_base = [made for made in adapters if made.base.name == base]
        with tempfile.TemporaryDirectory() as out:
            answers = _run(loader, of_base, Path(out))
            found += [_judge(loader, made, answers[made.name]) for made in of_base]
    return found


def _judge(loader: Loader, made: Made, found: Seen) -> Judged:
    if loader.runtime.partition("==")[0] not in names():
        return Judged(made.name, found.shown)
    (verdict,) = compat(made.patched, [loader.runtime], Options(base=str(made.base)))
    if verdict.answer == "unknown":
        return Judged(made.name, f"unknown to the facts; seen: {found.shown}")
    line = disagreement(verdict, found)
    if line is None or (verdict.answer == "loads" and _misfits(made)):
        return Judged(made.name, "")
    return Judged(made.name, line, disagrees=True)


def _misfits(made: Made) -> bool:
    """Tell whether an adapter does not fit its base, which `validate` tells, and facts do not."""
    (report,) = validate(made.patched, Options(base=str(made.base))).adapters
    return any(one.code.startswith("LC6") and one.severity == "error" for one in report.diagnostics)


def _run(loader: Loader, adapters: list[Made], out: Path) -> dict[str, Seen]:
    job = {
        "base": str(adapters[0].base),
        "out": str(out),
        "inputs": str(adapters[0].inputs),
        "adapters": {made.name: str(made.patched) for made in adapters},
    }
    done = subprocess.run(
        [python_of(loader), "-P", "-m", f"tests.oracles.{loader.module}"],
        input=json.dumps(job),
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(_ROOT), "HF_HUB_OFFLINE": "1"},
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    if len(lines) < len(adapters):
        reached = adapters[len(lines)].name
        raise RuntimeError(
            f"{loader.name} ended with status {done.returncode} at `{reached}`: "
            f"{done.stderr[-3000:]}"
        )
    return dict(_seen(lines, adapters, out))


def _seen(
    lines: list[dict[str, str]], adapters: list[Made], out: Path
) -> Iterator[tuple[str, Seen]]:
    for made, line in zip(adapters, lines, strict=True):
        if "error" in line:
            yield made.name, Seen("raises", message=line["error"])
        else:
            yield made.name, seen(made, load_file(out / f"{made.name}.safetensors"))
