"""Builds the catalogue (`make.py`)."""

from __future__ import annotations

from loracfg.base.derivation.building.make import main

if __name__ == "__main__":
    main()
