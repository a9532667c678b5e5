"""Tasks of configs on classes that PEFT cannot wrap for them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import peft
import pytest
import transformers

from loracfg.base.catalogue import lookup
from loracfg.base.class_names import refuses_task
from loracfg.engine.fronts import validate
from loracfg.engine.options import Options
from loracfg.report.report import AdapterReport
from tests.zoo import tiny_model

LONG = os.environ.get("LORACFG_PROFILE") == "long"
RAISES = [
    ("bert", "SEQ_CLS", "SEQ_CLS", "query"),
    ("bert", "TOKEN_CLS", None, "query"),
    ("llama", "SEQ_CLS", None, "q_proj"),
    ("llama", "FEATURE_EXTRACTION", None, "q_proj"),
    ("vit", "IMAGE_CLS", None, "q_proj"),
]
"""Models by type and head, the task for training, and the target."""


def made(folder: Path, kind: str, head: str, task: str | None, target: str) -> Path:
    """Save a base, and an adapter of it; return the folder that holds both."""
    model = tiny_model(kind, head)
    model.save_pretrained(folder / "base")
    config = peft.LoraConfig(r=4, target_modules=[target], task_type=task)
    peft.get_peft_model(model, config).save_pretrained(str(folder / "adapter"))
    return folder


def with_task(folder: Path, task: str | None) -> AdapterReport:
    path = folder / "adapter" / "adapter_config.json"
    data = json.loads(path.read_text())
    path.write_text(json.dumps(data | {"task_type": task}))
    return validate(folder / "adapter", Options(base=str(folder / "base"))).adapters[0]


@pytest.mark.parametrize("task", ["CAUSAL_LM", "SEQ_2_SEQ_LM"])
@pytest.mark.parametrize(("kind", "head", "trained", "target"), RAISES)
def test_class_that_generates_nothing_is_refused_for_text(
    kind: str, head: str, trained: str | None, target: str, task: str, tmp_path: Path
) -> None:
    folder = made(tmp_path, kind, head, trained, target)
    report = with_task(folder, task)
    found = [d for d in report.diagnostics if d.code not in ("LC703", "LC333")]
    assert [d.code for d in found] == ["LC639"]
    with pytest.raises(AttributeError, match="prepare_inputs_for_generation"):
        peft.PeftModel.from_pretrained(tiny_model(kind, head), str(folder / "adapter"))
    advised = found[0].help.removeprefix("set `task_type` to `").removesuffix("`")
    assert "`" not in advised
    assert with_task(folder, None if advised == "null" else advised).status == "valid"
    assert peft.PeftModel.from_pretrained(tiny_model(kind, head), str(folder / "adapter"))


@pytest.mark.parametrize(("kind", "target"), [("llama", "q_proj"), ("t5", "q")])
def test_class_that_generates_is_taken(kind: str, target: str, tmp_path: Path) -> None:
    task = "SEQ_2_SEQ_LM" if kind == "t5" else "CAUSAL_LM"
    folder = made(tmp_path, kind, task, task, target)
    report = with_task(folder, task)
    assert (report.status, [d.code for d in report.diagnostics]) == ("valid", ["LC703"])


@pytest.mark.skipif(not LONG, reason="imports every model of transformers: the long profile")
def test_names_of_classes_tell_what_generates() -> None:
    for name in {name for kind in lookup.model_types() for name in lookup.classes(kind)}:
        if refuses_task(name, "CAUSAL_LM"):
            assert not hasattr(getattr(transformers, name), "prepare_inputs_for_generation"), name
