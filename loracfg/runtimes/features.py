"""The features of an adapter that engines treat differently, each by the name that facts use."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from loracfg.adapter.names import Part
from loracfg.adapter.read import PICKLE_NAME, SAFETENSORS_NAME, Adapter
from loracfg.adapter.table import Pair
from loracfg.adapter.tensor import Shape
from loracfg.config.known import find_init
from loracfg.plan.layers import capped_rank
from loracfg.plan.settings import Settings

if TYPE_CHECKING:
    from loracfg.config.model import LoraConfig

_EMBEDDINGS: Final = re.compile(
    r"(.*\.)?(lm_head|embed_tokens|wte|word_embeddings|embed_in|embed_out|shared)"
)
_HEADS: Final = ("score", "classifier")
_NORM: Final = re.compile(r"(.*\.)?(\w*norm\w*|ln_\w+|LayerNorm)")
ConfigTest = Callable[["LoraConfig"], object]
_OF_CONFIG: Final[dict[str, ConfigTest]] = {
    "use_rslora": lambda c: c.use_rslora,
    "alpha_pattern": lambda c: c.alpha_pattern,
    "rank_pattern": lambda c: c.rank_pattern,
    "use_dora": lambda c: c.use_dora,
    "lora_bias": lambda c: c.lora_bias,
    "bias": lambda c: c.bias != "none",
    "modules_to_save": lambda c: c.modules_to_save,
    "modules_to_save_besides_heads": lambda c: set(c.modules_to_save or ()) - set(_HEADS),
    "changed_base": lambda c: _changes_base(c.init_lora_weights),
    "alora": lambda c: c.alora_invocation_tokens,
    "layer_replication": lambda c: c.layer_replication,
    "regex_targets": lambda c: isinstance(c.target_modules, str),
    "target_parameters": lambda c: c.target_parameters,
    "zero_alpha": lambda c: c.lora_alpha == 0,
    "use_bdlora": lambda c: c.use_bdlora,
    "use_qalora": lambda c: c.use_qalora,
    "kasa": lambda c: c.kasa_config,
    "monteclora": lambda c: c.monteclora_config,
}

FEATURES: Final[dict[str, str]] = {
    "use_rslora": "the scale is alpha / √r",
    "alpha_pattern": "modules have an alpha of their own",
    "rank_pattern": "modules have a rank of their own",
    "use_dora": "DoRA",
    "magnitudes": "magnitudes of DoRA, without `use_dora`",
    "lora_bias": "`lora_B` is to have a bias",
    "factor_biases": "biases of `lora_B`",
    "bias": "biases of the base are trained",
    "modules_to_save": "modules are saved whole",
    "modules_to_save_besides_heads": "modules besides a classification head are saved whole",
    "saved_embeddings": "embeddings or the language modelling head are saved whole",
    "saved_norms": "norms are saved whole",
    "saved_head": "a classification head is saved",
    "saved_others": "other modules are saved whole",
    "trained_tokens": "single tokens of an embedding are trained",
    "embedding_lora": "embeddings have factors",
    "changed_base": "PEFT changes the base's weights when it loads the adapter",
    "alora": "an activated LoRA",
    "layer_replication": "layers are replicated",
    "regex_targets": "`target_modules` is a pattern",
    "target_parameters": "parameters of stacked experts have factors",
    "zero_alpha": "`lora_alpha` is 0",
    "use_bdlora": "block-diagonal factors",
    "use_qalora": "QALoRA",
    "kasa": "KaSA",
    "monteclora": "MonteCLoRA",
    "adapter_name_in_names": "the name of the adapter is left in tensor names",
    "orphan_factor": "a layer has one of its two factors",
    "alpha_missing": "the config does not give `lora_alpha`",
    "peft_type_missing": "the config does not give `peft_type`",
    "other_ranks": "factors have another rank than the config gives",
    "prefix_missing": "tensor names lack the prefix `base_model.model.`",
    "pickled": "the weights are `adapter_model.bin`",
    "several_weight_files": "there are other `*.safetensors` in the folder",
}
"""Every feature, in words."""


def features_of(adapter: Adapter, settings: Mapping[str, Settings]) -> tuple[str, ...]:
    """Return the features that an adapter has, in the order of `FEATURES`.

    `settings` are those of its modules.
    """
    found = {*_of_config(adapter), *_of_tensors(adapter), *_of_files(adapter)}
    if _has_other_ranks(adapter, settings):
        found.add("other_ranks")
    return tuple(name for name in FEATURES if name in found)


def numbers_of(settings: Mapping[str, Settings], config: LoraConfig | None) -> dict[str, int]:
    """Return the numbers of an adapter that limits of engines are for."""
    ranks = [one.rank for one in settings.values()] or ([config.r] if config else [])
    return {"largest_rank": max(ranks)} if ranks else {}


def _of_config(adapter: Adapter) -> Iterator[str]:
    config = adapter.config
    if config is None:
        return
    yield from (name for name, test in _OF_CONFIG.items() if test(config))
    document = adapter.document
    given = document.value if document and isinstance(document.value, dict) else {}
    if "lora_alpha" not in given:
        yield "alpha_missing"
    if "peft_type" not in given:
        yield "peft_type_missing"


def _changes_base(value: bool | str) -> bool:
    init = find_init(value) if isinstance(value, str) else None
    # The change of LoRA-GA is not repeated by PEFT either.
    return init is not None and init.changes_base and value != "lora_ga"


def _of_tensors(adapter: Adapter) -> Iterator[str]:
    parts, config = adapter.table.parts, adapter.config
    if Part.MAGNITUDE in parts and not (config and config.use_dora):
        yield "magnitudes"
    if Part.BIAS in parts:
        yield "factor_biases"
    if Part.TOKENS in parts:
        yield "trained_tokens"
    if Part.EMBEDDING_A in parts or any(
        _EMBEDDINGS.fullmatch(path) for path in adapter.table.adapted_paths
    ):
        yield "embedding_lora"
    if any(not name.prefix for name in adapter.names.values() if name.is_adapter):
        yield "prefix_missing"
    if adapter.table.adapters:
        yield "adapter_name_in_names"
    if not adapter.table.is_even:
        yield "orphan_factor"
    if Part.BASE in parts:
        yield from _of_saved(adapter)


def _of_saved(adapter: Adapter) -> Iterator[str]:
    saved = (n for n in adapter.names.values() if n.part is Part.BASE and n.rest == "weight")
    for name in saved:
        if name.path.endswith("base_layer"):
            continue  # PEFT writes it beside the factors of an embedding
        if _EMBEDDINGS.fullmatch(name.path):
            yield "saved_embeddings"
        elif name.path.rpartition(".")[2] in _HEADS:
            yield "saved_head"
        elif _NORM.fullmatch(name.path):
            yield "saved_norms"
        else:
            yield "saved_others"


def _has_other_ranks(adapter: Adapter, settings: Mapping[str, Settings]) -> bool:
    config = adapter.config
    if config is None or config.use_bdlora or config.target_parameters:
        return False  # their factors are narrower, or wider
    return any(
        _has_other_rank(pair, adapter.shapes, settings[pair.layer.module].rank, config)
        for pair in adapter.table.pairs
        if pair.layer.module in settings
    )


def _has_other_rank(pair: Pair, shapes: Mapping[str, Shape], rank: int, config: LoraConfig) -> bool:
    a, b = shapes[pair.a], shapes[pair.b]
    if len(a) < 2 or not b:
        return False
    is_plain = len(a) == 2 and Part.EMBEDDING_A not in pair.layer.parts
    return a[0] != (capped_rank(rank, a[1], b[0], config) if is_plain else rank)


def _of_files(adapter: Adapter) -> Iterator[str]:
    if adapter.weights == PICKLE_NAME:
        yield "pickled"
    others = [n for n in adapter.files if n.endswith(".safetensors") and n != SAFETENSORS_NAME]
    if others and adapter.weights == SAFETENSORS_NAME:
        yield "several_weight_files"
