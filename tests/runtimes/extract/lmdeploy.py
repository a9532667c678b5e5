"""Which classes lmdeploy has, and which of their layers take factors."""

from __future__ import annotations

import ast
import re
from typing import Final

from tests.runtimes.extract.classes import Classes, assigned, members, reached
from tests.runtimes.extract.packages import Package

_MAP: Final = "lmdeploy/pytorch/models/module_map.py"
_MODELS: Final = "lmdeploy/pytorch/models/"
_ATTENTION: Final = re.compile(r"(?i).*(qkv|q_proj|q_b_proj|query)")


def extract(package: Package) -> dict[str, frozenset[str]]:
    """Return the classes of the module map, and below `modules of …` those with such layers."""
    classes, body = Classes(package), package.tree(_MAP).body
    found: dict[str, set[str]] = {"takes": set()}
    for architecture, where in _entries(body).items():
        found["takes"].add(architecture)
        module, _, name = where.rpartition(".")
        one = classes.find(f"lmdeploy.pytorch.models{module}", name)
        if one is None:
            raise LookupError(f"{where} is no class")
        made = members(reached(classes, one, _MODELS), "_linear", "_proj", "Linear")
        if architecture.endswith("ForCausalLM") and any(map(_ATTENTION.match, made)):
            bodies = (each.node.body for each in classes.line(one) if each)
            tables = (assigned(body, "packed_modules_mapping") for body in bodies)
            packed: dict[str, list[str]] = next(
                (ast.literal_eval(table) for table in tables if table), {}
            )
            names = made | {part for name in made for part in packed.get(name, ())}
            found.setdefault(f"modules {' '.join(sorted(names))}", set()).add(architecture)
    removed = assigned(body, "REMOVED_MODEL_MAP")
    assert isinstance(removed, ast.Dict)
    found["removed"] = {ast.literal_eval(key) for key in removed.keys if key}
    return {key: frozenset(names) for key, names in found.items()}


def _entries(body: list[ast.stmt]) -> dict[str, str]:
    """Return the map of classes, each with the module below `models` and the name of its own."""
    found = {}
    for node in body:
        call = node.value if isinstance(node, ast.Expr) else None
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "MODULE_MAP.update":
            (table,) = call.args
            assert isinstance(table, ast.Dict)
            for key, value in zip(table.keys, table.values, strict=True):
                texts = [n.value for n in ast.walk(value) if isinstance(n, ast.Constant)]
                found[str(getattr(key, "value", ""))] = "".join(map(str, texts))
    return found
