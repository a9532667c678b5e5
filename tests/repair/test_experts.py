"""Experts are stacked or unstacked only if there is a single way to do it."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final

import pytest

from loracfg.analysis.subject import Subject
from loracfg.repair.change import Change
from loracfg.repair.draft import Draft
from loracfg.repair.stacked_experts import stack_experts, unstack_experts
from loracfg.report.report import Location
from loracfg.rules.rule import Finding
from tests.repair.single import changed, config_of, values_of
from tests.rules.subjects import planned

BLOCK: Final = "base_model.model.model.layers.0.mlp"
BASE: Final = 'base {"experts": 2, "layers": 1}'
GATE, UP, DOWN = "gate_proj", "up_proj", "down_proj"
FINDING: Final = Finding("", Location(""), "")
ANY: Final = r".*\.gate_up_proj"


def stacks(*lines: str, base: str = BASE) -> Change | None:
    return changed(
        lambda subject, draft: stack_experts(subject, FINDING, draft), "drop .", base, *lines
    )


def config(**values: Any) -> str:
    return f"config {json.dumps(values)}"


def single(*layers: str, experts: int = 2, rank: int = 4) -> Iterator[str]:
    for expert in range(experts):
        for layer in layers:
            into, out = (20, 16) if layer == DOWN else (16, 20)
            stem = f"tensor {BLOCK}.experts.{expert}.{layer}.lora_"
            yield f"{stem}A.weight F32 [{rank}, {into}]"
            yield f"{stem}B.weight F32 [{out}, {rank}]"


ALL: Final = (config(target_modules=[GATE, UP, DOWN]), *single(GATE, UP, DOWN))
OF_LAYER_1: Final = [line.replace("layers.0", "layers.1") for line in single(DOWN)]


def test_layers_of_experts_become_stacks() -> None:
    change = stacks(*ALL)
    assert change is not None
    shapes = {name: one.shape for name, one in (change.draft.tensors or {}).items()}
    path = f"{BLOCK}.experts"
    assert shapes == {
        f"{path}.lora_A.weight": (8, 20),
        f"{path}.lora_B.weight": (16, 8),
        f"{path}.base_layer.lora_A.weight": (16, 16),
        f"{path}.base_layer.lora_B.weight": (40, 16),
    }
    found = config_of(change)
    assert (found["target_modules"], found["target_parameters"]) == (
        [],
        ["down_proj", "gate_up_proj"],
    )
    assert (found["rank_pattern"], found["alpha_pattern"]) == ({ANY: 8}, {ANY: 16})
    assert (change.safe, change.title) == (False, "stack the experts of 1 layer")


def test_other_modules_and_tensors_stay() -> None:
    q, shared = "base_model.model.model.layers.0.self_attn.q_proj", f"{BLOCK}.shared.up_proj"
    others = [f"tensor {q}.lora_A.weight F32 [4, 16]", f"tensor {shared}.lora_A.weight F32 [4, 16]"]
    targets = config(target_modules=["q_proj", "x.up_proj", GATE, UP])
    change = stacks(targets, *single(GATE, UP), *others)
    assert config_of(change)["target_modules"] == ["q_proj", "model.layers.0.mlp.shared.up_proj"]
    assert change is not None
    assert {f"{q}.lora_A.weight", f"{shared}.lora_A.weight"} < (change.draft.tensors or {}).keys()


def test_only_gate_and_up_have_twice_the_rank() -> None:
    found = config_of(stacks(config(target_modules=[DOWN]), *single(DOWN)))
    assert found["target_parameters"] == ["down_proj"]
    assert not found["rank_pattern"]
    assert not found["alpha_pattern"]


def test_alpha_keeps_the_scale() -> None:
    found = config_of(stacks(*ALL, config(use_rslora=True)))
    assert found["alpha_pattern"] == {ANY: pytest.approx(8 * math.sqrt(2))}
    assert math.isclose(found["alpha_pattern"][ANY] / math.sqrt(8), 8 / math.sqrt(4))


@pytest.mark.parametrize(
    "lines",
    [
        (*ALL, "base none"),
        (*ALL, 'base {"experts": 2, "layers": 1, "type": "llama"}'),
        (*ALL, 'base {"experts": 3, "layers": 1}'),
        (*ALL, 'base {"experts": 1, "layers": 1}'),
        (*ALL, config(rank_pattern={"q_proj": 8})),
        (*ALL, config(alpha_pattern={"q_proj": 8})),
        (*ALL, config(use_dora=True)),
        (*ALL, config(lora_bias=True)),
        (*ALL, config(target_modules=".*_proj")),
        (*ALL, config(target_modules=["gate", DOWN])),
        (*ALL, "config none"),
        (*ALL, "weights none"),
        (*ALL, f"drop 1.{UP}"),
        (*ALL, f"drop {UP}"),
        (*ALL, f"drop 1.{DOWN}.lora_B"),
        (*ALL, f"reshape 1.{DOWN}.lora_A -> [8, 20]", f"reshape 1.{DOWN}.lora_B -> [16, 8]"),
        (*ALL, f"tensor {BLOCK}.experts.0.{DOWN}.lora_A.weight F16 [4, 20]"),
        (*ALL, 'base {"experts": 2}', *OF_LAYER_1),  # experts of one layer lack gate and up
        (*ALL, f"tensor {BLOCK}.experts.0.x.lora_A.weight F32 [4, 16]"),
        (config(target_modules=[DOWN]),),
    ],
)
def test_without_one_way_nothing_is_stacked(lines: tuple[str, ...]) -> None:
    assert stacks(*lines) is None


def stack(*parameters: str, rank: int = 4, experts: int = 2, block: str = BLOCK) -> Iterator[str]:
    sizes = {"down_proj": (20, 16), "gate_up_proj": (16, 40)}
    for number, parameter in enumerate(sorted(parameters)):
        into, out = sizes[parameter]
        stem = f"tensor {block}.experts.{'base_layer.' * number}lora_"
        yield f"{stem}A.weight F32 [{rank * experts}, {into}]"
        yield f"{stem}B.weight F32 [{out}, {rank * experts}]"
    yield config(
        target_modules=["q_proj"], target_parameters=[f"mlp.experts.{p}" for p in parameters]
    )


BOTH: Final = tuple(stack("down_proj", "gate_up_proj"))
ENDS: Final = [f"experts.{e}.{layer}" for e in range(2) for layer in (DOWN, GATE, UP)]
PARAMETERS: Final = ("mlp.experts.down_proj", "mlp.experts.gate_up_proj")


def test_a_stack_becomes_layers_of_experts() -> None:
    change = changed(unstack_experts, "drop .", BASE, *BOTH)
    assert change is not None
    shapes = {name: one.shape for name, one in (change.draft.tensors or {}).items()}
    expected = {}
    for line in single(GATE, UP, DOWN):
        _, name, _, shape = line.split(" ", 3)
        expected[name] = tuple(json.loads(shape))
    assert shapes == expected
    found = config_of(change)
    assert found["target_parameters"] is None
    assert sorted(found["target_modules"]) == [*ENDS, "q_proj"]
    assert found["target_modules"][0] == "q_proj"
    assert (change.safe, change.title) == (
        True,
        "split the stacked experts of 1 layer into single experts",
    )


@pytest.mark.parametrize(
    "lines",
    [
        (*BOTH, "base none"),
        (*BOTH, config(rank_pattern={"q_proj": 8})),
        (*BOTH, config(alpha_pattern={"q_proj": 8})),
        (*BOTH, config(use_rslora=True)),
        (*BOTH, config(lora_bias=True)),
        (*BOTH, config(use_dora=True)),
        (*BOTH, config(target_modules=".*q_proj")),
        (*BOTH, "config none"),
        (*BOTH, "weights none"),
        (*BOTH, "drop base_layer.lora_B"),
        (*BOTH, "drop base_layer"),
        (*BOTH, "drop experts.lora"),
        (*BOTH, f"tensor {BLOCK}.experts.x F32 [1]"),
        (*BOTH, "reshape experts.lora_A -> [7, 20]", "reshape experts.lora_B -> [16, 7]"),
        (*BOTH, "reshape experts.lora_A -> [8, 21]"),
        (*BOTH, "reshape experts.lora_A -> [8, 19]"),
        (*BOTH, "reshape experts.lora_A -> [8]"),
        (*BOTH, "reshape experts.lora_B -> [17, 8]"),
        (*BOTH, "reshape experts.lora_B -> [15, 8]"),
        (*BOTH, "reshape experts.lora_B -> [16, 6]"),
        (*BOTH, "reshape experts.lora_B -> [16, 10]"),
        (*BOTH, "reshape experts.lora_B -> []"),
        (*BOTH, "reshape base_layer.lora_A -> [8, 20]", "reshape base_layer.lora_B -> [16, 8]"),
        (*BOTH, 'base {"experts": 2}'),  # the stacks of the second layer have no factors
        (*BOTH, config(target_parameters=["mlp.gate.weight", *PARAMETERS])),
        (config(target_parameters=["mlp.gate.weight"]),),
        (config(target_modules=["q_proj"]),),
        tuple(stack("down_proj")),
        tuple(stack("gate_up_proj")),
    ],
)
def test_without_one_way_nothing_is_taken_apart(lines: tuple[str, ...]) -> None:
    assert changed(unstack_experts, "drop .", BASE, *lines) is None


def test_tensors_outside_of_stacks_stay() -> None:
    name = "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight"
    change = changed(unstack_experts, "drop .", BASE, *BOTH, f"tensor {name} F32 [4, 16]")
    assert change is not None
    assert name in (change.draft.tensors or {})
    assert not any(".experts.lora" in name for name in change.draft.tensors or {})


def test_stacks_of_several_layers() -> None:
    second = stack("down_proj", "gate_up_proj", block=BLOCK.replace("layers.0", "layers.1"))
    only_parameters = config(target_modules=None, target_parameters=PARAMETERS)
    change = changed(
        unstack_experts, "drop .", 'base {"experts": 2}', *BOTH, *second, only_parameters
    )
    assert change is not None
    assert len(change.draft.tensors or {}) == 2 * 2 * 2 * 3
    assert change.title == "split the stacked experts of 2 layers into single experts"
    assert sorted(config_of(change)["target_modules"]) == ENDS


def test_stacks_with_rows_and_columns_exchanged_are_left_alone() -> None:
    def repair(subject: Subject, draft: Draft) -> Change | None:
        plan = subject.plan
        assert plan is not None
        modules = {
            path: module._replace(is_transposed=module.path.endswith(".experts"))
            for path, module in plan.base.modules.items()
        }
        turned = replace(plan, base=replace(plan.base, modules=modules))
        return unstack_experts(planned(subject, plan=turned), draft)

    assert changed(unstack_experts, "drop .", BASE, *BOTH) is not None
    assert changed(repair, "drop .", BASE, *BOTH) is None


def updates(values: dict[str, Any], experts: int = 2) -> dict[str, Any]:
    """Return the update of each layer of each expert, as PEFT computes it."""
    found = {}
    for name, b in values.items():
        if not name.endswith("lora_B.weight"):
            continue
        path, a = name.partition(".lora_B")[0], values[name.replace("lora_B", "lora_A")]
        if not path.endswith(("experts", "base_layer")):
            found[path.rpartition("experts.")[2]] = b @ a
            continue
        parts = zip(
            b.reshape(len(b), -1, experts).T, a.reshape(experts, -1, len(a[0])), strict=True
        )
        for e, product in enumerate(one.T @ other for one, other in parts):
            if path.endswith("experts"):
                found[f"{e}.{DOWN}"] = product
            else:
                found |= {f"{e}.{GATE}": product[:20], f"{e}.{UP}": product[20:]}
    return found


@pytest.mark.parametrize("repair", [unstack_experts, lambda s, d: stack_experts(s, FINDING, d)])
def test_each_expert_has_the_update_it_had(repair: Callable[..., Change | None]) -> None:
    drafts: list[Draft] = []

    def kept(subject: Subject, draft: Draft) -> Change | None:
        drafts.append(draft)
        return repair(subject, draft)

    lines = BOTH if repair is unstack_experts else ALL
    change = changed(kept, "drop .", BASE, *lines, "values lora 1")
    assert change is not None
    before, after = (updates(values_of(draft)) for draft in (*drafts, change.draft))
    assert before.keys() == after.keys()
    assert len(before) == 6
    assert all(abs(before[name] - after[name]).max() < 1e-5 for name in before)
    assert all(abs(one).max() > 0.1 for one in before.values())
