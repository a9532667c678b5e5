"""`save_checked` writes what PEFT writes, and raises on what is wrong with it."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import peft
import pytest
import torch

import loracfg
from tests.training.live.runs import LORA, adapted
from tests.zoo import tiny_model


def test_a_sound_adapter_is_saved(tmp_path: Path) -> None:
    report = loracfg.save_checked(adapted(), tmp_path)
    assert [one.status for one in report.adapters] == ["valid"]
    adapted().save_pretrained(str(tmp_path / "plain"))
    saved = {one.name for one in tmp_path.iterdir() if one.is_file()}
    assert saved == {one.name for one in (tmp_path / "plain").iterdir()}


def test_what_is_no_path_is_not_written_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    nothing: Any = None
    with pytest.raises(loracfg.LoracfgError, match="`None` is not a path"):
        loracfg.save_checked(adapted(), nothing)
    assert list(tmp_path.iterdir()) == []


def test_empty_tensors_raise_with_the_report(tmp_path: Path) -> None:
    model = adapted()
    empty = {name: torch.empty(0) for name in model.state_dict()}
    with pytest.raises(loracfg.FailedCheckError, match="LC421") as raised:
        loracfg.save_checked(model, tmp_path, saving={"state_dict": empty})
    assert raised.value.report.adapters[0].status == "invalid"
    assert (tmp_path / "adapter_model.safetensors").exists(), "the files stay for inspection"


def test_tensors_of_another_model_raise(tmp_path: Path) -> None:
    other = adapted(r=2).state_dict()
    with pytest.raises(loracfg.FailedCheckError, match="LC503"):
        loracfg.save_checked(adapted(), tmp_path, saving={"state_dict": other})


def test_a_trained_layer_that_is_not_saved_raises(tmp_path: Path) -> None:
    model = adapted()
    part = {name: one for name, one in model.state_dict().items() if "layers.1" not in name}
    with pytest.raises(loracfg.FailedCheckError):
        loracfg.save_checked(model, tmp_path, saving={"state_dict": part})


def test_several_adapters(tmp_path: Path) -> None:
    model = adapted()
    model.add_adapter("second", peft.LoraConfig(**LORA, task_type="CAUSAL_LM"))
    paths = [one.path for one in loracfg.save_checked(model, tmp_path).adapters]
    assert paths == [str(tmp_path), str(tmp_path / "second")]
    chosen: dict[str, Any] = {"selected_adapters": ["second"]}
    alone = loracfg.save_checked(model, tmp_path / "b", saving=chosen)
    assert [one.path for one in alone.adapters] == [str(tmp_path / "b" / "second")]


def test_a_model_with_add_adapter(tmp_path: Path) -> None:
    model = tiny_model("llama")
    model.add_adapter(peft.LoraConfig(**LORA, task_type="CAUSAL_LM"), "mine")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        report = loracfg.save_checked(model, tmp_path)
    assert [(one.path, one.status) for one in report.adapters] == [(str(tmp_path), "valid")]


def test_only_the_main_process_checks(tmp_path: Path) -> None:
    report = loracfg.save_checked(adapted(), tmp_path, saving={"is_main_process": False})
    assert report.adapters == ()


def test_replicated_layers_are_saved_and_not_compared(tmp_path: Path) -> None:
    report = loracfg.save_checked(adapted(layer_replication=[[0, 2], [1, 2]]), tmp_path)
    assert [one.status for one in report.adapters] == ["undetermined"]
