"""Which repair there is for the findings of a rule."""

from __future__ import annotations

from typing import Final

from loracfg.adapter.tensor_names import Part
from loracfg.analysis.subject import Subject
from loracfg.document.edit import SetValue
from loracfg.repair import config, engines, foreign, fused, orientation, padding, ranks, weights
from loracfg.repair import stacked_experts as experts
from loracfg.repair import target_edits as targets
from loracfg.repair import tensor_renames as names
from loracfg.repair import unset_options as options
from loracfg.repair.change import Change, Repair
from loracfg.repair.draft import Draft
from loracfg.report.report import Fix
from loracfg.rules.rule import Finding

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
    "LC500": names.unwrapped,
    "LC501": foreign.as_peft,
    "LC502": names.with_prefix,
    "LC503": ranks.of_tensors,
    "LC505": names.without_adapter_name,
    "LC506": names.without_adapter_name,
    "LC510": orientation.upright_factors,
    "LC512": config.setting("use_dora", False, safe=False, why=_TAKES_FILE),
    "LC513": options.with_part("use_dora", Part.MAGNITUDE),
    "LC514": config.setting("lora_bias", False, safe=False, why=_TAKES_FILE),
    "LC515": options.with_part("lora_bias", Part.BIAS),
    "LC516": config.setting("kasa_config", None, safe=False, why=_TAKES_FILE),
    "LC519": targets.of_tensors,
    "LC520": targets.with_trained_modules,
    "LC601": fused.taken_apart,
    "LC602": names.for_class,
    "LC604": fused.taken_apart,
    "LC605": orientation.swapped_experts,
    "LC616": names.out_of_wrapper,
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

_EDITING: Final = frozenset({config.__name__, ranks.__name__, targets.__name__})
ON_CONFIG: Final = frozenset(c for c, repair in REPAIRS.items() if repair.__module__ in _EDITING)
"""The codes of rules whose repairs do not look at the weight file."""

_MEANT: Final = "it says what was meant, in the form that PEFT reads"
_TRUSTED: Final = "the tensors are taken for right, and the config for wrong"


def change_for(code: str, finding: Finding, subject: Subject, draft: Draft) -> Change | None:
    """Return what repairs a finding of a rule, if anything does."""
    if repair := REPAIRS.get(code):
        return repair(subject, finding, draft)
    return None if finding.fix is None else _as_fixed(finding.fix, draft)


def _as_fixed(fix: Fix, draft: Draft) -> Change:
    """Return the change that a finding brings along: edits of the config."""
    edits = [SetValue(edit.pointer, edit.value) for edit in fix.edits]
    return Change(draft.configured(edits), fix.title, fix.safe, _MEANT if fix.safe else _TRUSTED)
