"""Small schemas, before and after they are polished."""

from __future__ import annotations

from typing import Any, Final

import pytest

from loracfg.config.building.editor_texts import with_editor_texts
from loracfg.config.building.polish import polish

NULL: Final = {"type": "null"}
LIST: Final = {"type": "array", "items": {"type": "string"}}
WORDS: Final = {"enum": ["a", "b"], "enumDescriptions": ["A.", "B."]}
EMPTY: Final = {"type": "object", "maxProperties": 0}
POINT: Final = {"type": "object", "properties": {"x": {"type": "integer"}}}

CASES: Final[dict[str, tuple[dict[str, Any], dict[str, Any]]]] = {
    "titles go, keys named title stay": (
        {"title": "T", "properties": {"title": {"title": "Title", "type": "string"}}},
        {"properties": {"title": {"type": "string"}}},
    ),
    "types are listed": (
        {"anyOf": [LIST, {"type": "integer", "minimum": 1}, NULL]},
        {"type": ["array", "integer", "null"], "items": {"type": "string"}, "minimum": 1},
    ),
    "values are listed": (
        {"anyOf": [{**WORDS, "type": "string"}, NULL]},
        {"enum": ["a", "b", None], "enumDescriptions": ["A.", "B.", "Not set."]},
    ),
    "what is no list of values stays beside them": (
        {"anyOf": [{"type": "string", "pattern": "^c"}, {"anyOf": [WORDS, NULL]}]},
        {
            "anyOf": [
                {"enum": ["a", "b", None], "enumDescriptions": ["A.", "B.", "Not set."]},
                {"type": "string", "pattern": "^c"},
            ]
        },
    ),
    "integers are numbers": (
        {"anyOf": [{"type": "number"}, {"type": "integer"}]},
        {"type": "number"},
    ),
    "integers are not all in a range of numbers": (
        {"anyOf": [{"type": "number", "maximum": 0}, {"type": "integer"}]},
        {"anyOf": [{"type": "number", "maximum": 0}, {"type": "integer"}]},
    ),
    "an empty object is an object": ({"anyOf": [EMPTY, POINT]}, POINT),
    "an empty object lacks what is required": (
        {"anyOf": [EMPTY, POINT | {"required": ["x"]}]},
        {"anyOf": [EMPTY, POINT | {"required": ["x"]}]},
    ),
    "two lists stay two": (
        {"anyOf": [LIST, {"type": "array", "items": {"type": "integer"}}]},
        {"anyOf": [LIST, {"type": "array", "items": {"type": "integer"}}]},
    ),
    "definitions are put where they are used": (
        {
            "$defs": {"Point": POINT | {"title": "Point", "description": "A point."}},
            "anyOf": [{"$ref": "#/$defs/Point"}, NULL],
            "description": "Where.",
        },
        POINT | {"type": ["object", "null"], "description": "Where. A point."},
    ),
    "pairs are lists": (
        {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "integer"}]},
        {"type": "array", "items": {"type": "integer"}},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_polish(name: str) -> None:
    raw, polished = CASES[name]
    assert polish(raw) == polished


def test_texts_of_editors() -> None:
    found = with_editor_texts({"description": "`r` < 8 & more", "enum": [None, "a"]})
    assert found["description"] == "r < 8 & more"
    assert found["markdownDescription"] == "`r` < 8 & more"
    assert found["x-intellij-html-description"] == "<code>r</code> &lt; 8 &amp; more"
