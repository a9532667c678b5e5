"""Workflows have few permissions and pinned actions, and what they run exists."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import pytest

from tests.cli.running import ROOT
from tests.workflows.jobs import WORKFLOWS, document

PATHS: Final = sorted(WORKFLOWS.glob("*.yml"))
USES: Final = re.compile(r"(?m)^\s*(?:- )?uses: (\S+)(?: # (\S+))?")
PINNED: Final = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")
PROJECT: Final[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))[
    "project"
]


def name(path: Path) -> str:
    return path.name


def jobs_of(path: Path) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = document(path)["jobs"]
    return found


def commands(path: Path) -> Iterator[str]:
    """Yield what the steps of a workflow run."""
    for job in jobs_of(path).values():
        yield from (step["run"] for step in job.get("steps", ()) if "run" in step)


@pytest.mark.parametrize("path", PATHS, ids=name)
def test_permissions_are_those_of_jobs(path: Path) -> None:
    assert document(path)["permissions"] == {}
    for title, job in jobs_of(path).items():
        assert job["permissions"], title


@pytest.mark.parametrize("path", PATHS, ids=name)
def test_nothing_runs_for_hours(path: Path) -> None:
    own = [job for job in jobs_of(path).values() if "steps" in job]
    assert own
    assert all(job["timeout-minutes"] <= 150 for job in own)


def used(path: Path) -> list[tuple[str, str]]:
    """Return the actions of a file, each with the comment that names its version."""
    found = USES.findall(path.read_text("utf-8"))
    return [(action, version) for action, version in found if not action.startswith("./")]


@pytest.mark.parametrize("path", [*PATHS, ROOT / "action.yml"], ids=name)
def test_actions_are_pinned_by_hash(path: Path) -> None:
    for action, version in used(path):
        assert PINNED.fullmatch(action), action
        assert re.fullmatch(r"v\d+\.\d+\.\d+", version), action


def test_every_file_uses_the_same_release_of_an_action() -> None:
    releases: dict[str, set[str]] = {}
    for path in [*PATHS, ROOT / "action.yml"]:
        for action, version in used(path):
            releases.setdefault(action.partition("@")[0], set()).add(f"{action} {version}")
    assert "actions/checkout" in releases
    assert {k: v for k, v in releases.items() if len(v) > 1} == {}


def test_tasks_exist() -> None:
    tree = ast.parse((ROOT / "noxfile.py").read_text("utf-8"))
    tasks = {
        node.name for node in tree.body if isinstance(node, ast.FunctionDef) if node.decorator_list
    }
    assert {"fast", "test", "long", "oracles", "docs", "bench"} <= tasks
    text = "\n".join(command for path in PATHS for command in commands(path))
    named = {word for line in re.findall(r"nox -s ([\w ]+)", text) for word in line.split()}
    matrix = jobs_of(WORKFLOWS / "ci.yml")["installed"]["strategy"]["matrix"]["task"]
    assert {"style", "types"} <= named
    assert {*named, *matrix} - tasks == set()


def test_modules_exist() -> None:
    text = "\n".join(command for path in PATHS for command in commands(path))
    modules = set(re.findall(r"python -m (tests[\w.]+)", text))
    assert modules
    assert {one for one in modules if find_spec(one) is None} == set()


def test_extras_exist() -> None:
    files = [*PATHS, ROOT / "noxfile.py", ROOT / ".ci/run", ROOT / ".readthedocs.yaml"]
    text = "\n".join(path.read_text("utf-8") for path in files)
    named = {one for found in re.findall(r"\.\[([a-z,]+)\]", text) for one in found.split(",")}
    assert {"dev", "release", "test"} <= named
    assert named - PROJECT["optional-dependencies"].keys() == set()


def test_every_python_that_we_name_is_tested() -> None:
    minors = [re.fullmatch(r".*:: (3\.\d+)", one) for one in PROJECT["classifiers"]]
    named = {found[1] for found in minors if found}
    tested = jobs_of(WORKFLOWS / "ci.yml")["test"]["strategy"]["matrix"]["python"]
    assert named <= set(tested)
    assert PROJECT["requires-python"] == f">={tested[0]}"


def test_the_gate_runs_the_same_tasks() -> None:
    gate = (ROOT / ".ci/run").read_text("utf-8")
    style = [
        command for command in commands(WORKFLOWS / "ci.yml") if "nox -s style types" in command
    ]
    assert style
    assert "nox -s style types" in gate
