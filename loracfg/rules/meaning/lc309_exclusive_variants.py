"""LoRA variants that exclude each other are enabled together.

PEFT 0.20+ raises "Invalid or unsupported variant combination"; older releases silently use one of
them. The variants are `use_dora`, `alora_invocation_tokens`, `arrow_config`, `use_bdlora`,
`velora_config`, `monteclora_config`, `kasa_config` and the initialisation `mica`.

Fires:

    made with {"use_dora": true}
    config {"alora_invocation_tokens": [5]}

Passes:

    made with {"alora_invocation_tokens": [5]}

Repair: keep the one that was trained; the tensors show which.
"""

from __future__ import annotations

from loracfg.rules.kinds.conflicts import conflicting
from loracfg.rules.rule import Rule

check = conflicting("exclusive-variants", "keep the one that was trained; the tensors show which")

RULE = Rule("LC309", "exclusive-variants", "error", check, __name__)
