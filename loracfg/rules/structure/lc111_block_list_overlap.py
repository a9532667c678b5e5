"""A module is in both lists of `use_bdlora`.

BD-LoRA makes one factor of a module block-diagonal, A or B. PEFT raises a `ValueError` when a
module is in both lists; since 0.21, also when it loads a file.

Fires:

    config {"use_bdlora": {"target_modules_bd_a": ["q_proj"], "target_modules_bd_b": ["q_proj"]}}

Passes:

    made with {"use_bdlora": {"target_modules_bd_a": ["q_proj"], "target_modules_bd_b": ["v_proj"]}}

Repair: remove the module from one list, so that they are as in training.
"""

from __future__ import annotations

from loracfg.rules.rule import Rule, reporting

RULE = Rule("LC111", "block-list-overlap", "error", reporting("overlap"), __name__)
