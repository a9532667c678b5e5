r"""A pattern is not a regular expression that Python's `re` can compile.

A string in `target_modules` or `exclude_modules` is a pattern, and so are the keys of
`rank_pattern` and `alpha_pattern` and the names in `modules_to_save` and `layers_pattern`. PEFT
compiles patterns when it builds the layers, and raises `re.error` there.

Fires:

    config {"target_modules": ".*(q_proj|v_proj"}

Fires:

    config {"rank_pattern": {"*.q_proj": 8}}

Passes:

    config {"target_modules": ".*\\.(q_proj|v_proj)"}

Repair: close open brackets, and write `.*` where a shell would use `*`.
"""

from __future__ import annotations

from loracfg.rules.rule import Rule, reporting

RULE = Rule("LC108", "invalid-pattern", "error", reporting("invalid-pattern"), __name__)
