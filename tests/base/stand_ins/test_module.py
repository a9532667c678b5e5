"""The stand-in for `torch.nn.Module` registers as torch's does, and refuses what torch refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn.utils import parametrizations
from torch.nn.utils import weight_norm as old_weight_norm

from loracfg.base.catalogue.stand_ins.functions import torch as own_torch
from tests.base.stand_ins.oracle import NN, agree

NAME: Final = st.sampled_from(["a", "b", "", "a.b", "forward", "weight"])
WHAT: Final = st.sampled_from(["module", "parameter", "tensor", "none", "number"])
STEP: Final = st.one_of(
    st.tuples(
        st.sampled_from(["assign", "add_module", "register_parameter", "register_buffer", "hide"]),
        NAME,
        WHAT,
    ),
    st.tuples(
        st.sampled_from(["delete", "read"]), st.sampled_from(["a", "b", "weight"]), st.just("none")
    ),
)


def torch_of(nn: Any) -> Any:
    return own_torch if nn is NN else torch


def value(nn: Any, what: str) -> Any:
    match what:
        case "module":
            return nn.Linear(2, 3)
        case "parameter":
            return nn.Parameter(torch_of(nn).zeros(4))
        case "tensor":
            return torch_of(nn).zeros(5)
        case "number":
            return 6
    return None


def take(nn: Any, module: Any, step: tuple[str, str, str]) -> None:
    kind, name, what = step
    match kind:
        case "assign":
            setattr(module, name, value(nn, what))
        case "hide":
            module.register_buffer(name, value(nn, what), persistent=False)
        case "delete":
            delattr(module, name)
        case "read":
            getattr(module, name)
        case _:
            getattr(module, kind)(name, value(nn, what))


@given(st.lists(STEP, max_size=5))
@settings(deadline=None, max_examples=300)
def test_what_is_registered(steps: list[tuple[str, str, str]]) -> None:
    def make(nn: Any) -> Any:
        module = nn.Module()
        for step in steps:
            take(nn, module, step)
        return module

    agree(make)


@pytest.mark.parametrize("kind", ["assign", "add_module", "register_parameter", "register_buffer"])
@pytest.mark.parametrize("what", ["module", "parameter", "tensor", "none"])
def test_nothing_is_registered_before_the_constructor(kind: str, what: str) -> None:
    def make(nn: Any) -> Any:
        def early(self: Any) -> None:
            take(nn, self, (kind, "early", what))
            nn.Module.__init__(self)

        return type("Early", (nn.Module,), {"__init__": early})()

    agree(make)


def nested(nn: Any) -> Any:
    """Return a model with a module and a parameter in two places each."""
    shared = nn.Linear(2, 2)
    inner = nn.Sequential(shared, nn.BatchNorm1d(2))
    model = nn.ModuleDict({"first": inner, "again": shared, "deep": nn.ModuleList([inner])})
    model.tied = inner[0].weight
    model.absent = None
    model.register_parameter("nothing", None)
    return model


NAMED: Final[dict[str, Callable[[Any], Any]]] = {
    "modules": lambda m: [(n, type(one).__name__) for n, one in m.named_modules()],
    "all modules": lambda m: [n for n, _ in m.named_modules(remove_duplicate=False)],
    "prefix": lambda m: [n for n, _ in m.named_modules(prefix="p")],
    "children": lambda m: [n for n, _ in m.named_children()],
    "parameters": lambda m: [(n, tuple(p.shape)) for n, p in m.named_parameters()],
    "all parameters": lambda m: [n for n, _ in m.named_parameters(remove_duplicate=False)],
    "own parameters": lambda m: [n for n, _ in m.named_parameters(recurse=False)],
    "prefixed": lambda m: [n for n, _ in m.named_parameters(prefix="p")],
    "buffers": lambda m: [(n, tuple(b.shape)) for n, b in m.named_buffers()],
    "counts": lambda m: (len(list(m.modules())), len(list(m.parameters()))),
    "submodule": lambda m: type(m.get_submodule("deep.0.1")).__name__,
    "parameter": lambda m: tuple(m.get_parameter("first.0.weight").shape),
}


@pytest.mark.parametrize("what", NAMED)
def test_names(what: str) -> None:
    assert NAMED[what](nested(NN)) == NAMED[what](nested(torch.nn))


@pytest.mark.parametrize("path", ["none", "first.7", "first.0.weight", "tied", ""])
def test_submodules_that_are_none(path: str) -> None:
    def make(nn: Any) -> Any:
        return nn.ModuleList([nested(nn).get_submodule(path)])

    agree(make)


@given(
    st.integers(1, 4),
    st.integers(1, 4),
    st.sampled_from([-2, -1, 0, 1, 2, 3, None]),
    st.sampled_from(["weight", "bias", "none"]),
    st.booleans(),
    st.sampled_from(["Linear", "Conv1d", "ConvTranspose2d"]),
)
@settings(deadline=None)
def test_weight_norm(
    into: int, out: int, dim: int | None, name: str, is_old: bool, layer: str
) -> None:
    def make(nn: Any) -> Any:
        module = getattr(nn, layer)(into, out, *([] if layer == "Linear" else [3]))
        if nn is NN:
            norm = nn.utils.weight_norm if is_old else nn.utils.parametrizations.weight_norm
        else:
            norm = old_weight_norm if is_old else parametrizations.weight_norm
        return nn.Sequential(norm(module, name=name, dim=dim))

    agree(make)
