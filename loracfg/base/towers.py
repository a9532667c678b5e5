"""Finds the parts of a base that processes images, video or sound as well as text."""

from __future__ import annotations

from collections.abc import Container, Iterator
from functools import lru_cache
from itertools import takewhile
from typing import Final

from loracfg.base.architecture import Architecture, Kind, parents_of
from loracfg.named_tuple import NamedTuple

_TOWERS: Final = ("vision", "visual", "image", "video", "audio", "speech")
_MAX_CACHED: Final = 5_000
"""The maximum number of modules of a base for which `_has_tower` is cached."""
LINEAR: Final = (Kind.LINEAR, Kind.CONV1D_GPT2)
"""The kinds of layers that `all-linear` targets."""


class ModelParts(NamedTuple):
    """The path of the text model, and of the parts next to it: towers and projectors."""

    text: str
    others: tuple[str, ...]

    def other_of(self, path: str) -> str | None:
        """Return the part next to the text model that a module belongs to, if any."""
        return next((other for other in self.others if is_within(path, other)), None)


def is_within(path: str, owner: str) -> bool:
    """Return whether a module is `owner` or inside it."""
    return path == owner or path.startswith(f"{owner}.")


def is_within_any(path: str, owners: Container[str]) -> bool:
    """Return whether a module is one of `owners` or inside one."""
    return path in owners or any(parent in owners for parent in parents_of(path))


def parts_of(base: Architecture) -> ModelParts | None:
    """Return the parts of a base, or None if it has no tower next to a model that generates text.

    The text model is the part with the input embedding. A tower is recognised by its name, such as
    `vision_tower`.
    """
    paths = tuple(base.modules)
    has_tower = _has_tower_cached if len(paths) <= _MAX_CACHED else _has_tower
    if not has_tower(paths):  # nearly every base
        return None
    embedding = base.find(base.input_embeddings or "")
    if embedding is None or embedding.kind is not Kind.EMBEDDING or not base.output_embeddings:
        return None
    shared = [_shared(embedding.path, tower) for tower in _towers(base, embedding.path)]
    if not shared:
        return None
    owner = max(shared, key=len)
    text = _child(owner, embedding.path)
    if not any(m.kind in LINEAR and is_within(path, text) for path, m in base.modules.items()):
        return None  # the tower is among the text model's own parts
    children = dict.fromkeys(_child(owner, path) for path in base.modules if _is_below(path, owner))
    not_beside = (text, base.output_embeddings, *base.tied)
    return ModelParts(text, tuple(path for path in children if path not in not_beside))


def _towers(base: Architecture, embedding: str) -> Iterator[str]:
    for path in base.modules:
        name = path.rpartition(".")[2]
        if names_tower(name) and not is_within(embedding, path) and not is_in_stack(path):
            yield path


def _has_tower(paths: tuple[str, ...]) -> bool:
    return names_tower("\n".join(paths))


_has_tower_cached = lru_cache(16)(_has_tower)


def names_tower(text: str) -> bool:
    """Return whether any of the paths in a text is named like a tower."""
    small = text.lower()
    return any(word in small for word in _TOWERS)


def is_in_stack(path: str) -> bool:
    """Return whether a module is in a numbered layer, or is one."""
    return any(step.isdecimal() for step in path.split("."))


def _shared(first: str, second: str) -> str:
    """Return the path of the innermost module that contains both."""
    pairs = takewhile(
        lambda pair: pair[0] == pair[1], zip(first.split("."), second.split("."), strict=False)
    )
    return ".".join(step for step, _ in pairs)


def _child(owner: str, path: str) -> str:
    """Return the child of `owner` that a path leads through."""
    depth = owner.count(".") + 2 if owner else 1
    return ".".join(path.split(".")[:depth])


def _is_below(path: str, owner: str) -> bool:
    return path.startswith(f"{owner}.") if owner else path != ""
