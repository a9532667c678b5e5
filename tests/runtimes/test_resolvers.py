"""vLLM's resolver of adapters in a folder, run as it is released, and the repair for it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from loracfg import Options
from loracfg.engine.fixing import fix
from tests.cli.running import call, write_adapter
from tests.runtimes.extract.packages import folder, kept_versions
from tests.runtimes.test_verdicts import verdict

SERVED: Final = "meta-llama/Llama-3.1-8B"
NAMED: Final = f'config {{"base_model_name_or_path": "{SERVED}"}}'
ELSEWHERE: Final = 'config {"base_model_name_or_path": "/root/llama"}'
SETTINGS: Final = f"lora_resolver=filesystem,model={SERVED}"

FOLDERS: Final = {
    "named": {"peft_type": "LORA", "base_model_name_or_path": SERVED},
    "elsewhere": {"peft_type": "LORA", "base_model_name_or_path": "/root/llama"},
    "null": {"peft_type": "LORA", "base_model_name_or_path": None},
    "unnamed": {"peft_type": "LORA"},
    "untyped": {"base_model_name_or_path": SERVED},
}
FOUND: Final = {
    "named": "found",
    "elsewhere": "nothing",
    "null": "nothing",
    "unnamed": "'base_model_name_or_path'",
    "untyped": "'peft_type'",
}
"""What the resolver does with each: it finds an adapter, finds none, or raises a KeyError."""

ANSWERS: Final = {
    "named": ("loads", NAMED),
    "elsewhere": ("raises", ELSEWHERE),
    "null": ("raises", 'config {"base_model_name_or_path": null}'),
}

RELEASES: Final = sorted({*kept_versions("vllm")[:1], *kept_versions("vllm")[-1:]})
RUN: Final = """
import asyncio, sys
archive, cache, base, *names = sys.argv[1:]
sys.path.insert(0, archive)
from vllm.plugins.lora_resolvers.filesystem_resolver import FilesystemResolver
for name in names:
    try:
        found = asyncio.run(FilesystemResolver(cache).resolve_lora(base, name))
    except KeyError as error:
        print(error)
    else:
        print("nothing" if found is None else "found")
"""


@pytest.mark.parametrize("version", RELEASES)
def test_resolver_requires_the_name_of_the_model(version: str, tmp_path: Path) -> None:
    pytest.importorskip("msgspec", reason="vLLM's requests are made with it")
    pytest.importorskip("torch", reason="vLLM's package imports it")
    for name, config in FOLDERS.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "adapter_config.json").write_text(json.dumps(config))
    archive = folder() / f"vllm-{version}.zip"
    command = [sys.executable, "-c", RUN, str(archive), str(tmp_path), SERVED, *FOLDERS]
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert dict(zip(FOLDERS, out.splitlines()[-len(FOLDERS) :], strict=True)) == FOUND


@pytest.mark.parametrize("version", ["0.12", "0.33"])
@pytest.mark.parametrize("name", ANSWERS)
def test_answer_matches_the_resolver(name: str, version: str) -> None:
    answer, line = ANSWERS[name]
    assert verdict(f"vllm=={version},{SETTINGS}", "base {}", line).answer == answer


def test_fix_writes_the_name_of_the_served_model(tmp_path: Path) -> None:
    adapter = write_adapter(tmp_path / "a", ELSEWHERE)
    repaired = fix(adapter, Options(runtimes=(f"vllm,{SETTINGS}",)))
    (step,) = (one for one in repaired.steps if one.code == "LC801")
    assert (step.safe, step.title) == (True, f"set `base_model_name_or_path` to `{SERVED}`")
    assert "LC801" not in [d.code for d in repaired.after.diagnostics]


def test_fix_does_not_choose_between_two_models(tmp_path: Path) -> None:
    adapter = write_adapter(tmp_path / "a", ELSEWHERE)
    other = SETTINGS.replace(SERVED, "/models/llama")
    repaired = fix(adapter, Options(runtimes=(f"vllm,{SETTINGS}", f"vllm,{other}")))
    assert not repaired.steps


def test_fix_writes_a_local_model_if_it_is_served(tmp_path: Path) -> None:
    adapter = write_adapter(tmp_path / "a", ELSEWHERE)
    served = f"vllm,{SETTINGS.replace(SERVED, '/models/llama')}"
    repaired = fix(adapter, Options(runtimes=(served,)))
    assert [step.code for step in repaired.steps] == ["LC801"]


def test_fix_without_the_resolver_keeps_the_name(tmp_path: Path) -> None:
    adapter = write_adapter(tmp_path / "a", ELSEWHERE)
    assert not fix(adapter, Options(runtimes=("vllm",))).steps


def test_command_line(tmp_path: Path) -> None:
    adapter = write_adapter(tmp_path / "a", ELSEWHERE)
    fixed = tmp_path / "fixed"
    call("fix", adapter, "--for", f"vllm,{SETTINGS}", "--output", fixed)
    config = json.loads((fixed / "adapter_config.json").read_text())
    assert config["base_model_name_or_path"] == SERVED
