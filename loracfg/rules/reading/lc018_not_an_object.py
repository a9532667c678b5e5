"""The config is a list, a string or a number, not an object with keys.

PEFT fails on it: the fields of a config must be in one JSON object.

Fires:

    config text ["q_proj", "v_proj"]

Passes:

    config {"target_modules": ["q_proj", "v_proj"]}

Repair: save the adapter again, or restore its config.
"""

from __future__ import annotations

from loracfg.rules.rule import Rule, reporting

RULE = Rule("LC018", "not-an-object", "error", reporting("not-an-object"), __name__)
