"""The config is not valid JSON.

PEFT raises a `JSONDecodeError`. Files that were edited by hand or printed from Python often have
single quotes, `True` instead of `true`, an extra comma or comments.

Fires:

    config text {'peft_type': 'LORA', 'r': 4}

Fires:

    config text {"peft_type": "LORA", "r": 4,}

Passes:

    config text {"peft_type": "LORA", "r": 4, "lora_alpha": 8}

Repair: correct the JSON at the position that the finding gives.
"""

from __future__ import annotations

from loracfg.rules.rule import Rule, reporting

RULE = Rule("LC011", "json-syntax", "error", reporting("json-syntax"), __name__)
