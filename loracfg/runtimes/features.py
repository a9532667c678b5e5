"""The features of adapters that engines handle differently, by the names that facts use.

The tests for features of tensors and of the base are in `of_tensors.py` and `of_base.py`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from loracfg.adapter.directory import PICKLE_NAME, SAFETENSORS_NAME
from loracfg.config.history.field_table import SINCE
from loracfg.config.model.known_names import find_init
from loracfg.named_tuple import NamedTuple
from loracfg.planning.targets import is_all_linear, leaf_of
from loracfg.runtimes import of_base, of_tensors
from loracfg.runtimes.served import ServedAdapter

if TYPE_CHECKING:
    from loracfg.config.model.config_values import ConfigValues

HEADS: Final = ("score", "classifier")
_QUANTISED: Final = re.compile(r"(?i)[-_.](bnb-?[48]bit|awq|gptq|[48]bit|int[48]|fp8|nf4)\b")


class Feature(NamedTuple):
    """A feature of an adapter, with its description and its test.

    Attributes:
        words: the description.
        test: returns whether an adapter has it, or None if that depends on an unknown base.
        key: the key of the config that it comes from.
        notable: whether engines without a fact about it count as unknown. Otherwise they handle it
            as PEFT does.
        of_base: whether it is a feature of the base.
    """

    words: str
    test: Callable[[ServedAdapter], object]
    key: str | None = None
    notable: bool = True
    of_base: bool = False


def _config(
    words: str, test: Callable[[ConfigValues], object], key: str | None, *, notable: bool = True
) -> Feature:
    """Return a feature that only depends on the config."""
    return Feature(words, lambda s: s.config is not None and bool(test(s.config)), key, notable)


def _key(key: str, words: str) -> Feature:
    """Return the feature of a key of the config that is set."""
    return _config(words, lambda config: getattr(config, key), key)


def _lone(one: str, other: str) -> Feature:
    """Return the feature of layers with factors for one module of a group, but not for another."""
    words = f"layers have factors for `{one}` without `{other}`"
    return Feature(words, of_tensors.without(one, other), notable=False)


def _changes_base(config: ConfigValues) -> bool:
    value = config.init_lora_weights
    init = find_init(value) if isinstance(value, str) else None
    # PEFT does not repeat the change of LoRA-GA either.
    return init is not None and init.changes_base and value != "lora_ga"


def _listed_targets(config: ConfigValues) -> list[str]:
    targets = config.target_modules
    return [] if targets is None or isinstance(targets, str) else list(targets)


def _repeats_leaf(config: ConfigValues) -> bool:
    leaves = Counter(leaf_of(target) for target in _listed_targets(config) if "." in target)
    return any(count > 1 for count in leaves.values())


def _is_regex(config: ConfigValues) -> bool:
    targets = config.target_modules
    return isinstance(targets, str) and not is_all_linear(targets)


def _misses(key: str) -> Callable[[ServedAdapter], bool]:
    return lambda served: served.config is not None and key not in served.given


def _other_weights(served: ServedAdapter) -> bool:
    files, own = served.adapter.files, served.adapter.weights
    others = [n for n in files if n.endswith(".safetensors") and n != SAFETENSORS_NAME]
    return own == SAFETENSORS_NAME and bool(others)


def _names_quantised(config: ConfigValues) -> bool:
    return bool(_QUANTISED.search(config.base_model_name_or_path or ""))


FEATURES: Final[dict[str, Feature]] = {
    "no_factors": Feature("no tensor has the name of a LoRA factor", of_tensors.lacks_factors),
    "cut_short": Feature("the weight file is truncated", of_tensors.is_cut_short),
    "unusable_scale": Feature(
        "`r` or `lora_alpha` has a value that PEFT fails on", of_tensors.has_unusable_scale, "r"
    ),
    "old_diffusers_names": Feature(
        "factors have the names that diffusers used before PEFT",
        of_tensors.has_names_of_diffusers,
        notable=False,
    ),
    "use_rslora": _key("use_rslora", "the scale is alpha / √r"),
    "alpha_pattern": _key("alpha_pattern", "modules have their own alpha"),
    "rank_pattern": _key("rank_pattern", "modules have their own rank"),
    "use_dora": _key("use_dora", "DoRA"),
    "variant_tensors": Feature(
        "there are tensors of KaSA, MonteCLoRA or VeLoRA",
        of_tensors.has_variant_tensors,
        notable=False,
    ),
    "magnitudes": Feature("DoRA magnitudes without `use_dora`", of_tensors.has_magnitudes),
    "lora_bias": _config("`lora_B` has a bias", lambda c: c.lora_bias, "lora_bias", notable=False),
    "factor_biases": Feature("biases of `lora_B`", of_tensors.has_factor_biases),
    "bias": _config(
        "biases of the base are trained", lambda c: c.bias != "none", "bias", notable=False
    ),
    "saved_biases": Feature("biases of the base are saved", of_tensors.saves_biases),
    "other_biases": Feature(
        "biases of modules without factors are saved",
        of_tensors.saves_other_biases,
        notable=False,
    ),
    "modules_to_save": _config(
        "modules are saved in full", lambda c: c.modules_to_save, "modules_to_save", notable=False
    ),
    "modules_to_save_besides_heads": _config(
        "modules other than a classification head are saved in full",
        lambda c: set(c.modules_to_save or ()) - set(HEADS),
        "modules_to_save",
        notable=False,
    ),
    "saved_embeddings": Feature(
        "embeddings or the language modelling head are saved in full", of_tensors.saves("embedding")
    ),
    "saved_norms": Feature("norms are saved in full", of_tensors.saves("norm")),
    "odd_norms": Feature(
        "norms are saved with biases, or with names other than `norm` and `…_layernorm`",
        of_tensors.saves_odd_norms,
        notable=False,
    ),
    "mixer_norms": Feature(
        "the norm of a Mamba layer is saved", of_tensors.saves_mixer_norms, notable=False
    ),
    "copied_biases": Feature(
        "the bias of a module is saved with its factors", of_tensors.copies_biases, notable=False
    ),
    "saved_head": Feature("a classification head is saved", of_tensors.saves("head")),
    "headless_base": Feature("the base has no such head", of_base.lacks_saved_head, notable=False),
    "more_labels": Feature(
        "a classification head has more labels than the base's",
        of_base.has_more_labels,
        notable=False,
    ),
    "saved_others": Feature("other modules are saved in full", of_tensors.saves("other")),
    "trained_tokens": Feature(
        "single tokens of an embedding are trained", of_tensors.has_trained_tokens
    ),
    "embedding_lora": Feature("embeddings have factors", of_tensors.adapts_embeddings),
    "head_lora": Feature("the language modelling head has factors", of_tensors.adapts_head),
    "vocabulary_lora": Feature(
        "embeddings or the head have factors", of_tensors.adapts_vocabulary, notable=False
    ),
    "tower_lora": Feature("towers for images or sound have factors", of_base.adapts_towers),
    "changed_base": _config(
        "PEFT changes the base's weights when it loads the adapter",
        _changes_base,
        "init_lora_weights",
    ),
    "alora": _key("alora_invocation_tokens", "activated LoRA"),
    "layer_replication": _key("layer_replication", "layers are replicated"),
    "regex_targets": _config("`target_modules` is a pattern", _is_regex, "target_modules"),
    "all_linear": _config(
        "`target_modules` is `all-linear`",
        lambda c: is_all_linear(c.target_modules),
        "target_modules",
        notable=False,
    ),
    "repeated_targets": _config(
        "`target_modules` has several paths with the same ending",
        _repeats_leaf,
        "target_modules",
        notable=False,
    ),
    "nested_targets": _config(
        "`target_modules` has paths",
        lambda c: any("." in target for target in _listed_targets(c)),
        "target_modules",
        notable=False,
    ),
    "no_target_modules": _config(
        "there are no `target_modules`",
        lambda c: not c.target_modules,
        "target_modules",
        notable=False,
    ),
    "untargeted_layers": Feature(
        "there are tensors for modules that the config does not target",
        of_tensors.has_untargeted,
        "target_modules",
    ),
    "target_parameters": _key("target_parameters", "parameters have their own factors"),
    "stacked_experts": Feature(
        "parameters of stacked experts have factors", of_tensors.adapts_stacks, notable=False
    ),
    "half_of_stack": Feature(
        "only one of the two parameters of stacked experts has factors",
        of_tensors.adapts_half_of_stacks,
        notable=False,
    ),
    "single_experts": Feature(
        "single experts have factors", lambda s: bool(s.adapter.table.single_experts)
    ),
    "partial_experts": Feature(
        "some experts, or some of their modules, have no factors",
        of_tensors.lacks_experts,
        notable=False,
    ),
    "zero_alpha": _config(
        "`lora_alpha` is 0", lambda c: c.lora_alpha == 0, "lora_alpha", notable=False
    ),
    "float_alpha": Feature(
        "`lora_alpha` is written as a decimal fraction",
        lambda s: isinstance(s.given.get("lora_alpha"), float),
        "lora_alpha",
        notable=False,
    ),
    "use_bdlora": _key("use_bdlora", "block-diagonal factors"),
    "use_qalora": _key("use_qalora", "QALoRA"),
    "kasa": _key("kasa_config", "KaSA"),
    "monteclora": _key("monteclora_config", "MonteCLoRA"),
    "adapter_name_in_names": Feature(
        "tensor names contain the name of the adapter", lambda s: s.adapter.table.adapters
    ),
    "orphan_factor": Feature(
        "a layer has only one of its two factors", lambda s: not s.adapter.table.is_even
    ),
    "alpha_missing": Feature("the config has no `lora_alpha`", _misses("lora_alpha"), "lora_alpha"),
    "peft_type_missing": Feature("the config has no `peft_type`", _misses("peft_type")),
    "base_missing": Feature(
        "the config does not name a base", _misses("base_model_name_or_path"), notable=False
    ),
    "quantised_base": _config(
        "the base that the config names is quantised",
        _names_quantised,
        "base_model_name_or_path",
        notable=False,
    ),
    "other_ranks": Feature(
        "factors have a different rank than in the config", of_tensors.has_other_ranks
    ),
    "prefix_missing": Feature(
        "tensor names do not have the prefix `base_model.model.`", of_tensors.lacks_prefix
    ),
    "q_without_v": _lone("q_proj", "v_proj"),
    "shared_values": Feature(
        "the base has no `v_proj` in these layers", of_base.shares_values, notable=False
    ),
    "k_without_q": _lone("k_proj", "q_proj"),
    "v_without_q": _lone("v_proj", "q_proj"),
    "up_without_gate": _lone("up_proj", "gate_proj"),
    "q_a_without_kv_a": _lone("q_a_proj", "kv_a_proj_with_mqa"),
    "kv_a_without_q_a": _lone("kv_a_proj_with_mqa", "q_a_proj"),
    "in_proj_qkv_without_z": _lone("in_proj_qkv", "in_proj_z"),
    "in_proj_z_without_qkv": _lone("in_proj_z", "in_proj_qkv"),
    "partial_layers": Feature(
        "modules of a kind only have factors in some layers", of_base.lacks_layers
    ),
    "transposed_lora": Feature(
        "there are factors for `Conv1D` layers, which store their weights transposed",
        of_base.adapts_transposed(square=False),
        notable=False,
    ),
    "square_transposed_lora": Feature(
        "there are factors for square `Conv1D` layers, which store their weights transposed",
        of_base.adapts_transposed(square=True),
        notable=False,
    ),
    "other_layers": Feature(
        "layers have names other than `layers.N`", of_tensors.names_layers_otherwise, notable=False
    ),
    "extra_layers": Feature(
        "there are tensors for layers that the base does not have", lambda s: s.beyond
    ),
    "moved_modules": Feature(
        "tensor names have paths that the base does not have", lambda s: s.moved
    ),
    "nothing_fits": Feature(
        "the base has none of the modules in tensor names",
        lambda s: s.lost and s.lost == s.adapted,
        notable=False,
    ),
    "inner_paths": Feature(
        "the base has these paths outside a `language_model`",
        lambda s: s.moved and all(map(s.is_inner, s.moved)),
        notable=False,
    ),
    "outer_paths": Feature(
        "the base has these paths inside a `language_model`",
        lambda s: s.moved and s.outer.issuperset(s.moved),
        notable=False,
    ),
    "short_paths": Feature(
        "the base has these paths under `model`",
        lambda s: s.moved and all(map(s.is_below_model, s.moved)),
        notable=False,
    ),
    "unnamed_modules": Feature(
        "tensor names end in modules that the base does not have", lambda s: s.unnamed
    ),
    "smaller_factors": Feature(
        "factors are smaller than the base's modules",
        lambda s: any(by < 0 for _, by in s.differences()),
    ),
    "larger_factors": Feature(
        "factors are larger than the base's modules",
        lambda s: any(by > 0 for _, by in s.differences()),
    ),
    "other_vocabulary": Feature(
        "embeddings have a different number of rows than the base's", of_base.has_other_vocabulary
    ),
    "tied_base": Feature(
        "the base ties its head to its embeddings", of_base.is_tied, notable=False, of_base=True
    ),
    "own_head": Feature(
        "the base has its own head", of_base.has_own_head, notable=False, of_base=True
    ),
    "expert_base": Feature(
        "the base has experts", of_base.has_experts, notable=False, of_base=True
    ),
    "added_tokens": Feature("`added_tokens.json` has tokens", of_base.has_tokens, notable=False),
    "new_tokens": Feature(
        "`added_tokens.json` has tokens beyond the base's vocabulary",
        of_base.adds_tokens,
        notable=False,
    ),
    "float8": Feature(
        "tensors are float8", of_tensors.has_dtypes("F8_E4M3", "F8_E5M2"), notable=False
    ),
    "pickled": Feature(
        "the weights are `adapter_model.bin`", lambda s: s.adapter.weights == PICKLE_NAME
    ),
    "both_formats": Feature(
        "there is an `adapter_model.bin` next to `adapter_model.safetensors`",
        lambda s: {PICKLE_NAME, SAFETENSORS_NAME} <= s.adapter.files.keys(),
        notable=False,
    ),
    "several_weight_files": Feature(
        "there are other `*.safetensors` files in the folder", _other_weights, notable=False
    ),
    "lora_metadata": Feature(
        "the metadata of the weight file contains a config", of_tensors.metadata, notable=False
    ),
    "unknown_metadata": Feature(
        "the config in the metadata has keys that PEFT does not know",
        lambda s: of_tensors.metadata(s).keys() - SINCE.keys(),
        notable=False,
    ),
    "other_metadata_rank": Feature(
        "the config in the metadata has a different rank than the factors",
        of_tensors.has_other_metadata_rank,
        notable=False,
    ),
}
"""Every feature."""


def features_of(served: ServedAdapter) -> dict[str, bool | None]:
    """Return the features that an adapter has; None for those that depend on an unknown base."""
    found: dict[str, Any] = {name: feature.test(served) for name, feature in FEATURES.items()}
    return {n: None if v is None else True for n, v in found.items() if v is None or v}
