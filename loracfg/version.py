"""The version of loracfg, in a module that imports nothing else from loracfg."""

from __future__ import annotations

from typing import Final

__version__: Final = "0.1.0"
