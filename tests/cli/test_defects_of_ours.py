"""If loracfg fails, the adapter is undetermined, and the message names the place in the code."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import click
import pytest

from loracfg.analysis.subject import Subject
from loracfg.cli import loracfg
from loracfg.crash import place_of, words
from loracfg.rules.choice import choice_of
from loracfg.rules.registry import all_rules
from loracfg.rules.rule import Finding
from tests.cli.running import call, run, write_adapter

WRONG_RANK = 'config {"r": 8}'


def crash(_: Subject) -> Iterator[Finding]:
    raise RuntimeError("a defect, on purpose")


def fail(*_: object, **__: object) -> NoReturn:
    raise RuntimeError("a defect, on purpose")


@pytest.fixture
def adapter(tmp_path: Path) -> Path:
    """Return a sound adapter that no other test has, so that no answer about it is kept."""
    return write_adapter(tmp_path / "adapter", 'config {"lora_dropout": 0.125}')


@pytest.fixture
def crashing(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = [r._replace(check=crash) if r.code == "LC690" else r for r in all_rules()]
    monkeypatch.setattr("loracfg.engine.case.rules_to_run", lambda *, preview: tuple(rules))


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LORACFG_DEBUG", "")


def judged(*arguments: str | Path) -> tuple[int, dict[str, Any]]:
    outcome = call("validate", *arguments, "--format", "json")
    (adapter,) = json.loads(outcome.out)["adapters"]
    return outcome.status, adapter


@pytest.mark.usefixtures("crashing")
def test_a_sound_adapter_is_undetermined(adapter: Path, base: Path) -> None:
    status, report = judged(adapter, "--base", base)
    assert (status, report["status"], report["loads_in"]) == (2, "undetermined", None)
    (finding,) = report["diagnostics"]
    assert (finding["code"], finding["severity"]) == ("LC901", "warning")
    line = crash.__code__.co_firstlineno + 1
    place = f"test_defects_of_ours.py:{line}"
    expected = f"the rule LC690 crashed in `{place}`: `RuntimeError: a defect, on purpose`"
    assert finding["message"] == expected
    assert "--debug" in finding["help"]
    (gap,) = report["not_checked"]
    assert gap["what"] == "what LC690 missing-tensors looks for"


@pytest.mark.usefixtures("crashing")
def test_a_broken_adapter_stays_invalid(tmp_path: Path, base: Path) -> None:
    broken = write_adapter(tmp_path / "broken", WRONG_RANK)
    status, report = judged(broken, "--base", base)
    assert (status, report["status"]) == (2, "invalid")
    assert [d["code"] for d in report["diagnostics"]] == ["LC503", "LC901"]


@pytest.mark.usefixtures("crashing")
@pytest.mark.parametrize(
    ("filters", "status"),
    [
        (("--ignore", "LC690"), 0),
        (("--ignore", "LC901"), 0),
        (("--select", "LC5"), 0),
        (("--select", "LC69"), 2),
        (("--select", "LC901"), 2),
    ],
)
def test_a_crash_is_hidden_with_its_rule(
    adapter: Path, base: Path, filters: tuple[str, ...], status: int
) -> None:
    found, report = judged(adapter, "--base", base, *filters)
    assert (found, report["status"]) == (status, "undetermined")
    assert report["hidden"]["warnings"] == (status == 0)


def place(call_: Callable[[], object]) -> str:
    with pytest.raises(Exception) as caught:  # noqa: PT011  # any
        call_()
    return place_of(caught.value)


def test_the_place_is_in_our_own_code() -> None:
    assert re.fullmatch(r"loracfg/rules/choice\.py:\d+", place(lambda: choice_of(("no",), ())))
    assert place(lambda: json.loads("[")).startswith("test_defects_of_ours.py:")
    assert place(lambda: re.compile("(")).startswith("test_defects_of_ours.py:")


def test_a_long_text_is_cut() -> None:
    assert words(KeyError()) == "KeyError"
    assert len(words(ValueError("x" * 10_000))) < 400


def test_a_crash_outside_of_rules_affects_no_other_adapter(
    adapter: Path, base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loracfg.engine.case.written_by", fail)
    broken = write_adapter(tmp_path / "none", "config none", "weights none")
    outcome = call("validate", adapter, broken, "--base", base, "--format", "json")
    first, second = json.loads(outcome.out)["adapters"]
    assert (outcome.status, first["status"], second["status"]) == (2, "undetermined", "error")
    assert first["diagnostics"][0]["message"].startswith("loracfg crashed in `")
    assert first["not_checked"]


def commands(group: click.Group, *path: str) -> Iterator[tuple[str, ...]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from commands(command, *path, name)


@pytest.mark.parametrize("command", [(), *commands(loracfg)], ids=" ".join)
def test_every_command_takes_debug(command: tuple[str, ...]) -> None:
    outcome = call(*command, "--debug", "--help")
    assert outcome.status == 0
    assert "--debug" in outcome.out


@pytest.mark.usefixtures("crashing")
@pytest.mark.parametrize("where", ["before", "after", "environment"])
def test_debug_prints_the_traceback_of_a_rule(
    adapter: Path, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Traceback" not in call("validate", adapter).err
    if where == "environment":
        monkeypatch.setenv("LORACFG_DEBUG", "1")
    first = ("--debug",) if where == "before" else ()
    last = ("--debug",) if where == "after" else ()
    for _ in range(3):  # the answer is not kept
        outcome = call(*first, "validate", adapter, *last)
        assert "Traceback (most recent call last)" in outcome.err
        assert "a defect, on purpose" in outcome.err
        assert "Traceback" not in outcome.out


def test_debug_prints_the_traceback_of_a_command(
    adapter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loracfg.inspection.inspected.modules_in", fail)
    quiet = call("inspect", adapter)
    assert (quiet.status, quiet.out) == (2, "")
    assert quiet.err.startswith("loracfg: internal error in `test_defects_of_ours.py:")
    assert quiet.err.count("\n") == 1
    loud = call("inspect", adapter, "--debug")
    assert "Traceback (most recent call last)" in loud.err
    assert loud.err.endswith(quiet.err)


def test_debug_prints_nothing_if_nothing_fails(adapter: Path, base: Path) -> None:
    outcome = run("validate", adapter, "--base", base, env={"LORACFG_DEBUG": "1"})
    assert (outcome.status, outcome.err) == (0, "")
