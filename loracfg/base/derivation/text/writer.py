"""Writes programs of model types as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loracfg.base.catalogue.printing.facts import facts_text
from loracfg.base.derivation.text.normal import normalise

if TYPE_CHECKING:
    from loracfg.base.catalogue.program_data import ProgramData


def write(program: ProgramData) -> str:
    """Return a program as text.

    Raises:
        ValueError: if the text cannot express a part of it.
    """
    return facts_text(normalise(program))
