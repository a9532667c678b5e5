"""PEFT changes the weights of the base whenever it loads this adapter.

PiSSA and OLoRA subtract their initial factors from the base weights, LoftQ quantises the weights,
and KaSA removes their smallest components. PEFT does so again on loading, so the adapter works on
the unchanged base. But other adapters on the same model do not, and disabling this one does not
restore the base.

Fires:

    made with {"init_lora_weights": "pissa"}

Fires:

    made with {"kasa_config": {"beta": 0.0001}}

Passes:

    made with {"init_lora_weights": "gaussian"}

Repair: nothing if the adapter is used alone. Otherwise save the trained model with
`path_initial_model_for_weight_conversion`, which turns a PiSSA or OLoRA adapter into plain LoRA
with twice the rank. PEFT refuses that for some adapters (`use_rslora` with `rank_pattern`, saved
modules, biases) and loses a part of others (DoRA, embeddings).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from loracfg.analysis.noted import changed
from loracfg.analysis.saved_as_lora import SAVE_AS_LORA, can_be_saved_as_lora
from loracfg.analysis.subject import Subject
from loracfg.document.display import show
from loracfg.report.evidence import FieldValue
from loracfg.rules.rule import Finding, GatedCheck, Rule

if TYPE_CHECKING:
    from loracfg.config.model.config_values import ConfigValues


def check(subject: Subject) -> Iterator[Finding]:
    """Find initialisations and variants that change the base weights."""
    config = subject.config
    if config is None or not subject.gives("init_lora_weights", "kasa_config"):
        return
    field = _changing_field(config)
    if field is None or subject.conflicts(field):  # then PEFT does not load it
        return
    advice = "use it alone on an unchanged base"
    if field == "kasa_config":
        cause = "`kasa_config` is set"
    else:
        cause = f"`init_lora_weights` is {show(config.init_lora_weights)}"
        if config.init_lora_weights != "loftq" and can_be_saved_as_lora(subject):
            advice += f", or {SAVE_AS_LORA}"
    yield Finding(
        f"{cause}, so PEFT changes the base weights when it loads the adapter",
        subject.value(f"/{field}"),
        advice,
        data=FieldValue("/init_lora_weights", config.init_lora_weights),
    )


def _changing_field(config: ConfigValues) -> str | None:
    init = config.init_lora_weights
    if isinstance(init, str) and init.lower().startswith(("pissa", "olora", "loftq")):
        return "init_lora_weights"
    return "kasa_config" if config.kasa_config else None


RULE = Rule(
    "LC331",
    "changed-base",
    "info",
    GatedCheck([changed("init_lora_weights"), changed("kasa_config")], check),
    __name__,
)
