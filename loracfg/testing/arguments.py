"""Draw the values of valid configs as in JSON, for the newest PEFT or any other release."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Final

from hypothesis import strategies as st
from pydantic import ValidationError

from loracfg.config.history import field_facts
from loracfg.config.history.derived_models import model_at
from loracfg.config.history.field_facts import fields_of
from loracfg.config.history.releases import PEFT_RELEASE, loading_release
from loracfg.config.model.constraints import conflicts
from loracfg.config.model.lora_config import LoraConfig
from loracfg.config.model.validation_context import FIELDS_ONLY

Arguments = dict[str, Any]

VARIANTS: Final[dict[str, Arguments]] = {
    "use_dora": {"use_dora": True},
    "alora_invocation_tokens": {"alora_invocation_tokens": [1, 2]},
    "arrow_config": {"arrow_config": {"top_k": 2}},
    "use_bdlora": {"use_bdlora": {"target_modules_bd_a": ["lin0", "lin1"], "nblocks": 2}},
    "velora_config": {"velora_config": {"num_groups": 3}},
    "monteclora_config": {"monteclora_config": {"buffer_size": 2}},
    "kasa_config": {"kasa_config": {"beta": 0.001}},
    "mica": {"init_lora_weights": "mica"},
}
"""Each LoRA variant on its own."""

NAMES: Final = st.sampled_from(
    ["q_proj", "v_proj", "model.layers.0.mlp.up_proj", "embed_tokens", "lm_head", "schicht_ä"]
)
NAME_LISTS: Final = st.lists(NAMES, min_size=1, max_size=4)
PATTERNS: Final = st.sampled_from(
    ["all-linear", r".*\.(q|v)_proj", r"model\.layers\.\d+\.self_attn\..*", "🤗.*"]
)
NUMBERS: Final = st.integers(-64, 512) | st.floats(allow_nan=False, allow_infinity=False)
POSITIVE: Final = st.integers(1, 64) | st.floats(1e-6, 1e6)
SIZES: Final = st.integers(1, 64)
FLAGS: Final = st.booleans()
TOKENS: Final = st.lists(st.integers(0, 200_000), min_size=1, max_size=4)
JSON: Final = st.recursive(
    st.none()
    | FLAGS
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


def nested(**fields: st.SearchStrategy[object]) -> st.SearchStrategy[dict[str, object]]:
    """Draw a nested config with any of its fields."""
    return st.fixed_dictionaries({}, optional=fields)


NESTED: Final[dict[str, st.SearchStrategy[Any]]] = {
    "loftq_config": nested(loftq_bits=st.sampled_from([2, 4, 8]), loftq_iter=SIZES),
    "eva_config": nested(
        rho=st.floats(1, 9) | st.integers(1, 9),
        tau=st.floats(0, 1) | st.integers(0, 1),
        use_label_mask=FLAGS,
        label_mask_value=st.integers(),
        whiten=FLAGS,
        adjust_scaling_factors=FLAGS,
    ),
    "corda_config": nested(
        cache_file=st.none() | st.text(),
        covariance_file=st.none() | st.text(),
        corda_method=st.sampled_from(["ipm", "kpm"]),
        verbose=FLAGS,
        use_float16_for_covariance=FLAGS,
        prune_temporary_fields=FLAGS,
    ),
    "lora_ga_config": nested(
        direction=st.sampled_from(["ArBr", "A2rBr", "ArB2r", "random"]),
        scale=st.sampled_from(["stable", "weight_svd", "gd_scale", "unit"]),
        stable_gamma=SIZES,
    ),
    "velora_config": nested(
        num_groups=SIZES,
        scale=POSITIVE,
        init_type=st.sampled_from(["batch_average", "batch_average_once", "random"]),
    ),
    "monteclora_config": nested(
        num_samples=SIZES,
        use_entropy=FLAGS,
        dirichlet_prior=POSITIVE,
        sample_scaler=NUMBERS,
        kl_loss_weight=NUMBERS,
        buffer_size=SIZES,
    ),
    "use_bdlora": nested(
        target_modules_bd_a=st.none() | st.just(["o_proj", "down_proj"]),
        target_modules_bd_b=st.none() | NAME_LISTS,
        nblocks=SIZES,
        match_strict=FLAGS,
    ),
    "kasa_config": nested(beta=POSITIVE, gamma=POSITIVE),
    "arrow_config": nested(
        top_k=SIZES, router_temperature=POSITIVE, use_gks=FLAGS, rng_seed=st.none() | SIZES
    ),
}

FIELDS: Final[dict[str, st.SearchStrategy[Any]]] = {
    **NESTED,
    **dict.fromkeys(field_facts.FLAGS, FLAGS),
    "task_type": st.sampled_from([None, "CAUSAL_LM", "SEQ_CLS", "FEATURE_EXTRACTION"]),
    "auto_mapping": st.none() | st.dictionaries(st.text(), JSON, max_size=3),
    "peft_version": st.sampled_from(["", "0.18.0", PEFT_RELEASE, "banana"]),
    "base_model_name_or_path": st.none() | st.text(),
    "revision": st.none() | st.text(),
    "r": st.integers(1, 4096),
    "target_modules": st.none() | NAME_LISTS | PATTERNS,
    "exclude_modules": st.none() | st.just([]) | NAME_LISTS | PATTERNS,
    "lora_alpha": NUMBERS,
    "lora_dropout": st.just(0) | st.floats(0, 1, exclude_max=True),
    "bias": st.sampled_from(["none", "all", "lora_only"]),
    "modules_to_save": st.none() | st.lists(NAMES, max_size=3),
    "init_lora_weights": FLAGS
    | st.sampled_from(
        ["gaussian", "eva", "olora", "pissa", "pissa_niter_4", "corda", "loftq", "orthogonal"]
    ),
    "layers_to_transform": st.none() | st.integers(0, 9) | st.lists(st.integers(0, 9)),
    "layers_pattern": st.none() | st.just("layers") | st.just(["layers", "h"]),
    "rank_pattern": st.dictionaries(NAMES, st.integers(1, 64), max_size=3),
    "alpha_pattern": st.dictionaries(NAMES, NUMBERS, max_size=3),
    "megatron_config": st.none() | st.dictionaries(st.text(), JSON, max_size=2),
    "megatron_core": st.none() | st.text(),
    "trainable_token_indices": st.none() | TOKENS | st.dictionaries(NAMES, TOKENS, max_size=2),
    "alora_invocation_tokens": st.none() | st.lists(st.integers(0, 99), max_size=3),
    "qalora_group_size": SIZES,
    "layer_replication": st.none()
    | st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)) | st.just([0, 4]), max_size=3),
    "target_parameters": st.none() | st.just(["experts.gate_up_proj"]),
}


def drop_conflicts(arguments: Arguments) -> Arguments:
    """Drop fields until the rest satisfies all constraints."""
    arguments = dict(arguments)
    while found := conflicts(LoraConfig.model_validate(arguments, context=FIELDS_ONLY)):
        fields = [found[0].field, *found[0].others]
        del arguments[next(field for field in fields if field in arguments)]
    return arguments


def arguments() -> st.SearchStrategy[Arguments]:
    """Draw the arguments of a valid config, with any of its fields."""
    few = st.sets(st.sampled_from(sorted(FIELDS)), max_size=12)
    chosen = few.flatmap(lambda names: st.fixed_dictionaries({n: FIELDS[n] for n in sorted(names)}))
    variant = st.sampled_from([{}, *VARIANTS.values()])
    return st.tuples(chosen, variant).map(lambda parts: drop_conflicts(parts[0] | parts[1]))


@st.composite
def config_values(draw: st.DrawFn, release: str | None = None) -> Arguments:
    """Draw the values of a config that a release of PEFT may have written (default: the newest).

    Raises:
        LoracfgError: there is no such release.
    """
    chosen = loading_release(release or PEFT_RELEASE)
    needed = {"peft_type": "LORA", "lora_alpha": 16, "lora_dropout": 0.0}  # before 0.4.0
    values = accepted_values(needed | draw(arguments()), chosen)
    return with_all_keys(values, chosen) if draw(st.booleans()) else values


def accepted_values(values: Mapping[str, object], release: str) -> dict[str, object]:
    """Drop values that a release rejects."""
    known = fields_of(release) - {"runtime_config"}
    values = {key: deepcopy(value) for key, value in values.items() if key in known}
    while True:
        try:
            model_at(release).model_validate_json(json.dumps(values))
        except ValidationError as error:
            detail = error.errors(include_url=False)[0]
            field = detail["loc"][0] if detail["loc"] else detail["ctx"]["field"]
            others = [key for key in values if key in str(detail["msg"])]
            del values[field if field in values else others[0]]
        else:
            return values


def with_all_keys(values: Mapping[str, object], release: str) -> dict[str, object]:
    """Return the values with all keys that the release writes."""
    data: dict[str, object] = (
        model_at(release).model_validate_json(json.dumps(values)).model_dump(mode="json")
    )
    data.pop("runtime_config", None)
    return data | ({"peft_version": release} if "peft_version" in data else {})
