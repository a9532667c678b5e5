"""Config objects that are created from facts: the behaviour that all classes share."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pytest

from loracfg.base.catalogue.configs.config_library import ConfigLibrary
from loracfg.base.catalogue.configs.transformers5 import MEMBERS
from loracfg.base.catalogue.evaluation.refusals import DeclinedError, RefusedError
from loracfg.base.catalogue.evaluation.rows import Rows
from loracfg.base.catalogue.index import layout_of
from loracfg.base.catalogue.program_data import ConfigRecord
from tests.base.records import View

BASE_FIELDS: dict[str, list[Any]] = {
    "id2label": ["dict|None", None],
    "problem_type": ["str|None", None],
    "is_encoder_decoder": ["bool", False],
    "return_dict": ["bool", True],
    "dtype": ["any", None],
    "architectures": ["list[str]|None", None],
}
CLASSES: dict[str, dict[str, Any]] = {
    "SmallConfig": {
        "bases": ["PreTrainedConfig"],
        "consts": {"model_type": "small"},
        "fields": {
            "hidden_size": ["int", 64],
            "num_attention_heads": ["int", 4],
            "num_hidden_layers": ["int", 2],
            "vocab_size": ["int", 100],
            "max_position_embeddings": ["int", 128],
            "layer_types": ["list[str]|None", None],
            "rope_parameters": ["dict|None", None],
            "dropout": ["float", 0.0, [["in", 0.0, 1.0, 0, 0]]],
        },
        "names": {"width": "hidden_size"},
        "does": {
            "get head_dim": {
                "exprs": [
                    ["c"],
                    [".", 0, "hidden_size"],
                    [".", 0, "num_attention_heads"],
                    ["//", 1, 2],
                ],
                "value": ["v", 3],
            },
            "check validate_architecture": {
                "exprs": [["c"], [".", 0, "hidden_size"], ["%", 1, [2]], ["==", 2, [0]]],
                "checks": [[[], 3]],
            },
        },
    },
    "PairConfig": {
        "bases": ["PreTrainedConfig"],
        "consts": {"model_type": "pair"},
        "fields": {"text_config": ["dict|PreTrainedConfig|None", None]},
        "parts": {"text_config": [None, "small", {"hidden_size": 32}, 0]},
    },
}


class Facts:
    types: Mapping[str, str] = MappingProxyType({"small": "SmallConfig", "pair": "PairConfig"})
    generation = ("max_length",)
    activations = frozenset(("gelu",))
    base_fields = BASE_FIELDS

    def record(self, class_name: str) -> tuple[ConfigRecord, Rows | None]:
        if class_name not in CLASSES:
            raise DeclinedError(class_name)
        found: Any = copy.deepcopy(CLASSES[class_name])
        return found, None


@pytest.fixture
def library() -> ConfigLibrary:
    return ConfigLibrary(Facts())


def test_defaults_aliases_and_properties(library: ConfigLibrary) -> None:
    made = library.config({"model_type": "small", "width": 128, "unheard_of": 1})
    config = View(made)
    assert (config.hidden_size, config.width, config.head_dim) == (128, 128, 32)
    assert config.unheard_of == 1
    assert config.id2label == {0: "LABEL_0", 1: "LABEL_1"}
    assert made.config_class.name == "SmallConfig"


@pytest.mark.parametrize(
    "values",
    [
        {"hidden_size": "64"},
        {"hidden_size": True},
        {"hidden_size": 3},
        {"dropout": 1.5},
        {"layer_types": ["full_attention"]},
        {"layer_types": ["unheard_of"] * 2},
        {"rope_parameters": {"rope_type": "linear"}},
        {"rope_theta": 2.0, "ignore_keys_at_rope_validation": False},
        {"problem_type": "single_label_classification", "num_labels": 1},
    ],
)
def test_what_the_library_rejects(library: ConfigLibrary, values: dict[str, Any]) -> None:
    with pytest.raises(RefusedError):
        library.config({"model_type": "small", **values})


@pytest.mark.parametrize(
    "values",
    [
        {"model_type": "focalnet", "pruned_heads": 0},
        {"model_type": "focalnet", "pruned_heads": []},
        {"model_type": "focalnet", "pruned_heads": {"first": [0]}},
        {"model_type": "blip-2", "vision_config": 0},
        {"model_type": "blip-2", "vision_config": []},
    ],
)
def test_what_transformers_4_rejects(values: dict[str, Any]) -> None:
    with pytest.raises(RefusedError):
        layout_of("4").library_configs.config(values)


def test_pruned_heads_are_only_read_from_a_dict() -> None:
    config = {
        "model_type": "blip-2",
        "vision_config": {"pruned_heads": 0},
        "pruned_heads": {"1": [0]},
    }
    made = View(layout_of("4").library_configs.config(config))
    assert made.vision_config.pruned_heads == 0
    assert made.pruned_heads == {1: [0]}


def test_older_keys_of_rotary_positions(library: ConfigLibrary) -> None:
    scaling = {"type": "linear", "factor": 2.0}
    given = {"model_type": "small", "rope_scaling": scaling, "rope_theta": 5e5}
    config = library.config(given)
    assert config.read("rope_parameters") == {
        "type": "linear",
        "factor": 2.0,
        "rope_theta": 5e5,
        "rope_type": "linear",
    }
    assert scaling == {"type": "linear", "factor": 2.0}, "the input was changed"
    assert library.frequencies(config, "linear", None) == 8
    with pytest.raises(KeyError):
        library.frequencies(config, "unheard_of", None)


@pytest.mark.parametrize(
    ("kind", "part", "count"),
    [("linear", 0.5, 3), ("yarn", 0.3, 2), ("longrope", 0.5, 3), ("proportional", 0.5, 5)],
)
def test_only_the_rotated_part_has_frequencies(
    kind: str, part: float, count: int, library: ConfigLibrary
) -> None:
    parameters = {
        "rope_type": kind,
        "partial_rotary_factor": part,
        "factor": 2.0,
        "original_max_position_embeddings": 64,
        "short_factor": [1.0],
        "long_factor": [1.0],
    }
    given = {"model_type": "small", "hidden_size": 40, "rope_parameters": parameters}
    assert library.frequencies(library.config(given), kind, None) == count


def test_parts_are_created_from_dicts_and_defaults(library: ConfigLibrary) -> None:
    config = library.config({"model_type": "pair"})
    assert View(config).text_config.hidden_size == 32
    assert library.text_config(config) is config.read("text_config")
    config = library.config({"model_type": "pair", "text_config": {"hidden_size": 8}})
    assert View(config).text_config.hidden_size == 8


def test_answers_do_not_depend_on_earlier_requests(library: ConfigLibrary) -> None:
    def text() -> dict[str, Any]:
        found: dict[str, Any] = (
            library.config({"model_type": "pair"}).read("text_config").attributes
        )
        return found

    before = copy.deepcopy(text())
    View(library.config({"model_type": "pair"})).text_config.rope_parameters["factor"] = 9
    library.config({"model_type": "pair", "text_config": {"rope_theta": 7.0}})
    assert text() == before


def test_layers_that_differ(library: ConfigLibrary) -> None:
    config = library.config({"model_type": "small", "per_layer_config": {"1": {"dropout": 0.5}}})
    layers = config.read("per_layer_config")
    assert [layers[number].read("dropout") for number in range(len(layers))] == [0.0, 0.5]
    with pytest.raises(RefusedError):
        config.read("dropout")
    with pytest.raises(RefusedError):
        library.config({"model_type": "small", "per_layer_config": {"2": {"hidden_size": 8}}})


def test_floats_that_json_does_not_have(library: ConfigLibrary) -> None:
    config = library.config({"model_type": "small", "limit": [0.0, {"__float__": "Infinity"}]})
    assert config.read("limit") == [0.0, float("inf")]


@pytest.mark.parametrize("count", [10**5, 10**9, 10**18, 10**30])
def test_huge_numbers_of_labels_and_layers_decline(library: ConfigLibrary, count: int) -> None:
    for values in (
        {"num_labels": count * 10},
        {"num_hidden_layers": count * 10, "per_layer_config": {"1": {"hidden_size": 8}}},
    ):
        with pytest.raises(DeclinedError):
            library.config({"model_type": "small", **values})


def test_deep_nesting_declines(library: ConfigLibrary) -> None:
    value: Any = {}
    for _ in range(5000):
        value = {"text_config": value}
    with pytest.raises(DeclinedError):
        library.config({"model_type": "pair", "text_config": value})


@pytest.mark.parametrize(
    "name", ["attribute_map", "to_dict", "validate_rope", "__class__", "__dict__"]
)
def test_keys_that_the_library_uses_otherwise_decline(library: ConfigLibrary, name: str) -> None:
    with pytest.raises(DeclinedError):
        library.config({"model_type": "small", name: {}})


@pytest.mark.parametrize("name", ["attributes", "budget", "config_class", "layers", "read", "set"])
def test_attributes_of_our_own_objects_are_not_those_of_a_config(
    library: ConfigLibrary, name: str
) -> None:
    assert not library.config({"model_type": "small"}).has(name)
    assert library.config({"model_type": "small", name: 1}).read(name) == 1


def test_all_computed_attributes_are_those_of_the_library() -> None:
    transformers = pytest.importorskip("transformers")
    theirs = set(dir(transformers.PreTrainedConfig)) | set(vars(transformers.PreTrainedConfig()))
    assert MEMBERS.keys() <= theirs
