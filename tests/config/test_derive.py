"""The config models of older releases."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from loracfg.config.history.all_fields import FIELDS, notes
from loracfg.config.history.annotations import Affects, Since
from loracfg.config.history.derived_models import fields_at, model_at
from loracfg.config.history.releases import PEFT_RELEASE, RELEASES
from loracfg.config.model.lora_config import LoraConfig
from loracfg.config.model.validation_context import FIELDS_ONLY
from loracfg.errors import LoracfgError


def test_the_newest_model_is_lora_config_itself() -> None:
    assert model_at(PEFT_RELEASE) is LoraConfig
    assert fields_at(PEFT_RELEASE).keys() == LoraConfig.model_fields.keys()


def test_a_release_is_named_as_everywhere() -> None:
    assert model_at("0.12") is model_at("0.12.0") is model_at("v0.12.0")
    with pytest.raises(LoracfgError, match="not a known release of PEFT"):
        model_at("0.99.0")


@pytest.mark.parametrize("release", RELEASES)
def test_every_release_has_a_model_with_its_fields(release: str) -> None:
    model = model_at(release)
    assert model.model_fields.keys() == fields_at(release).keys()
    needed: dict[str, Any] = {"lora_alpha": 16, "lora_dropout": 0.1, "target_modules": ["q_proj"]}
    config = model(**needed)
    assert model.model_validate_json(config.model_dump_json()) == config


def test_every_field_says_since_when_and_what_it_affects() -> None:
    for name, info in FIELDS.items():
        assert len(notes(info, Since)) == 1, name
        assert len(notes(info, Affects)) == 1, name


@pytest.mark.parametrize(
    ("release", "values", "refused"),
    [
        ("0.1.0", {"target_modules": ".*q_proj"}, "target_modules"),
        ("0.2.0", {"target_modules": ".*q_proj"}, None),
        ("0.2.0", {"enable_lora": [True, False]}, None),
        ("0.3.0", {"enable_lora": [True, False]}, "enable_lora"),
        ("0.3.0", {"task_type": "QUESTION_ANS"}, "task_type"),
        ("0.4.0", {"task_type": "QUESTION_ANS"}, None),
        ("0.5.0", {"layers_pattern": ["h"]}, "layers_pattern"),
        ("0.6.0", {"layers_pattern": ["h"]}, None),
        ("0.6.2", {"init_lora_weights": "gaussian"}, "init_lora_weights"),
        ("0.7.0", {"init_lora_weights": "gaussian"}, None),
        ("0.7.0", {"init_lora_weights": "pissa"}, "init_lora_weights"),
        ("0.19.1", {"init_lora_weights": "mica"}, "init_lora_weights"),
        ("0.20.0", {"init_lora_weights": "MiCA"}, None),
        ("0.8.2", {"use_dora": True}, "use_dora"),
        ("0.9.0", {"use_dora": True}, None),
        ("0.19.1", {"use_bdlora": {}}, "use_bdlora"),
        ("0.20.0", {"use_bdlora": {}}, None),
    ],
)
def test_a_release_takes_what_its_wheel_declares(
    release: str, values: dict[str, Any], refused: str | None
) -> None:
    needed = {"lora_alpha": 16, "lora_dropout": 0.1}
    model = model_at(release)
    if refused is None:
        model.model_validate(needed | values, context=FIELDS_ONLY)
        return
    with pytest.raises(ValidationError) as raised:
        model.model_validate(needed | values, context=FIELDS_ONLY)
    assert {error["loc"][0] for error in raised.value.errors()} == {refused}


@pytest.mark.parametrize(
    ("release", "values", "conflict"),
    [
        ("0.5.0", {"target_modules": "q", "layers_to_transform": 1}, None),
        ("0.6.0", {"target_modules": "q", "layers_to_transform": 1}, "layers-of-pattern"),
        ("0.13.2", {"layers_pattern": "h"}, None),
        ("0.14.0", {"layers_pattern": "h"}, "pattern-without-layers"),
        ("0.20.0", {"layers_pattern": "h", "layers_to_transform": 0}, "pattern-without-layers"),
        ("0.21.0", {"layers_pattern": "h", "layers_to_transform": 0}, None),
        ("0.9.0", {"use_dora": True, "init_lora_weights": "loftq"}, "dora-with-loftq"),
        ("0.19.1", {"use_dora": True, "alora_invocation_tokens": [1]}, None),
        ("0.20.0", {"use_dora": True, "alora_invocation_tokens": [1]}, "exclusive-variants"),
    ],
)
def test_a_release_has_its_own_constraints(
    release: str, values: dict[str, Any], conflict: str | None
) -> None:
    model = model_at(release)
    if conflict is None:
        model(**values)
        return
    with pytest.raises(ValidationError) as raised:
        model(**values)
    assert [error["ctx"]["name"] for error in raised.value.errors()] == [conflict]


def test_alpha_and_dropout_must_be_given_before_they_had_defaults() -> None:
    with pytest.raises(ValidationError) as raised:
        model_at("0.3.0")()
    assert {e["loc"]: e["type"] for e in raised.value.errors()} == {
        ("lora_alpha",): "missing",
        ("lora_dropout",): "missing",
    }
    assert model_at("0.4.0")().model_dump()["lora_alpha"] == 8
