"""The code on the page about training runs as it is written."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[2]
PAGE: Final = (ROOT / "docs/training.md").read_text("utf-8")


@pytest.mark.slow
def test_the_code_on_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    torch = pytest.importorskip("torch")
    import peft

    from tests.training.live import runs
    from tests.zoo import tiny_model

    monkeypatch.chdir(tmp_path)
    trained = runs.adapted()
    names: dict[str, Any] = {
        "model": trained,
        "args": runs.arguments(tmp_path / "runs", max_steps=1),
        "data": runs.Sentences(),
        "peft_model": trained,
        "lora_config": peft.LoraConfig(**runs.LORA, task_type="CAUSAL_LM"),
    }
    first, *others = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    exec(first.replace("trainer.train()", ""), names)  # noqa: S102  # what the page has
    runs.train(names["trainer"])
    names["model"] = tiny_model("llama")
    names["optimizer"] = torch.optim.SGD([p for p in trained.parameters() if p.requires_grad], 0.1)
    for block in others:
        exec(block, names)  # noqa: S102  # what the page has
        if "check" in block:
            assert names["report"].adapters[0].status in ("valid", "undetermined")
    assert (tmp_path / "adapter/adapter_model.safetensors").exists()


def test_the_page_shows_what_a_misspelt_target_raises(tmp_path: Path) -> None:
    import loracfg
    from tests.training.live.runs import adapted, train, trainer

    run = trainer(adapted(target_modules=["q_proj", "v_prj"]), tmp_path)
    run.add_callback(loracfg.LoracfgCallback())
    with pytest.raises(loracfg.FailedCheckError) as raised:
        train(run)
    assert f"loracfg.FailedCheckError: {raised.value}" in PAGE


def test_the_page_names_every_argument_of_the_callback() -> None:
    from inspect import signature

    from loracfg.training.live.callback import TrainingChecks

    table = PAGE.partition("| Argument")[2].partition("\n\n")[0]
    named = re.findall(r"^\| `(\w+)` ", table, re.MULTILINE)
    taken = [*signature(TrainingChecks.__init__).parameters][1:]
    assert named == [name for name in taken if name not in ("options", "arguments")]
