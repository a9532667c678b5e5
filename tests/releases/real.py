"""Asks real releases of PEFT, each in a process of its own, what they make of configs.

    python -m tests.releases.real --install          # make the two environments, 1.2 GB each
    python -m tests.releases.real 0.14.0 < jobs.json # run jobs in a release, results on stdout

The environments are folders in `$LORACFG_PEFT_ENVS`, or else in `~/.cache/loracfg/peft-envs`.
They hold torch and a transformers that the releases know, but no PEFT: its wheel comes first on
the path. pip's own settings (`PIP_INDEX_URL` and so on) say where torch comes from.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, Literal, NotRequired, TypedDict, TypeVar

import pytest

from loracfg.config.history.releases import between
from tests.environments import make, python_in
from tests.releases.wheels import cache_folder, wheel

TRANSFORMERS: Final = ("4.45.2", "4.57.3")
"""Releases up to 0.17.1 get the first, later ones the second."""

PACKAGES: Final = ("torch==2.13.0", "accelerate==1.15.0", "safetensors", "psutil", "scipy")

STATIONS: Final = ("0.5.0", "0.9.0", "0.13.2", "0.14.0", "0.17.1", "0.21.2")
"""Releases of each way to read a config; files go to each, and from each to each other."""

ASKED: Final = (
    between("0.1.0") if os.environ.get("LORACFG_PROFILE") == "long" else ("0.1.0", *STATIONS)
)
"""The releases whose answers are compared with predictions: all in the long profile."""

UNABLE: Final = frozenset({"0.0.1", "0.0.2"})
"""Releases that can neither save nor load an adapter."""

CHILD: Final = Path(__file__).with_name("child.py")

_Given = TypeVar("_Given")
_Found = TypeVar("_Found")


class Job(TypedDict):
    """What to do in a release, with `dir` or with a directory made of `config`.

    `load_config` calls `from_pretrained` of the loader. `create` also builds `model` and wraps it.
    """

    id: str
    config: NotRequired[dict[str, Any]]
    dir: NotRequired[str]
    do: NotRequired[Literal["load_config", "create"]]
    """`load_config` unless told."""

    loader: NotRequired[Literal["LoraConfig", "PeftConfig", "PeftModel"]]
    """`PeftModel` stands for the class that it reads the config with."""

    model: NotRequired[dict[str, list[Any]]]
    """The layers: `{"model.layers.0.q_proj": ["Linear", 8, 12]}`.

    The kind is `Conv1D` (in, out), `Parameter` (a shape), or a class of `torch.nn`.
    """

    model_config: NotRequired[dict[str, Any]]
    """Values of the model's transformers config, such as `model_type`."""

    pretrained: NotRequired[bool]
    """Whether the model is a `PreTrainedModel`, with `embed_tokens` and `lm_head` as embeddings."""

    tied: NotRequired[dict[str, str]]
    """Modules whose weight is that of another, as transformers 4 declares it."""

    weights: NotRequired[bool]
    """Whether to load the weights in `dir` too (`PeftModel.from_pretrained`)."""

    trained: NotRequired[bool]
    """Whether what is trainable gets random values, so that nothing saved is zero."""

    outputs: NotRequired[bool]
    """Whether to tell what each layer of `model` computes."""

    save_to: NotRequired[str]
    """Where the created adapter is kept."""

    unsaved: NotRequired[bool]
    """Whether not to save it, which takes most of the time."""

    pickled: NotRequired[bool]
    """Whether it is kept as `adapter_model.bin` by a release that prefers safetensors."""


class Result(TypedDict):
    """What came of a job: `error`, or what its kind tells; `warnings` always.

    Left out of `warnings` are those of deprecated and future features.
    """

    id: str
    warnings: list[str]
    error: NotRequired[str]

    type: NotRequired[str]
    """The class of the config."""

    values: NotRequired[dict[str, Any]]
    """Its fields as JSON has them: sets as sorted lists, nested configs as objects."""

    kinds: NotRequired[dict[str, str]]
    """The class of each field's value."""

    overwritten: NotRequired[list[str]]
    """Keys of the file that took the place of methods."""

    layers: NotRequired[dict[str, dict[str, Any]]]
    """Layers with LoRA by their path in the base: `class`, `r`, `lora_alpha`, `scaling`."""

    outputs: NotRequired[dict[str, list[float]]]
    """What each layer of the model makes of a fixed input; of a `Parameter`, the update of it."""

    saved: NotRequired[dict[str, Any]]
    """`config` and the shapes of `tensors` that the release writes, unless `save_error`."""

    save_error: NotRequired[str]


def run(release: str, jobs: Iterable[Job], timeout: float = 600) -> list[Result]:
    """Run jobs in one process of a release, results in order; skips where it cannot run.

    Raises:
        RuntimeError: if the process ends without results.
    """
    done = subprocess.run(
        [python_of(release), "-P", CHILD],
        input=json.dumps(list(jobs)),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
        env=os.environ
        | {
            "PYTHONPATH": str(wheel(release)),
            "PYTHONHASHSEED": "0",  # PEFT's sets of names come in the same order each time
            "HF_HUB_OFFLINE": "1",
            "TRANSFORMERS_VERBOSITY": "critical",
        },
    )
    if done.returncode:
        raise RuntimeError(f"PEFT {release} ended with status {done.returncode}: {done.stderr}")
    results: list[Result] = json.loads(done.stdout)
    return results


def at_once(do: Callable[[_Given], _Found], given: Iterable[_Given]) -> list[_Found]:
    """Do something for each of several releases or jobs, as many at a time as there are cores."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(do, given))


def python_of(release: str) -> Path:
    """Return the interpreter of a release's environment, or skip the calling test."""
    if release in UNABLE:
        pytest.skip(f"PEFT {release} can neither save nor load an adapter")
    folder = _folder(_transformers_of(release))
    return python_in(folder, "python -m tests.releases.real --install")


def install() -> None:
    """Make the environments that are missing."""
    for transformers in TRANSFORMERS:
        make(_folder(transformers), [(*PACKAGES, f"transformers=={transformers}")])


def _transformers_of(release: str) -> str:
    old, new = TRANSFORMERS
    return old if tuple(map(int, release.split("."))) < (0, 18) else new


def _folder(transformers: str) -> Path:
    folder = Path(os.environ.get("LORACFG_PEFT_ENVS") or cache_folder("peft-envs"))
    return folder / f"tf-{transformers}"


def main(arguments: Sequence[str]) -> None:
    """Obey the command line."""
    match arguments:
        case ["--install"]:
            install()
        case [release] if not release.startswith("-"):
            json.dump(run(release, json.load(sys.stdin)), sys.stdout, indent=1)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (pytest.skip.Exception, pytest.fail.Exception) as ended:
        sys.exit(str(ended))
