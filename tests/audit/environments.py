"""The environment of Ray Data and Spark.

    python -m tests.audit.environments

creates it, 1.5 GB. Spark also needs Java (Debian's package `openjdk-17-jre-headless`).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from tests.environments import make, python_in
from tests.releases.wheels import cache_folder

NAME: Final = "ray-data"
_INSTALLS: Final = (
    (
        "ray[data]==2.60.0",
        "pyspark==4.3.0",
        "pandas<3",
        "duckdb",
        "click",
        "pydantic",
        "fsspec",
        "httpx2",
        "huggingface_hub",
        "pytest",
        "psutil",
    ),
)
"""Arguments of `pip install`, call by call; loracfg itself is imported from this folder."""


def python_with_ray() -> Path:
    """Return the interpreter of the environment, or skip the calling test."""
    return python_in(_folder(), "python -m tests.audit.environments")


def _folder() -> Path:
    return Path(os.environ.get("LORACFG_ORACLE_ENVS") or cache_folder("oracle-envs")) / NAME


if __name__ == "__main__":
    make(_folder(), _INSTALLS)
