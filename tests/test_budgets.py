"""What a run may cost: modules imported and bytes read, which, unlike seconds, stay the same."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from tests.llama8b import TENSORS, make

ROOT: Final = Path(__file__).resolve().parents[1]
ENVIRONMENT: Final = {
    **{name: value for name, value in os.environ.items() if not name.startswith("LORACFG_")},
    "PYTHONPATH": str(ROOT),
}
"""Without settings, for which the command imports what reads them."""

RUN: Final = """
import json, sys
before = set(sys.modules)
from loracfg.cli import main
try:
    main()
finally:
    read = [line.split()[1] for line in open("/proc/self/io") if line.startswith("rchar")] \
        if sys.platform == "linux" else [0]
    print(json.dumps([sorted(set(sys.modules) - before), int(read[0])]), file=sys.stderr)
"""

HEAVY: Final = {
    "asyncio",
    "fastapi",
    "fsspec",
    "http",
    "httpx2",
    "huggingface_hub",
    "hypothesis",
    "jsonschema",
    "multiprocessing",
    "numpy",
    "peft",
    "requests",
    "safetensors",
    "scipy",
    "ssl",
    "starlette",
    "subprocess",
    "torch",
    "transformers",
    "unittest",
    "xml",
}

HELP_MODULES: Final = 70
"""62 when this was written; fewer where the environment itself has imported some."""

FORMATS: Final = {"loracfg.named_tuple", "loracfg.report", "loracfg.report.formats"}
"""What has the names of formats, which the help of `validate` lists."""

SCHEMA_MODULES: Final = HELP_MODULES + 25
"""JSON and the reading of package data; 19 more than the help when this was written."""

VALIDATE_MODULES: Final = 65
"""Not counting loracfg's own, of which each rule is one; 60 when this was written."""

OWN_MODULES: Final = 203
"""loracfg's own, with those of rules; each takes about a tenth of a millisecond. 201 when this was
written."""

RULE_MODULES: Final = 10
"""Modules of rules that may find something in an adapter that fits; 8 when this was written."""

READ_BYTES: Final = 10_000_000
"""Python's own files included; the checkpoint has sixteen thousand million."""


@dataclass(frozen=True)
class Cost:
    """What a command imported and read, and what it printed."""

    modules: frozenset[str]
    bytes_read: int
    output: str

    @property
    def packages(self) -> set[str]:
        return {name.partition(".")[0] for name in self.modules}

    def others(self) -> set[str]:
        return {name for name in self.modules if name.partition(".")[0] != "loracfg"}

    def rules(self) -> list[str]:
        return sorted(filter(re.compile(r"loracfg\.rules\.\w+\.lc").match, self.modules))


def cost(*arguments: str) -> Cost:
    """Run the command line in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", RUN, *arguments],
        capture_output=True,
        text=True,
        check=True,
        env=ENVIRONMENT,
    )
    modules, read = json.loads(done.stderr)
    return Cost(frozenset(modules), read, done.stdout)


@pytest.fixture(scope="module")
def validated(tmp_path_factory: pytest.TempPathFactory) -> Cost:
    adapter, base = make(tmp_path_factory.mktemp("llama8b"))
    return cost("validate", str(adapter), "--base", str(base), "--format", "json")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",),
        ("-h",),
        ("--version",),
        ("validate", "--help"),
        ("rules", "--help"),
        ("schema", "--help"),
        ("base", "--help"),
        ("base", "trace", "--help"),
        ("lsp", "--help"),
    ],
)
def test_help_imports_little(arguments: tuple[str, ...]) -> None:
    found = cost(*arguments)
    assert not found.packages & (HEAVY | {"pydantic", "pydantic_core", "email", "socket"})
    assert found.others()
    assert len(found.others()) <= HELP_MODULES
    own = {name for name in found.modules if name.startswith("loracfg.")} - FORMATS
    assert own == {
        "loracfg.crash",
        "loracfg.errors",
        "loracfg.urls",
        "loracfg.version",
        *(n for n in own if n.startswith("loracfg.cli")),
    }


@pytest.mark.parametrize(
    "arguments",
    [("--list",), ("--peft", "0.12"), ("--variant", "open"), ("--variant", "editor")],
)
def test_printing_a_schema_imports_little(arguments: tuple[str, ...]) -> None:
    found = cost("schema", *arguments)
    assert not found.packages & (HEAVY | {"pydantic", "pydantic_core", "email", "socket"})
    assert len(found.others()) <= SCHEMA_MODULES


def test_the_package_itself_imports_nothing() -> None:
    code = (
        "import sys; before = set(sys.modules); import loracfg; print(*set(sys.modules) - before)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=ENVIRONMENT,
    )
    packages = {name.partition(".")[0] for name in done.stdout.split()}
    assert packages <= {"loracfg", *sys.stdlib_module_names}
    assert len(done.stdout.split()) < 40


def test_validating_imports_nothing_heavy(validated: Cost) -> None:
    assert not validated.packages & (HEAVY | {"pydantic", "pydantic_core", "email", "socket"})
    assert not {name for name in validated.modules if name.startswith("loracfg.testing")}


def test_no_settings_are_parsed_where_there_are_none(validated: Cost) -> None:
    """Not even the `pyproject.toml` of this tree, which has no table of ours."""
    parsing = {"tomllib", "loracfg.settings.reading", "loracfg.settings.toml_file"}
    assert not validated.modules & parsing
    assert "loracfg.settings.find" in validated.modules


def test_validating_imports_few_modules(validated: Cost) -> None:
    assert len(validated.others()) <= VALIDATE_MODULES
    own = len(validated.modules - validated.others())
    advice = (
        f"{', '.join(validated.rules())}: does one of these need a narrower gate (`GatedCheck`)?"
    )
    assert own <= OWN_MODULES, advice


def test_validating_imports_only_rules_that_may_find_something(validated: Cost) -> None:
    rules = validated.rules()
    assert rules
    assert len(rules) <= RULE_MODULES, "give the new one of these a narrower gate (`GatedCheck`)"


def test_validating_reads_headers_only(validated: Cost) -> None:
    assert validated.bytes_read < READ_BYTES


@pytest.mark.parametrize("form", ["text", "html"])
def test_inspecting_imports_nothing_heavy(form: str, tmp_path: Path) -> None:
    adapter, base = make(tmp_path)
    found = cost("inspect", str(adapter), "--base", str(base), "--format", form)
    assert not found.packages & (HEAVY | {"pydantic", "pydantic_core", "email", "socket"})
    assert found.bytes_read < READ_BYTES


def test_every_tensor_of_llama_3_8b_is_applied(validated: Cost) -> None:
    report: dict[str, Any] = json.loads(validated.output)
    (adapter,) = report["adapters"]
    assert adapter["status"] == "valid"
    assert adapter["diagnostics"] == []
    assert adapter["not_checked"] == []
    assert adapter["base"]["source"] == "catalogue"
    assert adapter["coverage"] == {
        "tensors": TENSORS,
        "expected": TENSORS,
        "applied": TENSORS,
        "missing": 0,
        "unexpected": 0,
        "mismatched": 0,
    }
    assert TENSORS == 448
    assert adapter["scaling"] == {"min": 2.0, "max": 2.0}


def test_no_import_takes_the_place_of_a_public_name() -> None:
    code = (
        "import loracfg; loracfg.Options(); loracfg.Migration; loracfg.Report\n"
        "assert callable(loracfg.validate) and callable(loracfg.migrate)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env=ENVIRONMENT)
