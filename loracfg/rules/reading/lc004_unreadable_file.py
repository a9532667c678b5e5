"""A file of the adapter cannot be opened or read.

Its content is unknown, and PEFT fails on it too. Common causes are permissions, a broken disk or a
broken network mount.

Fires:

    locked adapter_config.json

Fires:

    locked adapter_model.safetensors

Passes:

    locked README.md

Repair: make the file readable.
"""

from __future__ import annotations

from loracfg.rules.rule import Rule, reporting

RULE = Rule("LC004", "unreadable-file", "error", reporting("unreadable-file"), __name__)
