from __future__ import annotations

import peft
import pytest
from peft.tuners.lora import config as peft_configs
from pydantic import ValidationError

from loracfg.config.history.releases import PEFT_RELEASE
from loracfg.config.model.constraints import CONSTRAINTS, active_variants, conflicts
from loracfg.config.model.lora_config import LoraConfig
from loracfg.config.reading.with_models import NESTED
from loracfg.rules.registry import own_rules
from loracfg.rules.rule import GatedCheck
from loracfg.testing.arguments import VARIANTS, Arguments
from tests.config.cases import BREAKING, KEEPING
from tests.config.tiny import create, quiet

PEFT_SAYS = {
    "no-targets": "No `target_modules` passed|Target modules  not found",
    "layers-of-pattern": "cannot be used when `target_modules` is a str",
    "pattern-without-layers": "`layers_to_transform` must also be specified",
    "dora-with-megatron": "DoRA does not support megatron_core",
    "loftq-without-config": "`loftq_config` must be specified",
    "lora-bias-with-init": "lora_bias=True is only supported with init_lora_weights",
    "lora-bias-with-dora": "lora_bias=True is not supported for DoRA",
    "exclusive-variants": "Invalid or unsupported variant combination",
    "tokens-of-saved-module": "already marked to be trained fully",
    "option-with-parameters": "ParamWrapper does not (work|support)|variant combination",
}


def peft_config(arguments: Arguments) -> peft.LoraConfig:
    """Build PEFT's config; its nested ones cannot be given as objects of JSON everywhere."""
    built = {
        name: getattr(peft_configs, NESTED[name].__name__)(**value) if name in NESTED else value
        for name, value in arguments.items()
    }
    with quiet():
        return peft.LoraConfig(**built)


@pytest.mark.parametrize(("name", "arguments"), BREAKING)
def test_what_breaks_a_constraint_is_refused_here_and_by_peft(
    name: str, arguments: Arguments
) -> None:
    with pytest.raises(ValidationError) as caught:
        LoraConfig(**arguments)
    (error,) = caught.value.errors()
    assert error["type"] == "conflict"
    assert error["ctx"]["name"] == name
    assert error["ctx"]["field"] in arguments
    with pytest.raises(ValueError, match=PEFT_SAYS[name]):
        create(peft_config(arguments))


@pytest.mark.parametrize("arguments", KEEPING)
def test_what_keeps_all_constraints_creates_an_adapter(arguments: Arguments) -> None:
    assert conflicts(LoraConfig(**arguments)) == []
    config = peft_config(arguments)
    if "arrow_config" in arguments:
        return  # a router is created from adapters that are loaded already
    create(config)


def test_every_constraint_has_cases() -> None:
    checks = {c.check for c in CONSTRAINTS if c.holds_in(PEFT_RELEASE)}
    found = set()
    for _, arguments in BREAKING:
        config = LoraConfig.model_construct(**{**dict(LoraConfig()), **arguments})
        found |= {check for check in checks if check(config)}
    untried = [check.__name__ for check in checks - found]
    assert not untried, "add configs that break these to BREAKING of tests/config/cases.py"
    broken = {name for name, _ in BREAKING}
    assert broken == PEFT_SAYS.keys(), "PEFT_SAYS has what PEFT says of each name in BREAKING"


def test_every_constraint_has_a_rule() -> None:
    gates = [rule.check for rule in own_rules() if isinstance(rule.check, GatedCheck)]
    reported = {kind for gate in gates for kind in gate.kinds}
    silent = {name for name, _ in BREAKING} - reported
    assert not silent, "add rules for these (CONTRIBUTING.md: Adding a rule), as LC304 is one"


def test_a_conflict_names_both_sides() -> None:
    config = LoraConfig.model_construct(
        **{**dict(LoraConfig()), "use_dora": True, "lora_bias": True}
    )
    (conflict,) = conflicts(config)
    assert conflict.field == "lora_bias"
    assert conflict.others == ("use_dora",)
    assert conflict.message == "`lora_bias` does not work with `use_dora`"


def test_three_variants_are_one_conflict() -> None:
    arguments = VARIANTS["mica"] | VARIANTS["use_dora"] | VARIANTS["kasa_config"]
    config = LoraConfig.model_construct(**{**dict(LoraConfig()), **arguments})
    assert active_variants(config) == ("use_dora", "kasa_config", "mica")
    (conflict,) = conflicts(config)
    assert conflict.message == "`use_dora` and `kasa_config` and `mica` are mutually exclusive"
    assert {conflict.field, *conflict.others} == {"use_dora", "kasa_config", "init_lora_weights"}
