"""The page on audits: its examples are files of their formats, and its tables are whole."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click
import yaml

from loracfg.audit.listing.list_cells import COLUMNS as LIST_COLUMNS
from loracfg.audit.metrics import write_metrics
from loracfg.audit.progress import Progress
from loracfg.cli.audit import audit

PAGE = (Path(__file__).resolve().parents[2] / "docs/audit.md").read_text("utf-8")


def example(kind: str) -> dict[Any, Any]:
    """Return the YAML block that has a line."""
    blocks = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    (found,) = (block for block in blocks if kind in block)
    value: dict[Any, Any] = yaml.safe_load(found)
    return value


def arguments(command: list[str]) -> dict[str, Any]:
    """Parse a command of a page as loracfg does, and return its arguments."""
    run = audit.commands["run"]
    assert command[:2] == ["loracfg", "audit"]
    with click.Context(run) as context:
        rest = run.make_parser(context).parse_args(args=command[2:])
    values: dict[str, Any] = rest[0]
    return values


def test_the_workflow() -> None:
    workflow = example("runs-on:")
    assert workflow[True]["schedule"] == [{"cron": "17 3 * * *"}]  # YAML 1.1 reads `on` so
    steps = workflow["jobs"]["audit"]["steps"]
    (command,) = (step["run"] for step in steps if "audit" in step.get("run", "").split()[:2])
    assert "--output fleet" in command
    assert "hf://models?filter=peft" in command
    paths = [step.get("with", {}).get("path") for step in steps]
    assert paths[2:] == ["fleet", None, "fleet/results"]


def test_the_cron_job() -> None:
    job = example("kind: CronJob")
    spec = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    (container,) = spec["containers"]
    values = arguments(container["command"])
    assert values["sources"] == ("s3://bucket/adapters",)
    assert values["metrics"].endswith(".prom")
    mounted = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
    assert {volume["name"] for volume in spec["volumes"]} == mounted.keys()
    assert values["output"].startswith(mounted["data"])
    assert spec["restartPolicy"] == "OnFailure"


def test_the_commands() -> None:
    block = PAGE.partition("```sh\n")[2].partition("```")[0]
    import shlex

    lines = [shlex.split(line, comments=True) for line in block.splitlines()]
    commands = [line for line in lines if line[:2] == ["loracfg", "audit"]]
    assert len(commands) == 4
    assert all(arguments(command)["output"] == "fleet" for command in commands)


def test_all_options_are_in_the_table() -> None:
    run = audit.commands["run"]
    names = {option for one in run.params for option in one.opts if option.startswith("--")}
    for name in names - {"--debug", "--config", "--isolated"}:
        assert f"`{name}" in PAGE, name


def test_the_columns_of_lists() -> None:
    for name in LIST_COLUMNS:
        assert f"`{name}`" in PAGE


def test_all_metrics_are_in_the_table(tmp_path: Path) -> None:
    write_metrics(tmp_path / "a.prom", Progress(), 0, is_finished=True)
    text = (tmp_path / "a.prom").read_text()
    names = re.findall(r"^# TYPE (\w+) gauge$", text, re.MULTILINE)
    assert len(names) == 6
    assert all(f"| `{name}" in PAGE for name in names)
    assert list(tmp_path.iterdir()) == [tmp_path / "a.prom"]
