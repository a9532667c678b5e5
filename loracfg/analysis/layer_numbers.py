"""The lists of layers of a base, by the numbers in module paths."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from loracfg.base.architecture import Architecture

_OUTERMOST: Final = r"(.*?)\.(\d{1,18})(?=\.|$)"
_STEP: Final = r"(?<=\.)\d{1,18}(?=\.|$)"


class LayerNumber(NamedTuple):
    """A list of layers, and the number of one of them."""

    stack: str
    number: int


def layer_number(path: str) -> LayerNumber | None:
    """Return the layer that a module is in, by the outermost list; None if it is in none."""
    match = re.match(_OUTERMOST, path)
    return LayerNumber(match[1], int(match[2])) if match else None


def numbers_in(path: str) -> tuple[int, ...]:
    """Return all numbers of layers in a path, the outermost first."""
    return tuple(map(int, re.findall(_STEP, path)))


def layers_in(stack: str, base: Architecture) -> set[int]:
    """Return the numbers of the layers of a list."""
    prefix = stack + "."
    ends = (p[len(prefix) :] for p in base.modules if p.startswith(prefix))
    return {int(end) for end in ends if end.isdigit()}
