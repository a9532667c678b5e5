"""Predict what the config classes of each release do with a file, case by case."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, Final

import pytest

from loracfg.config.history.releases import between
from loracfg.config.model.constraints import Stage
from loracfg.config.reading.plain_config import read_with_models
from loracfg.document.json_document import read_document
from loracfg.releases.outcome import Effect, Reason
from loracfg.releases.release_reading import ReleaseReading, unknown_keys
from tests.corpus import shared
from tests.releases.config_cases import CASES

NEEDS_SCIPY: Final = "ImportError: The required package 'scipy' is not installed"
"""Where it is missing, LoftQ raises; loracfg does not know what is installed elsewhere."""


@cache
def observed() -> dict[str, list[dict[str, Any]]]:
    facts = json.loads(shared("facts/peft_state_dict_observed.json").read_text())
    cases: dict[str, list[dict[str, Any]]] = facts["cross_version_config_load"]["cases"]
    return cases


@cache
def observed_releases() -> tuple[str, ...]:
    """Return the releases that were observed; later ones are only predicted."""
    releases = between("0.1.0")
    ends = {group["to"] for groups in observed().values() for group in groups}
    return releases[: 1 + max(map(releases.index, ends))]


def predicted(name: str, release: str) -> list[Reason]:
    values, loader = CASES[name]
    document, _ = read_document(json.dumps(values).encode(), "adapter_config.json")
    assert document is not None
    found = ReleaseReading(document.value, read_with_models(document), loader).reasons(release)
    return [reason for reason in found if reason.stage is Stage.CONFIG or not reason.error]


@pytest.mark.parametrize("name", CASES)
def test_a_release_reads_a_file_as_predicted(name: str) -> None:
    releases = observed_releases()
    seen = set()
    for group in observed()[name]:
        start, end = releases.index(group["from"]), releases.index(group["to"])
        for release in releases[start : end + 1]:
            seen.add(release)
            errors = [r.error for r in predicted(name, release) if r.effect is Effect.RAISES]
            error = group.get("error", "")
            if error.startswith(NEEDS_SCIPY):
                assert errors == [], release
            else:
                assert errors[:1] == [error.partition(":")[0]] * bool(error), release
            if not error:
                check_warning(name, release, group["warnings"])
    assert seen == set(releases)


def check_warning(name: str, release: str, warnings: list[str]) -> None:
    """A release that warns of keys drops those that it does not know."""
    dropping = [warning for warning in warnings if "Unexpected keyword arguments" in warning]
    values, _ = CASES[name]
    if dropping:
        assert unknown_keys(values, release)
        assert any(r.effect >= Effect.DROPS for r in predicted(name, release)), release


def test_all_observed_cases_are_predicted() -> None:
    assert observed().keys() == CASES.keys()
