"""A verdict says what was read: config, names and shapes, and values only with `--data`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from loracfg.engine.fronts import validate
from loracfg.engine.options import Options
from tests.cli.running import call, write_adapter

NAN = "values lora_A nan"
HEADERS = ("config", "names", "shapes")


def read(adapter: Path, **options: object) -> tuple[str, ...]:
    return validate(adapter, Options(**options)).adapters[0].read  # type: ignore[arg-type]


def test_values_are_not_read_without_data(tmp_path: Path, base: Path) -> None:
    broken = write_adapter(tmp_path / "nan", NAN)
    quiet = call("validate", broken, "--base", base)
    assert f"{broken}: valid\n" in quiet.out
    assert "  read: config, tensor names and shapes; values only with `--data`\n" in quiet.out
    loud = call("validate", broken, "--base", base, "--data")
    assert f"{broken}: invalid\n" in loud.out
    assert "  read: config, tensor names, shapes and values\n" in loud.out


def test_json_lists_what_was_read(adapter: Path, base: Path) -> None:
    def listed(*arguments: str) -> object:
        outcome = call("validate", adapter, "--base", base, "--format", "json", *arguments)
        return json.loads(outcome.out)["adapters"][0]["read"]

    assert listed() == [*HEADERS]
    assert listed("--ignore", "LC") == [*HEADERS]
    assert listed("--data") == [*HEADERS, "values"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ((), HEADERS),
        (("weights none",), ("config",)),
        (("config none",), ("names", "shapes")),
        (("config text {",), ("names", "shapes")),
        (("weights bytes 00ff",), ("config",)),
        (("weights pickled",), HEADERS),
        (("config none", "weights none"), ()),
    ],
)
def test_only_what_was_read_is_listed(
    tmp_path: Path, lines: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    adapter = write_adapter(tmp_path / "adapter", *lines)
    assert read(adapter) == expected


def test_values_that_cannot_be_read_are_not_promised(tmp_path: Path) -> None:
    pickled = write_adapter(tmp_path / "pickled", "weights pickled")
    assert read(pickled, data=True) == HEADERS
    outcome = call("validate", pickled, "--data")
    assert "  read: config, tensor names and shapes\n" in outcome.out
    assert "not checked: the values of the tensors" in outcome.out


def test_inspect_says_it_too(adapter: Path) -> None:
    assert "read: config, tensor names and shapes; values only" in call("inspect", adapter).out
