"""The weight file has bytes after the data of its last tensor.

The safetensors library rejects it ("incomplete metadata, file not fully covered"), since such a
file could be valid in two formats at once. Two files were written into one, or something was
appended.

Fires:

    weights append 00

Passes:

    made with {"r": 4}

Repair: save the adapter again.
"""

from __future__ import annotations

from loracfg.rules.rule import Rule, reporting

RULE = Rule("LC418", "trailing-bytes", "error", reporting("trailing-bytes"), __name__)
