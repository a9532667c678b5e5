"""Run the command line with `python -m loracfg`, for environments without scripts on the path."""

from __future__ import annotations

from loracfg.cli import run

if __name__ == "__main__":
    run()
