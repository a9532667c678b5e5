"""What rules see, while findings explain tensor after tensor."""

from __future__ import annotations

import pytest

from loracfg.adapter.directory import read_adapter
from loracfg.analysis.subject import Subject
from loracfg.base.search import Fit
from loracfg.report.fault import Fault
from loracfg.report.report import Location
from loracfg.testing.building.examples import build
from tests.rules.subjects import config, made_with, on_base, planned, subject, subject_on
from tests.rules.test_one_cause import sound_experts

P = "base_model.model."
Q = f"{P}model.layers.0.self_attn.q_proj"
NAMES = frozenset(f"{Q}.lora_{part}.weight" for part in "AB")
HEAD = f"{P}lm_head.weight"


def test_nothing_is_computed_again_until_something_is_explained() -> None:
    found = subject(made_with(rank_pattern={"q_proj": 2}))
    adapter = found.adapter
    assert found.with_explained(frozenset()) is found
    assert found.open_shapes is adapter.shapes
    assert found.open_names is adapter.names
    assert found.layers is adapter.table.layers
    assert found.pairs is adapter.table.pairs
    assert found.kinds is found.compared.kinds


def test_what_is_explained_is_not_seen_again() -> None:
    found = subject().with_explained(NAMES)
    assert found.with_explained(frozenset({"x"})).explained == NAMES | {"x"}
    assert found.open_shapes.keys() == found.adapter.shapes.keys() - NAMES
    assert found.open_names.keys() == found.open_shapes.keys()
    path = Q.removeprefix(P)
    assert path not in found.layers
    assert len(found.layers) == len(found.pairs) == 3
    assert {pair.layer.path for pair in found.pairs} == found.layers.keys()
    kinds = [pair.layer.path for pair in found.kinds]
    assert kinds == ["model.layers.0.self_attn.v_proj", "model.layers.1.self_attn.q_proj"]


def test_any_pair_may_be_of_a_parameter_that_is_a_target() -> None:
    parameters = config(target_parameters=["q_proj.weight"])
    for base in ((), ("base none",)):
        found = subject(parameters, *base)
        assert len(found.kinds) == len(found.pairs) == 4
        assert len(subject(*base).kinds) == 2
    assert len(subject("config none").kinds) == 2
    # with the base, targets may be parameters
    copy, experts = sound_experts({"target_modules": "all-linear"})
    found = subject_on(copy.written(), experts)
    assert len(found.kinds) == len(found.pairs) > 4


def test_what_only_the_plan_or_only_the_file_has() -> None:
    found = subject(
        "drop layers.1.*v_proj.lora_A",
        "reshape layers.1.*q_proj.lora_A -> [4, 17]",
        f"tensor {HEAD} F32 [32, 16]",
        f"tensor {P}x F32 [1]",
        f"tensor {P}y F32 [1]",
    )
    lacking = f"{P}model.layers.1.self_attn.v_proj.lora_A.weight"
    wrong = f"{P}model.layers.1.self_attn.q_proj.lora_A.weight"
    assert found.missing.keys() == {lacking}
    assert found.mismatched.keys() == {wrong}
    assert found.unexpected.keys() == {f"{P}x", f"{P}y"}
    assert found.replacing == {HEAD: (32, 16)}
    rest = found.with_explained(frozenset({lacking, wrong, f"{P}x", HEAD}))
    assert (rest.missing, rest.mismatched, rest.replacing) == ({}, {}, {})
    assert rest.unexpected.keys() == {f"{P}y"}
    alone = subject(f"tensor {HEAD} F32 [32, 16]", "base none")
    assert (alone.missing, alone.mismatched) == ({}, {})
    assert (alone.unexpected, alone.replacing) == ({}, {})


def test_fields_are_given_that_peft_can_use() -> None:
    found = subject(config(r=-1))
    assert found.gives("lora_alpha", "target_modules")
    assert not found.gives("r")
    assert not found.gives("lora_alpha", "r")
    assert not subject("config none").gives("r")


def test_fields_may_be_in_conflict() -> None:
    both = subject(config(use_dora=True, lora_bias=True))
    fields = ["use_dora", "lora_bias", "init_lora_weights"]
    assert [both.conflicts(field) for field in fields] == [True, True, False]
    assert not subject().conflicts("r")
    assert not subject("config none").conflicts("r")


def test_faults_are_found_by_their_kinds() -> None:
    faults = tuple(Fault(kind, "", Location("x"), "") for kind in "abca")
    found = planned(subject(), faults=faults)
    assert [fault.kind for fault in found.faults_of("a", "c")] == ["a", "c", "a"]
    assert list(found.faults_of("d")) == []


FULL, PART, EMPTY = Fit("Other", 4, 4), Fit("Part", 3, 4), Fit("Empty", 0, 0)
OWN, OLDER = Fit("LlamaForCausalLM", 4, 4), Fit("LlamaForCausalLM", 4, 4, layout="4")


@pytest.mark.parametrize(
    ("fits", "expected"),
    [
        ((), None),
        ((OWN,), None),
        ((OWN, PART, EMPTY), None),
        ((OWN, PART, FULL), FULL),
        ((OWN, OLDER, FULL), OLDER),
        ((FULL, OLDER), FULL),
    ],
)
def test_another_class_may_have_every_module(fits: tuple[Fit, ...], expected: Fit | None) -> None:
    assert on_base(subject(), alternatives=fits).other_fit == expected


def test_without_a_base_every_class_is_another() -> None:
    assert on_base(subject("base none"), alternatives=(OWN,)).other_fit == OWN


def test_places_are_in_the_files() -> None:
    found = subject()
    value, key = found.value("/r"), found.key("/r")
    assert value.pointer == key.pointer == "/r"
    assert value.region
    assert key.region
    assert value.region.column > key.region.column
    assert found.tensor(Q) == Location("adapter_model.safetensors", tensor=Q)
    bare = Subject(read_adapter(build(("config none", "weights none"))[0]))
    assert bare.value("/r") == bare.key("/r") == Location("adapter_config.json", "/r")
    assert bare.tensor(Q) == Location("", tensor=Q)
    # a base that was never looked for is not uncertain
    assert (bare.certain, bare.planning.unstacked, bare.resolved.own_code) == (True, False, False)
