"""The header of the weight file is larger than 25 MB.

PEFT loads the file, but the Hub does not show its tensors, since its own reader has this limit. The
header of an adapter usually takes a few hundred kilobytes; the rest is metadata.

Fires:

    metadata padded 25000000

Passes:

    metadata padded 1000

Repair: move the metadata to a separate file.
"""

from __future__ import annotations

from loracfg.rules.rule import Rule, reporting

RULE = Rule("LC419", "large-header", "warning", reporting("header-large"), __name__)
