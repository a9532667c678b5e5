"""The readable form of a model type's program, and back.

`write` makes the text of a file of facts, `read` the program that it stands for. `docs/facts.md`
describes the format.
"""

from __future__ import annotations

from loracfg.base.derivation.text.normal import normalise
from loracfg.base.derivation.text.parse_errors import FactsError
from loracfg.base.derivation.text.reader import read
from loracfg.base.derivation.text.writer import write

__all__ = ["FactsError", "normalise", "read", "write"]
