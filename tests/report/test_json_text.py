"""JSON that commands print is what `json.dumps` gives, and commands no CI system."""

from __future__ import annotations

import json

import pytest

from loracfg.report.render.json_text import json_text


@pytest.mark.parametrize(
    "value", [{}, [], {"a": [1, 2.5, None, True, "é\n", {"b": ()}], "#": "a#b# #"}, "x", 1e300]
)
def test_it_is_what_json_dumps_gives(value: object) -> None:
    assert json_text(value) == json.dumps(value, indent=2)


def test_a_number_that_json_lacks_is_null() -> None:
    assert json_text([float("nan"), float("inf")]) == "[\n  null,\n  null\n]"


@pytest.mark.parametrize("name", ["##vso[x]y", "###[error]", "a##", "##"])
def test_no_text_is_a_command(name: str) -> None:
    text = json_text({name: name})
    assert "##" not in text
    assert json.loads(text) == {name: name}
