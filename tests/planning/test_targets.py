"""The paths that a config selects, and the keys that match, agree with PEFT's functions."""

from __future__ import annotations

from typing import Any, Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from loracfg.base.architecture import Architecture, Kind, Module
from loracfg.config.model.lora_config import LoraConfig
from loracfg.config.model.validation_context import FIELDS_ONLY
from loracfg.planning.patterns import PatternBudget
from loracfg.planning.targets import (
    all_linear,
    layer_filter,
    pattern_values,
    resolve_targets,
    select,
    suffixes,
)

pytest.importorskip("peft", reason="the selection is compared with PEFT's")

STEPS: Final = ["model", "layers", "h", "layer", "0", "1", "12", "mlp", "q_proj", "experts", "a_b"]
PATHS: Final = st.lists(
    st.lists(st.sampled_from(STEPS), min_size=1, max_size=6).map(".".join),
    min_size=1,
    max_size=8,
    unique=True,
)
NAMES: Final = st.lists(st.sampled_from(STEPS), min_size=1, max_size=2).map(".".join)
PATTERNS: Final = st.sampled_from(
    [r".*q_proj", r"model\..*", r"(mlp|h)", r".*\.1\..*", "layers.0", "a.b", r"\d+", ".*"]
)
LISTS: Final = st.lists(NAMES, min_size=1, max_size=3, unique=True)
NUMBERS: Final = st.sampled_from([0, 1, 12])
CONFIGS: Final = st.one_of(
    st.fixed_dictionaries(
        {"target_modules": LISTS},
        optional={
            "exclude_modules": st.one_of(LISTS, PATTERNS),
            "modules_to_save": st.lists(st.one_of(NAMES, PATTERNS), min_size=1, max_size=2),
            "layers_to_transform": st.one_of(NUMBERS, st.lists(NUMBERS, max_size=2, unique=True)),
            "layers_pattern": st.one_of(
                st.sampled_from(["", "layers", "h", "(layers|h)", "lay.*", "(?#", "h(?#"]),
                st.lists(st.sampled_from(["layers", "h", "layer"]), max_size=2),
            ),
        },
    ),
    st.fixed_dictionaries(
        {"target_modules": PATTERNS},
        optional={"exclude_modules": st.one_of(LISTS, PATTERNS), "modules_to_save": LISTS},
    ),
)


@given(CONFIGS, PATHS)
@settings(deadline=None)
@example({"target_modules": ["q_proj"], "layers_to_transform": 1}, ["layers.1.experts.0.q_proj"])
@example({"target_modules": ["q_proj"], "modules_to_save": ["a_b"]}, ["a_b.q_proj", "xa_b.q_proj"])
def test_selection_is_that_of_peft(values: dict[str, Any], paths: list[str]) -> None:
    from peft.tuners.tuners_utils import _ExcludedModule, check_target_module_exists

    config = LoraConfig.model_validate(values, context=FIELDS_ONLY)
    answers = {path: check_target_module_exists(config, path) for path in paths}
    targets = config.target_modules
    assert targets is not None
    wanted = targets if isinstance(targets, str) else tuple(targets)
    selection = select(config, wanted, paths, PatternBudget())
    excluded = {path for path, answer in answers.items() if isinstance(answer, _ExcludedModule)}
    assert selection.excluded == excluded
    assert selection.matched.keys() == {p for p, answer in answers.items() if answer}
    for path, entry in selection.matched.items():
        assert entry == targets if isinstance(targets, str) else path.endswith(entry)


@given(st.lists(st.one_of(NAMES, PATTERNS), max_size=4, unique=True), PATHS)
@settings(deadline=None)
def test_keys_of_patterns_are_those_of_peft(keys: list[str], paths: list[str]) -> None:
    from peft.utils.other import get_pattern_key

    values = pattern_values(keys, paths, PatternBudget())
    for path in paths:
        # Without a key that matches, PEFT returns the path, which may be a key that matches.
        first = values[path][0] if path in values else path
        assert first == get_pattern_key(keys, path)
        for key in keys:
            assert (key in values.get(path, ())) == (get_pattern_key([key, ""], path) == key)


def test_suffixes_are_whole_steps_longest_first() -> None:
    assert list(suffixes("model.layers.0.q_proj")) == [
        "model.layers.0.q_proj",
        "layers.0.q_proj",
        "0.q_proj",
        "q_proj",
    ]
    assert list(suffixes("")) == [""]


def test_a_layer_left_out_by_number_differs_from_an_untargeted_one() -> None:
    config = LoraConfig(target_modules=["q_proj"], layers_to_transform=[1])
    paths = ["layers.0.mlp", "layers.0.x.q_proj", "m.layers.1.q_proj"]
    selection = select(config, ("q_proj",), paths, PatternBudget())
    assert selection.matched == {"m.layers.1.q_proj": "q_proj"}
    assert selection.filtered == {"layers.0.x.q_proj"}
    assert selection.excluded == frozenset()


def test_a_layer_number_of_many_digits_is_one_like_others() -> None:
    config = LoraConfig(target_modules=["q_proj"], layers_to_transform=[1])
    path = f"model.layers.{'9' * 5000}.q_proj"
    assert layer_filter(config, [path], PatternBudget()) == frozenset()


@pytest.mark.parametrize("names", ["(?#", ["(?#", "layers"]])
def test_a_comment_that_hides_the_number_selects_what_peft_selects(names: str | list[str]) -> None:
    from peft.tuners.tuners_utils import check_target_module_exists

    config = LoraConfig(target_modules=["q"], layers_to_transform=[0], layers_pattern=names)
    for path in ("m.layers.0.q", "m..layers.0.q"):
        selected = layer_filter(config, [path], PatternBudget())
        assert bool(selected) == bool(check_target_module_exists(config, path))


def tree(**about: Any) -> Architecture:
    """Return a tree with a layer of each linear kind and a head."""
    kinds = {"fc": Kind.LINEAR, "conv": Kind.CONV1D_GPT2, "emb": Kind.EMBEDDING}
    modules = {"": Module("", Kind.OTHER, "Root")} | {
        path: Module(path, kind, kind.value, {"weight": (3, 5)})
        for path, kind in (kinds | {"score": Kind.LINEAR, "classifier": Kind.LINEAR}).items()
    }
    return Architecture("transformers", about.pop("model_type", None), None, modules, **about)


@pytest.mark.parametrize(
    ("about", "task", "left_out"),
    [
        ({}, None, set()),
        ({"output_embeddings": "fc"}, None, {"fc"}),
        ({"output_embeddings": "fc"}, "SEQ_CLS", {"fc"}),
        ({}, "SEQ_CLS", {"score"}),
        ({}, "TOKEN_CLS", set()),
        ({"is_transformers": False, "output_embeddings": "fc"}, "SEQ_CLS", set()),
    ],
)
def test_all_linear(about: dict[str, Any], task: Any, left_out: set[str]) -> None:
    config = LoraConfig(target_modules="ALL-linear", task_type=task)
    linear = {"fc", "conv", "score", "classifier"}
    base = tree(**about)
    assert set(all_linear(config, base)) == linear - left_out
    assert resolve_targets(config, base) == all_linear(config, base)


def test_no_targets_are_those_of_the_model_type() -> None:
    assert resolve_targets(LoraConfig(), tree(model_type="unheard_of")) is None
    assert resolve_targets(LoraConfig(), tree(model_type="llama")) == ("q_proj", "v_proj")
