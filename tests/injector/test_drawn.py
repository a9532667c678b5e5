"""The injector, PEFT and the plan agree on any config, on models of many families."""

from __future__ import annotations

from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytest.importorskip("peft", reason="the injector is compared with PEFT")

from loracfg.config.model.lora_config import LoraConfig
from loracfg.config.model.validation_context import FIELDS_ONLY
from loracfg.testing.plans import configs
from tests.injector.agreement import check_agreement
from tests.planning.models import VARIATIONS, architecture
from tests.zoo import CONFIGS

MODELS: Final = ("modules", *VARIATIONS, *CONFIGS)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*:UserWarning", "ignore:.*:RuntimeWarning")
@pytest.mark.parametrize("model", MODELS)
@settings(
    max_examples=max(10, settings().max_examples // 10),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.data())
def test_drawn_config(model: str, data: st.DataObject) -> None:
    values: dict[str, Any] = data.draw(configs(architecture(model)))
    check_agreement(model, LoraConfig.model_validate(values, context=FIELDS_ONLY))
