"""Writes the program of a model type as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loracfg.base.catalogue.printing.facts import facts_text
from loracfg.base.derivation.text.normal import normalise

if TYPE_CHECKING:
    from loracfg.base.catalogue.program_data import ProgramData


def write(program: ProgramData) -> str:
    """Return a program as text.

    Raises:
        ValueError: if it has something that the text has no place for.
    """
    return facts_text(normalise(program))
