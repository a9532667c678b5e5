"""Converts the programs of model types to text and back.

`write` returns the text of a facts file, `read` the program of a text. `docs/facts.md` describes
the format.
"""

from __future__ import annotations

from loracfg.base.derivation.text.normal import normalise
from loracfg.base.derivation.text.parse_errors import FactsError
from loracfg.base.derivation.text.reader import read
from loracfg.base.derivation.text.writer import write

__all__ = ["FactsError", "normalise", "read", "write"]
