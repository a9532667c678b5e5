r"""No tensor in the file is a LoRA factor.

PEFT creates factors for every module that the config targets, finds values for none of them, and
serves the base model; since 0.14 it warns about missing keys. The file is something else: a whole
or merged model, a part of one, or something that no LoRA tool writes.

Fires:

    rename lora_[AB].weight -> weight
    base none

Fires:

    rename .*layers.(\d+).self_attn.(\w)_proj.lora_(\w).* -> foo.\1.\2\3
    base none

Fires:

    made with {"modules_to_save": ["lm_head"]}
    drop lora_
    base none

Passes:

    config {"target_modules": "dummy-target-modules", "modules_to_save": ["lm_head"]}
    drop lora_
    tensor base_model.model.lm_head.weight F32 [32, 16]
    base none

Repair: save the adapter again with PEFT's `save_pretrained`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from loracfg.adapter.tensor_names import FACTORS, TensorName
from loracfg.analysis.noted import UNLIKE_PLAN
from loracfg.analysis.subject import Subject
from loracfg.planning.targets import is_dummy
from loracfg.report.evidence import Tensors
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Look for a factor, whatever its name begins with."""
    adapter, config, names = subject.adapter, subject.config, subject.open_names
    if config is None or not names or not FACTORS.isdisjoint(adapter.table.parts):
        return
    planned = subject.plan.shapes if subject.plan else {}
    if is_dummy(config.target_modules) or any(name in planned for name in names):
        return
    first = next(iter(names))
    subject_and_verb = "the only tensor is not"
    if len(names) > 1:
        subject_and_verb = f"none of the {len(names)} tensors is"
    yield Finding(
        f"{subject_and_verb} a LoRA factor{_other_names(names)}: `{first}`",
        subject.tensor(first),
        "save the adapter again with PEFT's `save_pretrained`",
        count=len(names),
        explains=frozenset(names) | frozenset(subject.missing),
        data=Tensors(tuple(names)),
    )


def _other_names(names: Mapping[str, TensorName]) -> str:
    """Return a clause about the names, or nothing if some are PEFT's for other tensors."""
    if any(parsed.is_adapter for parsed in names.values()):
        return ""
    if all(name.endswith((".weight", ".bias")) for name in names):
        return f", but {'they are' if len(names) > 1 else 'it is'} named like weights of a model"
    return ", and no known tool uses such names"


RULE = Rule("LC504", "no-factors", "error", GatedCheck([UNLIKE_PLAN], check), __name__)
