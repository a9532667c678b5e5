"""The config for an adapter of another tool: its sources, and its assumptions."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, Final

import pytest

from loracfg.base.architecture import Kind, Module
from loracfg.repair import foreign
from loracfg.repair.change import Change
from loracfg.repair.foreign_names import File
from loracfg.repair.tensor_data import Zeros
from loracfg.report.report import Location
from loracfg.rules.rule import Finding
from loracfg.testing.building.judging import judged
from loracfg.testing.llama import BASE, llama
from tests.repair.single import changed, config_of

FINDING: Final = Finding("", Location(""), "")
FLAT: Final = tuple(
    rf"rename base_model.model.model.layers.(\d).self_attn.(.)_proj.lora_{part} -> "
    rf"lora_unet_model_layers_\1_self_attn_\2_proj.lora_{flat}"
    for part, flat in (("A", "down"), ("B", "up"))
)
"""The names of kohya's scripts, without alphas: the scale is 1."""
FLAT_Q: Final = "lora_unet_model_layers_0_self_attn_q_proj"
OF_RANK_2: Final = (
    "reshape 0_self_attn_q_proj.lora_down -> [2, 16]",
    "reshape 0_self_attn_q_proj.lora_up -> [24, 2]",
)
TEXT: Final = "tensor lora_te_text_model_fc1.lora_down.weight F32 [4, 4]"


def converted(*lines: str) -> Change | None:
    return changed(lambda subject, draft: foreign.convert_to_peft(subject, FINDING, draft), *lines)


def config(**values: Any) -> str:
    return f"config {json.dumps(values)}"


@pytest.mark.parametrize(
    ("lines", "safe", "why"),
    [
        (("config none",), True, "each name matches exactly one module of the base"),
        (("config none", TEXT), False, "an adapter is for one model"),
        ((config(lora_alpha=4),), True, "each name matches exactly one module of the base"),
        ((config(lora_alpha=4), TEXT), False, "an adapter is for one model"),
        (
            (config(lora_alpha=8),),
            False,
            "the config gives these tensors a different rank or scale than kohya's scripts",
        ),
        (
            (config(lora_alpha=8, r=8),),
            False,
            "the config gives these tensors a different rank or scale than kohya's scripts",
        ),
        (
            (config(lora_alpha=4, r=8),),
            False,
            "the config gives these tensors a different rank or scale than kohya's scripts",
        ),
        ((config(lora_alpha=2, use_rslora=True),), True, "each name matches exactly one module"),
        ((config(lora_alpha=2, r=2),), False, "the config gives these tensors a different rank"),
        ((config(lora_alpha=4), *OF_RANK_2), False, "the config gives these tensors a different"),
    ],
)
def test_a_config_that_is_there_must_give_ranks_and_scales(
    lines: tuple[str, ...], safe: bool, why: str
) -> None:
    change = converted(*FLAT, *lines)
    assert change is not None
    assert (change.safe, change.why[: len(why)]) == (safe, why)
    assert ("drop the tensors for `lora_te`" in change.title) == (TEXT in lines)
    assert (change.draft.config is None) == ("config none" not in lines)
    if change.draft.config:
        values = json.loads(change.draft.config)
        assert change.draft.config == json.dumps(values, indent=2, sort_keys=True)


@pytest.mark.parametrize(
    ("prefix", "tool"), [("diffusion_model", "ComfyUI"), ("transformer", "diffusers")]
)
def test_the_tool_is_the_same_in_finding_and_repair(prefix: str, tool: str) -> None:
    names = rf"rename ^base_model\.model\.(.*) -> {prefix}.\1"
    (found,) = judged(names).diagnostics
    assert found.message.startswith(f"8 tensors are named as {tool} names them")
    assert found.fix is not None
    assert found.fix.title == f"convert the {tool} adapter to PEFT's names"
    for lines, safe, why in (
        ((config(lora_alpha=8),), False, f"a different rank or scale than {tool}"),
        ((config(lora_alpha=4),), True, f"{tool} gives it this scale"),
        (("config none",), True, f"{tool} gives it this scale"),
    ):
        change = converted(names, *lines)
        assert change is not None
        assert (change.safe, change.why[-len(why) :]) == (safe, why)


def test_ranks_and_alphas_of_the_most_are_those_of_all() -> None:
    found = config_of(converted(*FLAT, *OF_RANK_2, "config none"))
    path = "model.layers.0.self_attn.q_proj"
    assert (found["r"], found["lora_alpha"]) == (4, 4)
    assert (found["rank_pattern"], found["alpha_pattern"]) == ({path: 2}, {path: 2})
    assert path in found["target_modules"]
    assert (found["use_dora"], found["lora_bias"], found["inference_mode"]) == (False, False, True)


@pytest.mark.parametrize(
    "lines",
    [
        ("drop 0.*q_proj.lora_up",),
        ("drop 0.*q_proj.lora_down",),
        ("drop 0.*q_proj.lora_up", f"tensor {FLAT_Q}.dora_scale F32 [24, 1]"),
        ("drop lora",),
        ("drop lora", f"tensor {FLAT_Q}.alpha F32 []"),
        ("drop lora_up",),
        ("reshape 0.*q_proj.lora_up -> []",),
        ("reshape 0.*q_proj.lora_down -> [4]",),
        ("base none",),
        ("tensor lora_unet_model_norm.dora_scale F32 [16]",),  # a magnitude without factors
        ("tensor x F32 [1]",),
    ],
)
def test_factors_come_in_pairs(lines: tuple[str, ...]) -> None:
    assert converted(*FLAT, "config none", *lines) is None


def test_what_is_for_two_other_models_is_left_out() -> None:
    change = converted(*FLAT, "config none", TEXT, TEXT.replace("lora_te", "lora_te2"))
    assert change is not None
    assert change.title.endswith("; drop the tensors for `lora_te` and `lora_te2`")


def dotted(stem: str, *lines: str, **metadata: Any) -> Change | None:
    """Convert factors of two modules, and alphas, below some name of a model."""
    names = [f"{stem}.model.layers.{layer}.self_attn.q_proj" for layer in (0, 1)]
    tensors = [
        line
        for name in names
        for line in (
            f"tensor {name}.lora_A.weight F32 [4, 16]",
            f"tensor {name}.lora_B.weight F32 [24, 4]",
            f"tensor {name}.alpha F32 []",
        )
    ]
    head = f"metadata {json.dumps(metadata)}"
    return converted("drop .", "config none", *tensors, *lines, head)


def of_diffusers(**config: Any) -> dict[str, str]:
    """Return the metadata by which diffusers keeps a config."""
    return {"lora_adapter_metadata": json.dumps({f"unet.{k}": v for k, v in config.items()})}


NO_ALPHAS: Final = r"drop \.alpha"
RANK: Final = "values alpha all 4"
HALF: Final = "values alpha all 2"


@pytest.mark.parametrize(
    ("stem", "lines", "metadata", "alpha"),
    [
        ("unet", (NO_ALPHAS,), {}, 4),
        ("unet", (RANK,), {}, 4),
        ("unet", (HALF,), {}, None),  # diffusers takes the rank, others the number
        ("unet", (RANK, r"drop 0.*\.alpha"), {}, None),
        ("unet", (RANK, "values 0.*alpha all 2"), {}, None),
        ("unet", (NO_ALPHAS,), {"alpha": "2"}, None),
        ("unet", (NO_ALPHAS,), {"alpha": "2"} | of_diffusers(r=4, lora_alpha=8), 8),
        ("unet", (RANK,), of_diffusers(r=4, lora_alpha=4), None),
        ("diffusion_model", (NO_ALPHAS,), {}, 4),
        ("diffusion_model", (HALF,), {}, 2),
        ("diffusion_model", (HALF, r"drop 1.*\.alpha"), {}, None),
        ("diffusion_model", (RANK, r"drop 1.*\.alpha"), {}, None),
        ("diffusion_model", ("reshape 0.*lora_A -> []",), {}, None),
    ],
)
def test_alphas_on_which_all_tools_agree(
    stem: str, lines: tuple[str, ...], metadata: dict[str, str], alpha: int | None
) -> None:
    change = dotted(stem, *lines, **metadata)
    assert (change and config_of(change)["lora_alpha"]) == alpha


@pytest.mark.parametrize(
    ("config", "found"),
    [
        ({"r": 4, "lora_alpha": 8}, (4, 8)),
        ({"r": 8, "lora_alpha": 8}, (8, 8)),  # it is what diffusers takes, right or wrong
        ({"lora_alpha": 8}, (4, 8)),
        ({"r": 4}, (4, 4)),
        ({"lora_dropout": 0.5}, (4, 4)),
        ({"use_rslora": True}, None),  # which is not the scale 1
        ({"r": "four"}, None),
    ],
)
def test_a_config_in_the_metadata(config: dict[str, Any], found: tuple[int, int] | None) -> None:
    change = dotted("unet", NO_ALPHAS, **of_diffusers(**config))
    assert (change is None) == (found is None)
    if change:
        values = config_of(change)
        assert (values["r"], values["lora_alpha"]) == found
        assert values["lora_dropout"] == config.get("lora_dropout", 0)
        assert change.why == "the config comes from the metadata"


MLX: Final = (
    *("drop lora_", "tensor model.layers.0.self_attn.q_proj.lora_a F32 [16, 4]"),
    "tensor model.layers.0.self_attn.q_proj.lora_b F32 [4, 24]",
)


def of_mlx(*lines: str, **settings: Any) -> Change | None:
    numbers = {"rank": 4, "scale": 2.0, "dropout": 0.1} | settings
    return of_mlx_config({"lora_parameters": numbers, "model": "m"}, *lines)


def of_mlx_config(config: Any, *lines: str) -> Change | None:
    return converted(*MLX, f"config text {json.dumps(config)}", *lines)


def test_an_adapter_of_mlx() -> None:
    change = of_mlx()
    assert change is not None
    assert change.safe
    found = config_of(change)
    assert (found["r"], found["lora_alpha"], found["lora_dropout"]) == (4, 8, 0.1)
    assert (found["base_model_name_or_path"], found["task_type"]) == ("m", "CAUSAL_LM")
    shapes = {name.rpartition("_proj.")[2]: t.shape for name, t in change.draft.tensors.items()}  # type: ignore[union-attr]
    assert shapes == {"lora_A.weight": (4, 16), "lora_B.weight": (24, 4)}


def test_magnitudes_of_mlx() -> None:
    magnitude = "tensor model.layers.0.self_attn.q_proj.m F32 [24]"
    change = of_mlx(magnitude)
    found = config_of(change)
    assert found["use_dora"]
    assert change is not None
    name = "base_model.model.model.layers.0.self_attn.q_proj.lora_magnitude_vector"
    said = of_mlx_config({"fine_tune_type": "dora", "lora_parameters": {"scale": 2}}, magnitude)
    assert config_of(said)["use_dora"]
    assert (change.draft.tensors or {})[name].shape == (24,)


@pytest.mark.parametrize(
    ("settings", "alpha"),
    [
        ({"scale": 0.5}, 2),
        ({"scale": 10}, 40),
        ({"scale": "2"}, None),
        ({"scale": None}, None),
        ({"scale": 3.4e38}, int(4 * 3.4e38)),
        ({"scale": 10**400}, None),
        ({"scale": -(10**39)}, None),
        ({"scale": float("inf")}, None),
        ({"scale": float("nan")}, None),
        ({"alpha": 16}, None),
        ({"rank": 8}, None),
    ],
)
def test_alpha_of_mlx_is_scale_times_rank(settings: dict[str, Any], alpha: float | None) -> None:
    change = of_mlx(**settings)
    assert (change and config_of(change)["lora_alpha"]) == alpha


@pytest.mark.parametrize(
    ("config", "is_converted"),
    [
        ({"lora_parameters": {"scale": 2}}, True),
        ({"lora_parameters": {"scale": 2}, "fine_tune_type": "lora"}, True),
        ({"lora_parameters": {"scale": 2}, "fine_tune_type": "dora"}, False),  # without magnitudes
        ({"lora_parameters": {"scale": 2}, "fine_tune_type": "full"}, False),
        ({"lora_parameters": 3}, False),
        ({"lora_parameters": {"scale": 2, "dropout": "much"}}, False),
        ([{"lora_parameters": {"scale": 2}}], False),
    ],
)
def test_configs_of_mlx(config: Any, is_converted: bool) -> None:
    change = of_mlx_config(config)
    assert (change is not None) == is_converted
    assert not change or config_of(change)["lora_dropout"] == 0


@pytest.mark.parametrize(
    ("lines", "is_converted"),
    [
        (("base none",), True),
        (("base none", "rename self_attn.q_proj -> embed_tokens"), False),
        (("rename layers.0.self_attn.q_proj -> embed_tokens",), False),
        (("tensor model.layers.0.mlp.up_proj.lora_a F32 [2, 16, 4]",), False),
        ((MLX[1].replace("q_proj", "v_proj"), MLX[2].replace("q_proj", "v_proj")), True),
        ([line.replace("q_proj", "v_proj").replace("4", "2") for line in MLX[1:]], False),
        (("reshape lora_a -> []",), False),
        (("reshape lora_a -> [4]",), False),
        (("reshape lora_b -> [4]",), False),
        (("tensor model.layers.0.self_attn.q_proj.m F32 [24, 1]",), False),
        (("tensor x F32 [1]",), False),
        (("drop .",), False),
        (("weights none",), False),
        (("config text no JSON",), False),
    ],
)
def test_what_mlx_has_and_peft_has_not(lines: tuple[str, ...], is_converted: bool) -> None:
    assert (of_mlx(*lines) is not None) == is_converted


def test_the_scale_of_mlx_is_only_in_its_config() -> None:
    assert converted(*MLX, "config none") is None


@pytest.mark.parametrize(
    ("path", "has_base", "is_converted"),
    [
        ("model.tokens", True, False),
        ("model.tokens", False, True),
        ("model.shared", True, True),
        ("model.shared", False, False),
        ("shared", False, False),
        ("model.unshared", False, True),
    ],
)
def test_embeddings_are_known_by_the_base_or_by_their_name(
    path: str, has_base: bool, is_converted: bool
) -> None:
    """PEFT has other factors for them."""
    modules = {
        "model.tokens": Module("model.tokens", Kind.EMBEDDING, "Embedding"),
        "model.shared": Module("model.shared", Kind.LINEAR, "Linear"),
    }
    base = replace(llama(BASE), modules=modules) if has_base else None
    file = File("f", {f"{path}.lora_a": Zeros("F32", (16, 4))}, {})
    assert (foreign._of_mlx(file, base) is not None) == is_converted
