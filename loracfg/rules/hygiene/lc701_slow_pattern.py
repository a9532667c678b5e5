"""Matching a pattern in the config exceeds the time limit.

Nested repetitions such as `(a+)+` make Python's `re` try exponentially many ways. PEFT compiles the
patterns in the file and matches them against every module without a time limit, so loading the
adapter hangs. What the pattern selects was not checked.

Fires:

    config {"target_modules": "([a-z_.0-9]+)+!"}

Passes:

    made with {"target_modules": ".*(q|v)_proj"}

Repair: write the pattern without a repetition inside a repetition, or list names.
"""

from __future__ import annotations

from loracfg.rules.rule import Rule, reporting

RULE = Rule("LC701", "slow-pattern", "error", reporting("slow-pattern"), __name__)
