"""The config begins with a byte order mark.

Some Windows editors put these three bytes before UTF-8 text. PEFT reads the config with Python's
`json`, which rejects them: `Unexpected UTF-8 BOM`.

Fires:

    config bytes efbbbf7b22706566745f74797065223a224c4f5241222c2272223a347d

Passes:

    config bytes 7b22706566745f74797065223a224c4f5241222c2272223a347d

Repair: save the file as UTF-8 without a byte order mark.
"""

from __future__ import annotations

from loracfg.rules.rule import Rule, reporting

RULE = Rule("LC014", "byte-order-mark", "error", reporting("byte-order-mark"), __name__)
