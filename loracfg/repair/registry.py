"""Which repair there is for the findings of a rule."""

from __future__ import annotations

from typing import Final

from loracfg.repair import (
    config,
    engines,
    experts,
    foreign,
    fused,
    names,
    orientation,
    padding,
    ranks,
    targets,
    weights,
)
from loracfg.repair.change import Repair

_TAKES_TENSORS: Final = "the tensors show it"
_TAKES_FILE: Final = "the file is taken for whole: what it lacks was not trained"

REPAIRS: Final[dict[str, Repair]] = {
    "LC002": foreign.as_peft,
    "LC003": foreign.as_peft,
    "LC014": config.without_byte_order_mark,
    "LC016": config.without_repeated_key,
    "LC021": foreign.as_peft,
    "LC023": config.of_lora,
    "LC024": config.of_lora,
    "LC025": config.of_lora,
    "LC102": config.spelt_rightly,
    "LC106": config.known_value,
    "LC107": config.without_removed_keys,
    "LC301": targets.of_tensors,
    "LC322": targets.of_tensors,
    "LC325": config.alpha_of_metadata,
    "LC403": weights.in_one_file,
    "LC404": weights.as_safetensors,
    "LC418": padding.without_padding,
    "LC424": padding.without_padding,
    "LC500": names.without_compiled_prefix,
    "LC502": names.with_prefix,
    "LC503": ranks.of_tensors,
    "LC505": names.without_adapter_name,
    "LC506": names.without_adapter_name,
    "LC510": orientation.upright_factors,
    "LC512": config.setting("use_dora", False, safe=False, why=_TAKES_FILE),
    "LC513": config.setting("use_dora", True, safe=True, why=_TAKES_TENSORS),
    "LC514": config.setting("lora_bias", False, safe=False, why=_TAKES_FILE),
    "LC515": config.setting("lora_bias", True, safe=True, why=_TAKES_TENSORS),
    "LC516": config.setting("kasa_config", None, safe=False, why=_TAKES_FILE),
    "LC519": targets.of_tensors,
    "LC520": targets.with_trained_modules,
    "LC601": fused.taken_apart,
    "LC602": names.for_class,
    "LC604": fused.taken_apart,
    "LC605": orientation.swapped_experts,
    "LC618": targets.without_dead_targets,
    "LC620": experts.stacked,
    "LC622": names.of_newest_layout,
    "LC630": names.without_copies,
    "LC691": names.without_stray,
    "LC702": config.with_base_id,
    "LC703": config.with_base_id,
    "LC801": engines.for_engine,
    "LC802": engines.for_engine,
}
"""Repairs by the codes of rules; a finding that brings its own `fix` needs none."""
