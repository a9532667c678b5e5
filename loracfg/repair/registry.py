"""Which repair there is for the findings of a rule."""

from __future__ import annotations

from typing import Final

from loracfg.analysis.factor_pairs import Reversed, SwappedStacks
from loracfg.analysis.misnamed import AdapterName, MisplacedNames, OtherClass, SavedModules
from loracfg.analysis.other_ranks import OtherRank
from loracfg.analysis.subject import Subject
from loracfg.analysis.target_matches import MeantTargets, Placeholder, Untargeted
from loracfg.config.reading.fault_data import RemovedKeys, UnknownKey
from loracfg.repair import config, engines, foreign, fused, orientation, padding, ranks, weights
from loracfg.repair import stacked_experts as experts
from loracfg.repair import target_edits as targets
from loracfg.repair import tensor_renames as names
from loracfg.repair import unset_options as options
from loracfg.repair.change import Change, Repair, of
from loracfg.repair.draft import Draft
from loracfg.report.evidence import Entries, FieldValue, Renames, Tensors
from loracfg.rules.kinds.engine_verdicts import EngineFact
from loracfg.rules.rule import Finding

_SET: Final = "set `{field}` to `{value}`"
_TAKES_FILE: Final = "the file is taken for whole: what it lacks was not trained"

REPAIRS: Final[dict[str, Repair]] = {
    "LC002": foreign.as_peft,
    "LC003": foreign.as_peft,
    "LC014": config.without_byte_order_mark,
    "LC016": config.without_repeated_key,
    "LC021": foreign.as_peft,
    "LC023": of(FieldValue, config.of_lora),
    "LC024": of(FieldValue, config.of_lora),
    "LC025": of(FieldValue, config.of_lora),
    "LC102": of(UnknownKey, config.spelt_rightly),
    "LC106": config.known_value,
    "LC107": of(RemovedKeys, config.without_removed_keys),
    "LC301": of(MeantTargets, targets.of_tensors),
    "LC314": config.writing(_SET, "Set `init_lora_weights` to `true`.", safe=True),
    "LC320": config.writing("write `{field}` as a list", "Write a list.", safe=True),
    "LC321": config.writing("write the list `{value}`", "Write a list.", safe=True),
    "LC322": of(Placeholder, targets.of_placeholder),
    "LC325": of(FieldValue, config.alpha_of_metadata),
    "LC340": of(FieldValue, config.alpha_of_fused),
    "LC403": weights.in_one_file,
    "LC404": weights.as_safetensors,
    "LC418": padding.without_padding,
    "LC424": padding.without_padding,
    "LC437": config.writing(_SET, "Set `lora_alpha` to the alpha of the tensors.", safe=False),
    "LC500": of(Renames, names.unwrapped),
    "LC501": foreign.as_peft,
    "LC502": of(MisplacedNames, names.with_prefix),
    "LC503": of(OtherRank, ranks.of_tensors),
    "LC505": of(AdapterName, names.without_adapter_name),
    "LC506": of(AdapterName, names.without_adapter_name),
    "LC510": of(Reversed, orientation.upright_factors),
    "LC512": config.setting("use_dora", False, safe=False, why=_TAKES_FILE),
    "LC513": options.with_part("use_dora"),
    "LC514": config.setting("lora_bias", False, safe=False, why=_TAKES_FILE),
    "LC515": options.with_part("lora_bias"),
    "LC516": config.setting("kasa_config", None, safe=False, why=_TAKES_FILE),
    "LC519": of(MeantTargets, targets.of_tensors),
    "LC520": of(Untargeted, targets.with_trained_modules),
    "LC601": fused.taken_apart,
    "LC602": of(OtherClass, names.for_class),
    "LC604": fused.taken_apart,
    "LC605": of(SwappedStacks, orientation.swapped_experts),
    "LC616": of(SavedModules, names.out_of_wrapper),
    "LC618": of(Entries, targets.without_dead_targets),
    "LC620": experts.stacked,
    "LC622": of(Renames, names.of_newest_layout),
    "LC623": config.writing(_SET, "Set `fan_in_fan_out` to what the layers are.", safe=True),
    "LC630": of(Tensors, names.without_copies),
    "LC691": of(Tensors, names.without_stray),
    "LC702": of(FieldValue, config.with_base_id),
    "LC703": of(FieldValue, config.with_base_id),
    "LC707": config.writing(
        "name `{value}` as the base", "Name a copy with the same weights.", safe=False
    ),
    "LC801": of(EngineFact, engines.for_engine),
    "LC802": of(EngineFact, engines.for_engine),
}
"""The fix of each kind of finding, by the code of its rule: edits of the config or of tensors.

`of` says which data of a finding a repair reads; the others see to files and text themselves.
"""

_EDITING: Final = frozenset({config.__name__, ranks.__name__, targets.__name__})
ON_CONFIG: Final = frozenset(c for c, repair in REPAIRS.items() if repair.__module__ in _EDITING)
"""The codes of rules whose repairs do not look at the weight file."""


def change_for(code: str, finding: Finding, subject: Subject, draft: Draft) -> Change | None:
    """Return what repairs a finding of a rule, if anything does."""
    repair = REPAIRS.get(code)
    return repair(subject, finding, draft) if repair else None
