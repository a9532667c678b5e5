"""The config or the weight file is empty.

A crashed save or a full disk leaves empty files behind. PEFT raises a `JSONDecodeError` for the
config and a `SafetensorError` for the weights.

Fires:

    config text

Fires:

    weights bytes

Passes:

    config {"r": 4}

Repair: save or download the adapter again.
"""

from __future__ import annotations

from loracfg.rules.rule import Rule, reporting

RULE = Rule("LC010", "empty-file", "error", reporting("empty-file", "weights-empty-file"), __name__)
