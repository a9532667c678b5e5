"""Runs the real loaders over adapters made by PEFT, and prints where the facts disagree.

    python -m tests.oracles --install [NAME…]  # make the environments, 12 GB in all
    python -m tests.oracles [NAME…]            # run the loaders, all by default

Exit status 1 if what a loader does is not what `loracfg compat` says of it. Of runtimes that
there are no facts of, what was seen is printed.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.oracles.environments import LOADERS, Loader, install
from tests.oracles.running import judged


def main(arguments: Sequence[str]) -> int:
    """Obey the command line and return the exit status."""
    names = [name for name in arguments if name != "--install"]
    if set(names) - {loader.name for loader in LOADERS}:
        sys.exit(__doc__)
    loaders = [loader for loader in LOADERS if not names or loader.name in names]
    if "--install" in arguments:
        for loader in loaders:
            install(loader)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        disagreeing = [loader for loader in loaders if _report(loader, Path(folder))]
    return int(bool(disagreeing))


def _report(loader: Loader, root: Path) -> bool:
    """Print what a loader makes of adapters; tell whether the facts disagree."""
    try:
        found = judged(loader, root)
    except pytest.skip.Exception as skipped:
        _say(f"{loader.name}: {skipped}")
        return False
    _say(f"{loader.name}: {len(found)} adapters")
    for one in found:
        if one.line:
            _say(f"  {one.name}: {one.line}")
    return any(one.disagrees for one in found)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
