"""Plans for sets of adapters: the smallest settings, what they cost, and who cannot share."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from loracfg.engine.options import Options
from loracfg.errors import LoracfgError
from loracfg.serving.deployment.adapter_set import deploy
from loracfg.serving.deployment.deployment import Deployment, plan_deployment
from loracfg.serving.deployment.server_memory import Hardware
from tests.serving.deployment.conftest import MakeAdapter


def plan_of(
    made: MakeAdapter,
    *features: str,
    runtime: str = "vllm==0.33",
    model_type: str = "llama",
    hardware: Hardware = Hardware(),  # noqa: B008  # immutable
) -> Deployment:
    """Return the plan for adapters of one base."""
    found = [made(model_type, feature) for feature in features]
    paths = [str(one.adapter) for one in found]
    return deploy(paths, runtime, Options(base=str(found[0].base)), hardware)


def names(plan: Deployment) -> list[str]:
    """Return the last names of the adapters that share a server."""
    return [Path(one.name).name for one in plan.shared]


def test_settings_are_the_smallest_for_the_set(made: MakeAdapter) -> None:
    plan = plan_of(made, "attention", "query alone")
    assert plan.settings == {
        "max_lora_rank": 8,  # the adapters have 4, which vLLM does not take
        "max_loras": 2,
        "lora_target_modules": ("o_proj", "qkv_proj"),
    }


def test_rank_is_the_next_that_the_engine_takes(made: MakeAdapter) -> None:
    assert plan_of(made, "rank 32").settings["max_lora_rank"] == 32
    assert plan_of(made, "rank 32", "attention").settings["max_lora_rank"] == 32


@pytest.mark.parametrize(
    ("version", "rank", "limit"),
    [("0.33", 48, 64), ("0.31", 4, 8)],  # 0.31 does not look at `rank_pattern`
)
def test_rank_counts_what_the_version_counts(
    made: MakeAdapter, tmp_path: Path, version: str, rank: int, limit: int
) -> None:
    one = made("llama", "attention")
    adapter = Path(shutil.copytree(one.adapter, tmp_path / "adapter"))
    file = adapter / "adapter_config.json"
    config = json.loads(file.read_text("utf-8")) | {"rank_pattern": {"no_such_module": 48}}
    file.write_text(json.dumps(config), "utf-8")
    plan = deploy(str(adapter), f"vllm=={version}", Options(base=str(one.base)))
    assert plan.shared[0].rank == rank
    assert plan.settings["max_lora_rank"] == limit


def test_sharded_factors_need_a_rank_that_can_be_divided(made: MakeAdapter) -> None:
    two, sharded = Hardware(devices=2), "vllm==0.33,fully_sharded_loras"
    plan = plan_of(made, "attention", runtime=sharded, hardware=two)
    assert plan.settings["max_lora_rank"] == 8
    assert plan.settings["fully_sharded_loras"] is True
    whole = plan_of(made, "attention", hardware=two)
    assert plan.memory is not None
    assert whole.memory is not None
    assert plan.memory.device < whole.memory.device


def test_settings_that_the_user_set_are_kept(made: MakeAdapter) -> None:
    plan = plan_of(made, "attention", "rank 32", runtime="vllm==0.33,max_loras=1")
    assert plan.settings["max_loras"] == 1
    assert plan.settings["max_cpu_loras"] == 2
    plan = plan_of(made, "attention", "rank 32", runtime="vllm==0.33,max_lora_rank=16")
    assert names(plan) == ["attention"]
    (apart,) = plan.apart
    assert "is greater than max_lora_rank" in apart.reasons[0]
    assert plan.settings["max_lora_rank"] == 16


def test_slots_are_not_more_than_the_host_keeps(made: MakeAdapter) -> None:
    plan = plan_of(made, "attention", "rank 32", runtime="vllm==0.33,max_cpu_loras=1")
    assert (plan.settings["max_loras"], plan.settings["max_cpu_loras"]) == (1, 1)
    plan = plan_of(made, "attention", "rank 32", runtime="vllm==0.33,max_cpu_loras=5")
    assert (plan.settings["max_loras"], plan.settings["max_cpu_loras"]) == (2, 5)


def test_targets_that_the_user_set_exclude_adapters_with_others(made: MakeAdapter) -> None:
    plan = plan_of(made, "query alone", "mlp", runtime="vllm==0.33,lora_target_modules=qkv_proj")
    assert names(plan) == ["query_alone"]
    assert "not among its `--lora-target-modules`" in plan.apart[0].reasons[0]


def test_unsupported_adapters_cannot_share(made: MakeAdapter) -> None:
    plan = plan_of(made, "attention", "use_dora")
    assert names(plan) == ["attention"]
    assert plan.apart[0].reasons == ("raises `vLLM does not yet support DoRA`: DoRA",)
    assert plan.settings["max_loras"] == 1


def test_adapter_of_a_different_base_cannot_share(made: MakeAdapter) -> None:
    llama, other = made("llama", "attention"), made("qwen3", "attention")
    paths = [str(llama.adapter), str(other.adapter)]
    plan = deploy(paths, "vllm==0.33", Options(base=str(llama.base)))
    assert names(plan) == ["attention"]
    assert plan.apart[0].name == str(other.adapter)
    assert plan.apart[0].reasons


def test_most_expensive_adapter_is_the_one_that_saves_most(made: MakeAdapter) -> None:
    plan = plan_of(made, "attention", "rank 32", "query alone")
    costly = plan.most_expensive
    assert costly is not None
    assert Path(costly.name).name == "rank_32"
    without = plan_of(made, "attention", "query alone")
    assert plan.memory is not None
    assert without.memory is not None
    assert costly.saved == plan.memory.total - without.memory.total
    assert costly.settings == without.settings


def test_single_adapter_is_not_called_expensive(made: MakeAdapter) -> None:
    assert plan_of(made, "attention").most_expensive is None


def test_stacked_experts_need_a_flag_and_a_request(made: MakeAdapter) -> None:
    plan = plan_of(made, "attention", "experts", model_type="qwen3_moe")
    assert plan.settings["enable_mixed_moe_lora_format"] is True
    assert [one.requested for one in plan.shared] == [(), ("is_3d_lora_weight",)]
    assert not plan.shared[0].unknown
    assert "PEFT joined them" in plan.shared[1].unknown[0]


def test_stacked_experts_of_a_model_that_holds_them_so_need_no_flag(made: MakeAdapter) -> None:
    plan = plan_of(made, "experts", model_type="gpt_oss")
    assert "enable_mixed_moe_lora_format" not in plan.settings
    assert plan.shared[0].requested == ()


def test_dense_adapters_need_no_flag_on_a_base_with_experts(made: MakeAdapter) -> None:
    plan = plan_of(made, "attention", model_type="qwen3_moe")
    assert "enable_mixed_moe_lora_format" not in plan.settings


def test_memory_is_not_guessed_for_other_versions(made: MakeAdapter) -> None:
    plan = plan_of(made, "attention", runtime="vllm==0.31")
    assert plan.memory is None
    assert plan.unknown == "nobody has compared the buffers of vLLM 0.31"
    assert plan.settings["max_lora_rank"] == 8


@pytest.mark.parametrize("target", ["embed_tokens", "lm_head"])
def test_memory_is_not_guessed_for_targets_that_adapters_cannot_have(
    made: MakeAdapter, target: str
) -> None:
    """vLLM allocates them if they are named, though it loads no adapter of this class with them."""
    runtime = f"vllm==0.33,lora_target_modules=qkv_proj+o_proj+{target}"
    plan = plan_of(made, "attention", runtime=runtime, model_type="qwen2")
    assert plan.memory is None
    assert f"{target}`, which `lora_target_modules` names" in plan.unknown
    assert names(plan) == ["attention"]
    assert plan_of(made, "attention", runtime=runtime).memory is not None  # a Llama has them


def test_memory_is_not_guessed_for_other_classes(made: MakeAdapter) -> None:
    plan = plan_of(made, "attention", model_type="jamba")
    assert plan.memory is None
    assert "`JambaForCausalLM`" in plan.unknown


def test_older_versions_have_no_targets(made: MakeAdapter) -> None:
    assert "lora_target_modules" not in plan_of(made, "attention", runtime="vllm==0.15").settings


def test_class_without_lora_serves_none(made: MakeAdapter) -> None:
    plan = plan_of(made, "attention", model_type="bloom")
    assert not plan.shared
    assert "LoRA is not supported for" in plan.apart[0].reasons[0]
    assert not plan.settings


def test_sglang_gets_settings_without_memory(made: MakeAdapter) -> None:
    plan = plan_of(made, "attention", "rank 32", runtime="sglang==0.5.23")
    assert plan.settings == {
        "max_lora_rank": 32,
        "max_loras_per_batch": 2,
        "lora_target_modules": ("k_proj", "o_proj", "q_proj", "v_proj"),
    }
    assert plan.memory is None


def test_engine_without_a_known_server_is_named(made: MakeAdapter) -> None:
    with pytest.raises(LoracfgError, match=r"no facts about the server of llama\.cpp"):
        plan_of(made, "attention", runtime="llama.cpp")


def test_layers_that_cannot_be_divided_are_named(made: MakeAdapter) -> None:
    with pytest.raises(LoracfgError, match="over 3 devices"):
        plan_of(made, "attention", hardware=Hardware(devices=3))


def test_set_without_adapters_is_an_error(made: MakeAdapter) -> None:
    from loracfg.runtimes.asked import find_runtime

    with pytest.raises(LoracfgError, match="there are no adapters"):
        plan_deployment([], find_runtime("vllm"), "base")
    with pytest.raises(LoracfgError, match="there are no adapters"):
        deploy([], "vllm", Options(base=str(made("llama", "attention").base)))


def test_adapter_named_twice_counts_once(made: MakeAdapter) -> None:
    one = made("llama", "attention")
    paths = [str(one.adapter), f"{one.adapter}/", str(one.adapter / "adapter_config.json")]
    plan = deploy(paths, "vllm==0.33", Options(base=str(one.base)))
    assert len(plan.shared) == 1
    assert plan.settings["max_loras"] == 1


def test_experts_that_cannot_be_divided_are_apart(made: MakeAdapter) -> None:
    """vLLM divides the rank of their first step, which is 4, and raises in the first batch."""
    runtime = "vllm==0.33,fully_sharded_loras"
    two, eight = (
        plan_of(made, "experts", runtime=runtime, model_type="qwen3_moe", hardware=Hardware(number))
        for number in (2, 8)
    )
    assert [one.rank for one in two.shared] == [4]
    assert [one.reasons[0] for one in eight.apart] == [
        "raises, since `fully_sharded_loras` divides rank `4` of its experts over `8` devices"
    ]
