"""Which classes vLLM serves with LoRA: those of its registry that are `SupportsLoRA`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from tests.runtimes.extract.classes import Classes, Found, assigned
from tests.runtimes.extract.packages import Package

_MODELS: Final = "vllm.model_executor.models"
_REGISTRY: Final = "vllm/model_executor/models/registry.py"
_PROTOCOLS: Final = "/interfaces.py"
_GONE: Final = ("_PREVIOUSLY_SUPPORTED_MODELS", "_OOT_SUPPORTED_MODELS")
_NOT_SERVED: Final = ("_SPECULATIVE_DECODING_MODELS", "_TRANSFORMERS_BACKEND_MODELS")

_TRANSFORMERS: Final = ("transformers", "TransformersForCausalLM")
"""What stands for a class that transformers builds."""


def extract(package: Package) -> dict[str, frozenset[str]]:
    """Return the architectures by what the engine does with an adapter on them."""
    classes, body = Classes(package), package.tree(_REGISTRY).body
    takes: set[str] = set()
    refuses: set[str] = set()
    unclear: set[str] = set()
    by_transformers: set[str] = set()
    towers: set[str] = set()
    for architecture, module, name in _registered(body):
        if (module, name) == _TRANSFORMERS:
            by_transformers.add(architecture)
        where = module if module.startswith("vllm.") else f"{_MODELS}.{module}"
        found = classes.find(where, name)
        if found is None:
            raise LookupError(f"{where} has no class {name}")
        line = list(classes.line(found))
        if any(one and _supports(one.node) for one in line):
            takes.add(architecture)
            towers |= {architecture} if _takes_in_towers(line) else set()
        else:
            (unclear if None in line else refuses).add(architecture)
    gone = {name for table in _GONE for name, _ in _items(assigned(body, table), body)}
    if unclear:
        print("not clear:", *sorted(unclear))  # noqa: T201
    return {
        "takes": frozenset(takes),
        "refuses": frozenset(refuses),
        "removed": frozenset(gone - takes - refuses - unclear),
        "by_transformers": frozenset(by_transformers),
        "towers": frozenset(towers),
    }


def _takes_in_towers(line: list[Found | None]) -> bool:
    """Tell whether a class says that its towers take factors; 0.29 is the first to say it so."""
    classes = (one.node.body for one in line if one and not one.file.endswith(_PROTOCOLS))
    said = (assigned(body, "supports_tower_connector_lora") for body in classes)
    own = next((value for value in said if value is not None), None)
    return isinstance(own, ast.Constant) and own.value is True


def _supports(node: ast.ClassDef) -> bool:
    value = assigned(node.body, "supports_lora")
    return node.name == "SupportsLoRA" or (isinstance(value, ast.Constant) and value.value is True)


def _registered(body: list[ast.stmt]) -> Iterator[tuple[str, str, str]]:
    """Yield the architectures of the registry, each with the module and name of its class."""
    whole = assigned(body, "_VLLM_MODELS")
    assert isinstance(whole, ast.Dict)
    for table in whole.values:
        assert isinstance(table, ast.Name), ast.unparse(table)
        if table.id not in _NOT_SERVED:
            for architecture, value in _items(assigned(body, table.id), body):
                module, name = ast.literal_eval(value)
                yield architecture, module, name


def _items(table: ast.expr | None, body: list[ast.stmt]) -> Iterator[tuple[str, ast.expr]]:
    """Yield the entries of a table, and of those that it takes from another one."""
    if isinstance(table, ast.DictComp):
        (loop,) = table.generators
        assert isinstance(loop.iter, ast.Call)
        assert isinstance(loop.iter.func, ast.Attribute)
        assert isinstance(loop.iter.func.value, ast.Name)
        (wanted,) = (n.value for n in ast.walk(loop.ifs[0]) if isinstance(n, ast.Constant))
        for key, value in _items(assigned(body, loop.iter.func.value.id), body):
            if wanted == ast.literal_eval(value)[1]:
                yield key, value
    elif isinstance(table, ast.Dict):
        for name, value in zip(table.keys, table.values, strict=True):
            if name is None:
                yield from _items(value, body)
            else:
                yield ast.literal_eval(name), value
