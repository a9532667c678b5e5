"""Predictions of how config classes read files agree with real releases."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Final, get_args

import pytest

from loracfg.adapter.directory import read_adapter
from loracfg.config import CONFIG_NAME
from loracfg.config.history.releases import at_least
from loracfg.config.model.constraints import Stage
from loracfg.config.reading.plain_config import read_with_models
from loracfg.document.json_document import Document, read_document
from loracfg.releases.outcome import Effect, Reason
from loracfg.releases.release_reading import Loader, ReleaseReading, unknown_keys
from loracfg.testing.memory_files import MemoryFiles
from tests.corpus import shared
from tests.releases.config_cases import CASES
from tests.releases.real import ASKED, Job, Result, run

LOADERS: Final = get_args(Loader)
WARNS_SINCE: Final = "0.14.0"


def read(text: bytes) -> Document:
    document, _ = read_document(text, CONFIG_NAME)
    assert document is not None
    return document


@cache
def published() -> dict[str, Document]:
    """Return the published configs by name, but for those of other methods and tools."""
    corpus = shared("corpus")
    paths: list[Path] = sorted([*corpus.glob("configs/*.json"), *corpus.glob("other/*.json")])
    adapters = {
        path.stem: read_adapter(MemoryFiles({CONFIG_NAME: path.read_bytes()})) for path in paths
    }
    return {name: a.document for name, a in adapters.items() if a.document and a.reading}


def predicted(document: Document, release: str, loader: Loader) -> list[Reason]:
    found = ReleaseReading(document.value, read_with_models(document), loader).reasons(release)
    return [reason for reason in found if reason.stage is Stage.CONFIG or not reason.error]


def disagreement(reasons: list[Reason], unknown: list[str], result: Result) -> str:
    """Say in what a result is not what was predicted, empty if in nothing."""
    errors = [reason.error for reason in reasons if reason.effect is Effect.RAISES]
    error = result.get("error", "")
    if errors[:1] != [error.partition(":")[0]] * bool(error):
        return f"{error[:200] or 'no error'}, not {errors}"
    warnings = [w for w in result["warnings"] if "Unexpected keyword arguments" in w]
    missed = [key for key in unknown if not any(repr(key) in w for w in warnings)]
    if not error and (missed or bool(warnings) != bool(unknown)):
        return f"{warnings or 'no warning'}, not {unknown}"
    lost = any(reason.effect in (Effect.DROPS, Effect.DIFFERS) for reason in reasons)
    if not error and bool(unknown) and not lost:
        return f"nothing is said of {unknown}"
    return ""


def disagreements(
    release: str, files: dict[tuple[str, Loader], Document]
) -> dict[tuple[str, Loader], str]:
    jobs = [
        Job(id=f"{name} {loader}", config=document.value, loader=loader)
        for (name, loader), document in files.items()
    ]
    wrong = {}
    for (name, loader), result in zip(files, run(release, jobs), strict=True):
        document = files[name, loader]
        reasons = predicted(document, release, loader)
        warns = at_least(release, WARNS_SINCE)
        unknown = unknown_keys(document.value, release) if warns else []
        if said := disagreement(reasons, unknown, result):
            wrong[name, loader] = said
    return wrong


@pytest.mark.parametrize("release", ASKED)
def test_published_files_are_read_as_predicted(release: str) -> None:
    files = {(name, loader): file for name, file in published().items() for loader in LOADERS}
    assert len(published()) > 100
    assert disagreements(release, files) == {}


@pytest.mark.parametrize("release", ASKED)
def test_cases_are_read_as_predicted(release: str) -> None:
    files: dict[tuple[str, Loader], Any] = {
        (name, loader): read(json.dumps(values).encode())
        for name, (values, _) in CASES.items()
        for loader in LOADERS
    }
    assert disagreements(release, files) == {}
