"""What every loader does in its own environment: answer for each adapter of a job.

A job is JSON on stdin: `base` and `out` are folders, `inputs` is a file with what the model of the
base is called with, `adapters` are folders by name.
The answer is one JSON line for each adapter: `{"name": …}` where it was loaded and `out` has the
tensors that came of it, as `NAME.safetensors`, and `{"name": …, "error": …}` where it raised.

Imports nothing of this project's, and of torch only what loaders have imported before.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

Inputs = dict[str, "torch.Tensor"]
Found = dict[str, "torch.Tensor"]
Load = Callable[[Path], Found]
"""Returns the `output` of the model, or `delta.NAME` for each parameter that an adapter changes."""


def answer(prepare: Callable[[Path, Inputs], Load]) -> None:
    """Answer the job on stdin; `prepare` gets the base and the inputs."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # engines write to stdout
    job = json.load(sys.stdin)
    from safetensors.torch import load_file

    load = prepare(Path(job["base"]), load_file(job["inputs"]))
    for name, adapter in job["adapters"].items():
        try:
            _save(load(Path(adapter)), Path(job["out"], f"{name}.safetensors"))
            answers.write(json.dumps({"name": name}) + "\n")
        except Exception as error:
            message = f"{type(error).__name__}: {error}"
            answers.write(json.dumps({"name": name, "error": message}) + "\n")
        answers.flush()


def _save(found: Found, path: Path) -> None:
    from safetensors.torch import save_file

    save_file({name: tensor.detach().float().contiguous() for name, tensor in found.items()}, path)
