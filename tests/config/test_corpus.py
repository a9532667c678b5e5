"""Published files get the same answer as from PEFT."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from loracfg.config.model.lora_config import LoraConfig
from loracfg.config.reading.foreign_config import describe_foreign
from loracfg.config.reading.plain_config import read_with_models
from loracfg.config.reading.with_models import LOADS
from loracfg.document.json_document import read_document
from tests.corpus import shared

if TYPE_CHECKING:
    from pathlib import Path

    from loracfg.document.json_document import Document
    from loracfg.report.fault import Fault


def published() -> list[tuple[str, Path, str]]:
    """Return the number of each published file, its path, and what PEFT 0.21.2 does with it."""
    outcomes = json.loads(shared("corpus/peft_load_0.21.2.json").read_text())
    paths = sorted(shared("corpus").glob("configs/*.json")) + sorted(
        shared("corpus").glob("other/*.json")
    )
    assert {path.stem for path in paths} == outcomes.keys()
    return [(path.stem, path, outcomes[path.stem]["result"]) for path in paths]


def read(path: Path) -> tuple[Document | None, list[Fault]]:
    return read_document(path.read_bytes(), path.name)


def refusals(document: Document) -> list[str]:
    reading = read_with_models(document)
    found = [fault.message for fault in reading.faults if fault.kind not in LOADS]
    return found + [conflict.message for conflict in reading.conflicts]


def test_what_peft_loads_is_not_refused() -> None:
    refused: dict[str, Any] = {}
    loaded = 0
    for number, path, outcome in published():
        if not outcome.startswith("ok"):
            continue
        loaded += 1
        document, faults = read(path)
        assert document is not None
        foreign = describe_foreign(document)
        found = [*refusals(document), *(f.message for f in faults), *([foreign] if foreign else [])]
        if found:
            refused[number] = found
    assert loaded
    assert refused == {}


def test_what_peft_does_not_load_is_no_lora_config_or_a_pointer() -> None:
    kinds: dict[str, list[str]] = {}
    for _, path, outcome in published():
        if outcome.startswith("ok"):
            continue
        document, faults = read(path)
        if document is None:
            assert outcome.startswith("JSONDecodeError")
            kinds.setdefault(outcome[:15], []).extend(fault.kind for fault in faults)
        else:
            assert "missing required keys: {'peft_type'}" in outcome
            foreign = describe_foreign(document)
            assert foreign is not None
            kinds.setdefault(outcome[:9], []).append(foreign.kind)
    assert set(kinds["JSONDecodeError"]) == {"git-lfs-pointer"}
    assert set(kinds["TypeError"]) == {"foreign-config"}


def test_keys_that_peft_warns_of_are_those_that_we_call_unknown() -> None:
    outcomes = json.loads(shared("corpus/peft_load_0.21.2.json").read_text())
    for number, path, outcome in published():
        if not outcome.startswith("ok"):
            continue
        document, _ = read(path)
        assert document is not None
        unknown = sorted(
            str(fault.location.pointer)[1:]
            for fault in read_with_models(document).faults
            if fault.kind in ("unknown-key", "misspelt-key", "removed-key")
            and str(fault.location.pointer).count("/") == 1
        )
        warnings = " ".join(outcomes[number]["warnings"])
        assert bool(unknown) == ("Unexpected keyword arguments" in warnings)
        assert all(repr(key) in warnings for key in unknown)


@pytest.mark.parametrize("key", ["lora_alpha", "target_modules", "r", "bias"])
def test_values_are_read_as_they_stand(key: str) -> None:
    for _, path, outcome in published():
        if outcome.startswith("ok"):
            value = json.loads(path.read_bytes()).get(key, getattr(LoraConfig(), key))
            document, _ = read(path)
            assert document is not None
            assert getattr(read_with_models(document).config, key) == value
