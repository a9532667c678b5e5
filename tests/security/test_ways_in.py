"""Facts run nothing, change nothing of loracfg and end, whichever way they come in."""

from __future__ import annotations

import multiprocessing
import resource
from pathlib import Path
from typing import Final

import pytest

from tests.security.costly import COSTLY
from tests.security.tricks import FIELDS, HARM, RUN, facts
from tests.security.ways import WAYS, evaluate, write_project

KNOWN: Final = RUN["keyword call of a method that a copy replaces"]
HONEST: Final = facts("text_config(config, decoder = True).width")
CPU_SECONDS: Final = 4
SECONDS: Final = 20
"""Wall clock for a program; the budget ends each within two seconds of CPU."""


@pytest.mark.parametrize("way", WAYS)
def test_no_way_runs_a_command(way: str, tmp_path: Path) -> None:
    marker = tmp_path / "PWNED"
    write_project(tmp_path, KNOWN(f"echo > '{marker}'"))
    WAYS[way](tmp_path)
    assert not marker.exists()


def _evaluate(folder: Path, facts_after: str | None = None) -> None:
    outcome = evaluate(folder)
    if facts_after is not None:
        (folder / "base/novel.facts").write_text(facts_after)
        outcome = evaluate(folder)
    (folder / "outcome").write_text(outcome)


def _outcome(folder: Path, facts_after: str | None = None) -> str:
    """Return the outcome of facts in a process of their own, which some of them change."""
    process = multiprocessing.get_context("fork").Process(
        target=_evaluate, args=(folder, facts_after)
    )
    process.start()
    process.join(SECONDS)
    if process.is_alive():
        process.kill()
        return "it did not end"
    if process.exitcode:
        return f"the process ended with {process.exitcode}"
    return (folder / "outcome").read_text()


@pytest.mark.parametrize("trick", RUN)
def test_no_program_runs_a_command(trick: str, tmp_path: Path) -> None:
    marker = tmp_path / "PWNED"
    write_project(tmp_path, RUN[trick](f"echo > '{marker}'"))
    outcome = _outcome(tmp_path)
    assert not marker.exists(), outcome


@pytest.mark.parametrize("trick", HARM)
def test_no_program_changes_later_answers(trick: str, tmp_path: Path) -> None:
    write_project(tmp_path, HARM[trick](""))
    assert _outcome(tmp_path, HONEST) == "6 modules"


@pytest.mark.parametrize("trick", COSTLY)
def test_no_program_is_costly(trick: str, tmp_path: Path) -> None:
    write_project(tmp_path, COSTLY[trick])
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    outcome = _outcome(tmp_path)
    assert "did not end" not in outcome
    assert "process ended" not in outcome
    assert "there is no" not in outcome, "it is not evaluated"
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime - before.ru_utime < CPU_SECONDS


def test_a_class_keeps_its_constants(tmp_path: Path) -> None:
    members = "  constant seen = {}\n  creation\n    width = len(seen) + 8\n"
    members += '    seen = put(seen, "a", 1)\n'
    write_project(tmp_path, facts(members=members, fields=FIELDS))
    own = [evaluate(tmp_path) for _ in range(3)]
    assert own == [own[0]] * 3


def test_an_honest_program_is_evaluated(tmp_path: Path) -> None:
    write_project(tmp_path, HONEST)
    assert _outcome(tmp_path) == "6 modules"
