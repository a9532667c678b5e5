"""Nothing is imported from the current folder, whatever command or engine runs there."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

import pytest
import yaml

from tests.cli.running import ROOT

NAMES: Final = (
    "__future__",
    "json",
    "loracfg_api",
    "loracfg_schema",
    "multiprocessing",
    "numpy",
    "pickle",
    "pip",
    "re",
    "sitecustomize",
    "socket",
    "struct",
    "torch",
    "transformers",
    "typing",
    "usercustomize",
    "uvicorn",
    "yaml",
)
EXAMPLE: Final = ROOT / "docs" / "examples"
SCRIPT: Final = """\
from loracfg.cli import run
if __name__ == "__main__":
    run()
"""
"""What pip installs as `loracfg`."""

COMMANDS: Final = (
    "validate .",
    "validate . -j 2 --data",
    "validate one --base base --format json",
    "validate one --base custom",
    "validate one --for vllm --trace LC503",
    "inspect one --base base",
    "plan one/adapter_config.json --base base",
    "plan run.yaml",
    "fix one --base base --output fixed",
    "migrate one --to 0.17.0",
    "compat one",
    "diff one two",
    "deploy one two --base base --for vllm",
    "base show llama",
    "schema",
    "rules",
    "explain LC503",
    "config",
    "audit . --output out --isolated",
    "audit . --output out -j 2 --isolated",
)


@pytest.fixture
def markers(tmp_path: Path) -> Path:
    folder = tmp_path / "markers"
    folder.mkdir()
    return folder


@pytest.fixture
def hostile(tmp_path: Path, markers: Path) -> Path:
    """A folder of adapters, and of modules that leave a marker when they are imported."""
    folder = tmp_path / "hostile"
    for name in ("one", "two", "three"):
        shutil.copytree(EXAMPLE / "adapter", folder / name)
    shutil.copytree(EXAMPLE / "base", folder / "base")
    custom = folder / "custom"
    custom.mkdir()
    (custom / "config.json").write_text(
        json.dumps({"model_type": "own", "auto_map": {"AutoModel": "modeling_own.Own"}})
    )
    (custom / "modeling_own.py").write_text(planted(markers, "modeling_own"))
    (folder / "run.yaml").write_text("base_model: base\nadapter: lora\nlora_r: 8\nlora_alpha: 8\n")
    for name in NAMES:
        (folder / f"{name}.py").write_text(planted(markers, name))
    plugin = folder / "own_rules-1.0.dist-info"
    plugin.mkdir()
    (plugin / "METADATA").write_text("Metadata-Version: 2.1\nName: own-rules\nVersion: 1.0\n")
    groups = ("loracfg.rules", "loracfg.trainers", "vllm.general_plugins")
    points = "".join(f"[{group}]\nown = own_rules:RULES\n" for group in groups)
    (plugin / "entry_points.txt").write_text(points)
    (folder / "own_rules.py").write_text(planted(markers, "own_rules"))
    return folder


def planted(markers: Path, name: str) -> str:
    return f"open({str(markers / name)!r}, 'w').close()\nraise ImportError('planted')\n"


def plant_package(hostile: Path, markers: Path) -> None:
    (hostile / "loracfg").mkdir()
    (hostile / "loracfg" / "__init__.py").write_text(planted(markers, "loracfg"))


def environment(tmp_path: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONSAFEPATH")}
    return kept | {"PYTHONPATH": str(ROOT), "HOME": str(tmp_path), "RAY_USAGE_STATS_ENABLED": "0"}


def script(tmp_path: Path) -> list[str]:
    path = tmp_path / "bin" / "loracfg"
    path.parent.mkdir(exist_ok=True)
    path.write_text(SCRIPT)
    return [sys.executable, str(path)]


def run_in(folder: Path, command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env=environment(folder.parent),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )


def message(method: str, params: object, number: int | None = None) -> bytes:
    """Return a message of the language server protocol."""
    data: dict[str, object] = {"jsonrpc": "2.0", "method": method, "params": params}
    body = json.dumps(data if number is None else {**data, "id": number}).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


def names(markers: Path) -> list[str]:
    return sorted(path.name for path in markers.iterdir())


def test_the_plants_work(hostile: Path, markers: Path) -> None:
    plant_package(hostile, markers)
    for name in (*NAMES, "own_rules", "loracfg"):
        run_in(
            hostile,
            [
                sys.executable,
                "-S",
                "-c",
                f"import sys; sys.modules.pop({name!r}, 0)\nimport {name}",
            ],
        )
    assert {*NAMES, "own_rules", "loracfg"} - {*names(markers)} == set()


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_import_nothing_from_the_folder(
    command: str, hostile: Path, markers: Path, tmp_path: Path
) -> None:
    plant_package(hostile, markers)
    done = run_in(hostile, [*script(tmp_path), *command.split()])
    assert names(markers) == []
    assert done.returncode in (0, 1), done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["validate . -j 2", "audit . --output out -j 2 --isolated"])
def test_a_module_run_by_name_imports_only_its_package(
    command: str, hostile: Path, markers: Path
) -> None:
    done = run_in(hostile, [sys.executable, "-m", "loracfg", *command.split()])
    assert names(markers) == []
    assert done.returncode in (0, 1), done.stderr


def test_a_module_run_by_name_is_safe_with_the_option_of_python(
    hostile: Path, markers: Path
) -> None:
    plant_package(hostile, markers)
    done = run_in(hostile, [sys.executable, "-P", "-m", "loracfg", "validate", "."])
    assert names(markers) == []
    assert done.returncode in (0, 1), done.stderr


@pytest.mark.parametrize("workers", ["1", "2"])
def test_the_service_imports_nothing_from_the_folder(
    workers: str, hostile: Path, markers: Path, tmp_path: Path
) -> None:
    pytest.importorskip("uvicorn")
    plant_package(hostile, markers)
    with (tmp_path / "log").open("w+") as log:
        command = [*script(tmp_path), "serve", "--port", "0", "--workers", workers]
        process = subprocess.Popen(
            command, cwd=hostile, env=environment(tmp_path), stdout=log, stderr=log
        )
        try:
            deadline = time.monotonic() + 60
            while "Application startup complete" not in (tmp_path / "log").read_text():
                assert time.monotonic() < deadline, (tmp_path / "log").read_text()
                assert process.poll() is None, (tmp_path / "log").read_text()
                if names(markers):
                    break
                time.sleep(0.1)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)
    assert names(markers) == []


def test_the_language_server_imports_nothing_from_the_folder(
    hostile: Path, markers: Path, tmp_path: Path
) -> None:
    pytest.importorskip("lsprotocol")
    plant_package(hostile, markers)
    config = hostile / "one" / "adapter_config.json"
    document = {
        "uri": config.as_uri(),
        "languageId": "json",
        "version": 1,
        "text": config.read_text(),
    }
    parts = [
        message(
            "initialize", {"processId": None, "rootUri": hostile.as_uri(), "capabilities": {}}, 1
        ),
        message("initialized", {}),
        message("textDocument/didOpen", {"textDocument": document}),
        message("shutdown", None, 2),
        message("exit", None),
    ]
    done = subprocess.run(
        [*script(tmp_path), "lsp"],
        cwd=hostile,
        env=environment(tmp_path),
        input=b"".join(parts),
        capture_output=True,
        timeout=60,
    )
    assert names(markers) == []
    assert b"capabilities" in done.stdout, done.stderr


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="Ray is not installed")
def test_workers_of_ray_import_nothing_from_the_folder(
    hostile: Path, markers: Path, tmp_path: Path
) -> None:
    plant_package(hostile, markers)
    command = [*script(tmp_path), "audit", ".", "--output", "out", "--isolated"]
    done = run_in(hostile, [*command, "--engine", "ray"])
    assert names(markers) == []
    assert done.returncode in (0, 1), done.stderr
    assert "3 of 3" in done.stderr + done.stdout  # relative paths are read


def test_steps_of_the_action_import_nothing_from_the_folder(hostile: Path, markers: Path) -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    steps = [step["run"] for step in action["runs"]["steps"] if "run" in step]
    calls = [line for step in steps for line in step.splitlines() if re.match(r"\s*python", line)]
    assert calls
    for line in calls:
        options = line.split("-m")[0].split()[1:]
        run_in(hostile, [sys.executable, *options, "-m", "pip", "--version"])
    assert names(markers) == []


def test_the_check_of_the_image_imports_nothing_from_the_folder(
    hostile: Path, markers: Path
) -> None:
    (check,) = re.findall(r'CMD (\["python".*\])', (ROOT / "Dockerfile").read_text())
    (hostile / "urllib").mkdir()
    (hostile / "urllib" / "__init__.py").write_text(planted(markers, "urllib"))
    run_in(hostile, [sys.executable, *json.loads(check)[1:]])
    assert names(markers) == []
