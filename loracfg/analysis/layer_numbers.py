"""Find the layer lists of a base from the numbers in module paths."""

from __future__ import annotations

import re
from typing import Final

from loracfg.base.architecture import Architecture
from loracfg.named_tuple import NamedTuple

_OUTERMOST: Final = r"(.*?)\.(\d{1,18})(?=\.|$)"
_STEP: Final = r"(?<=\.)\d{1,18}(?=\.|$)"


class LayerNumber(NamedTuple):
    """A layer list, and the number of a layer in it."""

    stack: str
    number: int


def layer_number(path: str) -> LayerNumber | None:
    """Return the layer of the outermost list that contains a module; None if there is none."""
    match = re.match(_OUTERMOST, path)
    return LayerNumber(match[1], int(match[2])) if match else None


def numbers_in(path: str) -> tuple[int, ...]:
    """Return all layer numbers in a path, outermost first."""
    return tuple(map(int, re.findall(_STEP, path)))


def layers_in(stack: str, base: Architecture) -> set[int]:
    """Return the numbers of the layers in a list."""
    prefix = stack + "."
    ends = (p[len(prefix) :] for p in base.modules if p.startswith(prefix))
    return {int(end) for end in ends if end.isdigit()}
