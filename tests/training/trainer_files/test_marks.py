"""Files of trainers are recognised by their keys, also without parsing them."""

from __future__ import annotations

from pathlib import Path

import pytest

import loracfg
from loracfg.sources.trainer_marks import MARKS, trainer_of_text
from loracfg.training.trainer_files.registry import TRAINERS
from tests.training.trainer_files.oracle import drawn_files


@pytest.mark.parametrize("trainer", [one.name for one in TRAINERS])
def test_drawn_files_are_recognised(trainer: str) -> None:
    assert {trainer_of_text(one.text) for one in drawn_files(trainer, 50, 3)} == {trainer}


def test_the_names_are_those_of_readers() -> None:
    assert {marks.trainer for marks in MARKS} == {one.name for one in TRAINERS}


@pytest.mark.parametrize(
    ("name", "text", "trainer"),
    [
        ("run.yaml", "base_model: a/b\nadapter: lora\n", "axolotl"),
        ("run.json", '{"model_name_or_path": "a", "lora_rank": 8}', "LLaMA-Factory"),
        ("run.sh", "swift sft --model a --tuner_type lora\n", "ms-swift"),
    ],
)
def test_validate_points_to_plan(tmp_path: Path, name: str, text: str, trainer: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    (report,) = loracfg.validate(path).adapters
    (found,) = report.diagnostics
    assert (found.code, report.status) == ("LC002", "error")
    assert found.message == f"`{path}` is a config of {trainer}, not an adapter"
    assert found.help == f"run `loracfg plan {path} --base BASE`"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.yaml", "a: 1\n"),
        ("a.txt", "base_model: a/b\nadapter: lora\n"),
        ("a.yaml", "\x00\xff"),
        ("config.json", '{"model_type": "llama", "architectures": []}'),
    ],
)
def test_other_files_are_reported_as_before(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    (report,) = loracfg.validate(path).adapters
    (found,) = report.diagnostics
    assert found.code == "LC002"
    assert "is not an adapter folder" in found.message
