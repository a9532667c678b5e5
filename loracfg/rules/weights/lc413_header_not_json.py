"""The header of the weight file is not JSON that the safetensors library can read.

The library raises "invalid JSON in header" (`InvalidHeaderDeserialization`). The file is damaged,
or its writer did not follow the format.

Fires:

    weights header {"x": {"dtype": "F32", "shape": [1]

Passes:

    metadata {"format": "pt"}

Repair: download or copy the file again.
"""

from __future__ import annotations

from loracfg.rules.rule import Rule, reporting

RULE = Rule("LC413", "header-not-json", "error", reporting("header-not-json"), __name__)
