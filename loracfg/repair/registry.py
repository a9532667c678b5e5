"""The repair for the findings of each rule."""

from __future__ import annotations

from typing import Final

from loracfg.analysis.factor_pairs import ReversedFactors, SwappedStacks
from loracfg.analysis.misnamed import AdapterName, MisplacedNames, OtherClass, SavedModules
from loracfg.analysis.other_ranks import OtherRank
from loracfg.analysis.subject import Subject
from loracfg.analysis.target_matches import IntendedTargets, Placeholder, UntargetedModules
from loracfg.config.reading.config_reading import RemovedKeys, UnknownKey
from loracfg.repair import config, engines, foreign, fused, orientation, padding, ranks, weights
from loracfg.repair import stacked_experts as experts
from loracfg.repair import target_edits as targets
from loracfg.repair import tensor_renames as names
from loracfg.repair import unset_options as options
from loracfg.repair.change import Change, Repair, for_data
from loracfg.repair.draft import Draft
from loracfg.report.evidence import Entries, FieldValue, Renames, Tensors
from loracfg.rules.kinds.engine_verdicts import EngineFact
from loracfg.rules.rule import Finding

_SET: Final = "set `{field}` to `{value}`"
_INTENDED: Final = "it is the intended value, in the form that PEFT reads"
_COPY: Final = "the tokenizer of the copy may have different special tokens"
_FILE_COMPLETE: Final = "this assumes that the file is complete: what is missing was not trained"

REPAIRS: Final[dict[str, Repair]] = {
    "LC002": foreign.convert_to_peft,
    "LC003": foreign.convert_to_peft,
    "LC014": config.remove_byte_order_mark,
    "LC016": config.remove_repeated_key,
    "LC021": foreign.convert_to_peft,
    "LC023": for_data(FieldValue, config.set_peft_type),
    "LC024": for_data(FieldValue, config.set_peft_type),
    "LC025": for_data(FieldValue, config.set_peft_type),
    "LC102": for_data(UnknownKey, config.correct_spelling),
    "LC106": config.set_known_value,
    "LC107": for_data(RemovedKeys, config.drop_removed_keys),
    "LC301": for_data(IntendedTargets, targets.set_targets),
    "LC314": config.write_intended(
        _SET, "Set `init_lora_weights` to `true`.", safe=True, why=_INTENDED
    ),
    "LC320": config.write_intended(
        "write `{field}` as a list", "Write the text as a list.", safe=True, why=_INTENDED
    ),
    "LC321": config.write_intended(
        "write the list `{value}`", "Write the name as a list.", safe=True, why=_INTENDED
    ),
    "LC322": for_data(Placeholder, targets.replace_placeholder),
    "LC325": for_data(FieldValue, config.set_alpha_from_metadata),
    "LC340": for_data(FieldValue, config.scale_alpha_of_fused_layers),
    "LC403": weights.join_shards,
    "LC404": weights.convert_pickle,
    "LC418": padding.remove_padding,
    "LC424": padding.remove_padding,
    "LC437": config.write_intended(
        _SET,
        "Set `lora_alpha` to the alpha of the tensors.",
        safe=False,
        why=config.TENSORS_RIGHT,
    ),
    "LC500": for_data(Renames, names.remove_wrapper_marks),
    "LC501": foreign.convert_to_peft,
    "LC502": for_data(MisplacedNames, names.add_prefix),
    "LC503": for_data(OtherRank, ranks.set_ranks),
    "LC505": for_data(AdapterName, names.remove_adapter_name),
    "LC506": for_data(AdapterName, names.remove_adapter_name),
    "LC510": for_data(ReversedFactors, orientation.reverse_factors),
    "LC512": config.set_field("use_dora", False, safe=False, why=_FILE_COMPLETE),
    "LC513": options.set_or_drop("use_dora"),
    "LC514": config.set_field("lora_bias", False, safe=False, why=_FILE_COMPLETE),
    "LC515": options.set_or_drop("lora_bias"),
    "LC516": config.set_field("kasa_config", None, safe=False, why=_FILE_COMPLETE),
    "LC519": for_data(IntendedTargets, targets.set_targets),
    "LC520": for_data(UntargetedModules, targets.add_trained_modules),
    "LC601": fused.split_fused_layers,
    "LC602": for_data(OtherClass, names.rename_for_base),
    "LC604": fused.split_fused_layers,
    "LC605": for_data(SwappedStacks, orientation.swap_expert_factors),
    "LC616": for_data(SavedModules, names.remove_wrapper_step),
    "LC618": for_data(Entries, targets.remove_dead_targets),
    "LC620": experts.stack_experts,
    "LC622": for_data(Renames, names.rename_to_newest_layout),
    "LC623": config.write_intended(
        _SET, "Set `fan_in_fan_out` to match the layers.", safe=True, why=_INTENDED
    ),
    "LC630": for_data(Tensors, names.drop_embedding_copies),
    "LC691": for_data(Tensors, names.drop_stray_tensors),
    "LC702": for_data(FieldValue, config.set_base_id),
    "LC703": for_data(FieldValue, config.set_base_id),
    "LC707": config.write_intended(
        _SET,
        "Set `base_model_name_or_path` to a copy with the same weights.",
        safe=False,
        why=_COPY,
    ),
    "LC801": for_data(EngineFact, engines.rewrite_for_engine),
    "LC802": for_data(EngineFact, engines.rewrite_for_engine),
}
"""The repairs by the code of the rule: edits of the config or of tensors.

A repair in `for_data` reads the data of the finding; other repairs read files and text.
"""

_CONFIG_MODULES: Final = frozenset({config.__name__, ranks.__name__, targets.__name__})
ON_CONFIG: Final = frozenset(
    c for c, repair in REPAIRS.items() if repair.__module__ in _CONFIG_MODULES
)
"""The codes of the rules whose repairs do not need the weight file."""


def change_for(code: str, finding: Finding, subject: Subject, draft: Draft) -> Change | None:
    """Return the change that repairs a finding of a rule, if there is one."""
    repair = REPAIRS.get(code)
    return repair(subject, finding, draft) if repair else None
