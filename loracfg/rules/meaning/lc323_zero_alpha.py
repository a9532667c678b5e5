"""`lora_alpha` is 0, so the factors contribute nothing.

The update is scaled by `lora_alpha / r`. PEFT loads the adapter without a warning, and the output
is that of the base. Tools that convert or merge adapters have lost the value this way.

Fires:

    config {"lora_alpha": 0}

Passes:

    config {"lora_alpha": 0.5}

Passes:

    config {"lora_alpha": 0, "alpha_pattern": {"q_proj": 8, "v_proj": 8}}

Repair: set `lora_alpha` to the value used in training.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.noted import ZERO_ALPHA
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import FieldValue
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Check whether an alpha of 0 applies to any module."""
    config = subject.config
    if config is None or config.lora_alpha != 0:
        return
    if not subject.gives("lora_alpha", "alpha_pattern"):
        return
    scaled = [s for s in subject.settings.values() if not s.alpha_keys]
    if subject.settings and not scaled:
        return
    yield Finding(
        f"`lora_alpha` is `{config.lora_alpha}`, so the scaling is 0 and nothing is added to the "
        "base",
        subject.value("/lora_alpha"),
        "set it to the value used in training",
        count=max(len(scaled), 1),
        data=FieldValue("/lora_alpha", config.lora_alpha),
    )


RULE = Rule("LC323", "zero-alpha", "error", GatedCheck([ZERO_ALPHA], check), __name__)
