"""Run the command line with `python -m loracfg`, for environments without scripts on the path."""

from __future__ import annotations

import os
import sys

if not sys.flags.safe_path and sys.path[:1] == [os.getcwd()]:  # noqa: PTH109  # not to import it
    del sys.path[0]  # Python puts the current folder first, which may hold what is judged

from loracfg.cli import run

if __name__ == "__main__":
    run()
