"""Modules that are cloned are like those that are made, and a number of a layer is an integer."""

from __future__ import annotations

import copy
import math
import operator
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loracfg.base.catalogue.stand_ins import memory
from loracfg.base.catalogue.stand_ins.memory import Index
from loracfg.base.catalogue.stand_ins.turns import allow_turns
from loracfg.base.catalogue.tree import Walk
from tests.base.stand_ins import layered

STEP: Final = st.sampled_from(
    [
        "set",
        "delete",
        "none",
        "share",
        "weight",
        "add",
        "named",
        "parameter",
        "buffer",
        "list",
        "bias",
    ]
)
HOW: Final = st.sampled_from(["plain", "even", "first", "listed", "less", "counted"])

BINARY: Final[list[Callable[[Any, Any], Any]]] = [
    operator.add,
    operator.sub,
    operator.mul,
    operator.floordiv,
    operator.truediv,
    operator.mod,
    operator.pow,
    divmod,
    operator.and_,
    operator.or_,
    operator.xor,
    operator.lshift,
    operator.rshift,
    operator.eq,
    operator.ne,
    operator.lt,
    operator.le,
    operator.gt,
    operator.ge,
]
UNARY: Final[list[Callable[[Any], Any]]] = [
    operator.neg,
    operator.pos,
    operator.abs,
    operator.invert,
    operator.index,
    bool,
    int,
    float,
    str,
    repr,
    hash,
    round,
    math.floor,
    math.ceil,
    math.sqrt,
    "{}".format,
    "{:03d}".format,
    "%d".__mod__,
    list(range(20)).__getitem__,
    lambda one: list(range(one)),
    lambda one: f"layers.{one}",
    lambda one: one in [1, 2, 3],
    lambda one: {0: "a", 1: "b"}.get(one),
    lambda one: one in {1, 2},
    lambda one: [5] * one,
    lambda one: one.bit_length(),
    lambda one: sorted([3, one, 1]),
    lambda one: max(2, one) + 0,
    lambda one: sum([one, 1]),
    lambda one: "x" if one else "y",
    lambda one: [1, 2, 3, 4][one:],
]


def answer(compute: Callable[..., Any], *values: Any) -> Any:
    try:
        found = compute(*values)
    except Exception as error:
        return type(error)
    return type(found), found


@given(st.integers(0, 9), st.sampled_from(UNARY))
@settings(deadline=None)
def test_a_number_answers_as_an_integer(number: int, compute: Callable[[Any], Any]) -> None:
    index: Any = Index(number)

    found = answer(compute, index)

    assert str(found) == str(answer(compute, number))
    assert index.is_seen


@given(
    st.integers(0, 9),
    st.integers(-2, 9) | st.sampled_from([0.5, 2.0, "a", None, True, [1]]),
    st.sampled_from(BINARY),
    st.booleans(),
)
@settings(deadline=None, max_examples=300)
def test_a_number_goes_with_others_from_either_side(
    number: int, other: Any, compute: Callable[[Any, Any], Any], is_left: bool
) -> None:
    index: Any = Index(number)
    ours = answer(compute, index, other) if is_left else answer(compute, other, index)

    assert ours == (answer(compute, number, other) if is_left else answer(compute, other, number))
    assert index.is_seen or ours is TypeError


@pytest.mark.parametrize("compute", BINARY)
def test_numbers_go_with_each_other(compute: Callable[[Any, Any], Any]) -> None:
    first, second = Index(7), Index(2)

    assert answer(compute, first, second) == answer(compute, 7, 2)
    assert first.is_seen
    assert second.is_seen


def test_asking_for_the_type_is_no_look() -> None:
    index: Any = Index(3)

    assert issubclass(index.__class__, int)
    assert copy.deepcopy(index) is copy.copy(index) is index
    assert not index.is_seen


@contextmanager
def without_memory() -> Iterator[None]:
    def made(cls: Any, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        return type.__call__(cls, *arguments, **keywords)

    with mock.patch.object(memory, "made", made):
        yield


def walked(make: Callable[[], Any]) -> Any:
    """Return all that is named in a model, or how making it fails."""
    allow_turns()
    memory.forget()
    try:
        model = make()
        walk = Walk()
        walk.visit(model, "")
    except Exception as error:
        return type(error)
    finally:
        memory.forget()
    return list(walk.modules.items()), walk.aliases


def named(make: Callable[[], Any]) -> Any:
    """Return what the model itself says that it has."""
    allow_turns()
    memory.forget()
    try:
        model = make()
        return (
            [path for path, _ in model.named_modules()],
            [(path, one.shape) for path, one in model.named_parameters()],
            [(path, one.shape) for path, one in model.named_buffers()],
        )
    except Exception as error:
        return type(error)
    finally:
        memory.forget()


@given(
    st.lists(st.integers(1, 5), min_size=1, max_size=5),
    HOW,
    st.lists(STEP, max_size=3),
    st.lists(st.tuples(st.integers(0, 4), STEP), max_size=3),
    st.booleans(),
    st.booleans(),
)
@settings(deadline=None, max_examples=500)
def test_clones_are_like_what_is_made(
    widths: list[int],
    how: str,
    steps: list[str],
    after: list[tuple[int, str]],
    is_tying: bool,
    first_again: bool,
) -> None:
    def make() -> Any:
        return layered.Model(
            layered.Config(width=4, widths=widths),
            how,
            tuple(steps),
            tuple(after),
            is_tying=is_tying,
            first_again=first_again,
        )

    with without_memory():
        plain, said = walked(make), named(make)

    assert walked(make) == plain
    assert named(make) == said


def test_layers_are_cloned() -> None:
    with mock.patch.object(memory, "clone", wraps=memory.clone) as clone:
        layered.Model(
            layered.Config(width=4, widths=[4] * 5),
            "plain",
            (),
            (),
            is_tying=False,
            first_again=False,
        )

    assert clone.call_count > 5
