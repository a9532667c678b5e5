"""Ways in which a facts file reaches loracfg: commands, requests, the library, an editor."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from fastapi.testclient import TestClient
from loracfg_api.app import create_app
from loracfg_api.settings import Settings

import loracfg
from loracfg.base import facts_file
from loracfg.base.catalogue.work import Work
from loracfg.base.class_builder import CannotBuildError
from loracfg.serving.gate import Gate
from tests.api.archives import zip_of
from tests.api.test_facts import header as weights_header
from tests.cli.running import ROOT
from tests.lsp.editor import Editor
from tests.security.tricks import ADAPTER, CONFIG

Way = Callable[[Path], object]
FACTS: Final = "novel.facts"


def write_project(folder: Path, facts: str) -> None:
    """Write an adapter and its base, which has facts."""
    for name in ("adapter", "base"):
        (folder / name).mkdir()
    (folder / "adapter/adapter_config.json").write_text(json.dumps(ADAPTER))
    header = json.dumps(weights_header()).encode()
    weights = len(header).to_bytes(8, "little") + header + bytes(2 * 640)
    (folder / "adapter/adapter_model.safetensors").write_bytes(weights)
    (folder / "base/config.json").write_text(json.dumps(CONFIG))
    (folder / "base" / FACTS).write_text(facts)


def _command(*arguments: str) -> Way:
    def run(folder: Path) -> object:
        command = [sys.executable, "-m", "loracfg", *arguments]
        done = subprocess.run(
            command,
            cwd=folder,
            env={"PYTHONPATH": str(ROOT), "HOME": str(folder), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert "Usage:" not in done.stderr, done.stderr
        assert "Traceback" not in done.stderr, done.stderr
        return done.stdout

    return run


def _trainer_file(folder: Path) -> object:
    text = (
        "base_model: ./base\nadapter: lora\nlora_r: 4\nlora_alpha: 8\nlora_target_modules: [up]\n"
    )
    (folder / "axolotl.yml").write_text(text)
    return _command("plan", "axolotl.yml")(folder)


def _settings(folder: Path) -> object:
    (folder / "loracfg.toml").write_text('base = "base"\n')
    return _command("validate", "adapter")(folder)


def _post(route: str, **body: Any) -> Way:
    def send(folder: Path) -> object:
        facts = (folder / "base" / FACTS).read_text()
        base = {"base": {"config": CONFIG, "facts": facts}}
        with TestClient(create_app(Settings(access_log=False))) as client:
            answer = client.post(route, json={**body, **base})
        assert answer.status_code == 200, answer.text
        return answer.text

    return send


def _files(folder: Path) -> list[tuple[str, bytes]]:
    names = ("adapter/adapter_config.json", "base/config.json", f"base/{FACTS}")
    return [(name, (folder / name).read_bytes()) for name in names]


def _form(folder: Path) -> object:
    adapter, *base = _files(folder)
    files = [("file", adapter), *(("base", one) for one in base)]
    with TestClient(create_app(Settings(access_log=False))) as client:
        answer = client.post("/validate", files=files)
    assert answer.status_code == 200, answer.text
    return answer.text


def _archive(folder: Path) -> object:
    adapter, *base = _files(folder)
    files = [("archive", ("a.zip", zip_of(adapter))), *(("base", one) for one in base)]
    with TestClient(create_app(Settings(access_log=False))) as client:
        answer = client.post("/validate", files=files)
    assert answer.status_code == 200, answer.text
    return answer.text


def _root(folder: Path) -> object:
    settings = Settings(access_log=False, roots=(folder,))
    with TestClient(create_app(settings)) as client:
        answer = client.post("/validate", json={"path": "adapter", "base": {"path": "base"}})
    assert answer.status_code == 200, answer.text
    return answer.text


def _editor(folder: Path) -> object:
    with Editor(folder) as editor:
        return editor.diagnostics(editor.open(folder / "adapter/adapter_config.json"))


def _case(folder: Path) -> object:
    engine = loracfg.Engine(loracfg.Options(base=str(folder / "base")))
    return engine.open(str(folder / "adapter")).report


def _gate(folder: Path) -> object:
    options = loracfg.Options(base=str(folder / "base"))
    return Gate(options).judge_folder(folder / "adapter", "adapter")


def _callback(folder: Path) -> object:
    """Resume training from a checkpoint whose adapter names the base."""
    from transformers import TrainerControl, TrainerState, TrainingArguments

    from tests.training.live.runs import adapted

    model = adapted()
    model.peft_config["default"].base_model_name_or_path = str(folder / "base")
    model.config._name_or_path = str(folder / "base")
    callback = loracfg.LoracfgCallback("warn")
    arguments = TrainingArguments(output_dir=str(folder / "adapter"), use_cpu=True, report_to=[])
    callback.on_train_begin(arguments, TrainerState(), TrainerControl(), model=model)
    return None


def evaluate(folder: Path) -> str:
    """Evaluate the facts for the config, without anything around it, and return the outcome."""
    data = (folder / "base" / FACTS).read_bytes()
    layout, faults = facts_file.read_facts(data, FACTS)
    if layout is None:
        return faults[0].message
    try:
        tree = facts_file.build(layout, dict(CONFIG), "NovelModel", Work())
    except CannotBuildError as error:
        return error.message
    return f"{len(tree.modules)} modules"


_LIBRARY: Final[dict[str, Callable[[str, str], object]]] = {
    "validate": lambda adapter, base: loracfg.validate(adapter, base=base),
    "plan": lambda adapter, base: loracfg.plan(adapter, base=base),
    "inspect": lambda adapter, base: loracfg.inspect(adapter, base=base),
    "compat": lambda adapter, base: loracfg.compat(adapter, base=base),
    "fix": lambda adapter, base: loracfg.fix(adapter, base=base),
    "diff": lambda adapter, base: loracfg.diff(adapter, adapter, base=base),
}


def _called(function: Callable[[str, str], object]) -> Way:
    return lambda folder: function(str(folder / "adapter"), str(folder / "base"))


_BASE: Final = ("--base", "base")
_FILE: Final = ("--base", f"base/{FACTS}")
WAYS: Final[dict[str, Way]] = {
    "validate, base named by the adapter": _command("validate", "adapter"),
    "validate, folder named by the user": _command("validate", "adapter", *_BASE),
    "validate, file named by the user": _command("validate", "adapter", *_FILE),
    "validate, all folders": _command("validate", "."),
    "validate, base of the settings": _settings,
    "plan, file of a trainer": _trainer_file,
    "plan": _command("plan", "adapter", *_BASE),
    "plan, base named by the adapter": _command("plan", "adapter"),
    "inspect": _command("inspect", "adapter", *_BASE),
    "inspect, base named by the adapter": _command("inspect", "adapter"),
    "diff": _command("diff", "adapter", "adapter", *_FILE),
    "fix": _command("fix", "adapter", *_FILE),
    "compat": _command("compat", "adapter", *_BASE, "--for", "vllm"),
    "audit": _command("audit", "adapter", "--output", "fleet"),
    "audit of a base": _command("audit", "adapter", *_BASE, "--output", "fleet"),
    "deploy": _command("deploy", "adapter", *_BASE, "--for", "vllm"),
    "base targets": _command("base", "targets", f"base/{FACTS}"),
    "migrate": _command("migrate", "adapter", "--peft", "0.12"),
    "POST /validate": _post("/validate", config=ADAPTER),
    "POST /modules": _post("/modules", config=ADAPTER),
    "POST /plan": _post("/plan", config=ADAPTER),
    "POST /validate, a form": _form,
    "POST /validate, an archive": _archive,
    "POST /validate, folders of a root": _root,
    **{f"loracfg.{name}": _called(function) for name, function in _LIBRARY.items()},
    "a case of an engine": _case,
    "an editor that opens the adapter": _editor,
    "the gate of an engine": _gate,
    "the callback of a training": _callback,
    "the evaluator": evaluate,
}
"""What is done in a folder with an adapter and a base with facts."""
