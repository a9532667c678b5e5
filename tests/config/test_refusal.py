"""The messages about values that `LoraConfig` rejects, word for word."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError, field_validator

from loracfg.config.history.derived_models import model_at
from loracfg.config.model.lora_config import LoraConfig
from loracfg.config.model.nested import EvaConfig, LoftQConfig
from tests.config.test_model import REFUSED

INTERNALS = re.compile(
    r"function-|constrained|PatternCheck|InitCheck|Input should|Extra inputs|input_value|pydantic"
)
BIASES = "`none`, `all`, `lora_only`"


def said(**values: Any) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        LoraConfig(**values)
    return [error["msg"] for error in caught.value.errors()]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            {"lora_alpah": 8},
            "`lora_alpah` is not a field of LoraConfig; did you mean `lora_alpha`?",
        ),
        ({"alpha": 8}, "`alpha` is not a field of LoraConfig; did you mean `lora_alpha`?"),
        ({"rank": 8}, "`rank` is not a field of LoraConfig; did you mean `r`?"),
        ({"zzz": 8}, "`zzz` is not a field of LoraConfig; leave it out"),
        ({"merge_weights": True}, "`merge_weights` was removed in PEFT 0.3.0; leave it out"),
        (
            {"loftq_config": {"bits": 4}},
            "`loftq_config.bits` is not a field of LoftQConfig; did you mean `loftq_bits`?",
        ),
        ({"bias": "lora-only"}, f"`bias` is `'lora-only'`, not one of {BIASES}; did you mean "),
        ({"bias": "some"}, f"`bias` is `'some'`; pass one of {BIASES}"),
        ({"peft_type": "IA3"}, "`peft_type` is `'IA3'`; pass `LORA`"),
        ({"task_type": "causal_lm"}, "did you mean `CAUSAL_LM`?"),
        ({"init_lora_weights": "guassian"}, "did you mean `gaussian`?"),
        ({"r": "8"}, "`r` is `'8'`, not an integer; did you mean `8`?"),
        ({"r": 8.0}, "`r` is `8.0`, not an integer; did you mean `8`?"),
        ({"r": np.int64(8)}, "`r` is `np.int64(8)`, not an integer; did you mean `8`?"),
        ({"lora_alpha": Decimal(16)}, "not a number; did you mean `16`?"),
        ({"r": 0}, "`r` is `0`; pass `1` or more"),
        ({"r": None}, "`r` is `None`; pass an integer, or leave it out to use `8`"),
        ({"lora_dropout": 1.5}, "`lora_dropout` is `1.5`; pass a number below `1`"),
        ({"use_dora": "true"}, "not `True` or `False`; did you mean `True`?"),
        ({"use_dora": 0}, "`use_dora` is `0`, not `True` or `False`; did you mean `False`?"),
        ({"target_modules": 5}, "`target_modules` is `5`; pass a list or a string"),
        ({"target_modules": ["q", None]}, "`target_modules[1]` is `None`; pass a string"),
        ({"target_modules": {1, "q"}}, "`target_modules[1]` is `1`; pass a string"),
        ({"target_modules": [1, 2, 3]}, "pass a string; 2 others are invalid too"),
        (
            {"target_modules": "(q"},
            "`target_modules` is not a valid regular expression: missing ), unterminated "
            "subpattern at "
            "position 0; correct the pattern",
        ),
        ({"modules_to_save": "head"}, "not a list; did you mean `['head']`?"),
        (
            {"rank_pattern": {"q[": 8}},
            "the key `rank_pattern['q[']` is not a valid regular expression: ",
        ),
        ({"rank_pattern": {"q": 0}}, "`rank_pattern['q']` is `0`; pass `1` or more"),
        ({"rank_pattern": {1: 8}}, "`rank_pattern` is `{1: 8}`; pass strings as its keys"),
        ({"layer_replication": [[0]]}, "`layer_replication[0]` is `[0]`; pass two integers"),
        ({"eva_config": {"rho": 0.5}}, "`eva_config.rho` is `0.5`; pass `1` or more"),
        ({"eva_config": LoftQConfig()}, "`eva_config` is `LoftQConfig()`; pass a dict"),
        ({"lora_bias": True, "use_dora": True}, "`lora_bias` does not work with `use_dora`"),
    ],
)
def test_one_message_names_the_field_its_value_and_what_to_do(
    values: dict[str, Any], message: str
) -> None:
    (found,) = said(**values)
    assert message in found


def test_a_rank_in_the_first_place_is_not_taken_for_a_task() -> None:
    with pytest.raises(ValidationError, match=r"`task_type` is `16`, .*; did you mean `r=16`\?"):
        LoraConfig(16)  # type: ignore[arg-type]


@pytest.mark.parametrize(("name", "value"), REFUSED)
def test_nothing_of_pydantic_is_shown(name: str, value: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        LoraConfig(**{name: value})
    assert not INTERNALS.search(str(caught.value))
    with pytest.raises(ValidationError) as assigned:
        setattr(LoraConfig(), name, value)
    assert str(assigned.value) == str(caught.value)


class Training(BaseModel):
    """A model of a user's that has a config in it."""

    lora: LoraConfig


def test_a_model_of_the_users_says_the_same_at_its_own_place() -> None:
    with pytest.raises(ValidationError) as caught:
        Training.model_validate({"lora": {"target_modules": 5, "eva_config": {"rho": 0}}})
    assert [(e["loc"], e["msg"]) for e in caught.value.errors()] == [
        (("lora", "target_modules"), "`target_modules` is `5`; pass a list or a string"),
        (("lora", "eva_config", "rho"), "`eva_config.rho` is `0`; pass `1` or more"),
    ]
    text = '{"lora": {"r": "8"}}'
    with pytest.raises(ValidationError, match=r"`r` is `'8'`, not an integer; did you mean `8`\?"):
        Training.model_validate_json(text)


def test_the_message_for_what_is_not_a_config() -> None:
    with pytest.raises(ValidationError, match="`5` is not a LoraConfig; pass its fields"):
        TypeAdapter(LoraConfig).validate_python(5)


def test_nested_configs_and_older_ones_say_it_in_the_same_words() -> None:
    with pytest.raises(ValidationError, match="`rho` is `0`; pass `1` or more"):
        EvaConfig(rho=0)
    with pytest.raises(ValidationError, match="`lora_alpha` is missing; pass it"):
        model_at("0.3.0")()


def test_validators_of_a_subclass_say_what_they_say() -> None:
    class Mine(LoraConfig):
        day: date | None = None

        @field_validator("r")
        @classmethod
        def _even(cls, r: int) -> int:
            if r % 2:
                raise ValueError("an odd rank")
            return r

    with pytest.raises(ValidationError) as caught:
        Mine(r=3, day="never", bias="some")  # type: ignore[arg-type]
    found = {error["loc"][0]: error["msg"] for error in caught.value.errors()}
    assert found == {
        "r": "Value error, an odd rank",
        "day": "Input should be a valid date",
        "bias": f"`bias` is `'some'`; pass one of {BIASES}",
    }


def test_a_message_stays_short_and_printable() -> None:
    (found,) = said(bias="\x1b[31m" + "x" * 10_000)
    assert len(found) < 200
    assert found.isprintable()


SUGGESTION = re.compile(r"did you mean `(.*)`\?")


@given(st.sampled_from(sorted(LoraConfig.model_fields)), st.integers(0, 99) | st.booleans())
def test_what_is_suggested_is_accepted(name: str, value: int) -> None:
    refused: tuple[Any, ...] = (str(value), float(value), np.int64(value))
    for wrong in refused:
        try:
            LoraConfig(**{name: wrong})
        except ValidationError as error:
            found = SUGGESTION.search(error.errors()[0]["msg"])
            if found and name != "task_type":
                LoraConfig(**{name: eval(found[1])})  # noqa: S307  # a number or a list
