"""The config has no `peft_type`.

Its other keys are those of a LoRA config, but PEFT picks the method by this key and raises
`KeyError: 'peft_type'`. PEFT always writes it, so the file was made by hand or by another tool. The
rest is checked as a LoRA config.

Fires:

    config without "peft_type"

Passes:

    config without "peft_version"

Repair: add `"peft_type": "LORA"`.
"""

from __future__ import annotations

from loracfg.rules.rule import Rule, reporting

RULE = Rule("LC024", "missing-peft-type", "error", reporting("no-peft-type"), __name__)
