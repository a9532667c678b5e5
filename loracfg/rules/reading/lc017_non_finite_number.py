"""A number is NaN or infinite where PEFT needs a finite one.

Python's `json` reads `NaN`, `Infinity` and `1e999`, and PEFT does not check for them: with such a
`lora_alpha`, every output of the model is NaN. JSON itself has no such values, so other readers
reject the file.

Fires:

    config {"lora_alpha": NaN}

Fires:

    config {"alpha_pattern": {"q_proj": Infinity}}

Passes:

    config {"lora_alpha": 16.5}

Passes:

    config {"lora_dropout": NaN}

The last one is reported as LC104, since PEFT treats it as no dropout.

Repair: write the number that was used in training.
"""

from __future__ import annotations

from loracfg.rules.kinds.refused_values import refused_numbers
from loracfg.rules.rule import GatedCheck, Rule

check = refused_numbers


RULE = Rule(
    "LC017", "non-finite-number", "error", GatedCheck(["non-finite-number"], check), __name__
)
