"""The settings of a plan as a command, a variable and Kubernetes values."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from loracfg.runtimes.asked import find_runtime
from loracfg.runtimes.server_limits import Value
from loracfg.serving.deployment.command_forms import (
    arguments_of,
    command_of,
    values_of,
    variable_of,
    yaml_of,
)
from loracfg.serving.deployment.deployment import Deployment, Shared


def plan_of(settings: dict[str, Value], engine: str = "vllm") -> Deployment:
    runtime = find_runtime(engine)
    assert runtime.profile.server is not None
    shared = (Shared("a", 4, ("q_proj",)),)
    return Deployment(
        runtime, runtime.profile.server, "org/base", "auto", 1, shared, settings=settings
    )


TARGETS = "--lora-target-modules o_proj qkv_proj"
USUAL: dict[str, Value] = {
    "max_lora_rank": 16,
    "max_loras": 1,
    "lora_target_modules": ("o_proj", "qkv_proj"),
}


def test_rank_and_slots_are_written_even_if_they_are_the_defaults() -> None:
    expected = (
        "--enable-lora --max-lora-rank 16 --max-loras 1 --lora-target-modules o_proj qkv_proj"
    )
    assert arguments_of(plan_of(USUAL)) == expected.split()


def test_flags_have_no_value() -> None:
    assert arguments_of(plan_of({"enable_mixed_moe_lora_format": True})) == [
        "--enable-lora",
        "--enable-mixed-moe-lora-format",
    ]
    assert arguments_of(plan_of({"fully_sharded_loras": False})) == ["--enable-lora"]


def test_hardware_is_written_if_it_is_not_the_default() -> None:
    plan = replace(plan_of({}), devices=4, dtype="float16")
    expected = "--tensor-parallel-size 4 --dtype float16 --enable-lora"
    assert arguments_of(plan) == expected.split()


def test_command_quotes_what_a_shell_would_read() -> None:
    plan = replace(plan_of(USUAL), base="my base; rm -rf $HOME")
    parts = shlex.split(command_of(plan))
    assert parts[:3] == ["vllm", "serve", "my base; rm -rf $HOME"]
    assert parts[3:] == arguments_of(plan)


@pytest.mark.parametrize(
    ("base", "start"),
    [
        ("org/base", "vllm serve org/base --enable-lora "),
        ("org/base@v1", "vllm serve org/base --revision v1 --enable-lora "),
        ("base@v1", "vllm serve base --revision v1 --enable-lora "),
        ("hf://org/base", "vllm serve org/base --enable-lora "),
        ("hf://org/base@v1", "vllm serve org/base --revision v1 --enable-lora "),
        ("https://huggingface.co/org/base", "vllm serve org/base --enable-lora "),
        (
            "https://huggingface.co/org/base/blob/v1/config.json",
            "vllm serve org/base --revision v1",
        ),
        ("models/base/config.json", "vllm serve models/base --enable-lora "),
        ("config.json", "vllm serve . --enable-lora "),
        ("file:///models/base", "vllm serve /models/base --enable-lora "),
        ("file:///models/base/config.json", "vllm serve /models/base --enable-lora "),
        ("/models/base/", "vllm serve /models/base/ --enable-lora "),
        ("s3://models/base", "vllm serve s3://models/base --enable-lora "),
    ],
)
def test_base_is_written_as_engines_take_it(base: str, start: str) -> None:
    assert command_of(replace(plan_of(USUAL), base=base)).startswith(start)


def test_folder_with_an_at_sign_is_no_revision(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("base@v1", "org/base@v1"):
        Path(name).mkdir(parents=True)
        assert command_of(replace(plan_of(USUAL), base=name)).startswith(f"vllm serve {name} ")


def test_revision_is_among_the_values() -> None:
    found: Any = values_of(replace(plan_of(USUAL), base="org/base@v1"))
    (model,) = found["servingEngineSpec"]["modelSpec"]
    assert model["modelURL"] == "org/base"
    assert model["vllmConfig"]["extraArgs"][:2] == ["--revision", "v1"]


def test_variable_has_the_arguments() -> None:
    found = variable_of(plan_of(USUAL))
    assert found is not None
    (assignment,) = shlex.split(found)
    name, _, value = assignment.partition("=")
    assert name == "VLLM_ADDITIONAL_ARGS"
    assert shlex.split(value) == arguments_of(plan_of(USUAL))


def test_values_are_those_of_the_chart() -> None:
    found = values_of(replace(plan_of(USUAL), devices=2, dtype="bfloat16"))
    assert found == {
        "servingEngineSpec": {
            "modelSpec": [
                {
                    "modelURL": "org/base",
                    "enableLoRA": True,
                    "vllmConfig": {
                        "extraArgs": f"--max-lora-rank 16 {TARGETS}".split(),
                        "tensorParallelSize": 2,
                        "dtype": "bfloat16",
                        "maxLoras": 1,
                    },
                }
            ]
        }
    }


def test_engines_without_a_form_have_none() -> None:
    plan = plan_of({"max_lora_rank": 4, "max_loras_per_batch": 2}, "sglang")
    assert variable_of(plan) is None
    assert values_of(plan) is None
    assert command_of(plan).startswith("python -m sglang.launch_server --model-path org/base ")


@pytest.mark.parametrize(
    "value",
    [
        {"a": 1, "b": [1, {"c": "x"}, ["y", [True, None]]], "d": {"e": {}}},
        {"key": ["- not: a list", "#", "yes", "\t\u2028", ""]},
        [],
        "plain",
    ],
)
def test_yaml_is_read_as_it_was_written(value: Any) -> None:
    yaml = pytest.importorskip("yaml", reason="it reads what is written")
    assert yaml.safe_load(yaml_of(value)) == value
