"""The rules for how PEFT renames modules of transformers 4: learning and applying them."""

from __future__ import annotations

import pytest

from loracfg.base.catalogue import lookup
from loracfg.base.catalogue.index import LAYOUTS, layout_of
from loracfg.base.class_builder import CannotBuildError
from loracfg.base.derivation.building.layout_files import FACTS, read_index
from loracfg.base.derivation.building.renames import Answer, is_explained, learn
from loracfg.base.renaming import renamed

NEWER, OLDER = map(layout_of, LAYOUTS)
RENAMES = read_index(FACTS / LAYOUTS[0]).renames


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("language_model.model.layers.3.mlp", "model.language_model.layers.3.mlp"),
        ("language_model.model", "model.language_model"),
        ("language_model.models.0", "language_model.models.0"),
        ("model.language_model.model", "model.language_model.model"),
        ("encoder.block.2.7.fc", "stages.2.blocks.7.fc"),
        ("encoder.block.2.fc", "encoder.block.2.fc"),
        ("text_model.norm", "norm"),
    ],
)
def test_renamed(path: str, expected: str) -> None:
    rules = (
        ("language_model.model", "model.language_model"),
        ("encoder.block.#.#", "stages.#.blocks.#"),
        ("text_model", ""),
    )
    assert renamed(path, rules) == expected


def answers(*pairs: tuple[str, str]) -> list[Answer]:
    return [Answer(old, new, exists=True) for old, new in pairs]


def test_the_longest_common_end_is_not_in_a_rule() -> None:
    found = learn(
        answers(
            ("language_model.model.layers.0.q", "model.language_model.layers.0.q"),
            ("language_model.model.layers.1.v", "model.language_model.layers.1.v"),
            ("language_model.model.norm", "model.language_model.norm"),
        )
    )
    assert found == [["language_model.model", "model.language_model"]]


def test_a_rule_keeps_what_peft_keeps() -> None:
    found = learn(
        answers(
            ("model.layers.0.q", "model.language_model.layers.0.q"),
            ("model.language_model.layers.0.q", "model.language_model.layers.0.q"),
        )
    )
    assert found == [["model.layers", "model.language_model.layers"]]


def test_numbers_are_kept_as_far_as_both_sides_have_them() -> None:
    found = learn(
        answers(
            ("layers.4.fc1", "layers.4.mlp.layers.0"),
            ("layers.5.fc1", "layers.5.mlp.layers.0"),
            ("projector.0", "projector.in"),
            ("projector.2", "projector.out"),
        )
    )
    assert found == [
        ["layers.#.fc1", "layers.#.mlp.layers.0"],
        ["projector.0", "projector.in"],
        ["projector.2", "projector.out"],
    ]


def test_no_rule_contradicts_peft() -> None:
    known = [
        *answers(("tower.vision.q", "model.tower.q")),
        Answer("tower.vision.proj", "tower.vision.proj", exists=False),
    ]
    found = learn(known)
    assert found == [["tower.vision.q", "model.tower.q"]]
    assert all(is_explained(one, found) for one in known)


def test_ambiguous_rules_are_dropped() -> None:
    known = answers(("a.b", "c.b"), ("a.b", "d.b"))
    assert not all(is_explained(one, learn(known)) for one in known)


def test_observed_results_of_peft() -> None:
    rules = RENAMES
    assert rules["Gemma3ForConditionalGeneration"] == [
        ["language_model.model", "model.language_model"],
        ["model.vision_tower.vision_model", "model.vision_tower"],
        ["vision_tower.vision_model", "model.vision_tower"],
    ]
    assert "Qwen2VLForConditionalGeneration" not in rules  # it does not have its own table
    assert "Idefics3ForConditionalGeneration" not in rules  # nothing was renamed


def test_classes_with_rules_are_in_both_layouts() -> None:
    assert all(one.home_of(name) for one in (NEWER, OLDER) for name in RENAMES)


@pytest.mark.parametrize("class_name", RENAMES)
def test_rules_keep_the_names_of_the_newest_release(class_name: str) -> None:
    model_type = NEWER.home_of(class_name)
    try:
        newer = lookup.build({"model_type": model_type}, class_name)
    except CannotBuildError as error:
        pytest.skip(f"no default config: {error.message}")
    assert newer.renames
    moved = {p: renamed(p, newer.renames) for p, m in newer.modules.items() if m.parameters}
    assert {old: new for old, new in moved.items() if old != new} == {}


@pytest.mark.parametrize("class_name", RENAMES)
def test_older_names_map_to_different_modules(class_name: str) -> None:
    model_type = NEWER.home_of(class_name)
    config = {"model_type": model_type}
    try:
        newer = lookup.build(config, class_name)
        older = lookup.build(config, class_name, LAYOUTS[1])
    except CannotBuildError as error:
        pytest.skip(f"no default config: {error.message}")
    led = [
        new
        for path, module in older.modules.items()
        if module.parameters and (new := renamed(path, newer.renames)) != path
    ]
    assert len(led) == len(set(led))
    lost = [path for path in led if newer.find(path) is None]
    assert all(".mlp.gate" in path or ".mlp.experts." in path for path in lost), lost
