"""Configs of diffusers: the arguments that a constructor gets."""

from __future__ import annotations

from typing import Any, Final

import pytest

from loracfg.base.catalogue.configs.diffusers import arguments, class_for
from loracfg.base.catalogue.evaluation.budget import Budget
from loracfg.base.catalogue.evaluation.refusals import DeclinedError, RefusedError
from loracfg.base.catalogue.program_data import ConfigRecord

RECORD: Final[ConfigRecord] = {
    "fields": {"width": ["any"], "sizes": ["any", {"$": "tuple", "v": [1, 2]}]},
    "consts": {"instead": ["norm_type", {"single": "Other"}]},
}


def test_keys_and_defaults_become_attributes() -> None:
    found = arguments(RECORD, {"width": 3, "_class_name": "Model", "unknown": 1}, Budget())
    assert found.attributes == {"width": 3, "sizes": (1, 2)}


def test_a_vocabulary_size_that_no_argument_takes_is_kept() -> None:
    found = arguments(RECORD, {"width": 3, "vocab_size": 7}, Budget())
    assert found.read("vocab_size") == 7


@pytest.mark.parametrize("config", [{}, {"width": 1, "dtype": "float16"}])
def test_what_the_constructor_rejects(config: dict[str, Any]) -> None:
    with pytest.raises(RefusedError):
        arguments(RECORD, config, Budget())


def test_left_out_values_decline() -> None:
    with pytest.raises(DeclinedError):
        arguments(RECORD, {"width": 1, "_use_default_values": ["width"]}, Budget())


def test_a_key_selects_a_different_class() -> None:
    assert class_for(RECORD, "Model", {"norm_type": "single"}) == "Other"
    assert class_for(RECORD, "Model", {"norm_type": "none"}) == "Model"
    assert class_for({"fields": {}}, "Model", {}) == "Model"


@pytest.mark.parametrize("config", [{}, {"norm_type": []}])
def test_a_missing_key_that_selects_the_class_is_rejected(config: dict[str, Any]) -> None:
    with pytest.raises(RefusedError):
        class_for(RECORD, "Model", config)
