"""`python -m loracfg` is the command line, for environments whose scripts are not on the path."""

from __future__ import annotations

from loracfg.cli import run

if __name__ == "__main__":
    run()
