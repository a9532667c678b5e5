"""Digests of what a verdict depends on besides the adapter, to see later what changed it."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from typing import Final

from loracfg.base.search import ResolvedBase
from loracfg.engine.options import Options

_LENGTH: Final = 16
_KEPT_BASES: Final = 8
_KEPT_OPTIONS: Final = 64


@lru_cache(_KEPT_OPTIONS)
def options_digest(options: Options, *, with_base: bool = True) -> str:
    """Return a digest of the options that verdicts depend on.

    Args:
        options: the options.
        with_base: whether the name of a base counts, which may be spelled in several ways.
    """
    options = options._replace(base_place=None)  # a line above it changes no verdict
    if not with_base:
        options = options._replace(base=None, exclude=())
    return _digest(repr(tuple(options)))


def base_digest(base: ResolvedBase) -> str | None:
    """Return a digest of what a base is, whatever it is called; None if nothing was found.

    It is that of its config, and of its modules if the config does not tell them.
    """
    return _base_digest(_ById(base))


class _ById:
    """A base as a key: the same object has the same digest."""

    __slots__ = ("base",)

    def __init__(self, base: ResolvedBase) -> None:
        self.base = base

    def __hash__(self) -> int:
        return id(self.base)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ById) and other.base is self.base


@lru_cache(_KEPT_BASES)
def _base_digest(key: _ById) -> str | None:
    config, tree = key.base.config, key.base.architecture
    if not config and tree is None:
        return None
    found = json.dumps(dict(config), sort_keys=True, default=str)
    if tree is not None and tree.source != "catalogue":
        found += repr(list(tree.modules.items()))
    return _digest(found)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()[:_LENGTH]
