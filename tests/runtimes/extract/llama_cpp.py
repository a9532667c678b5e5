"""Which classes the converter of llama.cpp knows."""

from __future__ import annotations

import ast
from typing import Final

from tests.runtimes.extract.classes import assigned
from tests.runtimes.extract.packages import Package

_CONVERSION: Final = "vendor/llama.cpp/conversion/__init__.py"


def extract(package: Package) -> dict[str, frozenset[str]]:
    """Return the classes of language models, for which there is a converter."""
    table = assigned(package.tree(_CONVERSION).body, "TEXT_MODEL_MAP")
    return {"takes": frozenset(ast.literal_eval(table))} if table else {}
