"""Each reported failure that has a rule, or a command, is found by it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from loracfg.rules.registry import find_rule
from loracfg.testing.building.examples import examples
from loracfg.testing.building.judging import codes
from tests.cli.running import ROOT, call, write_adapter
from tests.corpus import shared
from tests.rules.test_pages import WITHOUT_EXAMPLES

MODES: list[dict[str, Any]] = json.loads((ROOT / "docs/failure_modes.json").read_text())
FOUND = [mode for mode in MODES if "rules" in mode]
SHOWN = [mode for mode in MODES if "shown" in mode]
KINDS = {"rules", "report", "shown", "why"}


@pytest.mark.parametrize("mode", FOUND, ids=lambda mode: mode["id"])
def test_failure_is_found(mode: dict[str, Any]) -> None:
    rules = [find_rule(code) for code in mode["rules"]]
    assert all(rules)
    if "example" in mode:
        assert set(mode["rules"]) & set(codes(*mode["example"])), codes(*mode["example"])
        return
    for rule in rules:
        assert rule is not None
        if rule.code not in WITHOUT_EXAMPLES:
            shown = next(example for example in examples(rule.page) if example.fires)
            assert rule.code in codes(*shown.lines)


@pytest.mark.parametrize("mode", SHOWN, ids=lambda mode: mode["id"])
def test_failure_is_told_by_a_command(mode: dict[str, Any], tmp_path: Path) -> None:
    """The adapter of the example is told of; with `other`, both are."""
    examples = [mode[key] for key in ("example", "other") if key in mode]
    folders = [write_adapter(tmp_path / str(at), *lines) for at, lines in enumerate(examples)]
    outcome = call(mode["shown"], *folders)
    assert mode["words"] in outcome.out
    sound = [write_adapter(tmp_path / f"sound{at}") for at in range(len(folders))]
    if mode["id"] != "RUN-01":  # which is told of every adapter that PEFT saves
        assert mode["words"] not in call(mode["shown"], *sound).out


def test_every_failure_is_accounted_for() -> None:
    assert len({mode["id"] for mode in MODES}) == len(MODES)
    for mode in MODES:
        assert len(KINDS & mode.keys()) == 1, mode
        assert re.fullmatch(r"[A-Z]+-\d\d", mode["id"])


def test_none_is_forgotten() -> None:
    known = json.loads(shared("facts/failure-modes.json").read_text())
    assert [mode["id"] for mode in MODES] == [mode["id"] for mode in known]
