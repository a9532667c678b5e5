"""Makes the catalogue (`building/make.py`), where there is the source of loracfg."""

from __future__ import annotations

from loracfg.base.derivation.building.make import main

if __name__ == "__main__":
    main()
