"""The examples of docs/service.md do what the page says, and its tables are complete."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

pytest.importorskip("fastapi", reason="the service needs the extra `api`")
pytest.importorskip("uvicorn", reason="the service needs the extra `api`")

from loracfg_api.app import create_app  # after the check above
from loracfg_api.settings import Settings

from loracfg.report.parse import parse_report
from tests.cli.running import ROOT
from tests.service.serving import environment, serving

PAGE: Final = (ROOT / "docs/service.md").read_text("utf-8")
ADDRESS: Final = "http://localhost:8000"
EXAMPLES: Final = ROOT / "docs/examples"
PROGRAMS: Final = Path(sys.executable).parent
_DRIVER: Final = """
import { readFileSync } from "node:fs";
const files = process.argv.slice(2).map((path) => new File([readFileSync(path)], path));
console.log(JSON.stringify(await validate(...files)));
"""


class Block(NamedTuple):
    """A fenced block of the page."""

    language: str
    text: str


BLOCKS: Final = [Block(*found) for found in re.findall(r"(?ms)^```(\w+)\n(.*?)^```$", PAGE)]
SHELL: Final = [block.text for block in BLOCKS if block.language == "sh"]
COMMANDS: Final = [text for text in SHELL if ADDRESS in text]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run the service as the page starts it."""
    start = next(line for text in SHELL for line in text.splitlines() if "loracfg serve" in line)
    log = tmp_path_factory.mktemp("service") / "log"
    with serving(start.split(), environment(PROGRAMS), log) as url:
        yield url


def run(*command: str) -> str:
    result = subprocess.run(
        command,
        cwd=ROOT,
        env=environment(PROGRAMS),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def statuses(text: str) -> list[tuple[str, str]]:
    return [(one.path, one.status) for one in parse_report(json.loads(text)).adapters]


def is_printed(text: str) -> None:
    assert text.startswith("docs/examples/adapter: valid\n")


def is_report_of_json(text: str) -> None:
    assert statuses(text) == [("docs/examples/adapter", "valid")]


def is_report(text: str) -> None:
    assert statuses(text) == [("adapter", "valid")]


def is_report_of_two(text: str) -> None:
    assert statuses(text) == [("adapter", "valid"), ("edited-adapter", "invalid")]


def is_text_report(text: str) -> None:
    assert "error[LC503] rank-mismatch" in text
    assert re.search(r"--> edited-adapter/adapter_config\.json:\d+:8$", text, re.MULTILINE)


def is_modules(text: str) -> None:
    (adapter,) = json.loads(text)["adapters"]
    states = [module["state"] for module in adapter["modules"]]
    assert (adapter["path"], states.count("fits")) == ("adapter", 4)


def is_plan(text: str) -> None:
    plan = json.loads(text)
    assert (plan["status"], plan["modules"], plan["tensors"]) == ("valid", 4, 8)
    assert plan["memory"]["optimizer"] == "adamw_8bit"


def is_migration(text: str) -> None:
    answer = json.loads(text)
    assert (answer["to"], "peft_version" in json.loads(answer["config"])) == ("0.12.0", False)
    assert {step["loss"] for step in answer["steps"]} == {"lossless"}


def is_schema(text: str) -> None:
    assert text == (ROOT / "schema/peft-0.12.0.open.schema.json").read_text("utf-8")


CHECKS: Final[tuple[Callable[[str], None], ...]] = (
    is_printed,
    is_report_of_json,
    is_report,
    is_report_of_two,
    is_report,
    is_text_report,
    is_modules,
    is_plan,
    is_migration,
    is_schema,
)


def test_every_command_has_a_check() -> None:
    assert len(COMMANDS) == len(CHECKS)


@pytest.mark.parametrize(
    ("command", "check"),
    [
        pytest.param(command, check, id=check.__name__)
        for command, check in zip(COMMANDS, CHECKS, strict=False)
    ],
)
def test_commands_answer_what_the_page_says(
    service: str, command: str, check: Callable[[str], None]
) -> None:
    if "curl" in command and shutil.which("curl") is None:
        pytest.skip("no curl")
    check(run("bash", "-euo", "pipefail", "-c", command.replace(ADDRESS, service)))


def test_javascript_sends_the_header_alone(service: str, tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node")
    if run(node, "-p", "typeof File") == "undefined\n":
        pytest.skip("a node without `File`, which is there from 20")
    (script,) = (block.text for block in BLOCKS if block.language == "js")
    path = tmp_path / "validate.mjs"
    path.write_text(script.replace(ADDRESS, service) + _DRIVER, encoding="utf-8")
    weights = tmp_path / "adapter_model.safetensors"
    data = (EXAMPLES / "adapter" / weights.name).read_bytes()
    header = 8 + int.from_bytes(data[:8], "little")
    weights.write_bytes(data[:header] + bytes(len(data) - header))  # data are not looked at
    adapter, base = EXAMPLES / "adapter/adapter_config.json", EXAMPLES / "base/config.json"
    assert statuses(run(node, *map(str, (path, adapter, weights, base)))) == [("adapter", "valid")]


def table(heading: str) -> list[str]:
    """Return the first cells of the table whose first heading this is."""
    rows = re.search(rf"(?m)^\| {heading} \|.*\n\|[-| :]+\n((?:\|.*\n)+)", PAGE)
    assert rows is not None
    return [row.split("|")[1].strip() for row in rows[1].splitlines()]


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return create_app(Settings()).openapi()


def test_all_routes_are_listed(document: dict[str, Any]) -> None:
    routes = {
        f"`{method.upper()} {path}`" for path, item in document["paths"].items() for method in item
    }
    assert set(table("Route")) == routes | {"`GET /`", "`GET /openapi.json`"}


def test_all_statuses_are_listed(document: dict[str, Any]) -> None:
    told = {
        status
        for item in document["paths"].values()
        for operation in item.values()
        for status in operation["responses"]
    }
    assert set(table("Status")) == told - {"200"} | {"405", "500"}


@pytest.mark.slow
def test_all_settings_are_listed() -> None:
    wanted = [f"`LORACFG_{name.upper()}`" for name in Settings.model_fields]
    assert table("Variable") == wanted
    named = set(re.findall(r"LORACFG_[A-Z_]+", PAGE))
    assert named <= {name.strip("`") for name in wanted}
