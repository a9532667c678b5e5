"""A report of another loracfg is read whole or not at all."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any, Final

import pytest

from loracfg.report.formats import FORMATS
from loracfg.report.parse import parse_report
from loracfg.report.render import render
from tests.report.samples import SAMPLES

WRONG: Final[tuple[object, ...]] = (
    None,
    "x",
    10**30,
    True,
    {},
    [],
    1.5,
    float("nan"),
    ["x"],
    {"a": 1},
    [None],
)
REFUSED: Final = (KeyError, TypeError, ValueError, AttributeError)


def places(data: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the paths of all values in JSON data."""
    inside: Any = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in inside:
        yield (*path, key)
        if isinstance(value, dict | list):
            yield from places(value, (*path, key))


def with_value(data: dict[str, Any], path: tuple[str | int, ...], value: object) -> dict[str, Any]:
    changed = copy.deepcopy(data)
    inner: Any = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return changed


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_report_is_read(sample: str) -> None:
    data: Any = SAMPLES[sample].to_dict()
    assert parse_report(data).to_dict() == data


def test_scales_that_are_no_numbers_are_null() -> None:
    data: Any = SAMPLES["hostile"].to_dict()
    read = parse_report(json.loads(render(SAMPLES["hostile"], "json")))
    assert data["adapters"][0]["scaling"] is not None
    assert "nan" in render(read, "text")


@pytest.mark.parametrize("wrong", WRONG, ids=repr)
def test_no_renderer_sees_a_value_of_another_type(wrong: object) -> None:
    data: Any = SAMPLES["invalid"].to_dict()
    for path in places(data):
        try:
            report = parse_report(with_value(data, path, wrong))
        except REFUSED:
            continue
        for format_name in FORMATS:
            render(report, format_name)


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        (("status",), "fine"),
        (("diagnostics", 0, "severity"), "fatal"),
        (("diagnostics", 0, "message"), 1),
        (("diagnostics", 0, "count"), True),
        (("diagnostics", 0, "location", "file"), None),
        (("base",), False),
        (("coverage", "tensors"), "many"),
        (("written_by",), {"min": 1}),
    ],
)
def test_another_type_is_refused(path: tuple[str | int, ...], wrong: object) -> None:
    data: Any = SAMPLES["invalid"].to_dict()
    with pytest.raises(TypeError):
        parse_report(with_value(data, ("adapters", 0, *path), wrong))
