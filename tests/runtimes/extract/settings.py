"""Which settings the servers of engines have for LoRA, by the classes that declare their flags."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.runtimes.extract.packages import Package


def of_vllm(package: Package) -> frozenset[str]:
    """Return the arguments of the engine that are LoRA's, by their names or their defaults."""
    fields = _fields(package.tree("vllm/engine/arg_utils.py"), "EngineArgs")
    return frozenset(name for name, default in fields if "lora" in f"{name} {default}".lower())


def of_sglang(package: Package) -> frozenset[str]:
    """Return the arguments of the server that are in the name space of LoRA."""
    fields = _fields(package.tree("sglang/srt/arg_groups/fields/lora.py"), "Lora")
    return frozenset(name for name, _ in fields if not name.startswith("_"))


def choices_of_vllm(package: Package, name: str) -> frozenset[str]:
    """Return the values that a type of LoRA's config lists, such as `MaxLoRARanks`."""
    body = package.tree("vllm/config/lora.py").body
    (listed,) = (
        node.value
        for node in body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name
    )
    found = (node for node in ast.walk(listed) if isinstance(node, ast.Constant))
    return frozenset(str(node.value) for node in found)


def _fields(tree: ast.Module, name: str) -> Iterator[tuple[str, str]]:
    """Yield the fields of a class, each with the text of its default."""
    classes = (node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name)
    for node in next(classes).body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id, ast.unparse(node.value) if node.value else ""
