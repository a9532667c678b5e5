"""The config is not valid JSON.

PEFT raises a `JSONDecodeError`. Files that were edited by hand or printed from Python have single
quotes, `True` instead of `true`, a comma too many, or comments.

Fires:

    config text {'peft_type': 'LORA', 'r': 4}

Fires:

    config text {"peft_type": "LORA", "r": 4,}

Passes:

    config text {"peft_type": "LORA", "r": 4, "lora_alpha": 8}

Repair: correct the JSON at the place that is shown.
"""

from __future__ import annotations

from loracfg.rules.rule import Rule, reporting

RULE = Rule("LC011", "json-syntax", "error", reporting("json-syntax"), __name__)
