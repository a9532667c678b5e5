"""The loaders, and the environments in which they run.

The environments are folders in `$LORACFG_ORACLE_ENVS`, or else in `~/.cache/loracfg/oracle-envs`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

from tests.environments import make, python_in
from tests.oracles.cases import CASES, Case
from tests.releases.wheels import cache_folder

TORCH: Final = "torch==2.13.0"
_ENGINES: Final = str(Path(__file__).with_name("engines.txt"))


def _vllm(version: str) -> tuple[tuple[str, ...], ...]:
    """Return what a version of vLLM is installed by."""
    return (
        (TORCH, "transformers==5.19.0", "-r", _ENGINES),
        (
            "--no-deps",
            f"vllm=={version}",
            "compressed-tensors==0.17.0",
            "apache-tvm-ffi==0.1.11",
            "xgrammar==0.2.8",
            "llguidance==1.9.1",
            "openai-harmony==0.0.8",
        ),
    )


_INSTALLS: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "transformers-5": ((TORCH, "transformers==5.24.0", "peft==0.21.2", "diffusers==0.42.1"),),
    "transformers-4": ((TORCH, "transformers==4.57.6", "peft==0.18.1"),),
    "llama.cpp": (
        (TORCH, "transformers==5.24.0", "sentencepiece", "pyyaml"),
        ("--no-binary", "llama-cpp-python", "llama-cpp-python==0.3.36"),
    ),
    "vllm-0.33": _vllm("0.33.0"),
    "vllm-0.31": _vllm("0.31.0"),
    "sglang": (
        (TORCH, "torchvision==0.28.0", "transformers==5.19.0", "-r", _ENGINES),
        (
            "--no-deps",
            "sglang==0.5.23",
            "compressed-tensors==0.18.0",
            "apache-tvm-ffi==0.1.11",
            "triton==3.9.0",
        ),
    ),
}
"""Arguments of `pip install`, call by call; engines without what only a GPU needs."""

_SOURCES: Final = {"llama.cpp": "llama-cpp-python==0.3.36"}
"""Packages of which the sources are wanted too, unpacked into `src` of an environment."""


class Loader(NamedTuple):
    """What loads adapters: a module here, run in an environment, for a runtime of `compat`.

    It is asked about the adapters of its `bases`, but for those in `without`, each with its reason.
    """

    name: str
    module: str
    environment: str
    runtime: str
    bases: Sequence[str] = ("llama", "llama-tied", "qwen3-moe")
    without: Mapping[str, str] = MappingProxyType({})

    def cases(self) -> dict[str, Case]:
        """Return the cases that the loader is asked about."""
        return {
            name: case
            for name, case in CASES.items()
            if case.base in self.bases and name not in self.without
        }


_DENSE: Final = ("llama", "llama-tied")
"""Bases that transformers 4 reads as transformers 5 writes them."""

LOADERS: Final = (
    Loader("peft", "peft", "transformers-5", "peft==0.21.2"),
    Loader("transformers-5", "transformers", "transformers-5", "transformers==5.24.0"),
    Loader("transformers-4", "transformers", "transformers-4", "transformers==4.57.6", _DENSE),
    Loader(
        "llama.cpp",
        "llama_cpp",
        "llama.cpp",
        "llama.cpp",
        without={"alora": "the server applies it, which is no part of the library"},
    ),
    Loader("vllm-0.33", "vllm", "vllm-0.33", "vllm==0.33.0"),
    Loader("vllm-0.31", "vllm", "vllm-0.31", "vllm==0.31.0"),
    Loader("diffusers", "diffusers", "transformers-5", "diffusers==0.42.1", ("flux",)),
    Loader("sglang", "sglang", "sglang", "sglang==0.5.23"),
)


def python_of(loader: Loader) -> Path:
    """Return the interpreter that runs a loader, or skip the calling test."""
    command = f"python -m tests.oracles --install {loader.name}"
    return python_in(_folder(loader), command)


def install(loader: Loader) -> None:
    """Make a loader's environment unless it is there."""
    folder, sources = _folder(loader), _SOURCES.get(loader.environment)
    if sources and not (folder / "src").exists():
        _unpack(sources, folder / "src")
    make(folder, _INSTALLS[loader.environment])


def _unpack(package: str, folder: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        command = (sys.executable, "-m", "pip", "download", "--no-deps", "--no-binary", ":all:")
        subprocess.run([*command, "-d", scratch, package], check=True)
        (archive,) = Path(scratch).iterdir()
        with tarfile.open(archive) as packed:
            packed.extractall(folder, filter="data")


def _folder(loader: Loader) -> Path:
    root = os.environ.get("LORACFG_ORACLE_ENVS") or cache_folder("oracle-envs")
    return Path(root) / loader.environment
