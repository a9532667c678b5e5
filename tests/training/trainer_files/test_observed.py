"""What the trainers built from drawn files, as `oracle --record` wrote it, is what is read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest
from peft import LoraConfig

from loracfg.training.trainer_files.registry import TRAINERS
from tests.training.trainer_files.children.asked import peft_data
from tests.training.trainer_files.comparing import compare, read
from tests.training.trainer_files.drawing import Drawn

ROWS: Final[list[dict[str, Any]]] = [
    json.loads(line)
    for line in Path(__file__).with_name("observed.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize("trainer", [one.name for one in TRAINERS])
def test_recorded_configs_are_read(trainer: str) -> None:
    rows = [row for row in ROWS if row["trainer"] == trainer]
    outcomes = [compare_row(row) for row in rows]
    assert [what for outcome, what in outcomes if outcome == "different"] == []
    assert sum(outcome == "equal" for outcome, _ in outcomes) >= 15


def compare_row(row: dict[str, Any]) -> tuple[str, str]:
    drawn = Drawn(row["name"], row["text"], row["base"], row["arguments"])
    reading = read(drawn)
    result: dict[str, Any] = {key: row[key] for key in ("theirs", "error") if key in row}
    if reading.file and reading.file.trains_lora:
        try:
            result["ours"] = peft_data(LoraConfig(**reading.file.config))  # type: ignore[arg-type]
        except (TypeError, ValueError, ImportError) as error:
            result["ours_error"] = str(error)
    outcome, what = compare(reading, result)
    return outcome, what and f"{row['text']}: {what}"


def test_each_release_is_the_one_that_the_reader_names() -> None:
    releases = {row["trainer"]: row["release"].partition("==")[2] for row in ROWS}
    assert releases == {one.name: one.release for one in TRAINERS}
