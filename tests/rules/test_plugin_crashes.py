"""Rules of other packages that raise, or yield what is not a finding."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

import loracfg
from loracfg.report.report import Location, Region, Related
from loracfg.rules.plugin_flaws import flaw_of_finding
from loracfg.rules.rule import Finding
from tests.cli.running import call, write_adapter, write_base
from tests.rules.packages import environment, install, run, with_rule
from tests.service.serving import SERVE, serving

SOUND: Final = 'yield Finding("too large", subject.value("/r"), "make it smaller")\n'
RAISES: Final = {
    "FileNotFoundError": 'open("/no/such/file")',
    "SystemExit": 'raise SystemExit("stop")',
    "GeneratorExit": "raise GeneratorExit",
    "ValueError": 'raise ValueError("a defect")',
}
MALFORMED: Final = {
    'yield "x"': "`x`, which is not a `Finding`",
    "yield None": "`None`, which is not a `Finding`",
    'yield Finding("m", subject.value("/r"), "h", explains=["a"])': (
        "a finding whose `explains` is `['a']`, not a frozenset of tensor names"
    ),
    'yield Finding("m", None, "h")': (
        "a finding whose `location` is `None`, not a `Location`, as `subject.value` and "
        "`subject.tensor` return"
    ),
}


@pytest.fixture
def adapter(tmp_path: Path) -> Path:
    return write_adapter(tmp_path / "adapter")


def validated(installed: Path, *arguments: str | Path) -> dict[str, Any]:
    done = run(installed, "validate", *arguments, "--format", "json")
    assert done.returncode == 2, done.stderr
    (report,) = json.loads(done.stdout)["adapters"]
    return dict(report)


@pytest.mark.parametrize("name", RAISES)
def test_whatever_a_rule_raises_is_a_crash_of_the_rule(
    name: str, adapter: Path, tmp_path: Path
) -> None:
    installed = install(tmp_path / "site", with_rule(f"{RAISES[name]}\nreturn []"))
    report = validated(installed, adapter)
    (found,) = report["diagnostics"]
    assert report["status"] == "undetermined"
    assert found["code"] == "LC901"
    assert found["message"].startswith(f"the rule ACME001 crashed in `acme_rules.py:6`: `{name}")
    assert found["help"].startswith("report this bug to the authors of `acme_rules`")
    assert found["help"].endswith("`--ignore ACME001` hides this finding")


@pytest.mark.slow
def test_other_commands_survive_a_rule_that_raises(adapter: Path, tmp_path: Path) -> None:
    installed = install(tmp_path / "site", with_rule(RAISES["FileNotFoundError"]))
    for command in ("fix", "inspect"):
        done = run(installed, command, adapter)
        assert "undetermined" in done.stdout, done.stderr
    traced = run(installed, "validate", adapter, "--trace", "ACME001").stdout
    assert "ACME001 of-acme in " in traced
    assert ": crashed: the rule ACME001 crashed in `acme_rules.py:6`: `FileNotFound" in traced


@pytest.mark.parametrize("line", MALFORMED)
def test_a_malformed_finding_is_named_and_the_others_are_kept(
    line: str, adapter: Path, tmp_path: Path
) -> None:
    installed = install(tmp_path / "site", with_rule(f"{SOUND}{line}\n{line}\n{SOUND}"))
    report = validated(installed, adapter)
    assert [one["code"] for one in report["diagnostics"]] == ["ACME001", "ACME001", "LC901"]
    malformed = report["diagnostics"][-1]
    assert malformed["message"] == f"the rule ACME001 yielded {MALFORMED[line]}"
    assert malformed["count"] == 2
    assert report["status"] == "invalid"


def test_what_a_rule_found_before_it_crashed_is_kept(adapter: Path, tmp_path: Path) -> None:
    source = with_rule(f"{SOUND}yield None\nraise ValueError('a defect')")
    report = validated(install(tmp_path / "site", source), adapter)
    assert [one["code"] for one in report["diagnostics"]] == ["ACME001", "LC901", "LC901"]


@pytest.mark.slow
@pytest.mark.parametrize("line", [RAISES["FileNotFoundError"], "yield None"])
def test_the_service_starts_and_reports_the_crash(line: str, adapter: Path, tmp_path: Path) -> None:
    pytest.importorskip("uvicorn", reason="the service needs the extra `api`")
    installed = install(tmp_path / "site", with_rule(line))
    with serving(SERVE, environment(installed), tmp_path / "log") as address:
        report = validated(installed, adapter, "--server", address)
    assert [one["code"] for one in report["diagnostics"]] == ["LC901"]


class _Pair(NamedTuple):
    first: str
    second: object = None


PLACE: Final = Location("adapter_config.json", "/r", Region(1, 1, 1, 2))
FINDING: Final = Finding("m", PLACE, "h")


def placed(**fields: Any) -> Location:
    """Return a location with other fields, of any type."""
    return PLACE._replace(**fields)


@pytest.mark.parametrize(
    "finding",
    [
        FINDING,
        FINDING._replace(location=Location("", tensor="a"), count=7),
        FINDING._replace(related=(Related(PLACE, "here"),), explains=frozenset({"a"})),
        FINDING._replace(data=_Pair("a", ("b",))),
    ],
)
def test_sound_findings(finding: Finding) -> None:
    assert flaw_of_finding(finding) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("message", None),
        ("message", b"m"),
        ("location", "adapter_config.json"),
        ("location", placed(file=None)),
        ("location", placed(pointer=1)),
        ("location", placed(region=(1, 1, 1, 2))),
        ("location", placed(region=Region(0, 1, 1, 2))),
        ("location", placed(tensor=b"a")),
        ("location", placed(elsewhere=None)),
        ("help", None),
        ("count", 0),
        ("count", True),
        ("count", 1.0),
        ("related", [Related(PLACE, "here")]),
        ("related", (PLACE,)),
        ("related", (Related(PLACE, 1),)),  # type: ignore[arg-type]  # what is wrong
        ("related", (Related(None, "here"),)),  # type: ignore[arg-type]  # what is wrong
        ("explains", {"a"}),
        ("explains", frozenset({1})),
        ("data", {"first": 1}),
        ("data", ("a",)),
        ("data", _Pair("a", ["b"])),
    ],
)
def test_malformed_findings(field: str, value: Any) -> None:
    fields: dict[str, Any] = {field: value}
    flaw = flaw_of_finding(FINDING._replace(**fields))
    assert flaw is not None
    assert flaw.startswith(f"yielded a finding whose `{field}` is `")


def test_a_long_value_is_cut() -> None:
    flaw = flaw_of_finding("x" * 10_000)
    assert flaw is not None
    assert len(flaw) < 200


def test_our_own_findings_are_sound(tmp_path: Path) -> None:
    base = write_base(tmp_path / "base")
    broken = write_adapter(tmp_path / "broken", 'config {"r": 8}')
    case = loracfg.Engine(loracfg.Options(base=str(base))).open(broken)
    found = [finding for run in case.findings for finding in run.findings]
    assert found
    assert list(map(flaw_of_finding, found)) == [None] * len(found)
    assert call("validate", broken, "--base", base).status == 1
