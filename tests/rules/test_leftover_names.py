"""Adapter names that tools leave in tensor names."""

from __future__ import annotations

import pytest

from loracfg.rules.tensors import lc506_default_in_names
from loracfg.testing.building.judging import judged
from tests.rules.subjects import subject

LINES = (
    r"rename q_proj.lora_A.weight$ -> q_proj.lora_A.sql.weight",
    r"rename v_proj.lora_A.weight$ -> v_proj.lora_A.default.weight",
    r"rename q_proj.lora_B.weight$ -> q_proj.lora_B.chat.weight",
)


def test_each_name_is_found_with_its_tensors() -> None:
    found = judged(*LINES).diagnostics
    layer = "base_model.model.model.layers.0.self_attn"
    named = [
        ("LC505", "sql", "q", "A"),
        ("LC505", "chat", "q", "B"),
        ("LC506", "default", "v", "A"),
    ]
    assert [one.code for one in found] == [code for code, *_ in named]
    for one, (_, name, module, part) in zip(found, named, strict=True):
        factor = f"{layer}.{module}_proj.lora_{part}"
        assert one.message == f"the names of 2 tensors contain the adapter name `{name}`"
        assert one.help == f"rename the tensors without it, this one to `{factor}.weight`"
        assert one.location.tensor == f"{factor}.{name}.weight"
        assert one.count == 2


@pytest.mark.parametrize(("module", "left"), [("q_proj", "LC506"), ("v_proj", "LC505")])
def test_explained_names_are_left_out(module: str, left: str) -> None:
    found = judged(*LINES[:2], f"reshape {module}.lora_A -> [0]").diagnostics
    assert {one.code for one in found} & {"LC505", "LC506"} == {left}


def test_only_default_is_found_by_peft_021() -> None:
    (found,) = lc506_default_in_names.check(subject(*LINES))
    assert found.count == 2
    assert list(lc506_default_in_names.check(subject(LINES[0], LINES[2]))) == []
