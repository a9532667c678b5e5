"""Settings of engines: what they may be given, what they change, and that none is forgotten."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Final

import pytest

from loracfg import LoracfgError
from loracfg.runtimes.asked import find_runtime
from loracfg.runtimes.profile_files import profile_of
from loracfg.runtimes.server_limits import Limit, limit_of
from loracfg.runtimes.versions import is_in
from tests.cli.running import call, write_adapter
from tests.runtimes.extract import settings
from tests.runtimes.extract.packages import find, kept_versions
from tests.runtimes.patterns import text_pattern
from tests.runtimes.test_verdicts import BASE, reasons, verdict

OWN: Final = {
    "vllm": {
        "is_3d_lora_weight",
        "lora_resolver",
        "model",
        "prompt_logprobs",
        "convert",
        "quantization",
    },
    "sglang": {"quantization"},
}
"""Settings that are no flags for LoRA: of an adapter, the environment, requests or the base."""
EXTRACTS: Final = {"vllm": settings.of_vllm, "sglang": settings.of_sglang}


@pytest.mark.parametrize("engine", EXTRACTS)
def test_settings_match_the_releases(engine: str) -> None:
    profile, versions = profile_of(engine), kept_versions(engine)
    if not versions:
        command = f"python -m tests.runtimes.extract {engine} {profile.newest}"
        pytest.skip(f"no release is kept: `{command}`")
    for version in versions:
        release = find(engine, version)
        assert release is not None
        known = {n for n, one in profile.limits.items() if is_in(version, one.versions)}
        assert known - OWN[engine] == EXTRACTS[engine](release), version


def test_choices_match_the_releases() -> None:
    for version in kept_versions("vllm"):
        release = find("vllm", version)
        assert release is not None
        for name, listed in (("max_lora_rank", "MaxLoRARanks"), ("lora_dtype", "LoRADType")):
            own = choices_of(profile_of("vllm").limits[name], version)
            assert own == settings.choices_of_vllm(release, listed), version


def choices_of(limit: Limit, version: str) -> set[str]:
    """Return the values that a setting has in a version."""
    return {one.text for one in limit.choices if is_in(version, one.versions)}


def test_choices_of_other_versions_do_not_count() -> None:
    limit = limit_of({"default": 16, "choices": "8 16 1024>=0.34 4<0.20"})
    assert choices_of(limit, "0.33.0") == {"8", "16"}
    assert choices_of(limit, "0.34.0") == {"8", "16", "1024"}
    assert choices_of(limit, "0.12.0") == {"4", "8", "16"}


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("vllm,max_lora_rank=64", "max_lora_rank", 64),
        ("vllm,--max-lora-rank=64", "max_lora_rank", 64),
        ("vllm,enable_moe_shared_loras", "enable_moe_shared_loras", True),
        ("vllm,--enable-moe-shared-loras", "enable_moe_shared_loras", True),
        ("vllm,enable_moe_shared_loras=false", "enable_moe_shared_loras", False),
        ("vllm,lora_dtype=bfloat16", "lora_dtype", "bfloat16"),
        ("vllm,model=/models/a b/x", "model", "/models/a b/x"),
        ("vllm,lora_target_modules=q_proj+v_proj", "lora_target_modules", ("q_proj", "v_proj")),
        ("sglang,lora_drain_wait_threshold=0.5", "lora_drain_wait_threshold", 0.5),
        ("sglang,experts_shared_outer_loras", "experts_shared_outer_loras", "true"),
    ],
)
def test_values(text: str, name: str, value: object) -> None:
    runtime = find_runtime(text)
    assert runtime.limits[name] == value
    assert runtime.given == (name,)
    if "--" not in text:
        assert re.fullmatch(text_pattern(), text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("vllm,max_lora_ranks=64", "no setting `max_lora_ranks`; did you mean `max_lora_rank`?"),
        ("vllm,gpu_memory=1", "`vllm` has no setting `gpu_memory`"),
        ("tgi,max_lora_rank=64", "`tgi` has no setting `max_lora_rank`"),
        ("vllm,max_lora_rank=24", "`24` is not a valid `max_lora_rank`"),
        ("vllm,max_lora_rank", "`max_lora_rank` has no value"),
        ("vllm,lora_dtype=float8", "`float8` is not a valid `lora_dtype`"),
    ],
)
def test_unknown_settings(text: str, message: str) -> None:
    with pytest.raises(LoracfgError) as caught:
        find_runtime(text)
    assert message in str(caught.value)
    assert caught.value.help


@pytest.mark.parametrize(
    ("text", "setting"),
    [
        ("vllm==0.12,enable_moe_shared_loras", "enable_moe_shared_loras"),
        ("vllm==0.15,lora_resolver=hf_hub", "lora_resolver=hf_hub"),
    ],
)
def test_settings_of_later_versions_are_rejected(text: str, setting: str) -> None:
    found = verdict(text, BASE)
    assert found.answer == "raises"
    assert re.fullmatch(
        rf"rejects it: it has no `{setting}`; versions >=0\.\d+ have it", reasons(found)[-1]
    )


def test_unknown_setting_lists_the_known_ones() -> None:
    with pytest.raises(LoracfgError) as caught:
        find_runtime("sglang,max_loras=4")
    assert all(f"`{name}`" in (caught.value.help or "") for name in profile_of("sglang").limits)


STACKED: Final = (BASE, 'config {"target_parameters": ["experts.down_proj"]}')
EXPERT: Final = "base_model.model.model.layers.{}.mlp.experts.{}"
SINGLE: Final = tuple(
    f"tensor {EXPERT.format(layer, expert)}.{name}.lora_{factor}.weight F32 {shape}"
    for layer in range(2)
    for expert in range(2)
    for name, into, out in (("gate_proj", 16, 20), ("up_proj", 16, 20), ("down_proj", 20, 16))
    for factor, shape in (("A", [4, into]), ("B", [out, 4]))
)
EXPERTS: Final = (
    'base {"experts": 2}',
    *SINGLE,
    'config {"target_modules": ["q_proj", "v_proj", "gate_proj", "up_proj", "down_proj"]}',
)
OTHER_BASE: Final = 'config {"base_model_name_or_path": "/root/llama"}'
NAMED: Final = 'config {"base_model_name_or_path": "meta-llama/Llama-3.1-8B"}'
RESOLVER: Final = "vllm,lora_resolver=filesystem,model=meta-llama/Llama-3.1-8B"

HEAD: Final = 'made with {"target_modules": ["q_proj", "lm_head"]}'
CASES: Final = [
    ("vllm,enable_lora=false", (BASE,), "raises"),
    ("sglang,enable_lora=false", (BASE,), "raises"),
    ("vllm", (HEAD, BASE), "loads"),
    ("vllm,prompt_logprobs", (HEAD, BASE), "differs"),
    ("vllm,prompt_logprobs", (BASE,), "loads"),
    ("vllm,enable_moe_shared_loras", (BASE,), "loads"),
    ("vllm,enable_moe_shared_loras", EXPERTS, "raises"),
    ("vllm==0.26,enable_moe_shared_loras", EXPERTS, "raises"),
    ("vllm", EXPERTS, "loads"),
    ("sglang", EXPERTS, "loads"),
    ("sglang,experts_shared_outer_loras", EXPERTS, "raises"),
    ("vllm,enable_mixed_moe_lora_format", (BASE,), "loads"),
    ("vllm", STACKED, "raises"),
    ("vllm,enable_mixed_moe_lora_format", STACKED, "raises"),
    ("vllm,enable_mixed_moe_lora_format,is_3d_lora_weight", STACKED, "unknown"),
    ("vllm,is_3d_lora_weight", STACKED, "raises"),
    ("vllm,quantization=fp8", EXPERTS, "unknown"),
    ("vllm,quantization=fp8", (BASE,), "loads"),
    (RESOLVER, (BASE, NAMED), "loads"),
    (RESOLVER, (BASE, OTHER_BASE), "raises"),
    ("vllm==0.12,lora_resolver=filesystem,model=x", (BASE, NAMED), "raises"),
    ("vllm,lora_resolver=hf_hub", (BASE, NAMED), "unknown"),
    ("vllm,model=x", (BASE, NAMED), "loads"),
    (RESOLVER, (BASE, 'config {"base_model_name_or_path": null}'), "raises"),
    ("vllm,lora_target_modules=q_proj", (BASE,), "loads"),  # the fused layer takes all three
    ("vllm==0.19,lora_target_modules=q_proj", (BASE,), "unknown"),
    ("sglang,lora_target_modules=all", (BASE,), "loads"),
]


@pytest.mark.parametrize(("runtime", "lines", "expected"), CASES)
def test_answer(runtime: str, lines: tuple[str, ...], expected: str) -> None:
    found = verdict(runtime, *lines)
    assert found.answer == expected, (reasons(found), found.unknown)


def test_resolver_message_has_setting_and_name() -> None:
    (said,) = reasons(verdict(RESOLVER, BASE, OTHER_BASE))
    assert "the config does not name the server's `model`, but `/root/llama`" in said


def test_settings_without_effect_are_listed() -> None:
    found = verdict("vllm,max_loras=4,lora_dtype=auto,max_lora_rank=64", BASE)
    assert found.answer == "loads"
    assert found.idle == ("max_loras", "lora_dtype")


def test_command_line(tmp_path: Path) -> None:
    adapter = write_adapter(tmp_path / "a")
    shown = call("compat", adapter, "--for", "vllm,max_loras=4,max_lora_rank=64").out
    assert "`max_loras` has no effect on a single adapter" in shown
    (one,) = json.loads(
        call("compat", adapter, "--for", "vllm,max_loras=4", "--format", "json").out
    )
    assert (one["settings"], one["without_effect"]) == ({"max_loras": 4}, ["max_loras"])
    wrong = call("compat", adapter, "--for", "vllm,max_lora=4")
    assert wrong.status == 2
    assert "did you mean `max_loras`?" in wrong.err
