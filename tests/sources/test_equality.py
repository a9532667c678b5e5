"""Adapters on the web and on the Hub are judged as in a folder, for two small requests each.

All made adapters are compared if `LORACFG_PROFILE` is `long`, otherwise a few.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

import pytest

pytest.importorskip("peft", reason="the adapters are made by PEFT")

from tests.made.recipes import CASES
from tests.sources.equality import (
    SAMPLE,
    Outcome,
    Served,
    adapters,
    differences,
    figures,
    here,
    on_the_hub,
    on_the_web,
)

pytestmark = pytest.mark.slow

LONG: Final = os.environ.get("LORACFG_PROFILE") == "long"
MOST_BYTES: Final = 70_000


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("equality")


@pytest.fixture(scope="module")
def served(root: Path) -> list[Served]:
    found = list(adapters(CASES if LONG else SAMPLE, root))
    assert len(found) > (4000 if LONG else 150)
    return found


@pytest.fixture(scope="module")
def local(served: list[Served], root: Path) -> list[dict[str, Any]]:
    return here(served, root)


@pytest.fixture(scope="module", params=["web", "hub"])
def outcome(
    request: pytest.FixtureRequest, served: list[Served], tmp_path_factory: pytest.TempPathFactory
) -> Outcome:
    if request.param == "web":
        return on_the_web(served)
    pytest.importorskip("huggingface_hub", reason="the Hub is read through it")
    return on_the_hub(served, tmp_path_factory.mktemp("hf") / "hub")


def test_the_answers_are_those_of_the_folder(
    served: list[Served], local: list[dict[str, Any]], outcome: Outcome
) -> None:
    assert differences(served, local, outcome.reports) == []
    statuses = {report["status"] for report in outcome.reports}
    assert statuses >= {"valid", "invalid"}


def test_an_adapter_takes_two_small_requests(served: list[Served], outcome: Outcome) -> None:
    whole = {one.name for one in served if {*OWN_FILES} <= one.files.keys()}
    for cost in outcome.costs:
        assert cost.requests <= (2 if cost.name in whole else 4), figures([cost])
        assert cost.received <= MOST_BYTES
    assert len(whole) > len(served) / 2


OWN_FILES: Final = ("adapter_config.json", "adapter_model.safetensors")
