r"""`adapter_model.bin` is a pickle, but not a dict of tensors.

PEFT treats the file's object as the state dict and fails. Trainers' checkpoints often have the
state dict one level down, next to the optimizer's.

Fires:

    weights none
    raw adapter_model.bin \x80\x02K\x01.

Passes:

    weights pickled

Repair: save only the state dict, with PEFT's `save_pretrained`.
"""

from __future__ import annotations

from loracfg.rules.rule import Rule, reporting

RULE = Rule("LC407", "not-a-state-dict", "error", reporting("pickle-not-state-dict"), __name__)
