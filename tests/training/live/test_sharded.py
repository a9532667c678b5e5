"""Models whose tensors are on several devices: no process waits for another, and none is wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.distributed.fsdp import FullyShardedDataParallel

import loracfg
from loracfg.training.live.adapted_model import FLAT
from tests.training.live.runs import adapted, codes

PROCESSES = 2
SECONDS = 500
"""More than two processes need to import torch on a loaded machine."""


def partitioned(model: Any, *, is_named: bool = True) -> Any:
    """Leave empty tensors in a model, as ZeRO-3 does, which notes the shapes of the whole."""
    for one in model.parameters():
        whole = one.shape
        one.data = torch.empty(0, dtype=one.dtype)
        if is_named:
            one.ds_shape = whole
    return model


@pytest.mark.slow
def test_one_process_of_a_sharded_model_checks_alone(tmp_path: Path) -> None:
    """Otherwise the first process would wait for the second, and this test for both."""
    command = [sys.executable, "-m", "tests.training.live.sharded_process"]
    store = str(tmp_path / "store")
    running = [
        subprocess.Popen([*command, str(rank), str(PROCESSES), store, str(tmp_path)])
        for rank in range(PROCESSES)
    ]
    try:
        assert [one.wait(SECONDS) for one in running] == [0] * PROCESSES
    finally:
        for one in running:
            one.kill()
    found = json.loads((tmp_path / "0.json").read_text())
    assert {one["class"] for one in found.values()} == {"LlamaForCausalLM"}
    assert [one["status"] for one in found.values()] == ["valid", "invalid"]
    assert [one["codes"] for one in found.values()] == [[], ["LC629"]]
    assert len(found["v_proj"]["gaps"]) == 1


def test_empty_tensors_of_zero_3_have_the_shape_of_the_whole() -> None:
    model = partitioned(adapted(modules_to_save=["norm"]))
    (report,) = loracfg.check(model).adapters
    assert report.status == "valid"
    assert report.coverage.applied == 13
    assert [gap.why.split(";")[0] for gap in report.not_checked] == [
        "13 tensors are split across processes"
    ]


def test_a_misspelt_target_is_found_under_zero_3() -> None:
    model = partitioned(adapted(target_modules=["q_proj", "v_prj"]))
    assert codes(loracfg.check(model).adapters) == ["LC629"]


def test_an_optimizer_of_other_tensors_is_not_judged_under_zero_3() -> None:
    optimizer = torch.optim.SGD([torch.zeros(1)], 0.1)
    (report,) = loracfg.check(partitioned(adapted()), optimizer=optimizer).adapters
    assert codes([report]) == []
    assert any("sharded" in gap.why for gap in report.not_checked)


def test_empty_tensors_without_a_shape_are_not_of_a_wrong_one() -> None:
    model = partitioned(adapted(), is_named=False)
    (report,) = loracfg.check(model).adapters
    assert codes([report]) == ["LC421"], "empty, and of no wrong shape"
    assert "no part of some parameters" in report.not_checked[0].why


def test_flat_parameters_are_left_to_the_files() -> None:
    """FSDP 1 needs an accelerator, so that only its class is real here."""
    model = adapted()
    flat: Any = FullyShardedDataParallel.__new__(FullyShardedDataParallel)
    torch.nn.Module.__init__(flat)
    flat._fsdp_wrapped_module = model
    (report,) = loracfg.check(flat).adapters
    assert codes([report]) == []
    assert report.status == "undetermined"
    assert FLAT in {gap.why for gap in report.not_checked}


def test_a_model_in_data_parallel() -> None:
    wrapped = torch.nn.DataParallel(adapted())
    assert loracfg.check(wrapped).adapters[0].status == "valid"
