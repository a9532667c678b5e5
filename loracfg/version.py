"""The version of loracfg, where no other module is needed to read it."""

from __future__ import annotations

from typing import Final

__version__: Final = "0.1.0"
