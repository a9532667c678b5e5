"""Compares what stand-ins make with what torch makes on the meta device, as transformers is run."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import torch
from torch import nn as real

from loracfg.base.catalogue.stand_ins.nn import nn
from loracfg.base.catalogue.stand_ins.turns import allow_turns
from loracfg.base.catalogue.stand_ins.unknown import UndeterminedError
from loracfg.base.meta import no_initialisation

NN: Final[Any] = nn


class Tree(NamedTuple):
    """Paths of modules with their classes, and tensors with their shapes, in order."""

    modules: list[tuple[str, str]]
    parameters: list[tuple[str, tuple[int, ...]]]
    buffers: list[tuple[str, tuple[int, ...]]]


def tree(module: Any) -> Tree:
    """Read a module of torch or a stand-in for one."""
    parameters, buffers = [], []
    for path, part in module.named_modules(remove_duplicate=False):
        dot = f"{path}." if path else ""
        hidden = part._hidden if isinstance(part, NN.Module) else part._non_persistent_buffers_set
        for name, one in part._parameters.items():
            if one is not None:
                parameters.append((f"{dot}{name}", tuple(one.shape)))
        for name, one in part._buffers.items():
            if one is not None and name not in hidden:
                buffers.append((f"{dot}{name}", tuple(one.shape)))
    named = module.named_modules(remove_duplicate=False)
    return Tree([(path, type(part).__name__) for path, part in named], parameters, buffers)


def real_tree(make: Callable[[Any], Any]) -> Tree | Exception:
    """Return what torch makes, or how it refuses."""
    with warnings.catch_warnings(), torch.device("meta"), no_initialisation():
        warnings.simplefilter("ignore")
        try:
            return tree(make(real))
        except Exception as error:
            return error


def own_tree(make: Callable[[Any], Any]) -> Tree | Exception:
    """Return what stand-ins make, or how they refuse."""
    allow_turns()
    try:
        return tree(make(NN))
    except Exception as error:
        return error


def agree(make: Callable[[Any], Any]) -> None:
    """Assert that stand-ins make what torch does, or refuse what torch refuses.

    They may decline what torch makes, but say then that they do not know.
    """
    ours = own_tree(make)
    if isinstance(ours, UndeterminedError):
        return
    theirs = real_tree(make)
    if isinstance(theirs, Exception):
        assert isinstance(ours, Exception), f"torch refuses it: {theirs!r}"
        return
    assert not isinstance(ours, Exception), f"torch makes it, not so the stand-in: {ours!r}"
    assert ours == theirs


def made_of(name: str, values: tuple[Any, ...], keywords: dict[str, Any]) -> Callable[[Any], Any]:
    """Return what makes a class of `torch.nn` or its stand-in of arguments, new ones each time."""

    def make(home: Any) -> Any:
        return getattr(home, name)(*copy.deepcopy(values), **copy.deepcopy(keywords))

    return make
