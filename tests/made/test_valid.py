"""Every adapter that the real PEFT makes is valid against its base, whole and without a warning."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from loracfg.base.resolve import resolve_base
from loracfg.base.search import BaseRequest
from loracfg.config.model.lora_config import LoraConfig
from loracfg.engine.fronts import validate
from loracfg.engine.options import Options
from loracfg.planning.build import build_plan
from loracfg.planning.patterns import PatternBudget
from loracfg.report.report import AdapterReport
from tests.made.make import Made, Refused, make
from tests.made.recipes import BROKEN_IN_PEFT, CASES, TARGETS, recipe

RIGHTLY_WARNED: Final = {"lora-ga": {"LC332"}}
"""Options whose adapters do not compute what was trained unless the base is changed too."""


def report_of(made: Made, base: Path) -> AdapterReport:
    return validate(made.adapter, Options(base=str(base))).adapters[0]


def test_there_are_enough_cases() -> None:
    assert len(TARGETS) >= 15
    assert len(CASES) >= 900


@pytest.mark.parametrize(("model_type", "option"), CASES)
def test_made_adapter_is_valid(model_type: str, option: str, root: Path) -> None:
    chosen = recipe(model_type, option)
    assert chosen is not None
    made = make(model_type, chosen, root, option)
    if isinstance(made, Refused):
        check_refused(made)
        return
    alone = validate(made.adapter, Options(base=None, select=("LC",))).adapters[0]
    assert_quiet(alone, model_type, option)
    for base in (made.base, made.base / "config.json"):
        report = report_of(made, base)
        if (model_type, option) in BROKEN_IN_PEFT:
            assert {d.code for d in report.diagnostics if d.severity == "error"} == {"LC609"}
            continue
        assert_quiet(report, model_type, option)
        assert report.status == "valid"
        coverage = report.coverage
        assert coverage.tensors == coverage.expected == coverage.applied
        assert coverage.tensors > 0
        assert report.not_checked == ()


def assert_quiet(report: AdapterReport, model_type: str, option: str) -> None:
    """There is no error and no warning, but one that is right."""
    loud = {d.code for d in report.diagnostics if d.severity != "info"}
    if (model_type, option) in BROKEN_IN_PEFT:
        assert loud <= {"LC609"}
    else:
        assert loud == RIGHTLY_WARNED.get(option, set())


def check_refused(made: Refused) -> None:
    """What PEFT does not build is no plan of ours either."""
    try:
        config = LoraConfig.from_peft(made.config)
    except ValueError:
        return
    request = BaseRequest(named=str(made.base / "config.json"), task_type=config.task_type)
    base = resolve_base(request).architecture
    assert base is not None
    assert build_plan(config, base, PatternBudget()).failures, made.reason


def test_forward_pass_of_what_is_broken_in_peft_raises(root: Path) -> None:
    import torch
    from peft import PeftModel

    from tests.zoo import tiny_model

    chosen = recipe("gpt2", "olora")
    assert chosen is not None
    made = make("gpt2", chosen, root, "olora-forward")
    assert isinstance(made, Made)
    model = PeftModel.from_pretrained(tiny_model("gpt2"), str(made.adapter))
    with pytest.raises(RuntimeError, match="cannot be multiplied"):
        model(input_ids=torch.tensor([[1, 2, 3]]))
