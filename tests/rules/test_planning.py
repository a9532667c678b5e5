"""What is planned for an adapter and its base, and what cannot be planned."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from loracfg.adapter.directory import Adapter, read_adapter
from loracfg.adapter.header.tensor import Tensor
from loracfg.analysis import planning
from loracfg.analysis.planning import Planning, plan_adapter
from loracfg.analysis.serving import served_adapter
from loracfg.base.architecture import Architecture
from loracfg.base.search import ResolvedBase
from loracfg.config import CONFIG_NAME
from loracfg.config.history.field_facts import default_of, fields_of
from loracfg.planning.patterns import PatternBudget, PatternTimeoutError
from loracfg.report.report import Location, NotChecked
from loracfg.testing.building.examples import build
from loracfg.testing.copies import Copy
from tests.rules.subjects import config

PATH = "model.layers.0.self_attn.q_proj"
SINGLE = "model.layers.0.mlp.experts.3.up_proj"
EXPERTS = 'base {"experts": 4}'
WHAT = "what the patterns select"


def parts(*lines: str) -> tuple[Adapter, Architecture | None]:
    files, base = build(lines)
    return read_adapter(files), base


def made(*lines: str) -> Planning:
    return plan_adapter(*parts(*lines), PatternBudget())


def failing(monkeypatch: pytest.MonkeyPatch, error: Exception) -> Planning:
    """Return what is planned where patterns fail."""

    def fail(*_: Any) -> None:
        raise error

    monkeypatch.setattr(planning, "build_plan", fail)
    return plan_adapter(*parts(), PatternBudget())


def test_patterns_may_take_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    found = failing(monkeypatch, PatternTimeoutError("(a*)*b", 0.25, is_own=True))
    assert not found.in_time
    (fault,) = found.faults
    assert fault.kind == "slow-pattern"
    assert fault.message == "the pattern `(a*)*b` takes longer than 0.25 s to match"
    assert fault.location == Location(CONFIG_NAME)
    assert fault.help == "write it without nested repetitions"
    assert found.not_checked == (NotChecked(WHAT, "they take too long"),)


def test_the_limit_may_be_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    error = PatternTimeoutError("(a*)*b", 2, is_own=True, steps=65_536_000)
    (fault,) = failing(monkeypatch, error).faults
    assert fault.message == "the pattern `(a*)*b` takes more than 66 million steps to match"


def test_other_adapters_may_have_taken_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    found = failing(monkeypatch, PatternTimeoutError("a", 0.25, is_own=False))
    assert not found.in_time
    assert found.faults == ()
    assert found.not_checked == (NotChecked(WHAT, "other adapters used up the time"),)


def test_patterns_may_not_compile(monkeypatch: pytest.MonkeyPatch) -> None:
    found = failing(monkeypatch, re.error("bad"))
    assert found.in_time
    assert found.faults == ()
    assert found.not_checked == (NotChecked(WHAT, "bad"),)


def test_what_peft_fails_on_is_not_planned() -> None:
    wrong = made(config(r=-1, layers_to_transform="x"))
    assert wrong.plan is None
    (gap,) = wrong.not_checked
    assert gap.what == "tensors against the base"
    meant = "as something unintended"
    assert gap.why == f"PEFT fails on `layers_to_transform`, `r`, or reads them {meant}"
    (gap,) = made(config(r=-1)).not_checked
    assert gap.why == f"PEFT fails on `r`, or reads it {meant}"
    assert made(config(r=-1), "base none").not_checked == ()
    conflict = made(config(use_dora=True, lora_bias=True))
    assert conflict.plan is None
    assert [gap.why for gap in conflict.not_checked] == ["PEFT fails on `lora_bias`"]
    # whether there is a parameter that has an option is only known with the base
    parameters = made(config(target_parameters=["q_proj.weight"], lora_dropout=0.1))
    assert parameters.plan
    assert parameters.not_checked == ()
    (gap,) = made(config(megatron_config={"a": 1})).not_checked
    assert gap.what == "`megatron_config`"
    assert "PEFT imports `megatron.core`" in gap.why


def test_what_each_part_of_a_planning_contains() -> None:
    whole = made()
    assert whole.plan
    assert whole.settings[PATH].rank == 4
    assert whole.selection
    assert whole.selection.matched[PATH] == "q_proj"
    assert whole.compared.tree is whole.base
    # without weights, the plan is that of the config
    alone = made("weights none")
    assert alone.plan
    assert len(alone.plan.shapes) == 8
    # without a base or a config, there is none
    assert made("base none").plan is None
    bare = made("config none")
    assert (bare.plan, bare.settings, bare.selection) == (None, {}, None)
    assert bare.compared.tree is None


@pytest.mark.parametrize(
    "values",
    [{"r": -1}, {"rank_pattern": 3}, {"lora_alpha": "x"}, {"alpha_pattern": 3}],
    ids=json.dumps,
)
def test_ranks_and_scales_are_known_together(values: dict[str, Any]) -> None:
    assert made(config(**values), "base none").settings == {}


def test_layers_count_as_the_tensors_do() -> None:
    replicated = config(layer_replication=[[0, 2], [0, 2]])
    found = made(replicated)
    assert found.plan
    assert found.compared.tree is found.plan.base is not found.base
    # without a plan, it depends on what failed
    fails = {"r": -1}
    assert made(config(**fails)).compared.tree is not None
    assert made(replicated, config(**fails)).compared.tree is None
    assert made(config(layer_replication=3)).compared.tree is None


def test_targets_are_applied_to_what_the_tensors_name() -> None:
    def matched(**values: Any) -> dict[str, str] | None:
        found = made(config(**values), "base none").selection
        return None if found is None else dict(found.matched)

    assert matched(target_modules=["q_proj"]) == {
        PATH: "q_proj",
        PATH.replace("0", "1"): "q_proj",
    }
    pattern = r".*\.1\.self_attn\.v_proj"
    assert matched(target_modules=pattern) == {"model.layers.1.self_attn.v_proj": pattern}
    assert matched(target_modules="all-linear") is None
    assert matched(target_modules=None) is None
    assert matched(r=-1) is not None
    for field in ("target_modules", "target_parameters", "modules_to_save", "layers_pattern"):
        assert matched(**{field: 3}) is None, field
    assert matched(exclude_modules=3) is None
    assert matched(layers_to_transform="x") is None
    assert matched(layers_pattern=["layers"]) is None  # which PEFT refuses alone


def biased(bias: str, release: str) -> int:
    """Return how many biases are planned for a file of a release that has none."""
    given = {name: default_of(name) for name in fields_of(release)}
    given |= {"peft_type": "LORA", "r": 4, "target_modules": ["q_proj", "v_proj"], "bias": bias}
    found = made(f"config text {json.dumps(given)}", 'base {"biases": true}')
    assert found.plan
    return sum(name.endswith(".bias") for name in found.plan.shapes)


def test_biases_that_no_release_trained_may_be_left_out() -> None:
    assert biased("none", "0.9.0") == 0
    assert biased("lora_only", "0.9.0") == 0
    assert biased("lora_only", "0.10.0") == 4
    assert biased("all", "0.9.0") > 4


def single(path: str = SINGLE) -> Adapter:
    tensors = {
        name: Tensor(name, "F32", shape)
        for name, shape in (
            (f"base_model.model.{path}.lora_A.weight", (4, 16)),
            (f"base_model.model.{path}.lora_B.weight", (20, 4)),
        )
    }
    given = {"peft_type": "LORA", "r": 4, "target_modules": ["up_proj"], "task_type": "CAUSAL_LM"}
    return read_adapter(Copy(given, tensors).written())


def test_a_base_is_seen_with_single_experts_if_the_file_names_them() -> None:
    base = parts(EXPERTS)[1]
    assert base
    assert base.find(SINGLE) is None
    found = plan_adapter(single(), base, PatternBudget())
    assert found.unstacked
    assert found.base
    assert found.base.find(SINGLE)
    stacked = plan_adapter(single("model.layers.0.mlp.up_proj"), base, PatternBudget())
    assert not stacked.unstacked
    assert stacked.base is base
    plain = parts()[1]
    without = plan_adapter(single(), plain, PatternBudget())
    assert not without.unstacked
    assert without.base is plain
    assert not plan_adapter(single(), None, PatternBudget()).unstacked


MOE = {
    "model_type": "qwen3_moe",
    "hidden_size": 16,
    "intermediate_size": 20,
    "moe_intermediate_size": 20,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 6,
    "num_experts": 4,
    "vocab_size": 32,
}


def test_engines_see_an_adapter_on_the_classes_that_the_base_names() -> None:
    base = parts(EXPERTS)[1]
    assert base
    others = ("Qwen3MoeModel", base.class_name or "", "NoSuchModel")
    resolved = ResolvedBase(base, certain=False, saved_as=others, config=MOE)
    for path, is_single in ((SINGLE, True), ("model.layers.0.mlp.gate", False)):
        adapter = single(path)
        served = served_adapter(adapter, plan_adapter(adapter, base, PatternBudget()), resolved)
        assert served.architectures == others
        assert set(served.trees) == {"Qwen3MoeModel"}
        tree = served.trees["Qwen3MoeModel"]
        assert (tree.find(SINGLE.removeprefix("model.")) is not None) == is_single
        assert not served.certain
    labels = read_adapter(build((config(task_type="SEQ_CLS"),))[0])
    served = served_adapter(labels, plan_adapter(labels, base, PatternBudget()), resolved)
    assert served.architectures == (base.class_name,)
    without = read_adapter(build(("config none",))[0])
    planning = plan_adapter(without, base, PatternBudget())
    served = served_adapter(without, planning, resolved._replace(saved_as=()))
    assert served.architectures == (base.class_name,)
