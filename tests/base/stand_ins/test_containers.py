"""Containers that stand in for torch's hold what torch's hold after the same steps."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.base.stand_ins.oracle import agree

Step = tuple[str, Any, Any]

INDEX: Final = st.integers(-4, 4)
SLICE: Final = st.builds(
    slice, st.none() | INDEX, st.none() | INDEX, st.none() | st.sampled_from([1, 2, -1])
)
WIDTH: Final = st.integers(1, 9)
NAME: Final = st.sampled_from(["a", "b", "c", "0", "1", "", "a.b", "keys", "training", "_modules"])
PLAIN_NAME: Final = NAME.filter(lambda name: name != "training")
NOT_A_MODULE: Final[st.SearchStrategy[Any]] = st.sampled_from([None, 1, "linear", []])


def linear(nn: Any, width: Any) -> Any:
    """Return a layer of a width; what is no width stands for itself."""
    return nn.Linear(width, 1, bias=False) if type(width) is int and width > 1 else width


LIST_STEPS: Final = st.one_of(
    st.tuples(st.just("append"), st.none(), WIDTH | NOT_A_MODULE),
    st.tuples(st.just("extend"), st.none(), st.lists(WIDTH, max_size=3) | st.integers(0, 1)),
    st.tuples(st.just("insert"), INDEX, WIDTH),
    st.tuples(st.just("set"), INDEX, WIDTH | NOT_A_MODULE),
    st.tuples(st.just("delete"), INDEX | SLICE, st.none()),
    st.tuples(st.just("slice"), SLICE, st.none()),
    st.tuples(st.just("add"), st.none(), st.lists(WIDTH, max_size=3)),
    st.tuples(st.just("again"), INDEX, st.none()),
    st.tuples(st.just("pop"), INDEX, st.none()),
)
DICT_STEPS: Final = st.one_of(
    st.tuples(st.just("set"), NAME, WIDTH | NOT_A_MODULE),
    st.tuples(st.just("delete"), NAME, st.none()),
    st.tuples(st.just("pop"), NAME, st.none()),
    st.tuples(st.just("update"), st.none(), st.dictionaries(NAME, WIDTH, max_size=2)),
    st.tuples(st.just("pairs"), st.none(), st.lists(st.tuples(NAME, WIDTH), max_size=2)),
    st.tuples(st.just("attribute"), NAME, WIDTH),
)


def after_list(nn: Any, held: Any, step: Step) -> Any:
    """Return a list after a step."""
    name, at, what = step
    match name:
        case "append":
            held.append(linear(nn, what))
        case "extend":
            held.extend([linear(nn, one) for one in what] if isinstance(what, list) else what)
        case "insert":
            held.insert(abs(at) % (len(held) + 1), linear(nn, what))
        case "set":
            held[at] = linear(nn, what)
        case "delete":
            del held[at]
        case "slice":
            return held[at]
        case "add":
            more = [linear(nn, one) for one in what]
            held += nn.ModuleList(more) if type(held) is nn.ModuleList else nn.Sequential(*more)
        case "again":
            held.append(held[at])
        case "pop":
            held.append(held.pop(at))
    return held


def after_dict(nn: Any, held: Any, step: Step) -> Any:
    """Return a dict after a step."""
    name, key, what = step
    match name:
        case "set":
            held[key] = linear(nn, what)
        case "delete":
            del held[key]
        case "pop":
            held.pop(key)
        case "update":
            held.update({key: linear(nn, one) for key, one in what.items()})
        case "pairs":
            held.update([(key, linear(nn, one)) for key, one in what])
        case "attribute":
            setattr(held, key, linear(nn, what))
    return held


def within(
    make: Callable[[Any], Any], steps: list[Step], after: Callable[[Any, Any, Step], Any]
) -> Callable[[Any], Any]:
    """Return what makes a model that holds what there is after some steps."""

    def build(nn: Any) -> Any:
        held = make(nn)
        for step in steps:
            held = after(nn, held, step)
        return nn.Sequential(held)

    return build


@given(st.lists(WIDTH, max_size=4), st.lists(LIST_STEPS, max_size=4))
@settings(deadline=None)
def test_module_lists(widths: list[int], steps: list[Step]) -> None:
    agree(within(lambda nn: nn.ModuleList(linear(nn, w + 1) for w in widths), steps, after_list))


@given(
    st.lists(WIDTH, max_size=4),
    st.lists(LIST_STEPS.filter(lambda step: step[0] != "insert"), max_size=4),
)
@settings(deadline=None)
def test_sequentials(widths: list[int], steps: list[Step]) -> None:
    agree(within(lambda nn: nn.Sequential(*(linear(nn, w + 1) for w in widths)), steps, after_list))


@given(
    st.dictionaries(NAME, WIDTH, max_size=3),
    st.lists(LIST_STEPS.filter(lambda step: step[0] in ("set", "delete", "slice")), max_size=2),
)
@settings(deadline=None)
def test_sequentials_of_named_modules(widths: dict[str, int], steps: list[Step]) -> None:
    def make(nn: Any) -> Any:
        return nn.Sequential(OrderedDict((k, linear(nn, w + 1)) for k, w in widths.items()))

    agree(within(make, steps, after_list))


@given(st.dictionaries(NAME, WIDTH, max_size=3), st.lists(DICT_STEPS, max_size=4))
@settings(deadline=None)
def test_module_dicts(widths: dict[str, int], steps: list[Step]) -> None:
    def make(nn: Any) -> Any:
        return nn.ModuleDict({key: linear(nn, width + 1) for key, width in widths.items()})

    agree(within(make, steps, after_dict))


def parameter(nn: Any, width: int) -> Any:
    return nn.Linear(width, 1, bias=False).weight


@given(st.lists(WIDTH, max_size=4), st.lists(WIDTH, max_size=2))
@settings(deadline=None)
def test_parameter_lists(widths: list[int], more: list[int]) -> None:
    def make(nn: Any) -> Any:
        held = nn.ParameterList([parameter(nn, width) for width in widths])
        for width in more:
            held.append(parameter(nn, width))
        for one in held:
            held.append(one)
        return held

    agree(make)


@given(
    st.dictionaries(PLAIN_NAME, WIDTH, max_size=3),
    st.lists(st.tuples(PLAIN_NAME, WIDTH), max_size=2),
)
@settings(deadline=None)
def test_parameter_dicts(widths: dict[str, int], more: list[tuple[str, int]]) -> None:
    def make(nn: Any) -> Any:
        held = nn.ParameterDict({key: parameter(nn, width) for key, width in widths.items()})
        for key, width in more:
            held[key] = parameter(nn, width)
        return held

    agree(make)
