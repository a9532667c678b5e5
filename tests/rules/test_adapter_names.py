"""Tensors with the adapter's name in their names are checked as PEFT loads them."""

from __future__ import annotations

import json
import re
from typing import Any, Final

import pytest

from loracfg.adapter.tensor_names import Part, parse_name
from loracfg.base.architecture import Architecture
from loracfg.testing.copies import Copy
from loracfg.testing.defects import DEFECTS, Defect
from loracfg.testing.llama import BASE, llama
from tests.rules.test_one_cause import ADAPTERS, ALL, codes, renamed, sound

KINDS: Final = (*ADAPTERS, {"use_dora": True, "target_modules": ALL}, {"lora_bias": True})


def with_default(copy: Copy) -> None:
    """Add `default` to tensor names where PEFT loads such names."""
    names = {name: _with_default(name) for name in copy.tensors}
    copy.tensors = {new: copy.tensors[old]._replace(name=new) for old, new in names.items()}


def _with_default(name: str) -> str:
    taken = parse_name(name)
    if taken.adapter or taken.part in (Part.BASE, Part.TOKENS):
        return name
    if taken.part is Part.MAGNITUDE:
        return f"{taken.bare}.default.weight"
    return re.sub(r"(lora_[AB])\.(\w+)$", r"\1.default.\2", name)


def other_codes(copy: Copy, base: Architecture | None) -> list[str]:
    return [code for code in codes(copy, base) if code != "LC506"]


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)
def test_adapter_names_hide_no_defect(defect: Defect) -> None:
    for config in KINDS:
        copy, base = sound(config)
        if defect.apply(copy):
            expected = other_codes(copy, base), other_codes(copy, None)
            with_default(copy)
            assert (other_codes(copy, base), other_codes(copy, None)) == expected


OTHERS: Final[dict[str, Any]] = {
    "wider": {"hidden": 24},
    "fewer layers": {"layers": 1},
    "smaller heads": {"head_dim": 4},
}


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("config", KINDS, ids=json.dumps)
def test_adapter_names_do_not_hide_a_different_base(config: dict[str, Any], name: str) -> None:
    copy, _ = sound(config)
    other = llama(BASE | OTHERS[name])
    expected = codes(copy, other)
    assert expected
    with_default(copy)
    assert codes(copy, other) in (["LC506", *expected], expected)


@pytest.mark.parametrize(
    "changes",
    [
        {"target_modules": [".q_proj", ".v_proj"]},
        {"target_modules": ["Q_PROJ", "V_PROJ"]},
        {"target_modules": ["q_proj"]},
        {"layers_to_transform": [9]},
        {"layers_to_transform": [0]},
        {"exclude_modules": ["v_proj"]},
        {"target_modules": None},
    ],
    ids=json.dumps,
)
def test_adapter_names_do_not_hide_different_targets(changes: dict[str, Any]) -> None:
    copy, base = sound({"target_modules": ["q_proj", "v_proj", "down_proj"]})
    with_default(copy)
    assert codes(copy, base) == ["LC506"]
    copy.config |= changes
    assert "LC506" in codes(copy, base)
    assert other_codes(copy, base)


@pytest.mark.parametrize("name", ["default", "sql"])
def test_adapter_names_in_all_kinds_of_tensors(name: str) -> None:
    copy, base = sound({"use_dora": True, "modules_to_save": ["lm_head"]})
    renamed(copy, r"(lora_[AB])\.weight$", rf"\1.{name}.weight")
    renamed(copy, r"(lora_magnitude_vector)$", rf"\1.{name}")
    renamed(copy, r"lm_head\.weight$", rf"lm_head.modules_to_save.{name}.weight")
    assert codes(copy, base) == codes(copy, None) == ["LC505"]


def test_a_component_inside_a_saved_module_is_not_an_adapter_name() -> None:
    copy, base = sound({"target_modules": ["q_proj"]})
    extra = "base_model.model.lm_head.modules_to_save.dense.bias"
    first = next(iter(copy.tensors.values()))
    copy.tensors[extra] = first._replace(name=extra, shape=(16,))
    assert "LC505" not in codes(copy, None)
    assert "LC505" not in codes(copy, base)
