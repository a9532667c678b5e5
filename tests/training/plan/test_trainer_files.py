"""`loracfg plan` on the files of each trainer: findings are about the user's own options."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest

import loracfg
from loracfg.config.schema.schema_files import PLAN
from tests.cli.running import Outcome, call, write_base
from tests.schema.reading import errors, validator

pytest.importorskip("yaml")

AXOLOTL: Final = """\
base_model: org/model
adapter: lora
lora_r: 8
lora_alpha: 16
lora_target_modules:
  - q_proj
  - v_proj
"""
LLAMA_FACTORY: Final = """\
model_name_or_path: org/model
stage: sft
do_train: true
lora_rank: 8
lora_target: q_proj,v_proj
"""
LLAMA_FACTORY_V1: Final = """\
{
  "model": "org/model",
  "peft_config": {
    "name": "lora", "r": 8,
    "target_modules": ["q_proj", "v_proj"]
  },
  "train_dataset": "data"
}
"""
TRL: Final = """\
#!/bin/bash
trl sft --model_name_or_path org/model \\
  --use_peft --lora_r 8 \\
  --lora_target_modules q_proj v_proj
"""
TRL_ARGUMENTS: Final = """\
--model_name_or_path org/model --use_peft \\
--lora_target_modules q_proj v_proj
"""
SWIFT: Final = """\
swift sft --model org/model --tuner_type lora \\
  --lora_rank 8 --target_modules q_proj v_proj
"""
MLX: Final = """\
model: org/model
fine_tune_type: lora
num_layers: -1
lora_parameters:
  rank: 8
  scale: 2.0
  dropout: 0.0
  keys: ["self_attn.q_proj", "self_attn.v_proj"]
"""
FILES: Final = {
    "axolotl.yaml": (AXOLOTL, "axolotl", (7, 5)),
    "llama_factory.yml": (LLAMA_FACTORY, "LLaMA-Factory", (5, 14)),
    "llama_factory.json": (LLAMA_FACTORY_V1, "LLaMA-Factory", (5, 34)),
    "trl.sh": (TRL, "TRL", (4, 32)),
    "arguments": (TRL_ARGUMENTS, "TRL", (2, 30)),
    "swift.sh": (SWIFT, "ms-swift", (2, 41)),
    "mlx.yaml": (MLX, "mlx-lm", (8, 30)),
}
"""A file of each kind: its text, its trainer, and the place of its second target."""
LORA: Final = "base_model: org/model\nadapter: lora\nlora_alpha: 16\n"


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return write_base(tmp_path / "base")


def planned(folder: Path, name: str, text: str, *arguments: object) -> tuple[int, Any]:
    """Return the exit status and the JSON of the plan of a file."""
    (folder / name).write_text(text)
    outcome: Outcome = call("plan", folder / name, "--format", "json", *map(str, arguments))
    found = json.loads(outcome.out)
    assert errors(validator(PLAN), found) == []
    return outcome.status, found


def codes(plan: Any) -> list[str]:
    return [one["code"] for one in plan["diagnostics"]]


@pytest.mark.parametrize("name", FILES)
def test_a_right_file_is_planned(name: str, base: Path, tmp_path: Path) -> None:
    text, trainer, _ = FILES[name]
    status, found = planned(tmp_path, name, text, "--base", base)
    assert (status, found["status"], found["trainer"]) == (0, "valid", trainer)
    assert [(one["name"], one["modules"]) for one in found["targets"]] == [
        ("q_proj", 2),
        ("v_proj", 2),
    ]
    assert found["unmatched"] == []


@pytest.mark.parametrize("name", FILES)
def test_a_misspelt_target_is_found_in_the_option(name: str, base: Path, tmp_path: Path) -> None:
    text, trainer, (line, column) = FILES[name]
    status, found = planned(tmp_path, name, text.replace("v_proj", "v_prj"), "--base", base)
    assert (status, found["status"]) == (1, "invalid")
    (one,) = (one for one in found["diagnostics"] if one["severity"] == "error")
    assert one["code"] == ("LC134" if trainer == "mlx-lm" else "LC629")
    place = one["location"]
    assert (place["file"], place["line"], place["column"]) == (name, line, column)
    assert "pointer" not in place
    assert one["fix"] is None
    (name_found,) = found["unmatched"]
    assert name_found["field"] == "target_modules"
    assert name_found["nearest"][0].endswith("v_proj")
    assert "write `" in one["help"]


@pytest.mark.parametrize("name", FILES)
def test_page_and_terminal(name: str, base: Path, tmp_path: Path) -> None:
    text, trainer, _ = FILES[name]
    (tmp_path / name).write_text(text.replace("v_proj", "v_prj"))
    page = call("plan", tmp_path / name, "--base", base, "--format", "html")
    shown = call("plan", tmp_path / name, "--base", base)
    for outcome in (page, shown):
        assert outcome.status == 1
        assert "v_prj" in outcome.out
        assert trainer in outcome.out


def test_library(base: Path, tmp_path: Path) -> None:
    (tmp_path / "run.yaml").write_text(AXOLOTL)
    found = loracfg.plan(tmp_path / "run.yaml", base=base)
    assert found.trainer == "axolotl"
    assert found.sizes is not None


def test_validate_names_the_command_that_works(base: Path, tmp_path: Path) -> None:
    (tmp_path / "run.yaml").write_text(AXOLOTL)
    outcome = call("validate", tmp_path / "run.yaml")
    assert outcome.status == 2
    assert "LC002" in outcome.out
    assert f"loracfg plan {tmp_path / 'run.yaml'} --base BASE" in outcome.out
    assert call("plan", tmp_path / "run.yaml", "--base", base).status == 0


def test_pattern_key_is_found_at_the_key(base: Path, tmp_path: Path) -> None:
    text = AXOLOTL + "lora_rank_pattern:\n  k_prj: 4\n"
    _, found = planned(tmp_path, "run.yaml", text, "--base", base)
    (one,) = found["diagnostics"]
    assert (one["location"]["line"], one["location"]["column"]) == (9, 3)
    assert one["related"][0]["message"] == "axolotl sets `rank_pattern` from `lora_rank_pattern`"


def test_default_of_the_trainer_is_found_at_what_makes_it_train_lora(
    base: Path, tmp_path: Path
) -> None:
    _, found = planned(tmp_path, "run.yaml", LORA + "lora_r: 4\n", "--base", base)
    (one,) = found["diagnostics"]
    assert one["code"] == "LC301"
    assert (one["location"]["line"], one["location"]["column"]) == (2, 10)
    assert "if no option sets it" in one["related"][0]["message"]


def test_base_that_the_file_names(tmp_path: Path) -> None:
    base = write_base(tmp_path / "base")
    text = AXOLOTL.replace("org/model", str(base))
    status, found = planned(tmp_path, "run.yaml", text)
    assert (status, found["tensors"]) == (0, 8)
    (one,) = found["diagnostics"]  # a path on this machine
    assert one["code"] == "LC702"
    assert (one["location"]["line"], one["location"]["column"]) == (1, 13)


ALL_LINEAR: Final = {
    "run.yaml": LORA + "lora_r: 8\nlora_target_linear: true\n",
    "lf.yaml": LLAMA_FACTORY.replace("q_proj,v_proj", "all"),
    "swift.sh": SWIFT.replace("q_proj v_proj", "all-linear"),
}


@pytest.mark.parametrize("name", ALL_LINEAR)
def test_what_the_base_decides(name: str, base: Path, tmp_path: Path) -> None:
    status, found = planned(tmp_path, name, ALL_LINEAR[name], "--base", base)
    assert (status, found["status"], found["modules"]) == (0, "valid", 14)
    status, found = planned(tmp_path, name, ALL_LINEAR[name])
    assert (status, found["status"], found["tensors"]) == (0, "undetermined", None)
    gaps = {one["what"]: one["why"] for one in found["not_checked"]}
    assert "takes it from the base, which is not known" in gaps["`target_modules`"]
    assert codes(found) == []


@pytest.mark.parametrize(
    ("text", "code", "status", "gap"),
    [
        (LORA.replace("lora\n", "ia3\n", 1), "LC130", "invalid", None),
        (LORA + "lora_r: many\nlora_target_modules: [q_proj]\n", "LC131", "invalid", "`r`"),
        (
            AXOLOTL + "lora_model_dir: out\n",
            "LC132",
            "undetermined",
            "what `lora_model_dir` of axolotl does to the adapter",
        ),
        (AXOLOTL + "lora_exclude_modules: [q_proj]\n", "LC133", "valid", None),
    ],
)
def test_what_the_reader_notes(
    text: str, code: str, status: str, gap: str | None, base: Path, tmp_path: Path
) -> None:
    exit_status, found = planned(tmp_path, "run.yaml", text, "--base", base)
    assert codes(found) == [code]
    assert found["status"] == status
    assert exit_status == (status == "invalid")
    assert [one["what"] for one in found["not_checked"]] == ([gap] if gap else [])


def test_value_of_the_shell_is_not_guessed(base: Path, tmp_path: Path) -> None:
    text = TRL.replace("--lora_r 8", "--lora_r $RANK")
    _, found = planned(tmp_path, "run.sh", text, "--base", base)
    assert codes(found) == ["LC132"]
    assert (found["status"], found["tensors"], found["scaling"]) == ("undetermined", None, None)
    assert found["not_checked"][0]["what"] == "`r`"


def test_adapter_of_another_format(base: Path, tmp_path: Path) -> None:
    asked = ("--base", base, "--for", "vllm==0.33", "--peft", "0.12")
    status, found = planned(tmp_path, "run.yaml", MLX, *asked)
    assert (status, found["status"], found["trainable_parameters"] > 0) == (0, "undetermined", True)
    assert (found["file_bytes"], found["memory"], found["loads_in"]) == (None, None, None)
    assert [one["what"] for one in found["not_checked"]] == [
        "whether PEFT 0.12 loads the result",
        "whether vllm==0.33 loads the result",
    ]


def test_keys_that_all_match_nothing(base: Path, tmp_path: Path) -> None:
    text = MLX.replace("self_attn.", "")
    _, found = planned(tmp_path, "run.yaml", text, "--base", base)
    assert codes(found) == ["LC134", "LC134"]
    assert [one["nearest"] for one in found["unmatched"]] == [
        ["self_attn.q_proj"],
        ["self_attn.v_proj"],
    ]
    assert found["tensors"] is None


def test_training_without_lora_has_no_config(base: Path, tmp_path: Path) -> None:
    (tmp_path / "run.yaml").write_text("base_model: org/model\nlora_r: 8\n")
    outcome = call("plan", tmp_path / "run.yaml", "--base", base)
    assert outcome.status == 1
    assert "LoraConfig that" not in outcome.out


@pytest.mark.parametrize("name", ["run.sh", "run.yaml", "run", "run.txt"])
def test_text_that_is_no_file_of_a_trainer(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("echo 1\n")
    outcome = call("plan", tmp_path / name)
    assert outcome.status == 2
    assert name in outcome.err


@pytest.mark.parametrize(
    "saved", ["", " --modules_to_save norm", " --modules_to_save norm all-embedding"]
)
def test_names_that_the_trainer_adds_are_not_misspelt(
    saved: str, base: Path, tmp_path: Path
) -> None:
    text = SWIFT.rstrip() + f" --task_type seq_cls --num_labels 2{saved}\n"
    _, found = planned(tmp_path, "run.sh", text, "--base", base)
    assert found["unmatched"] == []
    assert [one for one in found["diagnostics"] if one["severity"] == "error"] == []
    wrong = text.replace("norm", "nrm")
    _, found = planned(tmp_path, "run.sh", wrong, "--base", base)
    assert [one["name"] for one in found["unmatched"]] == (["nrm"] if saved else [])


def test_misspelt_target_beside_all_linear_layers(base: Path, tmp_path: Path) -> None:
    text = AXOLOTL.replace("v_proj", "v_prj") + "lora_target_linear: true\n"
    _, found = planned(tmp_path, "run.yaml", text, "--base", base)
    assert [one["name"] for one in found["unmatched"]] == ["v_prj"]
    place = next(one["location"] for one in found["diagnostics"] if one["code"] == "LC629")
    assert (place["line"], place["column"]) == (7, 5)
