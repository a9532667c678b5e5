"""The extension for VS Code: that it is packaged, and what the real VS Code shows with it."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any, Final
from zipfile import ZipFile

import pytest

from loracfg.rules.registry import all_rules
from loracfg.testing.building.examples import build, examples
from loracfg.version import __version__
from tests.cli.running import ROOT, call
from tests.editor.project import (
    CONFIG,
    WRONG,
    config_text,
    fixed,
    install_program,
    make_project,
    names_of_base,
    place_of,
    problems,
)
from tests.editor.service import Service
from tests.editor.vscode import EXTENSION, package_extension, run_steps

CODE: Final = (EXTENSION / "extension.js").read_text(encoding="utf-8")
MANIFEST: Final = json.loads((EXTENSION / "package.json").read_text(encoding="utf-8"))
MORE_THAN_SYNTAX: Final = {"LC014", "LC015"}
"""A mark that VS Code hides, and a file that is no config at all."""


@pytest.fixture(scope="module")
def extension(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return package_extension(tmp_path_factory.mktemp("extension"))


@pytest.mark.slow
def test_package_has_all_that_runs_and_nothing_else(extension: Path) -> None:
    with ZipFile(extension) as archive:
        names = {one for one in archive.namelist() if one.startswith("extension/")}
        bundle = archive.read("extension/dist/extension.js").decode()
        manifest = json.loads(archive.read("extension/package.json"))
        license_text = archive.read("extension/LICENSE.txt").decode()
    files = ("LICENSE.txt", "dist/extension.js", "package.json", "readme.md")
    assert names == {f"extension/{one}" for one in files}
    own = subprocess.run(
        ["node", "-p", "require('module').builtinModules.join()"], capture_output=True, check=True
    )
    needed = set(re.findall(r'require\("(?:node:)?([^"./]+)"\)', bundle))
    assert needed - set(own.stdout.decode().strip().split(",")) == {"vscode"}
    assert manifest["main"] == "./dist/extension.js"
    assert license_text == (ROOT / "LICENSE").read_text()


def test_manifest_and_code_agree() -> None:
    contributed = {one["command"] for one in MANIFEST["contributes"]["commands"]}
    assert contributed == set(re.findall(r'registerCommand\("([\w.]+)"', CODE))
    settings = MANIFEST["contributes"]["configuration"]["properties"]
    read = set(re.findall(r'settings\.get\("(\w+)"\)', CODE))
    assert settings.keys() == {f"loracfg.{one}" for one in read}
    written = json.loads(call("editor", "vscode").out)
    assert written == {"loracfg.path": settings["loracfg.path"]["default"]}
    assert MANIFEST["version"] == __version__


def test_what_vscode_reports_in_every_json_file_is_left_to_it(packages: Path) -> None:
    """The codes in the extension are those of examples in which its JSON service marks syntax."""
    (listed,) = re.findall(r"REPORTED_BY_VSCODE = new Set\(\[([^\]]*)\]\)", CODE)
    found = set()
    with Service(packages, []) as service:
        for rule in all_rules():
            for example in examples(rule.page):
                config = build(example.lines)[0].contents.get("adapter_config.json", b"")
                if example.fires and _is_text(config) and service.diagnostics(config.decode()):
                    found.add(rule.code)
    assert set(re.findall(r'"(\w+)"', listed)) == found - MORE_THAN_SYNTAX
    assert found >= MORE_THAN_SYNTAX


def _is_text(data: bytes) -> bool:
    try:
        return bool(data.decode())
    except UnicodeDecodeError:
        return False


def shown(diagnostics: list[dict[str, Any]]) -> list[tuple[str, str, int, int]]:
    assert {one["source"] for one in diagnostics} <= {"loracfg"}
    return sorted((d["code"], d["severity"], d["line"], d["column"]) for d in diagnostics)


@pytest.mark.slow
def test_real_vscode(extension: Path, tmp_path: Path) -> None:
    """In one session, since it takes half a minute to start."""
    folder = tmp_path / "project"
    path = make_project(folder, **WRONG)
    install_program(folder)
    assert call("editor", "vscode", "--schema", "--write", "--directory", folder).status == 0
    expected, repaired = problems(folder), fixed(folder, tmp_path / "fixed")
    first, names, again, after, broken, last = run_steps(
        tmp_path / "vscode",
        folder,
        CONFIG,
        extension,
        ("unmapped",),
        ("diagnostics", {"source": "loracfg"}),
        ("complete", place_of(path.read_text(), '"q_')),
        ("configure", {"path": "./no-program"}),
        ("gone",),
        ("configure", {"path": "loracfg"}),
        ("diagnostics", {"source": "loracfg"}),
        ("fixAll",),
        ("replace", {"text": '{"peft_type": "LORA", "r": 8,, "r": 8}\n'}),
        ("replace", {"text": config_text()}),
    )
    assert shown(first) == expected
    assert set(names) >= names_of_base() - {"v_proj"}
    assert shown(again) == expected
    assert after == repaired
    assert {one["source"] for one in broken} == {"json"}
    assert last == []
