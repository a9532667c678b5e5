r"""`adapter_model.bin` is a pickle, but not a dict of tensors.

PEFT takes the file's object for the state dict and fails. Checkpoints of trainers keep the state
dict one level down, beside the optimiser's.

Fires:

    weights none
    raw adapter_model.bin \x80\x02K\x01.

Passes:

    weights pickled

Repair: save the state dict alone, with PEFT's `save_pretrained`.
"""

from __future__ import annotations

from loracfg.rules.rule import Rule, reporting

RULE = Rule("LC407", "not-a-state-dict", "error", reporting("pickle-not-state-dict"), __name__)
