"""Drawn module trees as text: reading back written text."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from loracfg.base.catalogue.program_data import ProgramData
from loracfg.base.derivation.text import normalise, read, write

ROWS: list[list[Any]] = [
    ["c"],
    [".", 0, "hidden_size"],
    [".", 0, "num_labels"],
    ["i", 0],
    ["*", 1, 3],
    ["not", 2],
    ["if", 2, 1, 4],
    ["==", 6, [1]],
    ["not", 7],
    ["fmt", ["layer"], 3],
    ["dict", ["a"], ["b"]],
    ["and", 7, 5],
]
NAMES = ["a", "self", "parameter", "buffer", "ties", "input", "if", "for", "none", "config", "0"]
MAPPINGS = ["MODEL_MAPPING_NAMES", "ODD", "MODEL_MAPPING_NAMES(a=True)", "ODD(a=False, b=None)"]
CLASSES = ["A", "B", "ModuleList", "Sequential", "Linear", "block"]

OPERANDS = st.one_of(st.integers(1, len(ROWS) - 1), st.sampled_from([[1], [True], [None], ["x"]]))
CONDITIONS = st.sampled_from([2, 5, 7, 8, 11])
NAME = st.one_of(st.sampled_from(NAMES), st.just(9))
CLASS = st.sampled_from(CLASSES)
NAMES_OF_MODELS = CLASS | st.just("B(a=True)")


def choices(leaves: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[Any]:
    """Draw a thing or a choice between things."""
    return st.recursive(
        leaves,
        lambda inner: st.tuples(st.just("if"), CONDITIONS, inner, inner).map(list),
        max_leaves=most,
    )


def loop(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    body = st.lists(inner, min_size=1, max_size=2)
    return st.tuples(st.just("for"), st.integers(0, 2), OPERANDS, body).map(list)


SHAPES = choices(st.one_of(st.lists(OPERANDS, max_size=3), st.none(), st.just("unknown")))
PLACES = choices(
    st.one_of(
        st.none(),
        st.sampled_from(["", "a.b", "model", "none", "0.x"]),
        st.just(["shared", 0]),
        st.just(["unknown"]),
        st.tuples(
            st.just("model"), st.just("a"), st.sampled_from(MAPPINGS), OPERANDS, st.just("x.y")
        ).map(list),
    )
)


@st.composite
def nodes(draw: st.DrawFn, count: int) -> dict[str, Any]:
    """Draw a node with earlier nodes as children."""
    form = draw(st.sampled_from(["layer", "activation", "model", "class", "class", "class"]))
    if form == "layer":
        layer = draw(st.sampled_from(["Linear", "Norm", "Embedding"]))
        made: dict[str, Any] = {"layer": layer, "sizes": draw(st.lists(OPERANDS, max_size=2))}
        made |= draw(st.sampled_from([{}, {"class": "A"}, {"class": "B"}]))
        bias: st.SearchStrategy[Any] = st.one_of(st.none(), st.just(True), OPERANDS)
        made |= {"bias": draw(bias), "groups": draw(st.none() | OPERANDS)}
    elif form == "activation":
        made = {"activation": draw(OPERANDS)}
    elif form == "model":
        made = {
            "model": draw(st.sampled_from(MAPPINGS)),
            "config": draw(OPERANDS),
            **draw(st.sampled_from([{}, {"part": "a.b"}, {"identity": "a"}, {"part": "if"}])),
        }
    else:
        made = draw(_of_class(count))
    if draw(st.booleans()):
        made |= {"shared": draw(st.integers(0, 2)), "loops": draw(st.lists(st.integers(0, 1)))}
    return made


@st.composite
def _of_class(draw: st.DrawFn, count: int) -> dict[str, Any]:
    made: dict[str, Any] = {"class": draw(choices(CLASS))}
    if draw(st.booleans()):
        made["kind"] = draw(st.sampled_from(["Linear", "Conv1d"]))
    tensors = st.lists(st.tuples(NAME, SHAPES).map(list), max_size=2)
    made |= {"parameters": draw(tensors), "buffers": draw(tensors)}
    if draw(st.booleans()):
        made |= {"ties": 10, "config": draw(st.sampled_from([0, 1])), "transposed": True}
    if count:
        child: st.SearchStrategy[Any] = st.integers(0, count - 1) | st.none()
        items = st.one_of(
            choices(child), loop(choices(child)), choices(st.one_of(child, loop(child)))
        )
        entries = st.tuples(NAME, choices(child)).map(list)
        made["items"] = draw(st.lists(items, max_size=2))
        made["children"] = draw(st.lists(entries | loop(entries), max_size=3))
    return made


CHECKS = st.lists(
    st.tuples(
        st.lists(
            CONDITIONS | st.tuples(st.just("for"), st.integers(0, 1), OPERANDS).map(list),
            max_size=3,
        ),
        st.lists(OPERANDS, max_size=2),
        st.lists(OPERANDS, max_size=2),
    ).map(list),
    max_size=4,
)


@st.composite
def programs(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a program."""
    found = [draw(nodes(count)) for count in range(draw(st.integers(1, 6)))]
    checks = draw(CHECKS)
    numbers = st.lists(st.integers(0, len(checks) - 1), unique=True) if checks else st.just([])
    classes = {
        name: {
            "root": draw(st.integers(0, len(found) - 1)),
            "in": draw(PLACES),
            "out": draw(PLACES),
            "checks": draw(numbers),
            **draw(st.sampled_from([{}, {"exports": {"x": 1}}, {"tied": ["a"]}, {"tied": []}])),
        }
        for name in draw(
            st.lists(CLASS | st.just("B(a=True)"), min_size=1, max_size=3, unique=True)
        )
    }
    return {"exprs": ROWS, "nodes": found, "checks": checks, "classes": classes}


@given(programs())
def test_written_text_is_read_back(program: ProgramData) -> None:
    text = write(program)
    assert json.dumps(read(text)) == json.dumps(normalise(program)), text
    assert write(read(text)) == text
