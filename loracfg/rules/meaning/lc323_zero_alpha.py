"""`lora_alpha` is 0, so the factors contribute nothing.

The update counts `lora_alpha / r` times. PEFT loads the adapter without a word and computes what
the base computes. Tools that convert or merge adapters have lost the value this way.

Fires:

    config {"lora_alpha": 0}

Passes:

    config {"lora_alpha": 0.5}

Passes:

    config {"lora_alpha": 0, "alpha_pattern": {"q_proj": 8, "v_proj": 8}}

Repair: give the `lora_alpha` of the training.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.subject import Subject
from loracfg.report.evidence import FieldValue
from loracfg.rules.rule import Finding, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Look whether an alpha of 0 counts for any module."""
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
        "give the `lora_alpha` of the training",
        count=max(len(scaled), 1),
        data=FieldValue("/lora_alpha", config.lora_alpha),
    )


RULE = Rule("LC323", "zero-alpha", "error", check, __name__)
