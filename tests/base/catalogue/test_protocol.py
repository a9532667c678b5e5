"""The lists of the config protocol equal those of the installed transformers."""

from __future__ import annotations

from typing import Any

import transformers
from transformers.generation import configuration_utils as generation

from loracfg.base.catalogue.configs import protocol, transformers4, transformers5

IS_4 = transformers.__version__.startswith("4.")
UTILS: Any = transformers.configuration_utils


def test_layers_have_the_types_of_the_library() -> None:
    if IS_4:
        assert set(UTILS.ALLOWED_LAYER_TYPES) == protocol.LAYER_TYPES_4
        return
    assert {
        "layer_types": set(UTILS.ALLOWED_ATTN_LAYER_TYPES),
        "mlp_layer_types": set(UTILS.ALLOWED_MLP_LAYER_TYPES),
    } == protocol.LAYER_TYPES


def test_what_all_configs_have_is_known() -> None:
    """Facts may ask for any of it: it is there, although its value is unknown."""
    base: Any = transformers.PretrainedConfig
    release = transformers4 if IS_4 else transformers5
    names = {name for name in dir(base) if not name.startswith("__")}
    own = {*release.MEMBERS, *vars(base()), "has_no_defaults_at_init"}
    assert names - own == (protocol.ABSENT_4 if IS_4 else protocol.ABSENT)


def test_caches_are_those_of_the_library() -> None:
    own: Any = generation
    assert set(own.ALL_CACHE_IMPLEMENTATIONS) - {"dynamic_full"} == protocol.CACHES


def test_configs_of_transformers_4_have_the_keys_of_the_base() -> None:
    if not IS_4:
        return
    base: Any = transformers.PretrainedConfig
    own = vars(base())
    replaced = {"pruned_heads": {}, "id2label": own["id2label"], "label2id": own["label2id"]}
    expected = {**protocol.BASE_KEYS_4, **replaced}
    assert {key: own.get(key, "missing") for key in expected} == expected
