"""Programs that cannot be written, activations with parts, and reasons in words."""

from __future__ import annotations

from typing import Any

import pytest

from loracfg.base.derivation import activations
from loracfg.base.derivation.layout import _writable
from loracfg.base.derivation.layout_index import LayoutIndex
from loracfg.base.derivation.model_programs import DEFECT
from loracfg.base.derivation.reasons import in_words
from loracfg.base.derivation.stand_ins.nn import nn


def program(rows: list[Any], configs: dict[str, Any]) -> Any:
    """Return a program with a model that needs the first row."""
    own: dict[str, Any] = {"root": 0, "in": None, "out": None, "checks": []}
    nodes = [{"activation": 0}]
    return {"exprs": rows, "nodes": nodes, "checks": [], "classes": {"M": own}, "configs": configs}


def index() -> LayoutIndex:
    return LayoutIndex("transformers 5", {}, {"M": ["t"]}, configs={"C": "t"})


def test_models_that_cannot_be_written_are_declined() -> None:
    found = index()
    made = _writable(program([["paint"]], {"C": {"bases": ["B"]}}), found)
    assert (made["classes"], made.get("configs")) == ({}, {"C": {"bases": ["B"]}})
    assert list(found.declined) == ["M"]
    assert found.declined["M"].startswith(DEFECT)
    assert found.configs == {"C": "t"}


def test_models_with_names_of_objects_are_declined() -> None:
    found = index()
    _writable(program([[".", ["c"], "__class__"]], {}), found)
    assert found.declined["M"] == "`__class__` is not a name that facts have"


def test_config_classes_that_cannot_be_written_are_declined() -> None:
    found = index()
    made = _writable(program([["c"]], {"C": {"bases": ["B"], "colour": 1}}), found)
    assert (made["classes"], made.get("configs")) == ({}, {})
    assert list(found.declined) == ["M", "C"]
    assert found.configs == {}


def test_activations_may_have_parts() -> None:
    made = nn.Sequential(nn.PReLU(), nn.Module())
    made.register_module("none", None)
    assert list(activations._modules(made, "")) == [
        ["", "Sequential", {}, {}],
        ["0", "PReLU", {"weight": [1]}, {}],
        ["1", "Module", {}, {}],
    ]


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("Foreign: torchaudio", "it has parts of another library"),
        ("NotFollowed: a while loop", "its constructor does what is not followed"),
        (f"{DEFECT}TypeError: a tensor", "its constructor does what is not followed"),
    ],
)
def test_reasons_in_words(reason: str, words: str) -> None:
    assert in_words(reason) == words
