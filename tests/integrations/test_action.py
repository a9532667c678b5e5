"""The GitHub Action's own commands, run in bash with the inputs that a workflow gives."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest
import yaml

from tests.cli.running import write_adapter

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = "docs/examples"


def script(
    inputs: dict[str, str], step_with: str = "loracfg validate"
) -> tuple[str, dict[str, str]]:
    """Return the step with these words and its environment, with the inputs filled in."""
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    step = next(s for s in action["runs"]["steps"] if step_with in s.get("run", ""))
    given = {name: str(field.get("default", "")) for name, field in action["inputs"].items()}
    given |= inputs
    environment = {}
    for key, value in step.get("env", {}).items():
        text = str(value)
        for name, content in given.items():
            text = text.replace("${{ inputs." + name + " }}", content)
        environment[key] = text
    return step["run"], environment


def run(
    inputs: dict[str, str],
    summary: Path = Path(os.devnull),
    more: Mapping[str, str] = MappingProxyType({}),
) -> subprocess.CompletedProcess[str]:
    command, environment = script(inputs)
    environment |= dict(more)
    assert "${{" not in command, "inputs must reach the shell through the environment"
    folders = [more.get("BIN", ""), f"{Path(sys.executable).parent}", os.environ["PATH"]]
    path = os.pathsep.join(filter(None, folders))
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command],
        cwd=ROOT,
        env=os.environ | environment | {"PATH": path, "GITHUB_STEP_SUMMARY": f"{summary}"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("inputs", "installed"),
    [
        ({}, "loracfg"),
        ({"version": "0.1.0"}, "loracfg==0.1.0"),
        ({"extras": "data,remote"}, "loracfg[data,remote]"),
        ({"extras": "data", "version": "0.1.0"}, "loracfg[data]==0.1.0"),
    ],
)
def test_release_and_extras_can_be_chosen(inputs: dict[str, str], installed: str) -> None:
    command, environment = script(inputs, "pip install")
    shown = command.replace("python -P -m pip", "printf '%s\\n'")
    done = subprocess.run(
        ["bash", "-c", shown], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == installed


@pytest.mark.slow
def test_findings_are_annotations() -> None:
    result = run({"paths": f"{EXAMPLES}/edited-adapter", "base": f"{EXAMPLES}/base"})
    assert result.returncode == 1
    assert result.stdout.startswith("::error file=docs/examples/edited-adapter/adapter_config.json")


def test_patterns_are_expanded() -> None:
    result = run({"paths": f"{EXAMPLES}/*adapter", "format": "concise"})
    assert result.stdout.splitlines()[-1] == ("2 adapters: 1 invalid, 1 undetermined (1 error)")


def test_lines_are_trimmed_and_what_they_match_is_sorted(tmp_path: Path) -> None:
    names = [*"hbgacdfe"]
    for name in names:
        write_adapter(tmp_path / name, 'config {"r": 8}')
    lines = f"  {EXAMPLES}/adapter\t\r\n   \r\n\n{tmp_path}/* \r\n"
    result = run({"paths": lines, "format": "concise", "summary": "false"})
    found = [line.partition("/adapter_config")[0] for line in result.stdout.splitlines()]
    assert found[: len(names)] == [f"{tmp_path}/{name}" for name in sorted(names)]
    assert found[-1].startswith("9 adapters: ")


@pytest.mark.parametrize("name", ["z\n..", "z\n*", "z\nhf:", " z ", "-", "$(x)"])
def test_a_folder_is_one_path_whatever_its_name(name: str, tmp_path: Path) -> None:
    write_adapter(tmp_path / "outside")
    write_adapter(tmp_path / "adapters" / name)
    lines = f"{tmp_path}/adapters/*"
    result = run({"paths": lines, "format": "json", "summary": "false"})
    paths = [adapter["path"] for adapter in json.loads(result.stdout)["adapters"]]
    assert paths == [f"{tmp_path}/adapters/{name}"]


def test_valid_adapters_pass() -> None:
    result = run({"paths": f"{EXAMPLES}/adapter", "base": f"{EXAMPLES}/base"})
    assert (result.returncode, result.stdout) == (0, "")


@pytest.mark.slow
def test_the_report_is_in_the_summary_of_the_job_too(tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("# Of an earlier command\n\n")
    result = run({"paths": f"{EXAMPLES}/*adapter", "base": f"{EXAMPLES}/base"}, summary)
    assert result.returncode == 1
    assert result.stdout.startswith("::error file=")
    first, _, title, *_ = summary.read_text().splitlines()
    assert first == "# Of an earlier command"
    assert title.startswith("## ❌ loracfg · 2 adapters: 1 valid, 1 invalid")


def test_no_summary_is_written_if_none_is_wanted(tmp_path: Path) -> None:
    run({"paths": f"{EXAMPLES}/adapter", "summary": "false"}, tmp_path / "summary.md")
    assert list(tmp_path.iterdir()) == []


def test_a_mistake_is_said_once(tmp_path: Path) -> None:
    result = run({"paths": f"{EXAMPLES}/adapter", "format": "yaml"}, tmp_path / "summary.md")
    assert result.returncode == 2
    assert result.stderr.count("'yaml' is not one of") == 1


@pytest.mark.slow
@pytest.mark.parametrize("paths", ["$(touch escaped)", "`touch escaped`", "; touch escaped"])
def test_inputs_are_no_code(paths: str) -> None:
    assert run({"paths": paths}).returncode == 2
    assert not (ROOT / "escaped").exists()


@pytest.mark.slow
def test_the_file_of_the_project_says_what_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    adapter = write_adapter(tmp_path / "adapter", 'config {"fan_in_fan_out": null}')
    assert run({"paths": f"{adapter}"}).returncode == 0
    (tmp_path / "loracfg.toml").write_text('fail-on = "warning"\n')
    monkeypatch.setenv("LORACFG_CONFIG", f"{tmp_path}/loracfg.toml")
    assert run({"paths": f"{adapter}"}).returncode == 1
    assert run({"paths": f"{adapter}", "fail-on": "error"}).returncode == 0


GH = """#!/bin/bash
printf '%s\\n' "$@" > "$SEEN"
cp "$5" "$SEEN.md"
exit "$GH_STATUS"
"""


@pytest.fixture
def gh(tmp_path: Path) -> dict[str, str]:
    """Put a `gh` on the path that notes what it is told; the real one needs GitHub."""
    home = tmp_path / "bin"
    home.mkdir()
    (home / "gh").write_text(GH)
    (home / "gh").chmod(0o755)
    return {"BIN": f"{home}", "SEEN": f"{tmp_path}/seen", "PULL_REQUEST": "7", "GH_STATUS": "0"}


INVALID = {"paths": f"{EXAMPLES}/*adapter", "base": f"{EXAMPLES}/base", "comment": "true"}


@pytest.mark.slow
def test_the_report_is_a_comment_too(tmp_path: Path, gh: dict[str, str]) -> None:
    summary = tmp_path / "summary.md"
    result = run(INVALID, summary, gh)
    assert result.returncode == 1
    given = (tmp_path / "seen").read_text().splitlines()
    assert given[:4] == ["pr", "comment", "7", "--body-file"]
    assert given[5:] == ["--edit-last", "--create-if-none"]
    text = (tmp_path / "seen.md").read_text()
    assert text.startswith("## ❌ loracfg · 2 adapters: 1 valid, 1 invalid")
    assert text == summary.read_text()


def test_a_comment_that_cannot_be_written_is_no_failure(gh: dict[str, str]) -> None:
    result = run({**INVALID, "paths": f"{EXAMPLES}/adapter"}, more=gh | {"GH_STATUS": "1"})
    assert result.returncode == 0
    assert "::warning title=loracfg::the comment could not be written" in result.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("inputs", "more"), [({"comment": "false"}, {}), ({}, {"PULL_REQUEST": ""})]
)
def test_no_comment_is_written(
    tmp_path: Path, gh: dict[str, str], inputs: dict[str, str], more: dict[str, str]
) -> None:
    result = run({**INVALID, **inputs}, more=gh | more)
    assert not (tmp_path / "seen").exists()
    assert ("no pull request" in result.stdout) == ("PULL_REQUEST" in more)


@pytest.mark.slow
def test_adapters_are_searched_for() -> None:
    result = run({"paths": EXAMPLES, "base": f"{EXAMPLES}/base", "format": "concise"})
    assert result.stdout.splitlines()[-1].startswith("2 adapters: 1 valid, 1 invalid")
