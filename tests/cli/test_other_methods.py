"""Adapters of methods other than LoRA: outputs name the method and say nothing of LoRA."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from loracfg.config.history.releases import PEFT_RELEASE
from tests.cli.running import call, write_adapter

IA3 = {
    "base_model_name_or_path": "org/base",
    "feedforward_modules": ["down_proj"],
    "inference_mode": True,
    "init_ia3_weights": True,
    "peft_type": "IA3",
    "peft_version": PEFT_RELEASE,
    "target_modules": ["q_proj", "down_proj"],
}
LOHA = {
    "alpha": 8,
    "base_model_name_or_path": "org/base",
    "peft_type": "LOHA",
    "r": 4,
    "target_modules": ["q_proj"],
}
TO_IA3 = r"rename lora_[AB]\.weight -> ia3_l"
TO_LOHA = r"rename lora_([AB])\.weight -> hada_w1_\1"


def written(folder: Path, config: dict[str, Any], *lines: str) -> Path:
    return write_adapter(folder, f"config text {json.dumps(config)}", *lines)


@pytest.fixture
def ia3(tmp_path: Path) -> Path:
    return written(tmp_path / "ia3", IA3, TO_IA3)


@pytest.fixture
def loha(tmp_path: Path) -> Path:
    return written(tmp_path / "loha", LOHA, TO_LOHA)


def compared(first: Path, second: Path, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        call("diff", first, second, "--format", "json", *arguments).out
    )
    return found


def report(adapter: Path, *arguments: str | Path) -> dict[str, Any]:
    outcome = call("validate", adapter, "--format", "json", *arguments)
    found: dict[str, Any] = json.loads(outcome.out)["adapters"][0]
    return found


def test_a_report_names_the_method(ia3: Path, adapter: Path, tmp_path: Path) -> None:
    nameless = write_adapter(tmp_path / "nameless", "config none")
    strange = write_adapter(tmp_path / "strange", "config none", "rename .* -> foo.bar")
    mislabelled = write_adapter(tmp_path / "mislabelled", 'config {"peft_type": "IA3"}')
    adapters = (ia3, adapter, nameless, strange, mislabelled)
    methods = [report(one)["method"] for one in adapters]
    assert methods == ["IA3", "LORA", "LORA", None, "LORA"]


def test_the_report_says_why_it_is_undetermined(ia3: Path, base: Path) -> None:
    for arguments in ((), ("--base", base)):
        found = report(ia3, *arguments)
        assert found["status"] == "undetermined"
        why = "the method is `IA3`, and loracfg only knows the tensors of LoRA"
        assert found["not_checked"] == [{"what": "tensors against the base", "why": why}]
    assert "base to compare" not in call("validate", ia3).out


def test_inspect_shows_what_is_known(ia3: Path) -> None:
    outcome = call("inspect", ia3)
    assert outcome.status == 0
    first, second, *_ = outcome.out.splitlines()
    assert first == f"{ia3}: IA3, 288 parameters in 4 tensors, 1.1 KiB of F32"
    assert second == "  base: `org/base`, from the config"
    assert "LoRA on" not in outcome.out


def test_inspect_shows_a_config_alone(tmp_path: Path) -> None:
    alone = written(tmp_path / "alone", IA3, "weights none")
    outcome = call("inspect", alone)
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out.startswith(f"{alone}: IA3, 0 parameters in 0 tensors, no tensors\n")


def test_inspect_of_unknown_tensors(tmp_path: Path) -> None:
    strange = write_adapter(tmp_path / "strange", "config none", "rename .* -> foo.bar")
    assert f"{strange}: unknown method, " in call("inspect", strange).out


def test_diff_invents_no_values(ia3: Path, loha: Path) -> None:
    out = call("diff", ia3, loha).out
    assert "base: the same in both, `org/base`" in out
    assert "method: IA3 in A, LOHA in B" in out
    assert "`r`" not in out
    assert "modules:" not in out
    keys = {key["key"] for key in compared(ia3, loha)["keys"]}
    assert keys == {"peft_type", "target_modules"}


def test_diff_with_a_lora_adapter(ia3: Path, adapter: Path) -> None:
    out = call("diff", ia3, adapter).out
    assert "method: IA3 in A, LORA in B" in out
    assert "`r`" not in out
    assert "hot swap: unknown; loracfg only knows how PEFT swaps LoRA adapters" in out


def test_diff_of_one_method(ia3: Path, tmp_path: Path) -> None:
    assert "method: IA3 in both" in call("diff", ia3, ia3).out
    assert compared(ia3, ia3)["alike"] is True
    config = {k: v for k, v in IA3.items() if k != "feedforward_modules"} | {
        "inference_mode": False
    }
    other = written(tmp_path / "other", config, TO_IA3)
    outcome = call("diff", ia3, other)
    assert outcome.status == 1
    assert '`feedforward_modules`: `["down_proj"]` in A, not set in B' in outcome.out
    assert "which do not affect a loaded adapter: `inference_mode`" in outcome.out


def test_a_key_of_another_method_may_matter(loha: Path, tmp_path: Path) -> None:
    other = written(tmp_path / "other", LOHA | {"alpha": 16}, TO_LOHA)
    assert call("diff", loha, other).status == 1
    assert compared(loha, other)["alike"] is False


@pytest.mark.parametrize("command", [("compat",), ("migrate", "--to", "0.12.0")])
def test_other_commands_name_the_method(ia3: Path, command: tuple[str, ...]) -> None:
    outcome = call(*command, ia3)
    assert (outcome.status, outcome.out) == (2, "")
    assert "the method of the adapter is `IA3`" in outcome.err
