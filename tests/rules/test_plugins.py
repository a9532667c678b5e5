"""Rules of other packages, found by their entry points."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import pytest

from loracfg.engine.engine import Engine
from loracfg.engine.options import Options
from loracfg.errors import LoracfgError
from loracfg.rules import plugins, registry, runner
from loracfg.rules.registry import all_rules, find_rule, own_rules, rules_to_run
from loracfg.rules.rule import Rule
from loracfg.testing.building.examples import build
from tests.cli.running import write_adapter
from tests.rules.packages import run
from tests.rules.subjects import config

ROOT: Final = Path(__file__).resolve().parents[2]
EXAMPLE: Final = ROOT / "docs/examples/own-rules"


def nothing(_: object) -> list[Any]:
    return []


def rule(code: str = "ACME001", name: str = "of-acme", **more: Any) -> Rule:
    return Rule(code, name, "error", nothing, __name__, **more)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder where the example package is installed as by pip."""
    folder = tmp_path_factory.mktemp("installed")
    source = folder / "source"
    shutil.copytree(EXAMPLE, source)
    build_wheel = "import sys, setuptools.build_meta as b; print(b.build_wheel(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", build_wheel, str(folder)],
        cwd=source,
        capture_output=True,
        text=True,
        check=True,
    )
    shutil.unpack_archive(folder / done.stdout.splitlines()[-1], folder / "site", "zip")
    return folder / "site"


@pytest.mark.slow
def test_rules_of_an_installed_package_run(installed: Path, tmp_path: Path) -> None:
    adapter = write_adapter(tmp_path / "adapter", 'made with {"r": 64}')
    done = run(installed, "validate", adapter, "--format", "json")
    (report,) = json.loads(done.stdout)["adapters"]
    (found,) = [one for one in report["diagnostics"] if one["code"] == "ACME001"]
    assert (done.returncode, report["status"]) == (1, "invalid")
    assert found["message"] == "`r` is `64`, and our servers take at most `32`"
    assert found["location"]["pointer"] == "/r"
    assert found["url"] == "https://docs.example.com/lora/ACME001"
    hidden = run(installed, "validate", adapter, "--ignore", "ACME", "--format", "json")
    assert "ACME001" not in hidden.stdout


def test_rules_of_an_installed_package_are_explained_and_listed(installed: Path) -> None:
    explained = run(installed, "explain", "rank-above-limit").stdout
    assert explained.startswith(
        "ACME001 rank-above-limit (error, stable, added in 1.0.0)\n\nThe rank"
    )
    assert run(installed, "rules").stdout.splitlines()[-1].startswith("ACME001")


def test_rule_is_unknown_without_its_package(tmp_path: Path) -> None:
    done = run(tmp_path, "explain", "ACME001")
    assert done.returncode == 2
    assert "there is no rule `ACME001`" in done.stderr


def test_packages_are_only_loaded_if_one_has_rules(
    monkeypatch: pytest.MonkeyPatch, installed: Path, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "path", [str(tmp_path), "/no/such/folder"])
    assert plugins.plugin_rules() == []
    monkeypatch.setattr(sys, "path", [str(installed)])
    assert plugins._is_any_installed()


def entry(monkeypatch: pytest.MonkeyPatch, value: object) -> EntryPoint:
    """Return an entry point whose object is `value`."""
    module = ModuleType("acme_of_test")
    module.RULES = value  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "acme_of_test", module)
    return EntryPoint("acme", "acme_of_test:RULES", plugins.GROUP)


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (5, "it is neither a `Rule` nor a list of rules"),
        ([5], "it is neither a `Rule` nor a list of rules"),
        (rule("LC999"), "the code `LC999` is not 2 to 10 capital letters, not beginning with `LC`"),
        (rule("ACME1"), "the code `ACME1` is not"),
        (rule(name="Of Acme"), "the name `Of Acme` of `ACME001` is not lower-case words"),
    ],
)
def test_invalid_rules_are_rejected(
    monkeypatch: pytest.MonkeyPatch, value: object, why: str
) -> None:
    with pytest.raises(LoracfgError) as caught:
        list(plugins._rules_of(entry(monkeypatch, value)))
    declared = "the entry point `acme = acme_of_test:RULES` of `a package`"
    assert f"{declared} cannot be used: {why}" in caught.value.message


def test_import_error_is_reported() -> None:
    with pytest.raises(LoracfgError, match="it cannot be loaded \\(`ModuleNotFoundError"):
        list(plugins._rules_of(EntryPoint("acme", "no_such_module:RULES", plugins.GROUP)))


def test_entry_point_is_a_rule_or_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(plugins._rules_of(entry(monkeypatch, rule()))) == [rule()]
    two = (rule(), rule("ACME002", "other"))
    assert list(plugins._rules_of(entry(monkeypatch, two))) == [*two]


def test_codes_and_names_are_unique() -> None:
    plugins.refuse_duplicates((*own_rules(), rule()))
    for other in (rule(name="rank-mismatch"), rule("LC503")):
        with pytest.raises(LoracfgError, match="both have a rule `"):
            plugins.refuse_duplicates((*own_rules(), other))


@pytest.fixture
def with_preview(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put one of our rules in preview."""
    changed = tuple(r._replace(stage="preview") if r.code == "LC503" else r for r in own_rules())
    monkeypatch.setattr(registry, "all_rules", lambda: changed)
    clear_caches()
    yield
    monkeypatch.undo()
    clear_caches()


def clear_caches() -> None:
    """Clear the caches of the rules that run."""
    rules_to_run.cache_clear()
    runner._cached_candidates.cache_clear()


@pytest.mark.usefixtures("with_preview")
def test_preview_rule_only_runs_with_preview() -> None:
    files, _ = build((config(r=8), "base none"))
    found = {
        preview: {d.code for d in Engine(Options(preview=preview)).open_files(files).report[2]}
        for preview in (False, True)
    }
    assert found[True] - found[False] == {"LC503"}


def test_all_of_our_rules_are_stable_and_dated() -> None:
    assert {(one.stage, one.since) for one in own_rules()} == {("stable", "0.1.0")}
    assert rules_to_run(preview=False) is rules_to_run(preview=True) is all_rules()
    assert find_rule("LC503") in own_rules()
