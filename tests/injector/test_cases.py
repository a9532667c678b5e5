"""The injector, PEFT and the plan agree on every listed config."""

from __future__ import annotations

import pytest

pytest.importorskip("peft", reason="the injector is compared with PEFT")

from loracfg.config.model.lora_config import LoraConfig
from loracfg.config.model.validation_context import FIELDS_ONLY
from tests.injector.agreement import check_agreement
from tests.planning.cases import ACCEPTED, REFUSED, Case, cases_of


@pytest.mark.filterwarnings("ignore:.*:UserWarning", "ignore:.*:RuntimeWarning")
@pytest.mark.parametrize("case", cases_of(ACCEPTED) + cases_of(REFUSED), ids=str)
def test_case(case: Case) -> None:
    values = {"r": 4} | case.config
    check_agreement(case.model, LoraConfig.model_validate(values, context=FIELDS_ONLY))
