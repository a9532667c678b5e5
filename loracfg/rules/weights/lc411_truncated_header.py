"""The weight file ends inside its header.

The first 8 bytes give the length of the header, but the file is shorter: a download or copy was
interrupted early. safetensors raises "invalid header length" or "header too small"
(`InvalidHeaderLength`, `HeaderTooSmall`).

Fires:

    weights bytes 0001000000000000

Fires:

    weights bytes 7b7d

Passes:

    made with {"r": 4}

Repair: download or copy the file again.
"""

from __future__ import annotations

from loracfg.rules.rule import Rule, reporting

RULE = Rule("LC411", "truncated-header", "error", reporting("header-truncated"), __name__)
