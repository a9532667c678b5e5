"""The header of the weight file has more than 25 MB.

PEFT loads it, but the Hub shows no tensors of such a file, since its own reader stops there. An
adapter's header has some hundred kilobytes; the rest is metadata.

Fires:

    metadata padded 25000000

Passes:

    metadata padded 1000

Repair: move the metadata into a file of their own.
"""

from __future__ import annotations

from loracfg.rules.rule import Rule, reporting

RULE = Rule("LC419", "large-header", "warning", reporting("header-large"), __name__)
