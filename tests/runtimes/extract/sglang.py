"""Which classes SGLang has of its own, and which of their layers take factors."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from tests.runtimes.extract.classes import Classes, Found, assigned, members, mentions, reached
from tests.runtimes.extract.packages import Package

_MODELS: Final = "sglang/srt/models/"
_CONFIGS: Final = "sglang/srt/configs/"
_UTILS: Final = "sglang/srt/lora/utils.py"
_SIZES: Final = "get_hidden_dim"
_EXPERTS: Final = ("FusedMoE", "get_moe_impl_class")
_ATTENTION: Final = re.compile(r"(?i).*(qkv|attn|query|q_proj|q_b_proj|pack)")


def extract(package: Package) -> dict[str, frozenset[str]]:
    """Return the classes of the registry, and below `modules of …` those that have such layers."""
    classes = Classes(package)
    others = other_names(package)
    found: dict[str, set[str]] = {"takes": set(), "sized": set(default_names(package))}
    for one in entries(package, classes):
        names = {one.node.name} | {old for old, new in others.items() if new == one.node.name}
        found["takes"] |= names
        layers, own = layers_of(classes, one)
        if own is not None:
            found.setdefault("own_sizes", set()).update(names)
        if any(map(_ATTENTION.match, layers)):  # others build their language model elsewhere
            known = found["sized"] | own if own is not None else found["sized"]
            found.setdefault(f"modules {' '.join(sorted(layers & known))}", set()).update(names)
    return {key: frozenset(names) for key, names in found.items()}


def other_names(package: Package) -> dict[str, str]:
    """Return the classes in whose place a config class of the engine puts another one."""
    found: dict[str, str] = {}
    for file in package.below(_CONFIGS):
        calls = [n for n in ast.walk(package.tree(file)) if isinstance(n, ast.Call)]
        gone, put = (_of_architectures(calls, method) for method in ("remove", "append"))
        found.update(zip(gone, put, strict=True))
    return found


def _of_architectures(calls: list[ast.Call], method: str) -> list[str]:
    """Return the texts that a method of `kwargs["architectures"]` is called with."""
    return [
        call.args[0].value
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and call.func.attr == method
        and ast.unparse(call.func.value) == "kwargs['architectures']"
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    ]


def entries(package: Package, classes: Classes) -> Iterator[Found]:
    """Yield the classes of the registry."""
    for file in package.below(_MODELS):
        if file.count("/") > _MODELS.count("/"):
            continue
        value = assigned(package.tree(file).body, "EntryClass")
        names = value.elts if isinstance(value, ast.List | ast.Tuple) else [value]
        module = file.removesuffix(".py").replace("/", ".")
        for name in names:
            if isinstance(name, ast.Name) and (found := classes.find(module, name.id)):
                yield found


def default_names(package: Package) -> frozenset[str]:
    """Return the layers of which the engine knows the sizes for any class."""
    functions = (n for n in package.tree(_UTILS).body if isinstance(n, ast.FunctionDef))
    return _compared(next(n for n in functions if n.name == "get_default_hidden_dim"))


def layers_of(classes: Classes, found: Found) -> tuple[frozenset[str], frozenset[str] | None]:
    """Return the layers of a class, and those that it gives sizes of, None if it gives none."""
    line = [one for one in classes.line(found) if one]
    sizes = [n for one in line for n in one.node.body if getattr(n, "name", "") == _SIZES]
    code = reached(classes, found, _MODELS)
    made = members(code, "Linear", "Embedding", "ParallelLMHead")
    experts = {"gate_up_proj", "down_proj"} if mentions(code, *_EXPERTS) else set()
    return made | experts, _compared(sizes[0]) if sizes else None


def _compared(function: ast.AST) -> frozenset[str]:
    """Return the texts that a function compares its names with."""
    sides = [
        n for one in ast.walk(function) if isinstance(one, ast.Compare) for n in one.comparators
    ]
    texts = (n.value for side in sides for n in ast.walk(side) if isinstance(n, ast.Constant))
    return frozenset(one for one in texts if isinstance(one, str))
