"""The environments of the trainers, each with a released package and what it imports."""

from __future__ import annotations

import json
import os
import subprocess
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from tests.environments import make, python_in
from tests.releases.wheels import cache_folder

COMMAND: Final = "python -m tests.training.trainer_files.oracle"
_TORCH: Final = "torch==2.13.0"
_CHILDREN: Final = Path(__file__).with_name("children")


class Environment(NamedTuple):
    """An environment: its folder, what pip installs, the package with examples, and the child."""

    folder: str
    installs: Sequence[Sequence[str]]
    sources: str
    child: str


ENVIRONMENTS: Final = {
    "TRL": Environment(
        "trl",
        ((_TORCH, "transformers==5.24.0", "peft==0.21.2", "trl==1.16.0", "jmespath"),),
        "trl==1.16.0",
        "ask_trl.py",
    ),
    "LLaMA-Factory": Environment(
        "llamafactory",
        (
            (
                *(_TORCH, "transformers==5.6.0", "peft==0.18.1", "trl==0.24.0", "datasets<=4.0.0"),
                *(
                    "accelerate<=1.11.0",
                    "omegaconf",
                    "scipy",
                    "sentencepiece",
                    "protobuf",
                    "einops",
                ),
            ),
            ("--no-deps", "llamafactory==0.9.5"),
        ),
        "llamafactory==0.9.5",
        "ask_llama_factory.py",
    ),
    "ms-swift": Environment(
        "ms-swift",
        ((_TORCH, "torchvision", "ms-swift==4.6.0"),),
        "ms-swift==4.6.0",
        "ask_ms_swift.py",
    ),
    "axolotl": Environment(
        "axolotl",
        (
            (
                *(_TORCH, "transformers==5.16.1", "peft==0.20.0", "trl==1.9.0", "datasets==4.8.4"),
                *("accelerate==1.13.0", "addict", "pydantic==2.12.5", "PyYAML", "colorama"),
                *("python-dotenv", "posthog==6.7.11", "einops", "requests", "psutil", "fire"),
                *("bitsandbytes==0.50.2", "art", "axolotl-contribs-lgpl==0.0.7"),
                *("axolotl-contribs-mit==0.0.6", "pillow", "scipy", "mistral-common==1.11.5"),
            ),
            ("--no-deps", "axolotl==0.19.0", "liger-kernel==0.8.1"),
        ),
        "axolotl==0.19.0",
        "ask_axolotl.py",
    ),
    "mlx-lm": Environment(
        "mlx-lm", (("mlx[cpu]", "mlx-lm==0.32.2"),), "mlx-lm==0.31.3", "ask_mlx_lm.py"
    ),
}
"""The environment of each trainer.

The sources have the documented examples; the newest release of mlx-lm has none.
"""


def install(trainer: str) -> None:
    """Make the environment of a trainer, and unpack the sources of its package."""
    environment = ENVIRONMENTS[trainer]
    make(_folder(environment), environment.installs)
    sources = _sources(environment)
    if not sources.exists():
        python = python_in(_folder(environment), COMMAND)
        _unpack(environment.sources, sources, python)


def sources_of(trainer: str) -> Path | None:
    """Return the folder with the sources of a trainer's package, or None if it is missing."""
    folder = _sources(ENVIRONMENTS[trainer])
    return folder if folder.exists() else None


def ask(
    trainer: str, jobs: Sequence[dict[str, Any]], timeout: float = 1800
) -> list[dict[str, Any]]:
    """Run jobs in the environment of a trainer; skip the calling test if it is missing.

    Raises:
        RuntimeError: the process fails.
    """
    environment = ENVIRONMENTS[trainer]
    python = python_in(_folder(environment), f"{COMMAND} --install")
    with tempfile.TemporaryDirectory() as scratch:
        output = Path(scratch) / "results.json"
        done = subprocess.run(
            [python, _CHILDREN / environment.child, output],
            input=json.dumps(list(jobs)),
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
            cwd=scratch,
            env=_environment(scratch),
        )
        if not output.exists():
            raise RuntimeError(f"{trainer} ended with {done.returncode}: {done.stderr[-2000:]}")
        results: list[dict[str, Any]] = json.loads(output.read_text())
    return results


def facts_of(trainer: str, script: str) -> dict[str, Any]:
    """Return what a script in `children` prints about a trainer, as the last line."""
    python = python_in(_folder(ENVIRONMENTS[trainer]), f"{COMMAND} --install")
    done = subprocess.run(
        [python, _CHILDREN / script, "--facts"],
        capture_output=True,
        text=True,
        check=True,
        env=_environment(tempfile.gettempdir()),
    )
    facts: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return facts


def _environment(scratch: str) -> dict[str, str]:
    offline = {
        "HF_HUB_OFFLINE": "1",
        "MODELSCOPE_CACHE": scratch,
        "AXOLOTL_DO_NOT_TRACK": "1",
        "CUDA_VISIBLE_DEVICES": "",
        "DISABLE_VERSION_CHECK": "1",
    }
    inherited = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    return inherited | offline


def _folder(environment: Environment) -> Path:
    root = os.environ.get("LORACFG_ORACLE_ENVS") or cache_folder("oracle-envs")
    return Path(root) / environment.folder


def _sources(environment: Environment) -> Path:
    return _folder(environment) / "src"


def _unpack(package: str, folder: Path, python: Path) -> None:
    name = package.partition("==")[0]
    with tempfile.TemporaryDirectory() as scratch:
        command = (python, "-m", "pip", "download", "--no-deps", "--no-binary", name)
        subprocess.run([*command, "-d", scratch, package], check=True)
        (archive,) = Path(scratch).glob("*.tar.gz")
        with tarfile.open(archive) as packed:
            packed.extractall(folder, filter="data")
