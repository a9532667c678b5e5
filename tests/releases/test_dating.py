"""Date adapters: published files, and each kind of evidence."""

from __future__ import annotations

import csv
import json
import re
from typing import Any

import pytest

from loracfg.adapter.directory import Adapter, read_adapter
from loracfg.adapter.header.tensor import Tensor
from loracfg.config.history.derived_models import model_at
from loracfg.config.history.field_facts import fields_of
from loracfg.config.history.releases import FIRST_TO_SAVE, PEFT_RELEASE, RELEASES, between
from loracfg.releases.dating import written_by
from loracfg.testing.memory_files import MemoryFiles, safetensors_bytes
from tests.corpus import shared

Q = "base_model.model.model.layers.0.self_attn.q_proj"


def adapter(config: dict[str, Any], *tensors: Tensor) -> Adapter:
    contents = {"adapter_config.json": json.dumps(config).encode()}
    if tensors:
        contents["adapter_model.safetensors"] = safetensors_bytes(tensors)
    return read_adapter(MemoryFiles(contents))


def saved_by(release: str, **values: Any) -> dict[str, Any]:
    """Return the keys and values that a release saves."""
    given = {"lora_alpha": 16, "lora_dropout": 0.0, "target_modules": ["q_proj"]}
    config = model_at(release).model_validate(given)
    data = config.model_dump(mode="json") | values
    data.pop("runtime_config", None)
    return data


def writers(config: dict[str, Any], *tensors: Tensor) -> tuple[str, ...]:
    dating = written_by(adapter(config, *tensors))
    assert dating is not None
    return dating.releases


def test_the_published_files_are_dated_as_in_their_index() -> None:
    corpus = shared("corpus")
    with (corpus / "index.tsv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    dated = 0
    for row in rows:
        file = corpus / row["folder"] / f"{row['id']}.json"
        found = read_adapter(MemoryFiles({"adapter_config.json": file.read_bytes()}))
        dating = written_by(found)
        assert (dating is None) == (not row["peft_window"]), row["id"]
        if dating:
            assert set(dating.releases) <= window(row["peft_window"]), row["id"]
            dated += 1
    assert dated == sum(bool(row["peft_window"]) for row in rows)
    assert dated > 100


def window(text: str) -> set[str]:
    """Read the index: `v0.15.0..v0.15.2`, `>=v0.3.0`, or two neighbours that do not meet."""
    numbers = re.findall(r"v([\d.]*\d)", text)
    if ".." in text:
        start, end = numbers[:2]
        return set(RELEASES[RELEASES.index(start) : RELEASES.index(end) + 1])
    if "<=" in text:  # a development build has keys of both
        return set(numbers)
    return set(between(numbers[0]))


@pytest.mark.parametrize("release", between(FIRST_TO_SAVE))
def test_what_a_release_saves_is_dated_to_it(release: str) -> None:
    found = writers(saved_by(release))
    assert release in found
    keys = fields_of(release) - {"runtime_config"}
    assert all(fields_of(other) - {"runtime_config"} == keys for other in found)


@pytest.mark.parametrize(
    ("config", "tensors", "first", "last"),
    [
        (saved_by("0.18.0", peft_version="0.18.1"), [], "0.18.1", "0.18.1"),
        (saved_by("0.18.0", peft_version="0.5.0"), [], "0.18.0", "0.18.1"),
        (saved_by("0.18.0", peft_version="banana"), [], "0.18.0", "0.18.1"),
        (saved_by("0.18.0", peft_version="0.20.0"), [], "0.18.0", "0.18.1"),
        (saved_by("0.10.0", init_lora_weights="pissa"), [], "0.11.0", "0.13.2"),
        (saved_by("0.10.0", init_lora_weights="OLoRA"), [], "0.12.0", "0.13.2"),
        (saved_by("0.1.0", target_modules=".*q_proj"), [], "0.2.0", "0.2.0"),
        ({"peft_type": "LORA", "r": 8}, [], "0.1.0", PEFT_RELEASE),
        ({"peft_type": "LORA", "use_dora": False}, [], "0.9.0", PEFT_RELEASE),
        ({"peft_type": "LORA", "merge_weights": False}, [], "0.1.0", "0.2.0"),
        ({"peft_type": "LORA", "task_type": "QUESTION_ANS"}, [], "0.4.0", PEFT_RELEASE),
        (saved_by("0.3.0", enable_lora=None), [], "0.2.0", "0.3.0"),
        (saved_by("0.4.0", stray=1), [], "0.4.0", "0.5.0"),
        (saved_by("0.10.0"), [Tensor(f"{Q}.lora_A.weight", "F32", (8, 8, 3))], "0.10.0", "0.13.2"),
        (
            {"peft_type": "LORA"},
            [
                Tensor(f"{Q}.lora_A.weight", "F32", (8, 8)),
                Tensor(f"{Q}.base_layer.bias", "F32", (8,)),
            ],
            "0.7.0",
            PEFT_RELEASE,
        ),
        (
            {"peft_type": "LORA"},
            [Tensor(f"{Q}.lora_A.weight", "F32", (8, 8)), Tensor(f"{Q}.bias", "F32", (8,))],
            "0.4.0",
            "0.6.2",
        ),
        (
            {"peft_type": "LORA"},
            [Tensor(f"{Q}.lora_embedding_A", "F32", (8, 8))],
            "0.4.0",
            PEFT_RELEASE,
        ),
    ],
)
def test_evidence_narrows_the_range(
    config: dict[str, Any], tensors: list[Tensor], first: str, last: str
) -> None:
    found = writers(config, *tensors)
    assert (found[0], found[-1]) == (first, last)


def test_the_evidence_is_named() -> None:
    dating = written_by(adapter(saved_by("0.18.0", peft_version="0.18.1")))
    assert dating is not None
    assert dating.to_dict() == {
        "peft": ">=0.18.1,<0.19",
        "evidence": "its 36 keys and `peft_version`",
    }


def test_other_configs_are_not_dated() -> None:
    assert written_by(adapter({"peft_type": "IA3", "target_modules": ["q"]})) is None
    assert written_by(read_adapter(MemoryFiles({}))) is None
