"""The callback stays cheap: it imports little at a save, and reads a model a few times."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any, Final

import pytest
import torch

import loracfg
from tests.training.live.overhead import measure
from tests.training.live.runs import adapted

IMPORTED_AT_SAVE: Final = 5
"""Modules of loracfg; none when this was written."""
WALKS: Final = 12
"""How often `check` asks a model for its modules; 8 when this was written."""
SCRIPT: Final = """
import json, sys, tempfile, warnings
from pathlib import Path
warnings.simplefilter("ignore")
import loracfg
from transformers import TrainerControl, TrainerState
from tests.training.live.runs import adapted, arguments
model, control = adapted(base_model_name_or_path="a/base"), TrainerControl()
with tempfile.TemporaryDirectory() as folder:
    args = arguments(Path(folder))
    callback = loracfg.LoracfgCallback()
    callback.on_init_end(args, TrainerState(), control, model=model)
    callback.on_train_begin(args, TrainerState(), control, model=model)
    model.save_pretrained(str(Path(folder) / "checkpoint-1"))
    before = set(sys.modules)
    callback.on_save(args, TrainerState(global_step=1), control, model=model)
    print(json.dumps(sorted(set(sys.modules) - before)))
"""


@pytest.mark.slow
def test_little_is_imported_at_the_first_save() -> None:
    ran = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    imported = json.loads(ran.stdout.splitlines()[-1])
    assert not [name for name in imported if name.startswith("pydantic")]
    assert len([name for name in imported if name.startswith("loracfg")]) <= IMPORTED_AT_SAVE


def test_a_check_walks_a_model_a_few_times(monkeypatch: Any) -> None:
    model = adapted()
    roots = {id(model), id(model.get_base_model()), id(model.base_model)}
    walks = []
    plain = torch.nn.Module.named_modules

    def counted(self: torch.nn.Module, *given: Any, **how: Any) -> Any:
        if id(self) in roots and not given:
            walks.append(self)
        return plain(self, *given, **how)

    monkeypatch.setattr(torch.nn.Module, "named_modules", counted)
    loracfg.check(model)
    assert 0 < len(walks) <= WALKS


def test_the_command_measures() -> None:
    found = measure(layers=2, saves=3)
    assert found.modules > 100
    assert 0 < found.later_save < 1, "seconds of CPU, for 1 ms on an idle machine"
    assert 0 < found.later_start < 5, "seconds of CPU, for 10 ms on an idle machine"
