"""Values in messages are short printable JSON."""

from __future__ import annotations

import pytest

from loracfg.document.display import show


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("a\u001b\u202eb", '`"a\\u001b\\u202eb"`'),
        ("ä\ud800", '`"ä\\ud800"`'),
        ({"a": [1.0, None]}, '`{"a": [1.0, null]}`'),
        ("x" * 100, '`"' + "x" * 58 + "…`"),
        (float("-inf"), "`-Infinity`"),
    ],
)
def test_values_are_shown_as_short_printable_json(value: object, shown: str) -> None:
    assert show(value) == shown
