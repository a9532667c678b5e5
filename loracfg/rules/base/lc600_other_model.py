r"""The adapter was saved from a different model than the base.

If the config has no task, PEFT writes the class of the base to `auto_mapping`. On a different
model, PEFT raises an error, or finds none of the modules and serves the base unchanged.

Fires:

    config {"auto_mapping": {"base_model_class": "GPT2LMHeadModel"}}
    base {"other_model": "GPT2LMHeadModel"}
    rename model\.layers\.(.).self_attn.q_proj -> transformer.h.\1.attn.c_attn

Fires:

    config {"auto_mapping": {"base_model_class": "MistralForCausalLM"}}
    base {"other_model": "MistralForCausalLM", "hidden": 32}

Passes:

    config {"auto_mapping": {"base_model_class": "LlamaForCausalLM"}}

Repair: pass the base that the adapter was trained on.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.noted import OTHER_MODEL
from loracfg.analysis.other_sizes import difference_from_base
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import Classes
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Report the class if the modules or sizes do not fit the base."""
    saved, base = subject.resolved.other_model, subject.base
    why = difference_from_base(subject)
    if saved is None or base is None or not subject.certain or why is None:
        return
    yield Finding(
        f"the adapter was saved from a `{saved}`, but the base is a `{base.class_name}`: {why}",
        subject.value("/auto_mapping/base_model_class"),
        "pass the base that the adapter was trained on",
        data=Classes(saved, base.class_name),
        explains=frozenset(subject.open_shapes) | frozenset(subject.missing),
    )


RULE = Rule("LC600", "other-model", "error", GatedCheck([OTHER_MODEL], check), __name__)
