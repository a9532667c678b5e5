"""The config has settings for an initialisation that it does not use.

PEFT ignores the settings; for EVA, CorDA and LoftQ it warns. A config that was converted to plain
LoRA keeps them.

Fires:

    config {"eva_config": {"rho": 2.0}}

Passes:

    made with {"init_lora_weights": "eva"}

Repair: set the key to its default. If the initialisation is intended, set `init_lora_weights` to
it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loracfg.analysis.noted import changed
from loracfg.analysis.subject import Subject
from loracfg.document.display import show
from loracfg.report.evidence import FieldValue
from loracfg.report.report import Related
from loracfg.rules.rule import Finding, GatedCheck, Rule

_INITS: Final = {
    "eva_config": "eva",
    "corda_config": "corda",
    "lora_ga_config": "lora_ga",
    "loftq_config": "loftq",
}


def check(subject: Subject) -> Iterator[Finding]:
    """Compare each of the settings with the initialisation."""
    config = subject.config
    if config is None or not subject.gives("init_lora_weights"):
        return
    for field, init in _INITS.items():
        if not getattr(config, field):
            continue
        if config.init_lora_weights != init:
            chosen = show(config.init_lora_weights)
            yield Finding(
                f"`{field}` is set, but `init_lora_weights` is {chosen}, so it has no effect",
                subject.key(f"/{field}"),
                f'remove it, or set `init_lora_weights` to `"{init}"` if that is intended',
                data=FieldValue("/init_lora_weights", config.init_lora_weights, init),
                related=(
                    Related(subject.value("/init_lora_weights"), "the initialisation in use"),
                ),
            )


RULE = Rule(
    "LC330", "ignored-init-config", "info", GatedCheck(map(changed, _INITS), check), __name__
)
