"""The schema of architecture files accepts what their reader accepts, and little more."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest
from hypothesis import example, given, settings

from loracfg.base.architecture import Kind
from loracfg.base.architecture_file import read_architecture, write_architecture
from loracfg.base.from_library import built as builder
from loracfg.config.schema.architecture_limits import WEIGHTS
from loracfg.config.schema.schema_files import ARCHITECTURE
from tests.base.architecture_cases import WRONG, edited, text_of
from tests.schema.reading import errors, validator
from tests.zoo import CONFIGS, tiny_config

UNSAID: Final = (
    "names `",
    "both as a module and as an alias",
    "does not begin with the model itself",
    "twice",
    "does not list the parent",
    "has `9.0` instead of an integer",
    "has version `1.0`",
)
"""What no schema says: what must hold between values, and that `9.0` is not an integer to us."""

SMALL: Final[dict[str, Any]] = json.loads(text_of())


def refused(value: Any) -> bool:
    return not validator(ARCHITECTURE).is_valid(value)


def fault_of(value: Any) -> str | None:
    tree, faults = read_architecture(json.dumps(value).encode(), "x.json")
    assert (tree is None) == bool(faults)
    return faults[0].message if faults else None


@pytest.mark.parametrize("model_type", sorted(CONFIGS))
def test_written_files_are_valid(model_type: str) -> None:
    config = tiny_config(model_type).to_dict()
    tree = builder.build(config, builder.other_classes(config)[0])
    value = json.loads(write_architecture(tree, {"torch": "2.5"}))
    assert errors(validator(ARCHITECTURE), value) == []


def test_every_kind_is_known() -> None:
    assert {*WEIGHTS, "other"} == {kind.value for kind in Kind}


@pytest.mark.parametrize("text", [text for text, _, _ in WRONG], ids=[m for _, m, _ in WRONG])
def test_schema_rejects_what_the_reader_rejects(text: str) -> None:
    value = json.loads(text)
    fault = fault_of(value)
    assert fault
    if not refused(value):
        assert any(part in fault for part in UNSAID) or "a.b\\n" in fault, fault


@settings(deadline=None)
@given(edited(SMALL))
@example(SMALL | {"tied": ["x\n"]})
def test_schema_and_reader_agree(value: Any) -> None:
    if "architecture_version" not in value:
        return
    fault = fault_of(value)
    if fault is None:
        assert errors(validator(ARCHITECTURE), value) == []
    elif not refused(value):
        line_feed = "\\n" in json.dumps(value)  # Python's $ is also before a last one
        assert line_feed or any(part in fault for part in UNSAID), fault
