"""Finds the model types that others need: of inner configs, and of their model classes."""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from loracfg.base.from_library import built as builder


def with_parts(names: list[str], types: Mapping[str, str], *, with_heads: bool = True) -> list[str]:
    """Return model types together with the types that they need.

    These are the types in the same modules, the types that their config classes name, and the types
    of the configs that their model classes take.

    Args:
        names: model types.
        types: all model types of the installed transformers, with their config classes.
        with_heads: whether to add types whose config another type's model classes take.
    """
    folders = {one: _folder(one) for one in types}
    found: dict[str, None] = {}
    open_names = [name for name in names if name in types]
    while open_names:
        name = open_names.pop()
        if name in found:
            continue
        found[name] = None
        open_names += [one for one, folder in folders.items() if folder == folders[name]]
        open_names += [one for one in _texts(folders[name]) if one in types]
        if with_heads:
            open_names += [one for one in _taken(name) if one in types]
    return [one for one in types if one in found]


def _folder(model_type: str) -> str:
    from transformers.models.auto.configuration_auto import model_type_to_module_name

    return str(model_type_to_module_name(model_type))


def _taken(model_type: str) -> Iterator[str]:
    """Yield the types of the configs that the classes of a model type take."""
    import transformers

    for name in builder.mapped_classes({"model_type": model_type}):
        config_class = getattr(getattr(transformers, name, None), "config_class", None)
        yield getattr(config_class, "model_type", "")


@cache
def _texts(folder: str) -> frozenset[str]:
    """Return the strings in the modules of config classes in a folder of models."""
    spec = importlib.util.find_spec(f"transformers.models.{folder}")
    places = spec.submodule_search_locations if spec else None
    files = (path for place in places or () for path in Path(place).glob("configuration_*.py"))
    return frozenset(text for path in files for text in _strings(path.read_text("utf-8")))


def _strings(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
