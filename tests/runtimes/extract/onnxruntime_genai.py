"""Which classes the model builder of ONNX Runtime GenAI compares a base's class with."""

from __future__ import annotations

import ast
from typing import Final

from tests.runtimes.extract.packages import Package

_BUILDER: Final = "onnxruntime_genai/models/builder.py"
_CLASS: Final = "config.architectures[0]"


def extract(package: Package) -> dict[str, frozenset[str]]:
    """Return the classes of models that are built."""
    compared = (
        one.comparators[0].value
        for one in ast.walk(package.tree(_BUILDER))
        if isinstance(one, ast.Compare)
        and ast.unparse(one.left) == _CLASS
        and isinstance(one.comparators[0], ast.Constant)
    )
    return {"takes": frozenset(name for name in compared if isinstance(name, str))}
