"""Integers with thousands of digits are not computed with, in any form of a trainer's file."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Final

import pytest

from loracfg.document.unfinished_yaml import yaml_cursor
from tests.cli.running import call

LLAMA_FACTORY: Final = {
    "model_name_or_path": "x",
    "stage": "sft",
    "do_train": True,
    "dataset": "a",
    "template": "llama3",
    "output_dir": "o",
    "finetuning_type": "lora",
}
HUGE: Final = "9" * 4_300
"""As many digits as Python reads; the double has one more."""


def yaml_of(number: str) -> str:
    lines = (f"{name}: {json.dumps(value)}" for name, value in LLAMA_FACTORY.items())
    return "\n".join([*lines, f"lora_rank: {number}", ""])


def command_of(number: str) -> str:
    options = " ".join(f"--{name} {value}" for name, value in LLAMA_FACTORY.items())
    return f"llamafactory-cli train {options} --lora_rank {number}\n"


FILES: Final = {
    "run.json": json.dumps(LLAMA_FACTORY | {"lora_rank": "HUGE"}).replace('"HUGE"', HUGE),
    "run.yaml": yaml_of(HUGE),
    "hexadecimal.yaml": yaml_of("0x" + "f" * 5_000),
    "sexagesimal.yaml": yaml_of(":".join(["1"] * 20_000)),
    "tag.yaml": yaml_of("!!bool x"),
    "run.sh": command_of(HUGE),
}


@pytest.mark.parametrize("name", FILES)
def test_a_rank_with_thousands_of_digits_is_not_understood(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(FILES[name])
    outcome = call("plan", tmp_path / name, "--isolated")
    assert "internal error" not in outcome.err
    assert outcome.status in (0, 1), outcome.err
    assert "LC132" in outcome.out


def test_a_scale_that_no_float_holds_is_not_understood(tmp_path: Path) -> None:
    text = "model: x\nfine_tune_type: lora\ntrain: true\nlora_parameters: {rank: %s, scale: 2.5}\n"
    (tmp_path / "mlx.yaml").write_text(text % ("9" * 900))
    outcome = call("plan", tmp_path / "mlx.yaml", "--isolated")
    assert "LC132" in outcome.out
    assert outcome.err == ""


def test_a_long_word_before_the_cursor_takes_no_time() -> None:
    text = "lora_r: " + "x" * 100_000 + " "
    start = time.process_time()
    yaml_cursor(text, len(text))
    assert time.process_time() - start < 1
