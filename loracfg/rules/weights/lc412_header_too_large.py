"""The header of the weight file is larger than 100 MB.

The safetensors library does not read larger headers. If the first 8 bytes, which give the size, are
damaged, it can be any number.

Fires:

    weights bytes 01e1f505000000007b7d

Passes:

    metadata {"format": "pt"}

Repair: download the file again; if it is not damaged, shorten its metadata.
"""

from __future__ import annotations

from loracfg.rules.rule import Rule, reporting

RULE = Rule("LC412", "header-too-large", "error", reporting("header-too-large"), __name__)
