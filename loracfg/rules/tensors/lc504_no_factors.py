r"""No tensor of the file is a factor of LoRA.

PEFT makes factors for every module that the config targets, finds values for none of them, and
serves the base model; since 0.14 it warns of missing keys. The file holds something else: a whole
or merged model, a part of one, or what no tool of LoRA writes.

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

Repair: save the adapter again, with PEFT's `save_pretrained`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from loracfg.adapter.tensor_names import FACTORS, TensorName
from loracfg.analysis.noted import UNLIKE_PLAN
from loracfg.analysis.subject import Subject
from loracfg.plan.targets import is_dummy
from loracfg.report.evidence import Tensors
from loracfg.rules.rule import Finding, Noted, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Look for a factor, whatever its name begins with."""
    adapter, config, names = subject.adapter, subject.config, subject.open_names
    if config is None or not names or not FACTORS.isdisjoint(adapter.table.parts):
        return
    planned = subject.plan.shapes if subject.plan else {}
    if is_dummy(config.target_modules) or any(name in planned for name in names):
        return
    first = next(iter(names))
    of_all = f"none of the {len(names)} tensors is" if len(names) > 1 else "the only tensor is not"
    yield Finding(
        f"{of_all} a factor of LoRA{_named(names)}: `{first}`",
        subject.tensor(first),
        "save the adapter again, with PEFT's `save_pretrained`",
        count=len(names),
        explains=frozenset(names) | frozenset(subject.missing),
        data=Tensors(tuple(names)),
    )


def _named(names: Mapping[str, TensorName]) -> str:
    """Say how the tensors are named instead, unless some are named as PEFT names others."""
    if any(taken.is_adapter for taken in names.values()):
        return ""
    if all(name.endswith((".weight", ".bias")) for name in names):
        return ", but named like weights of a model"
    return ", but named as no known tool does"


RULE = Rule("LC504", "no-factors", "error", Noted([UNLIKE_PLAN], check), __name__)
