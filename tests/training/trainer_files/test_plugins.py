"""Trainers of other packages."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import EntryPoint
from typing import Any

import pytest

from loracfg.errors import LoracfgError
from loracfg.sources.trainer_marks import Marks
from loracfg.training.trainer_files import read_trainer_file, registry
from loracfg.training.trainer_files.config_draft import ConfigDraft
from loracfg.training.trainer_files.options import TrainerOptions
from loracfg.training.trainer_files.trainer import Command, Trainer
from loracfg.training.trainer_files.trainer_file import TrainerFile


def read(options: TrainerOptions) -> TrainerFile:
    draft, rank = ConfigDraft(options), options.get("acme_rank")
    draft.set("r", rank.value if rank else 8, rank)
    return draft.finish("ACME", "1.0", options.get("acme_base"), rank)


ACME = Trainer(
    "ACME",
    "1.0",
    read,
    (),
    (Command("acme-train"),),
    (Marks("ACME", frozenset({"acme_base"}), frozenset({"acme_rank"})),),
)
NO_TRAINER = "something else"


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    registry.trainers.cache_clear()
    yield
    registry.trainers.cache_clear()


def install(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    entry = EntryPoint("acme", f"{__name__}:{value}", registry.GROUP)

    def entry_points(**_: Any) -> list[EntryPoint]:
        return [entry]

    monkeypatch.setattr("importlib.metadata.entry_points", entry_points)


def test_a_trainer_of_a_package_reads_its_files(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, "ACME")
    file = read_trainer_file("run.yaml", "acme_base: org/model\nacme_rank: 4\n")
    assert file is not None
    assert (file.trainer, file.base, file.config) == ("ACME", "org/model", {"r": 4})
    script = read_trainer_file("run.sh", "acme-train --acme_rank 4\n")
    assert script is not None
    assert script.trainer == "ACME"


def test_ours_are_still_read(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, "ACME")
    file = read_trainer_file("run.yaml", "base_model: org/model\nadapter: lora\nlora_r: 4\n")
    assert file is not None
    assert file.trainer == "axolotl"


@pytest.mark.parametrize(
    ("value", "why"),
    [("NO_TRAINER", "it is not a `Trainer`"), ("MISSING", "it cannot be loaded")],
)
def test_a_broken_package_is_named(monkeypatch: pytest.MonkeyPatch, value: str, why: str) -> None:
    install(monkeypatch, value)
    with pytest.raises(LoracfgError, match=why):
        read_trainer_file("run.yaml", "acme_base: org/model\n")
