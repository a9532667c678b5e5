"""Predicted modules, ranks and scalings agree with those of real releases."""

from __future__ import annotations

import json
import math
from typing import Any, Final

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from loracfg.config.history.releases import at_least
from loracfg.planning.patterns import PatternBudget
from loracfg.releases.adapted_layers import LayerScaling, layers, matching
from loracfg.testing.arguments import accepted_values
from tests.releases.drawing import KEYS, PATHS, TARGETS, config_of
from tests.releases.real import ASKED, Job, Result, run

DRAWN: Final = 120
"""Configs drawn for each release, beside those that are written down."""

MODEL: Final[dict[str, list[Any]]] = {
    path: ["Linear", 8 + number, 30 - 3 * number] for number, path in enumerate(PATHS)
}
"""Outputs in threes, since 0.1.0 and 0.2.0 make three layers of one if there is one target."""

NOTHING: Final = ("not found in the base model", "No modules were targeted", "were excluded")
"""What releases say where a config adapts no module."""

Q, V = "q_proj", "v_proj"
ALL: Final = [Q, V, "up_proj", "lm_head", "embed_tokens"]
EXACT: Final = ["model.layers.0.mlp.up_proj", "model.layers.1.mlp.up_proj"]
CONFIGS: Final[dict[str, dict[str, Any]]] = {
    "names": {"target_modules": [Q, V]},
    "top-level": {"target_modules": ["lm_head"]},
    "raw-end": {"target_modules": ["_proj", "head"]},
    "pattern-in-name": {"target_modules": ["[qv]_proj", r"experts\.\d\.up_proj", "nothing"]},
    "pattern-of-top-level": {"target_modules": ["lm_.*", Q]},
    "alternation-in-name": {"target_modules": ["up_proj|q_proj", V]},
    "several-steps": {"target_modules": ["mlp.up_proj", "0.self_attn.q_proj"]},
    "text": {"target_modules": r".*\.[qv]_proj"},
    "text-of-one-path": {"target_modules": "lm_head"},
    "text-of-no-path": {"target_modules": Q},
    "text-alternation": {"target_modules": r"lm_head|.*\.0\..*_proj"},
    "nothing": {"target_modules": ["x_proj", "y_proj"]},
    "layers": {"target_modules": ALL, "layers_to_transform": [0]},
    "layer": {"target_modules": ALL, "layers_to_transform": 1},
    "layer-0": {"target_modules": ALL, "layers_to_transform": 0},
    "no-layers": {"target_modules": ALL, "layers_to_transform": []},
    "layers-of-list": {
        "target_modules": ALL,
        "layers_to_transform": [0],
        "layers_pattern": "layers",
    },
    "layers-of-experts": {
        "target_modules": ALL,
        "layers_to_transform": [1],
        "layers_pattern": ["experts"],
    },
    "layers-of-lists": {
        "target_modules": ALL,
        "layers_to_transform": [0],
        "layers_pattern": ["experts", "layers"],
    },
    "layers-of-any": {"target_modules": ALL, "layers_to_transform": [1], "layers_pattern": []},
    "layers-of-empty": {"target_modules": ALL, "layers_to_transform": [1], "layers_pattern": ""},
    "layers-at-start": {
        "target_modules": ALL,
        "layers_to_transform": [1],
        "layers_pattern": r"model\.layers",
    },
    "layers-by-pattern": {
        "target_modules": ALL,
        "layers_to_transform": [1],
        "layers_pattern": "(?:layers|experts)",
    },
    "layers-of-nothing": {
        "target_modules": ALL,
        "layers_to_transform": [0],
        "layers_pattern": "blocks",
    },
    "exact-is-exempt": {"target_modules": [*EXACT, Q], "layers_to_transform": [1]},
    "exact-and-by-end": {
        "target_modules": [*EXACT, "up_proj", "lm_head"],
        "layers_to_transform": [0],
        "layers_pattern": "layers",
    },
    "excluded": {"target_modules": ALL, "exclude_modules": [V, "mlp.up_proj", "lm_head"]},
    "excluded-by-text": {"target_modules": ALL, "exclude_modules": r".*\.1\..*"},
    "excluded-end": {"target_modules": ALL, "exclude_modules": ["proj", "_proj"]},
    "all-excluded": {"target_modules": [Q], "exclude_modules": [Q]},
    "saved": {"target_modules": [Q, V], "modules_to_save": ["lm_head"]},
    "ranks": {"target_modules": ALL, "rank_pattern": {Q: 2, "lm_head": 3}},
    "alphas": {"target_modules": ALL, "alpha_pattern": {Q: 2, "embed_tokens": 3}},
    "joint": {
        "target_modules": ALL,
        "rank_pattern": {"up_proj": 2},
        "alpha_pattern": {r"experts\.\d\.up_proj": 4, r"mlp\.up_proj": 5, Q: 6},
    },
    "alpha-first": {
        "target_modules": ALL,
        "rank_pattern": {r"self_attn\.q_proj": 2},
        "alpha_pattern": {Q: 4, V: 5},
    },
    "same-keys": {
        "target_modules": ALL,
        "rank_pattern": {Q: 2, V: 3},
        "alpha_pattern": {Q: 4, V: 5},
    },
    "anchored": {
        "target_modules": ALL,
        "rank_pattern": {r"^model\.layers\.0\.self_attn\.q_proj": 2, "^q_proj": 3, "^lm_head$": 4},
        "alpha_pattern": {"^model.layers.1.mlp.up_proj$": 5, "^lm_head": 6},
    },
    "exact-keys": {
        "target_modules": ALL,
        "rank_pattern": {"model.layers.0.self_attn.q_proj": 2, "lm_head": 3},
        "alpha_pattern": {"model.layers.1.self_attn.v_proj": 5, "model.embed_tokens": 6},
    },
    "alternation": {
        "target_modules": ALL,
        "rank_pattern": {"q_proj|v_proj": 2, "(up_proj|lm_head)": 3},
        "alpha_pattern": {"lm_head|q_proj": 5},
    },
    "part-of-step": {"target_modules": ALL, "rank_pattern": {"_proj": 2, "self_attn": 3}},
    "any-start": {"target_modules": ALL, "rank_pattern": {".*_proj": 2, "layers.*": 3}},
    "first-key": {"target_modules": ALL, "rank_pattern": {r"0\..*": 2, Q: 3, ".*": 4}},
    "root": {"target_modules": ALL, "use_rslora": True},
    "root-and-patterns": {
        "target_modules": ALL,
        "use_rslora": True,
        "rank_pattern": {Q: 2, "lm_head": 3},
        "alpha_pattern": {Q: 3.5, V: 8},
    },
}
"""One config at least for each rule that some release changed."""

KEEPS_SAVED_OUT: Final = {
    "targeted-and-saved": {"target_modules": [Q, "lm_head"], "modules_to_save": ["lm_head"]},
    "saved-part": {"target_modules": [Q, "up_proj"], "modules_to_save": ["mlp"]},
    "saved-pattern": {"target_modules": [Q, "up_proj"], "modules_to_save": [r"layers\.\d\.mlp"]},
}
"""The same since 0.16.0; before, a module that is targeted and saved holds both, or fails."""

CHARACTERS: Final = {"target_modules": "jd"}
"""Names of all layers for 0.1.0, which goes through the characters, but no container of layers."""

NAMES: Final = st.sampled_from([Q, V, "up_proj", "mlp", "lm_head", "experts", *EXACT])
LAYER_CONFIGS: Final = st.fixed_dictionaries(
    {
        "target_modules": TARGETS
        | st.just(ALL)
        | st.sampled_from([r".*\.[qv]_proj", r".*1\..*_proj"])
    },
    optional={
        "r": st.integers(1, 8),
        "lora_alpha": st.integers(-8, 8) | st.sampled_from([0.5, 1e3]),
        "rank_pattern": st.dictionaries(KEYS, st.integers(1, 4), max_size=3),
        "alpha_pattern": st.dictionaries(KEYS, st.integers(1, 64), max_size=3),
        "use_rslora": st.booleans(),
        "exclude_modules": st.lists(NAMES, max_size=2) | st.just(r".*\.1\..*"),
        "layers_to_transform": st.integers(0, 2) | st.lists(st.integers(0, 2), max_size=2),
        "layers_pattern": st.sampled_from(["layers", "experts", ["layers", "experts"], [], "h"]),
    },
)
WHOLE: Final = st.lists(st.sampled_from([Q, V, "mlp", "lm_head", EXACT[0]]), max_size=1)
SAVED: Final = st.fixed_dictionaries({}, optional={"modules_to_save": WHOLE})


def configs(release: str) -> dict[str, dict[str, Any]]:
    """Return the configs above and the same drawn ones at each call, as a release accepts them."""
    out = at_least(release, "0.16.0")
    found = CONFIGS | {"characters": CHARACTERS} | (KEEPS_SAVED_OUT if out else {})

    @settings(derandomize=True, max_examples=DRAWN, phases=[Phase.generate], database=None)
    @given(LAYER_CONFIGS, SAVED if out else st.just({}))
    def collect(values: dict[str, Any], saved: dict[str, Any]) -> None:
        found[f"drawn-{len(found)}"] = values | saved

    collect()
    if release == "0.1.0":  # its characters are those of containers too, on which it fails
        texts = [n for n, v in found.items() if isinstance(v["target_modules"], str)]
        found = {n: v for n, v in found.items() if n not in texts or n == "characters"}
    base = {"peft_type": "LORA", "r": 6, "lora_alpha": 12, "lora_dropout": 0.0, "bias": "none"}
    return {
        name: accepted_values(base | values, release) | {"target_modules": values["target_modules"]}
        for name, values in found.items()
    }


def made(result: Result) -> dict[str, LayerScaling]:
    """Return what a release adapted, empty where it found nothing to adapt."""
    error = result.get("error", "")
    if error:
        return {} if any(words in error for words in NOTHING) else {error: LayerScaling(0, 0.0)}
    return {p: LayerScaling(layer["r"], layer["scaling"]) for p, layer in result["layers"].items()}


def is_same(one: dict[str, LayerScaling], other: dict[str, LayerScaling]) -> bool:
    return one.keys() == other.keys() and all(
        layer.rank == other[path].rank and math.isclose(layer.scaling, other[path].scaling)
        for path, layer in one.items()
    )


@pytest.mark.parametrize("release", ASKED)
def test_a_release_adapts_what_is_predicted(release: str) -> None:
    wanted = configs(release)
    jobs = [
        Job(id=name, do="create", config=values, model=MODEL, unsaved=True)
        for name, values in wanted.items()
    ]
    wrong = {}
    for result in run(release, jobs):
        values = json.loads(json.dumps(wanted[result["id"]]))
        predicted = layers(config_of(values), matching(release), PATHS, PatternBudget())
        if not is_same(found := made(result), predicted):
            wrong[result["id"]] = (values, found, predicted)
    assert wrong == {}
