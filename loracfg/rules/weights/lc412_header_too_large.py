"""The header of the weight file has more than 100 MB.

The safetensors library reads no larger one. With damaged first bytes, their length is any number.

Fires:

    weights bytes 01e1f505000000007b7d

Passes:

    metadata {"format": "pt"}

Repair: download the file again; if it is sound, shorten its metadata.
"""

from __future__ import annotations

from loracfg.rules.rule import Rule, reporting

RULE = Rule("LC412", "header-too-large", "error", reporting("header-too-large"), __name__)
