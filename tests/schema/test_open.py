"""The open schema accepts what PEFT loads, field by field."""

from __future__ import annotations

from typing import Any, Final

import pytest
from hypothesis import given, settings

from loracfg.config.history.releases import PEFT_RELEASE, RELEASES
from loracfg.config.reading.with_models import LOADS
from tests.config.reading import reading_of
from tests.schema.drawing import Document, documents
from tests.schema.published import PublishedFile, published
from tests.schema.reading import errors, of_release

LORA: Final = {"peft_type": "LORA"}

LOOSE: Final[list[Document]] = [
    {"fan_in_fan_out": None},
    {"use_dora": "yes"},
    {"peft_version": 0.18},
    {"loftq_config": None},
    {"loftq_config": {"loftq_bits": 3}},
    {"lora_dropout": -1},
    {"lora_dropout": True},
    {"layers_to_transform": [1.0]},
    {"alora_invocation_tokens": 0},
    {"target_modules": {"q_proj": None}},
    {"target_modules": [""]},
    {"modules_to_save": False},
    {"init_lora_weights": None},
    {"eva_config": {"rho": True, "whiten": "no", "unheard_of": 1}},
    {"use_bdlora": {"match_strict": 1}},
    {"runtime_config": {"ephemeral_gpu_offload": True}},
    {"unheard_of": 1},
]
"""What PEFT loads although its annotations forbid it."""

FAILING: Final[list[tuple[Document, str]]] = [
    ({"r": 0}, "/r"),
    ({"r": None}, "/r"),
    ({"lora_dropout": 1.5}, "/lora_dropout"),
    ({"layers_to_transform": [1.5]}, "/layers_to_transform/0"),
    ({"modules_to_save": [""]}, "/modules_to_save/0"),
    ({"modules_to_save": True}, "/modules_to_save"),
    ({"target_parameters": ""}, "/target_parameters"),
    ({"init_lora_weights": "gausian"}, "/init_lora_weights"),
    ({"eva_config": {"rho": False}}, "/eva_config/rho"),
    ({"monteclora_config": {"unheard_of": 1}}, "/monteclora_config"),
]
"""What PEFT fails on, and where."""

ACCEPTED_IN_VAIN: Final[dict[str, Document]] = {
    "an integer written as a float": {"r": 8.0},
    "a pattern that Python's re does not compile": {"target_modules": "*"},
    "an invalid loftq_config with LoftQ": {
        "init_lora_weights": "loftq",
        "loftq_config": {"loftq_bits": 3},
    },
    "a conflict between fields": {
        "use_bdlora": {"target_modules_bd_a": ["a"], "target_modules_bd_b": ["a"]}
    },
}


def loads(document: Document) -> bool:
    """Tell whether PEFT loads each field of a document by itself."""
    return all(fault.kind in LOADS for fault in reading_of(document).faults)


def is_open(document: Document, release: str = PEFT_RELEASE) -> bool:
    return not errors(of_release(release, "open"), document)


@settings(deadline=None)
@given(documents())
def test_open_schema_accepts_what_loads(document: Document) -> None:
    loftq: Any = document.get("init_lora_weights")
    if loftq == "loftq":
        del document["init_lora_weights"]
    assert is_open(document) == loads(document)


@pytest.mark.parametrize("document", LOOSE, ids=str)
def test_loose_value_is_accepted(document: Document) -> None:
    assert loads(document)
    assert errors(of_release(PEFT_RELEASE, "open"), LORA | document) == []


@pytest.mark.parametrize(("document", "pointer"), FAILING, ids=str)
def test_value_that_peft_fails_on_is_rejected_in_its_place(
    document: Document, pointer: str
) -> None:
    assert not loads(document)
    assert [at for at, _ in errors(of_release(PEFT_RELEASE, "open"), LORA | document)] == [pointer]


@pytest.mark.parametrize("name", ACCEPTED_IN_VAIN)
def test_known_disagreement(name: str) -> None:
    assert is_open(LORA | ACCEPTED_IN_VAIN[name])
    assert not loads(ACCEPTED_IN_VAIN[name])


def test_a_file_has_its_peft_type() -> None:
    assert not any(is_open({"r": 8, "lora_alpha": 8, "lora_dropout": 0}, r) for r in RELEASES)


@settings(deadline=None)
@given(documents())
def test_what_is_strictly_right_is_right_in_the_open(document: Document) -> None:
    for release in RELEASES[::6]:
        if of_release(release, "strict").is_valid(document):
            assert is_open(document, release)


def test_published_files_that_peft_loads_are_accepted() -> None:
    refused = {
        f"{file.number} in {release}": found
        for file in published()
        for release in (PEFT_RELEASE, *file.releases)
        if file.loads and (found := errors(of_release(release, "open"), file.document))
    }
    assert refused == {}


def test_published_files_include_loose_ones() -> None:
    strict = of_release(PEFT_RELEASE, "strict")
    loose = [f for f in published() if f.loads and not strict.is_valid(f.document)]
    assert any(_is_loose(file) for file in loose)


def _is_loose(file: PublishedFile) -> bool:
    return any(kind == "loose-value" for kind in (f.kind for f in reading_of(file.document).faults))
