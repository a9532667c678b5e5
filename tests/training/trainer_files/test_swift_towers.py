"""ms-swift gives adapters to the parts of a base with towers that are not frozen."""

from __future__ import annotations

import re
from typing import Final

import pytest

from loracfg.base.architecture import Kind
from tests.training.trainer_files.bases import tree_of
from tests.training.trainer_files.test_readers import notes_of, read

TRAIN: Final = "swift sft --model m --tuner_type lora --target_modules all-linear"
TEXT: Final = "model.language_model."
VISUAL: Final = "model.visual."
MERGER: Final = "model.visual.merger."
"""The aligner, which is inside the tower."""


@pytest.mark.parametrize(
    ("base", "options", "adapted", "left_out"),
    [
        ("qwen2_vl", "", (TEXT,), ()),
        ("qwen2_vl", "--freeze_vit false", (TEXT, VISUAL), (MERGER,)),
        ("qwen2_vl", "--freeze_aligner false", (TEXT, MERGER), ()),
        ("qwen2_vl", "--freeze_vit false --freeze_aligner false", (TEXT, VISUAL), ()),
        ("qwen2_vl", "--freeze_llm true --freeze_vit false", (VISUAL,), (MERGER,)),
        ("qwen2_vl", "--freeze_llm true --freeze_aligner false", (MERGER,), ()),
        ("llava", "--freeze_llm true --freeze_vit false", ("model.vision_tower.",), ()),
        ("idefics3", "--freeze_aligner false", ("model.text_model.", "model.connector."), ()),
    ],
)
def test_all_linear_targets_the_parts_that_are_not_frozen(
    base: str, options: str, adapted: tuple[str, ...], left_out: tuple[str, ...]
) -> None:
    tree = tree_of(base)
    file = read(f"{TRAIN} {options}", "a.sh").resolve(tree)
    assert notes_of(file) == []
    pattern = str(file.config["target_modules"])
    linear = {path for path, module in tree.modules.items() if module.kind is Kind.LINEAR}
    expected = {one for one in linear if one.startswith(adapted) and not one.startswith(left_out)}
    assert expected
    assert {one for one in linear if re.fullmatch(pattern, one)} == expected


@pytest.mark.parametrize("frozen", ["--freeze_llm true", "--freeze_llm true --freeze_vit true"])
def test_all_linear_without_a_part_is_rejected(frozen: str) -> None:
    file = read(f"{TRAIN} {frozen}", "a.sh").resolve(tree_of("qwen2_vl"))
    assert notes_of(file) == [("rejected", "target_modules")]
    assert "every part of the base that ms-swift knows is frozen" in file.notes[0].message


def test_all_embedding_adds_the_embeddings_of_the_text() -> None:
    file = read(f"{TRAIN} all-embedding", "a.sh").resolve(tree_of("qwen2_vl"))
    pattern = str(file.config["target_modules"])
    assert re.fullmatch(pattern, f"{TEXT}embed_tokens")
    assert not re.fullmatch(pattern, "lm_head")
