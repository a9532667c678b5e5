"""Converts the adapters of the jobs on stdin and their bases, and computes logits by llama.cpp."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).parents[4]))

from tests.oracles import llama_cpp as oracle

TOKENS: Final = [1, 5, 9, 17, 33, 50, 71, 90]
PUBLISHED: Final = {"gpt2": {"n_ctx": "n_positions"}}
"""Keys that published configs have beside others, and those that transformers 5 writes lack."""

TOLD_BY_WEIGHTS: Final = {"qwen3_next": {"mtp_num_hidden_layers": 1}}
"""What the converter counts in published weights, where layers stand that these bases lack."""

Job = dict[str, str]


def main() -> None:
    """Answer the jobs: a line for each, with its number, the answer, how it was found, and why."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # the runtime writes to stdout
    jobs: list[tuple[int, Job]] = list(enumerate(json.load(sys.stdin)))
    (sources,) = Path(sys.prefix).glob(oracle.SOURCES)
    sys.path.insert(0, str(sources))
    script = sources / "convert_lora_to_gguf.py"
    _import_once(jobs)
    with tempfile.TemporaryDirectory() as folder:
        for base in dict.fromkeys(job["base"] for _, job in jobs):
            converted = Path(folder, "base.gguf")
            why = _in_child(partial(_base, Path(base), converted))
            for number, job in jobs:
                if job["base"] == base:
                    path = Path(folder, "adapter.gguf")
                    found = _asked(script, job, why or converted, path)
                    answers.write(json.dumps([number, *found]) + "\n")
                    answers.flush()
            converted.unlink(missing_ok=True)


def _import_once(jobs: list[tuple[int, Job]]) -> None:
    """Import here what each copy of this process would import again, by converting a base."""
    import llama_cpp  # noqa: F401
    import torch

    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(Exception):
        _base(Path(jobs[0][1]["base"]), Path(folder, "base.gguf"))


def _in_child(work: Callable[[], object]) -> str:
    """Run work in a copy of this process; return the error that ends it, or nothing."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        told = ""
        try:
            work()
        except BaseException as error:
            told = f"{type(error).__name__}: {error}{_place(error)}"[-500:]
        finally:
            os.write(writing, told.encode())
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        told = pipe.read()
    status = os.waitpid(child, 0)[1]
    return f"it crashes with status {status}" if status else told


def _place(error: BaseException) -> str:
    frames = [f for f in traceback.extract_tb(error.__traceback__) if "llama.cpp" in f.filename]
    where = [f"{f.filename.rpartition('llama.cpp/')[2]}:{f.lineno}" for f in frames[-1:]]
    return " at ".join(["", *where])


def _base(base: Path, converted: Path) -> None:
    path = base / "config.json"
    config = json.loads(path.read_text())
    others = PUBLISHED.get(config["model_type"], {})
    config = {key: config[own] for key, own in others.items()} | config
    path.write_text(json.dumps(TOLD_BY_WEIGHTS.get(config["model_type"], {}) | config))
    oracle._converted_base(base, converted)


def _asked(script: Path, job: Job, base: Path | str, path: Path) -> tuple[str, str, str]:
    """Return the answer for an adapter, how it was found, and why.

    `base` says why there is none.
    """
    path.unlink(missing_ok=True)
    why = _in_child(lambda: oracle._convert(script, Path(job["adapter"]), Path(job["base"]), path))
    if why:
        return "raises", "run", f"conversion: {why}"
    if isinstance(base, str):
        return "computed", "run", json.dumps({"error": f"the base is not converted: {base}"})
    logits = path.with_suffix(".json")
    why = _in_child(lambda: logits.write_text(json.dumps(_computed(base, path))))
    return ("raises", "run", why) if why else ("computed", "run", logits.read_text())


def _computed(base: Path, adapter: Path) -> dict[str, Any]:
    """Return the logits of a base, and those with an adapter."""
    try:
        model = oracle._load_base(base)
        before = oracle._logits(model, None, TOKENS).tolist()
    except RuntimeError as error:
        return {"error": str(error)}
    return {"base": before, "adapted": oracle._logits(model, adapter, TOKENS).tolist()}


if __name__ == "__main__":
    main()
