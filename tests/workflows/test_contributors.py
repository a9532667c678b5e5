"""Files for contributors are what their readers accept, and name what exists."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from tests.cli.running import ROOT

GITHUB: Final = ROOT / ".github"
FORMS: Final = sorted(
    set(GITHUB.glob("ISSUE_TEMPLATE/*.yml")) - {GITHUB / "ISSUE_TEMPLATE/config.yml"}
)
FIELDS: Final = {"checkboxes", "dropdown", "input", "markdown", "textarea"}


def loaded(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.name)
def test_forms_have_what_github_wants(path: Path) -> None:
    form = loaded(path)
    assert form["name"]
    assert form["description"]
    fields = [field for field in form["body"] if field["type"] != "markdown"]
    assert all(field["type"] in FIELDS and field["attributes"]["label"] for field in fields)
    ids = [field["id"] for field in fields]
    assert len(ids) == len(set(ids)) > 0


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("validate-config", ".pre-commit-config.yaml"),
        ("validate-manifest", ".pre-commit-hooks.yaml"),
    ],
)
def test_pre_commit_accepts_our_files(command: str, name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", command, name],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_dependabot_looks_where_there_is_something() -> None:
    expected = {
        "github-actions": ".github/workflows",
        "npm": "package.json",
        "docker": "Dockerfile",
    }
    for update in loaded(GITHUB / "dependabot.yml")["updates"]:
        folder = ROOT / update["directory"].lstrip("/")
        assert (folder / expected[update["package-ecosystem"]]).exists(), update


def test_the_container_for_development_installs_what_we_ask_for() -> None:
    container = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text("utf-8"))
    assert "pip install -e '.[dev]'" in container["postCreateCommand"]
    assert "pip install -e '.[dev]'" in (ROOT / "CONTRIBUTING.md").read_text("utf-8")


def test_owners_are_given_for_files_that_exist() -> None:
    lines = (GITHUB / "CODEOWNERS").read_text("utf-8").splitlines()
    patterns = [line.split()[0] for line in lines if line and not line.startswith("#")]
    assert patterns[0] == "*"
    assert [one for one in patterns[1:] if not (ROOT / one.lstrip("/")).exists()] == []
