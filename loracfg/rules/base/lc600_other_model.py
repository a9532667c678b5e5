r"""The adapter was saved from a class of another model than the base.

PEFT names the class of the base in `auto_mapping` if the config has no task. On another model it
raises, or finds none of the modules and serves the base as it is.

Fires:

    config {"auto_mapping": {"base_model_class": "GPT2LMHeadModel"}}
    base {"other_model": "GPT2LMHeadModel"}
    rename model\.layers\.(.).self_attn.q_proj -> transformer.h.\1.attn.c_attn

Fires:

    config {"auto_mapping": {"base_model_class": "MistralForCausalLM"}}
    base {"other_model": "MistralForCausalLM", "hidden": 32}

Passes:

    config {"auto_mapping": {"base_model_class": "LlamaForCausalLM"}}

Repair: give the base that the adapter was trained on.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.phrases import plural, subject_of
from loracfg.analysis.subject import Subject
from loracfg.rules.rule import Finding, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Report the class as the cause of what does not fit."""
    saved, base = subject.resolved.other_model, subject.base
    why = _what_differs(subject)
    if saved is None or base is None or not subject.certain or why is None:
        return
    yield Finding(
        f"the adapter was saved from a `{saved}`, but the base is a `{base.class_name}`: {why}",
        subject.value("/auto_mapping/base_model_class"),
        "give the base that the adapter was trained on",
        explains=frozenset(subject.open_shapes) | frozenset(subject.missing),
    )


def is_refuted(subject: Subject) -> bool:
    """Tell whether the base is seen to be another one than that of the adapter."""
    return _what_differs(subject) is not None


def _what_differs(subject: Subject) -> str | None:
    """Return what shows that the base is not the one of the adapter, None if nothing does."""
    lost, others = len(subject.lost_paths), len(subject.compared.mismatched)
    if lost:
        total = len(subject.adapter.module_paths)
        return f"it lacks {lost} of the {plural(total, 'module')} that the tensors name"
    if others:
        return f"{subject_of(others, 'tensor', 'have')} other sizes there"
    if subject.plan and subject.plan.is_empty:
        return "it has no module that the config targets"
    return None


RULE = Rule("LC600", "other-model", "error", check, __name__)
