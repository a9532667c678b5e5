"""Draws values of `config.json` for any model type, to compare the catalogue with transformers."""

from tests.base.drawing.config import Draw
from tests.base.drawing.shape import Shape, shape_of_type

__all__ = ["Draw", "Shape", "shape_of_type"]
