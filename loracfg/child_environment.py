"""The environment of processes that run our own modules."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def child_environment() -> dict[str, str]:
    """Return an environment in which a process imports what this one does.

    It never imports from its working directory.
    """
    own = str(Path(__file__).parents[1])
    paths = [os.path.abspath(path) for path in sys.path if path]  # noqa: PTH100
    shared = os.pathsep.join([*paths, *([] if own in paths else [own])])
    return {**os.environ, "PYTHONPATH": shared, "PYTHONSAFEPATH": "1"}
