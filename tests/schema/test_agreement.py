"""The model, pydantic's schema of it and the polished one accept the same documents.

Where they do not, `DISAGREEMENTS` names it, and says which of the three accept.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from loracfg.config.history.derived_models import model_at
from loracfg.config.history.releases import PEFT_RELEASE, RELEASES
from loracfg.config.model.validation_context import FIELDS_ONLY
from tests.config.cases import BREAKING
from tests.schema.drawing import Document, documents
from tests.schema.reading import SCHEMAS, of_release, raw
from tests.schema.test_open import ACCEPTED_IN_VAIN

MODEL, RAW, POLISHED = "model", "raw", "polished"


@dataclass(frozen=True)
class Disagreement:
    """Documents that some accept and others refuse, and why."""

    accepting: frozenset[str]
    documents: tuple[Document, ...]
    release: str = PEFT_RELEASE


def only(*accepting: str, of: list[Document], release: str = PEFT_RELEASE) -> Disagreement:
    return Disagreement(frozenset(accepting), tuple(of), release)


LORA: Final = {"peft_type": "LORA"}

DISAGREEMENTS: Final = {
    "an integer written as a float": only(
        RAW,
        POLISHED,
        of=[{**LORA, "r": 8.0}, {**LORA, "loftq_config": {"loftq_bits": 4.0}}],
    ),
    "a pattern that Python's re does not compile": only(
        RAW,
        POLISHED,
        of=[
            {**LORA, "target_modules": "*"},
            {**LORA, "rank_pattern": {"(": 8}},
            {**LORA, "layers_pattern": "["},
            {**LORA, "modules_to_save": [")"]},
            {**LORA, "target_modules": "a|" * 15_000},
        ],
    ),
    "a conflict between fields": only(
        RAW,
        POLISHED,
        of=[
            *({**LORA, **arguments} for _, arguments in BREAKING),
            {**LORA, "use_bdlora": {"target_modules_bd_a": ["a"], "target_modules_bd_b": ["a"]}},
        ],
    ),
    "no peft_type": only(MODEL, RAW, of=[{}, {"r": 4}]),
    "a runtime_config": only(
        MODEL, RAW, of=[{**LORA, "runtime_config": {"ephemeral_gpu_offload": True}}]
    ),
    "a number too large for a float": only(
        RAW,
        POLISHED,
        of=[{**LORA, "lora_alpha": value} for value in (10**400, json.loads("1e400"))],
    ),
    "a final line feed, which Python's $ ignores": only(
        RAW, POLISHED, of=[{**LORA, "init_lora_weights": "pissa_niter_4\n"}]
    ),
}


def accepting(release: str, document: Document, **context: Any) -> set[str]:
    """Return which of the three accept a document."""
    found = set()
    try:
        model_at(release).model_validate(document, **context)
        found.add(MODEL)
    except ValidationError:
        pass
    if raw(release).is_valid(document):
        found.add(RAW)
    if of_release(release, "strict").is_valid(document):
        found.add(POLISHED)
    return found


@settings(deadline=None)
@given(st.sampled_from(RELEASES), documents())
def test_model_and_schemas_accept_the_same(release: str, document: Document) -> None:
    found = accepting(release, document, context=FIELDS_ONLY)
    assert found in (set(), {MODEL, RAW, POLISHED})


def test_both_verdicts_are_drawn() -> None:
    verdicts: Counter[bool] = Counter()

    @settings(max_examples=100, derandomize=True, deadline=None)
    @given(documents())
    def draw(document: Document) -> None:
        verdicts[bool(accepting(PEFT_RELEASE, document, context=FIELDS_ONLY))] += 1

    draw()
    assert min(verdicts[True], verdicts[False]) > 20


@pytest.mark.parametrize("name", DISAGREEMENTS)
def test_known_disagreement(name: str) -> None:
    known = DISAGREEMENTS[name]
    for document in known.documents:
        assert accepting(known.release, document) == known.accepting, document


def test_page_names_every_disagreement() -> None:
    page = (SCHEMAS.parent / "docs" / "schema.md").read_text()
    for name in (*DISAGREEMENTS, *ACCEPTED_IN_VAIN):
        assert f"\n| {name}" in page
