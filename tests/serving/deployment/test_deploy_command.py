"""`loracfg deploy` on the command line: formats, exit statuses, and hostile input."""

from __future__ import annotations

import json
import shlex
import shutil
from pathlib import Path

import pytest

from tests.cli.running import call, write_adapter, write_base
from tests.made.make import Made
from tests.serving.deployment.conftest import MakeAdapter

ENGINE = "vllm==0.33"


@pytest.fixture
def one(made: MakeAdapter) -> Made:
    return made("llama", "attention")


def test_json_has_everything(one: Made) -> None:
    outcome = call("deploy", one.adapter, "--base", one.base, "--for", ENGINE, "--format", "json")
    assert outcome.status == 0, outcome.err
    found = json.loads(outcome.out)
    assert found["runtime"] == "vllm"
    assert [shared["path"] for shared in found["shared"]] == [str(one.adapter)]
    memory = found["memory"]
    assert memory["device_bytes"] == memory["slot_bytes"] * memory["slots"] + memory["fixed_bytes"]
    assert found["command"].startswith(f"vllm serve {one.base} ")
    assert shlex.split(found["command"])[3:] == found["arguments"]
    assert found["kubernetes"]["servingEngineSpec"]["modelSpec"][0]["enableLoRA"] is True


@pytest.mark.parametrize(
    ("form", "start"),
    [("command", "vllm serve "), ("env", "VLLM_ADDITIONAL_ARGS="), ("kubernetes", "servingEngine")],
)
def test_forms_are_printed_alone(one: Made, form: str, start: str) -> None:
    outcome = call("deploy", one.adapter, "--base", one.base, "--for", ENGINE, "--format", form)
    assert outcome.status == 0
    assert outcome.out.startswith(start)
    assert not outcome.err


def test_adapters_apart_are_status_1(made: MakeAdapter, one: Made) -> None:
    dora = made("llama", "use_dora").adapter
    outcome = call("deploy", one.adapter, dora, "--base", one.base, "--for", ENGINE)
    assert outcome.status == 1
    assert "1 of 2 adapters can share a server" in outcome.out
    assert f"{dora} cannot share it:\n  raises `vLLM does not yet support DoRA`" in outcome.out


def test_forms_need_an_adapter_that_can_be_served(made: MakeAdapter) -> None:
    dora = made("llama", "use_dora")
    outcome = call(
        "deploy", dora.adapter, "--base", dora.base, "--for", ENGINE, "--format", "command"
    )
    assert outcome.status == 2
    assert not outcome.out
    assert "no adapter can be served: raises `vLLM does not yet support DoRA`" in outcome.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--for", "vllm"], "there is no base; pass the one that the server has with `--base`"),
        (["--base", "BASE"], "Missing option '--for'"),
        (["--base", "BASE", "--for", "vlm"], "`vlm` is not a known runtime; did you mean `vllm`"),
        (["--base", "BASE", "--for", "vllm==0.3x"], "`0.3x` is not a version of vLLM"),
        (["--base", "BASE", "--for", "vllm,max_lora_rank=17"], "is not a valid `max_lora_rank`"),
        (["--base", "BASE", "--for", "vllm,max_ranks=8"], "`vllm` has no setting `max_ranks`"),
        (["--base", "BASE", "--for", "peft"], "`peft` is not a known runtime"),
        (["--base", "BASE", "--for", "tgi"], "no facts about the server of"),
        (["--base", "/no/such/base", "--for", "vllm"], "/no/such/base"),
        (["--base", "BASE", "--for", "vllm,max_loras=0"], "`max_loras` is `0`"),
        (["--base", "BASE", "--for", "sglang,max_loras_per_batch=0"], "`max_loras_per_batch` is"),
        (
            ["--base", "BASE", "--for", "vllm,max_loras=2,max_cpu_loras=1"],
            "`max_cpu_loras` is `1`, but must be at least `max_loras`, `2`",
        ),
        (["--base", "BASE", "--for", "vllm", "--tensor-parallel-size", "0"], "0 is not in the"),
        (["--base", "BASE", "--for", ENGINE, "--tensor-parallel-size", "3"], "over 3 devices"),
        (["--base", "BASE", "--for", "sglang", "--format", "env"], "no format `env` for SGLang"),
    ],
)
def test_usage_errors_are_status_2(one: Made, arguments: list[str], message: str) -> None:
    given = [str(one.base) if argument == "BASE" else argument for argument in arguments]
    outcome = call("deploy", one.adapter, *given)
    assert outcome.status == 2
    assert message in outcome.err
    assert not outcome.out
    assert "Traceback" not in outcome.err


def test_no_adapters_are_a_usage_error(one: Made) -> None:
    outcome = call("deploy", "--base", one.base, "--for", ENGINE)
    assert outcome.status == 2
    assert "Missing argument 'ADAPTER...'" in outcome.err


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("adapter_config.json", b"{"),
        ("adapter_config.json", b'{"peft_type": "IA3"}'),
        ("adapter_model.safetensors", b""),
        ("adapter_model.safetensors", b"\xff" * 64),
        ("adapter_config.json", None),
        ("adapter_model.safetensors", None),
    ],
)
def test_unreadable_adapters_are_named(
    one: Made, tmp_path: Path, name: str, data: bytes | None
) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(one.adapter, broken)
    (broken / name).unlink()
    if data is not None:
        (broken / name).write_bytes(data)
    outcome = call("deploy", one.adapter, broken, "--base", one.base, "--for", ENGINE)
    assert outcome.status == 2
    assert not outcome.out
    assert "Traceback" not in outcome.err
    assert "internal error" not in outcome.err


def test_unreadable_base_is_named(one: Made, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("[]")
    outcome = call("deploy", one.adapter, "--base", tmp_path, "--for", ENGINE)
    assert outcome.status == 2
    assert f"cannot use the base `{tmp_path}`" in outcome.err


def test_examples_of_other_tests_are_planned(tmp_path: Path) -> None:
    base, adapter = write_base(tmp_path / "base"), write_adapter(tmp_path / "adapter")
    outcome = call("deploy", adapter, "--base", base, "--for", ENGINE)
    assert outcome.status == 0, outcome.out + outcome.err
    assert "can share a server" in outcome.out


def test_names_cannot_write_to_the_terminal(one: Made, tmp_path: Path) -> None:
    odd = tmp_path / "a\x1b[31m"
    shutil.copytree(one.adapter, odd)
    outcome = call("deploy", odd, one.adapter, "--base", one.base, "--for", ENGINE)
    assert outcome.status == 0
    assert "\x1b" not in outcome.out


def test_settings_of_the_project_give_the_base(
    one: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "loracfg.toml").write_text(f'base = "{one.base}"\n')
    monkeypatch.chdir(tmp_path)
    outcome = call("deploy", one.adapter, "--for", ENGINE, "--format", "command")
    assert outcome.status == 0
    assert Path(outcome.out.split()[2]).resolve() == one.base.resolve()
