"""The environments of engines that only the examples of docs/serving.md need.

    python -m tests.serving.environments

creates those of Dynamo and of Ray; `python -m tests.oracles --install sglang` that of SGLang.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from tests.environments import make, python_in
from tests.releases.wheels import cache_folder

_INSTALLS: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "dynamo": (
        ("pydantic>=2.10.6,<=2.13.5", "click"),
        ("--no-deps", "ai-dynamo==1.6.1", "ai-dynamo-runtime==1.6.1"),
    ),
    "ray": (("ray[serve]==2.60.0", "pyarrow", "boto3", "transformers==5.19.0", "filelock"),),
}
"""Arguments of `pip install`, call by call; without what only a GPU needs."""
_OF_ORACLES: Final = "sglang"


def python_for(engine: str) -> Path:
    """Return the interpreter of an engine's environment, or skip the calling test."""
    command = "python -m tests.serving.environments"
    if engine == _OF_ORACLES:
        command = f"python -m tests.oracles --install {engine}"
    return python_in(_folder(engine), command)


def _folder(engine: str) -> Path:
    root = os.environ.get("LORACFG_ORACLE_ENVS") or cache_folder("oracle-envs")
    return Path(root) / engine


if __name__ == "__main__":
    for name, installs in _INSTALLS.items():
        make(_folder(name), installs)
