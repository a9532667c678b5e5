"""Tensors that stand in for torch's have the shapes of torch's, and its values where they know."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from loracfg.base.catalogue.stand_ins.functions import torch as own_torch
from loracfg.base.catalogue.stand_ins.tensors import Tensor
from loracfg.base.catalogue.stand_ins.unknown import UndeterminedError, Unknown

Compute = Callable[[Any], Any]

SIZE: Final = st.integers(0, 4)
DIM: Final = st.integers(-3, 3)
SHAPE: Final = st.lists(SIZE, max_size=3)
FULL: Final = st.lists(st.integers(1, 4), min_size=1, max_size=3)
ODD_SIZES: Final = st.lists(st.sampled_from([-1, 0, 1, 2, 3, 4, 6, 8, 12]), max_size=3)
NUMBER: Final = st.integers(-6, 6) | st.sampled_from([0.5, 2.0, -1.5])
INDEX: Final = st.one_of(
    st.integers(-3, 3),
    st.builds(slice, st.none() | DIM, st.none() | DIM),
    st.sampled_from([None, ...]),
)
KEY: Final = INDEX | st.lists(INDEX, max_size=3).filter(lambda k: k.count(...) < 2).map(tuple)


def same(ours: Any, theirs: Any) -> None:
    """Assert that results are the same, as far as the stand-in knows."""
    if isinstance(theirs, (tuple, list)):
        assert len(ours) == len(theirs)
        for mine, other in zip(ours, theirs, strict=True):
            same(mine, other)
    elif isinstance(ours, Tensor):
        assert ours.shape == tuple(theirs.shape)
        if ours.values is not None:
            expected = theirs.flatten().tolist()
            assert len(ours.values) == len(expected)
            for mine, other in zip(ours.values, expected, strict=True):
                assert math.isclose(mine, other, rel_tol=1e-5, abs_tol=1e-5) or mine != mine
    else:
        assert ours == theirs


def agree(compute: Compute) -> None:
    """Assert that a computation gives the same with both, or is refused by both."""
    try:
        ours = compute(own_torch)
    except UndeterminedError:
        return
    except Exception as error:
        ours = error
    if isinstance(ours, Unknown):
        return
    try:
        theirs = compute(torch)
    except (RuntimeError, TypeError, ValueError, IndexError) as error:
        theirs = error
    if isinstance(theirs, Exception):
        assert isinstance(ours, Exception), f"torch refuses it: {theirs!r}"
        return
    assert not isinstance(ours, Exception), f"torch takes it: {ours!r}"
    same(ours, theirs)


def counted(home: Any, shape: list[int]) -> Any:
    """Return a tensor of known values."""
    return home.arange(math.prod(shape)).view(*shape) if shape else home.tensor(3)


@given(st.sampled_from(["zeros", "ones"]), ODD_SIZES, st.booleans())
@settings(deadline=None)
def test_filled(name: str, sizes: list[int], is_listed: bool) -> None:
    agree(lambda home: getattr(home, name)(*([sizes] if is_listed or not sizes else sizes)))
    agree(lambda home: home.full(sizes, 2))
    agree(lambda home: home.empty(sizes).shape)
    agree(lambda home: home.ones_like(home.zeros(sizes)))


@given(st.lists(NUMBER, min_size=1, max_size=3))
@settings(deadline=None)
def test_ranges(bounds: list[Any]) -> None:
    agree(lambda home: home.arange(*bounds))


@given(NUMBER, NUMBER, st.integers(-1, 7))
@settings(deadline=None)
def test_even_spaces(start: float, end: float, steps: int) -> None:
    agree(lambda home: home.linspace(start, end, steps))


@given(SHAPE, SHAPE, DIM)
@settings(deadline=None)
def test_joined(first: list[int], second: list[int], dim: int) -> None:
    agree(lambda home: home.stack([counted(home, first)] * 2, dim=dim))
    agree(lambda home: home.stack([home.ones(first), home.ones(second)]))
    if first and second:
        agree(lambda home: home.cat([home.ones(first), home.ones(second)], dim=dim))


@given(SIZE, SIZE, st.sampled_from(["ij", "xy"]))
@settings(deadline=None)
def test_grids(first: int, second: int, indexing: str) -> None:
    agree(lambda home: home.outer(home.ones(first), home.ones(second)))
    agree(lambda home: home.eye(first, second))
    agree(lambda home: home.eye(first))
    agree(lambda home: home.meshgrid(home.arange(first), home.arange(second), indexing=indexing))


DATA: Final = st.recursive(NUMBER, lambda inner: st.lists(inner, max_size=3), max_leaves=6)


@given(DATA.filter(lambda data: "[]" not in repr(data)) | st.just([]))
@settings(deadline=None)
def test_of_data(data: Any) -> None:
    agree(lambda home: home.tensor(data))


@given(SHAPE, SHAPE, SHAPE)
@settings(deadline=None)
def test_picked(first: list[int], second: list[int], third: list[int]) -> None:
    agree(
        lambda home: home.where(home.ones(first) > 0, counted(home, second), counted(home, third))
    )


RESHAPED: Final[dict[str, Callable[[Any, list[int]], Any]]] = {
    "view": lambda t, sizes: t.view(*sizes),
    "reshape": lambda t, sizes: t.reshape(sizes),
    "expand": lambda t, sizes: t.expand(*sizes),
    "repeat": lambda t, sizes: t.repeat(*sizes),
    "permute": lambda t, sizes: t.permute(*sizes),
}


@pytest.mark.parametrize("name", RESHAPED)
@given(shape=FULL, sizes=ODD_SIZES.filter(bool))
@settings(deadline=None)
def test_reshaped(name: str, shape: list[int], sizes: list[int]) -> None:
    agree(lambda home: RESHAPED[name](counted(home, shape), sizes))


TURNED: Final[dict[str, Callable[[Any, int, int], Any]]] = {
    "unsqueeze": lambda t, dim, _: t.unsqueeze(dim),
    "squeeze": lambda t, dim, _: t.squeeze(dim),
    "squeeze all": lambda t, _, __: t.squeeze(),
    "transpose": lambda t, dim, other: t.transpose(dim, other),
    "flatten": lambda t, dim, other: t.flatten(dim, other),
    "flatten all": lambda t, _, __: t.flatten(),
    "split": lambda t, size, dim: t.split(abs(size) + 1, dim),
    "chunk": lambda t, size, dim: t.chunk(abs(size) + 1, dim),
    "cumsum": lambda t, dim, _: t.cumsum(dim),
    "sum": lambda t, dim, _: t.sum(dim),
    "sum kept": lambda t, dim, _: t.sum(dim, keepdim=True),
    "sum all": lambda t, _, __: t.sum(),
    "size": lambda t, dim, _: t.size(dim),
    "numel": lambda t, _, __: t.numel(),
    "length": lambda t, _, __: len(t),
    "list": lambda t, _, __: t.tolist(),
    "item": lambda t, _, __: t.item(),
    "repeat_interleave": lambda t, times, dim: t.repeat_interleave(abs(times), dim),
    "iterate": lambda t, _, __: list(t),
    "negate": lambda t, _, __: -t,
}


@pytest.mark.parametrize("name", TURNED)
@given(shape=FULL, first=DIM, second=DIM)
@settings(deadline=None)
def test_turned(name: str, shape: list[int], first: int, second: int) -> None:
    agree(lambda home: TURNED[name](counted(home, shape), first, second))


@given(SHAPE, KEY, NUMBER)
@settings(deadline=None)
def test_indexed(shape: list[int], key: Any, value: float) -> None:
    agree(lambda home: counted(home, shape)[key])

    def put(home: Any, what: Any) -> Any:
        made = home.zeros(shape)
        made[key] = what
        return made

    agree(lambda home: put(home, value))
    agree(lambda home: put(home, home.ones(2)))


ARITHMETIC: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / (b + 7),
    "//": lambda a, b: a // (b + 7),
    "%": lambda a, b: a % (b + 7),
    "**": lambda a, b: a**2 + b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    "==": lambda a, b: a == b,
}


@pytest.mark.parametrize("name", ARITHMETIC)
@given(first=SHAPE, second=SHAPE, number=NUMBER)
@settings(deadline=None)
def test_arithmetic(name: str, first: list[int], second: list[int], number: float) -> None:
    compute = ARITHMETIC[name]
    agree(lambda home: compute(counted(home, first), counted(home, second)))
    agree(lambda home: compute(counted(home, first), number))
    agree(lambda home: compute(number, counted(home, first)))
