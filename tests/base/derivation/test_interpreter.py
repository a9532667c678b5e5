"""Interpreting constructors once on an unknown config agrees with running them.

Constructors are drawn: branches, loops, lists and arithmetic on values of the config, and layers
with the results.
"""

from __future__ import annotations

from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loracfg.base.derivation.interpreter.expressions import expression
from loracfg.base.derivation.interpreter.interpretation import Interpreter
from loracfg.base.derivation.interpreter.values import InnerModel, NotFollowed, Symbol
from tests.base.derivation.stand_ins.oracle import agree

VARIABLES: Final = ("a", "b")
LEAF: Final = st.sampled_from(
    [
        *("0", "1", "2", "3", "a", "b", "config.n", "config.m"),
        *("len(items)", "sum(items)", "len(other)", "sum(other)"),
        *("config.sizes[0]", "config.sizes[-1]", "len(config.sizes)"),
    ]
)
SIZE: Final = st.recursive(
    LEAF,
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from("+-*"), inner),
        st.builds("({} {} {})".format, inner, st.sampled_from(["//", "%"]), st.just("2")),
        st.builds("{}({}, {})".format, st.sampled_from(["max", "min"]), inner, inner),
        st.builds("({} if {} else {})".format, inner, st.deferred(lambda: CONDITION), inner),
    ),
    max_leaves=4,
)
CONDITION: Final[st.SearchStrategy[str]] = st.one_of(
    st.sampled_from(
        [
            *("config.flag", "not config.flag", "a", "items", "config.name == 'x'"),
            *("config.name in ('x', 'y')", "config.absent is None", "hasattr(config, 'gone')"),
            *("isinstance(config.n, int)", "getattr(config, 'gone', config.flag)"),
        ]
    ),
    st.builds("{} {} {}".format, LEAF, st.sampled_from(["<", "==", ">=", "!="]), LEAF),
    st.builds(
        "({} {} {})".format,
        st.deferred(lambda: CONDITION),
        st.sampled_from(["and", "or"]),
        st.deferred(lambda: CONDITION),
    ),
)
NAME: Final = st.sampled_from(["one", "two"])


def simple(*, in_loop: bool) -> st.SearchStrategy[list[str]]:
    """Draw a statement on one line."""
    size = SIZE | st.just("i") if in_loop else SIZE
    kinds = [
        st.builds("{} = {}".format, st.sampled_from(VARIABLES), size),
        st.builds("{} += {}".format, st.sampled_from(VARIABLES), size),
        st.builds("{}.append({})".format, st.sampled_from(["items", "other"]), size),
        st.sampled_from(["other = items", "items = list(other)", "items = items + other"]),
        st.builds("items = [{}, {}]".format, size, size),
        st.builds("items = [{} for x in config.sizes]".format, st.sampled_from(["x", "x + a"])),
        st.builds("layers.append(nn.Linear({}, 1))".format, size),
        st.builds("self.{} = nn.Linear({}, 2)".format, NAME, size),
        st.builds("raise_if({})".format, CONDITION),
    ]
    if in_loop:
        kinds += [
            st.builds("layers.append(nn.Linear(i, {}))".format, size),
            st.builds("if {}: continue".format, CONDITION | st.just("i == 1")),
            st.builds("if {}: break".format, st.just("i == 2") | CONDITION),
        ]
    return st.one_of(kinds).map(lambda line: [line])


def indented(lines: list[str]) -> list[str]:
    return [f"    {line}" for line in lines]


def blocks(depth: int, *, in_loop: bool) -> st.SearchStrategy[list[str]]:
    """Draw statements, with nested ones in branches and loops."""
    one = simple(in_loop=in_loop)
    if depth:
        inside = blocks(depth - 1, in_loop=in_loop)
        looped = blocks(depth - 1, in_loop=True)
        branch = st.builds(
            lambda test, yes, no: [f"if {test}:", *indented(yes), "else:", *indented(no)],
            CONDITION,
            inside,
            inside,
        )
        loop = st.builds(
            lambda over, body: [f"for i in {over}:", *indented(body)],
            st.sampled_from(["range(config.n)", "range(a)", "range(1, config.m)", "config.sizes"]),
            looped,
        )
        one = st.one_of(one, branch, loop) if not in_loop else st.one_of(one, branch)
    return st.lists(one, min_size=1, max_size=3).map(
        lambda found: [line for one in found for line in one]
    )


BEGIN: Final = """\
def raise_if(condition):
    if condition:
        raise ValueError
a, b = config.n, 1
items, other = [], []
layers = nn.ModuleList()
"""
CONFIG: Final = st.fixed_dictionaries(
    {
        "n": st.integers(0, 4),
        "m": st.integers(0, 4),
        "flag": st.booleans(),
        "sizes": st.lists(st.integers(0, 3), max_size=3),
        "name": st.sampled_from(["x", "y", "z"]),
        "absent": st.sampled_from([None, 1]),
    }
)


@given(blocks(2, in_loop=False), CONFIG)
@settings(
    max_examples=settings().max_examples * 4,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
def test_drawn_constructors(lines: list[str], config: dict[str, Any]) -> None:
    body = "\n".join(lines)
    agree(f"{BEGIN}{body}\nself.layers = layers\nself.last = nn.Linear(a, b)", config)


USUAL: Final = {
    "branches": "if config.flag:\n    a = config.m\nself.one = nn.Linear(a, b)",
    "branches that make": (
        "if config.flag:\n    self.one = nn.Linear(a, b)\nelse:\n    self.one = None"
    ),
    "loops": "for i in range(config.n):\n    layers.append(nn.Linear(i + 1, config.sizes[0]))",
    "loops over lists": "for x in config.sizes:\n    layers.append(nn.Linear(x, a))",
    "sums": "for x in config.sizes:\n    a += x",
    "sizes of the layer before": (
        "for x in config.sizes:\n    layers.append(nn.Linear(a, x))\n    a = x"
    ),
    "comprehensions": (
        "items = [x * 2 for x in config.sizes]\nself.one = nn.Linear(items[0], len(items))"
    ),
    "conditions in loops": (
        "for i in range(config.n):\n    if i % 2:\n        layers.append(nn.Linear(i, 1))\n"
        "    else:\n        layers.append(nn.ReLU())"
    ),
    "layers left out": (
        "for i in range(config.n):\n    if i == 1:\n        continue\n"
        "    layers.append(nn.Linear(i, 1))"
    ),
    "early returns": (
        "def width(config):\n    if config.flag:\n        return config.m\n    return 2\n"
        "self.one = nn.Linear(width(config), 1)"
    ),
    "early returns of a block that is always run": (
        "def width(config, known=True):\n    if known:\n        if config.flag:\n"
        "            return config.m\n    return 2\nself.one = nn.Linear(width(config), 1)"
    ),
    "keywords": "sizes = {'in_features': config.n}\nself.one = nn.Linear(**sizes, out_features=2)",
    "refusals": "if config.n % 2:\n    raise ValueError(config.n)",
}


@pytest.mark.parametrize("name", USUAL)
@pytest.mark.parametrize("flag", [False, True])
def test_usual_constructors_are_followed(name: str, flag: bool) -> None:
    config = {"n": 4, "m": 3, "flag": flag, "sizes": [2, 3], "name": "x", "absent": None}
    body = f"{BEGIN}{USUAL[name]}\nself.layers = layers\nself.last = nn.Linear(a, b)"
    assert agree(body, config)


@pytest.mark.parametrize(
    "body",
    [
        "self.one = nn.Linear(hash(config.name), 1)",
        "self.one = nn.Linear(int(str(config)), 1)",
        "self.one = nn.Linear(id(config), 1)",
        "self.one = nn.Linear(torch.randint(0, 4, (1,)).item(), 1)",
        "self.one = nn.Linear(eval('config.n'), 1)",
    ],
)
def test_code_without_a_rule_declines(body: str) -> None:
    assert not agree(body, {"n": 2, "name": "7"})


TWO_NAMES: Final = {
    "a branch takes another list": "if config.flag:\n    other = items\nother.append(4)",
    "by its first name": "if config.flag:\n    other = items\nitems.append(4)",
    "one that is not empty": (
        "items = [config.n]\nother = [1]\nif config.flag:\n    other = items\nother[0] = 3"
    ),
    "branches in branches": (
        "if config.flag:\n    if config.n > 2:\n        other = items\nitems.append(2)\n"
        "other.append(5)"
    ),
}


@pytest.mark.parametrize("name", TWO_NAMES)
@pytest.mark.parametrize("flag", [False, True])
def test_lists_with_two_names(name: str, flag: bool) -> None:
    config = {"n": 4, "m": 3, "flag": flag, "sizes": [2, 3], "name": "x", "absent": None}
    sizes = "nn.Linear(len(items), len(other)), nn.Linear(sum(items), sum(other))"
    assert agree(f"{BEGIN}{TWO_NAMES[name]}\nself.last = nn.ModuleList([{sizes}])", config)


@pytest.mark.parametrize("flag", [False, True])
def test_a_list_that_gets_a_second_name_and_an_entry(flag: bool) -> None:
    body = "if config.flag:\n    items.append(3)\n    other = items\nother.append(4)"
    agree(f"{BEGIN}{body}\nself.last = nn.Linear(sum(items), sum(other))", {"n": 1, "flag": flag})


def test_only_the_modules_of_inner_models_are_known() -> None:
    interpreter = Interpreter(__name__)
    model = InnerModel("MODEL_MAPPING_NAMES", expression("c"), 1, ())
    assert isinstance(interpreter.model_has(model, "embed_tokens"), Symbol)
    with pytest.raises(NotFollowed):
        interpreter.model_has(model, "merge_adapter")
