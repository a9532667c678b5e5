"""The weight file ends before the data of its last tensor.

A download, a copy or a save was interrupted. safetensors raises "incomplete metadata, file not
fully covered" (`MetadataIncompleteBuffer`).

Fires:

    weights cut 100

Passes:

    made with {"r": 4}

Repair: download or copy the file again, and compare its size with the source.
"""

from __future__ import annotations

from loracfg.rules.rule import Rule, reporting

RULE = Rule("LC417", "truncated-data", "error", reporting("data-truncated"), __name__)
