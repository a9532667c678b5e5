"""TRL does not sync the adapter of a live model to vLLM, but the merged weights of the whole model.

When a trainer of TRL generates with vLLM, it sends the adapter alone after each step if it can. It
cannot for everything that vLLM has no place for, and for some adapters that vLLM loads: adapters
of the head or the embeddings, whose change is missing from the log-probabilities of prompts, and
`modules_to_save`. It then warns once and sends all weights, which takes much longer. What vLLM
itself rejects or changes is reported by [LC801](LC801.md) and [LC802](LC802.md).

Source: `validate_lora_for_vllm_sync` in `trl/experimental/async_grpo/async_grpo_trainer.py`,
1.16.0.

Fires:

    live {"active": ["default"]}
    for vllm==0.33
    made with {"target_modules": ["q_proj", "lm_head"]}

Fires:

    live {"active": ["default", "reference"]}
    for vllm==0.33

Fires:

    live {"active": ["default"]}
    for vllm==0.33
    made with {"target_modules": ["v_proj"], "target_parameters": ["q_proj.weight"]}

Passes:

    live {"active": ["default"]}
    for vllm==0.33

Passes:

    live {"active": ["default", "reference"]}

Repair: train without what is named, or accept that the whole model is sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from loracfg.analysis.live_facts import LiveFacts
from loracfg.analysis.phrases import listed
from loracfg.analysis.subject import Subject
from loracfg.document.display import printable
from loracfg.report.evidence import Entries
from loracfg.rules.kinds.live_models import of_live_model
from loracfg.rules.rule import Finding, Rule

if TYPE_CHECKING:
    from loracfg.config.model.config_values import ConfigValues

_ENGINE: Final = "vllm"
_OUTER: Final = ("lm_head", "embed_tokens")
"""Words that TRL looks for in the targets, also inside a pattern."""


def check(subject: Subject, live: LiveFacts) -> Iterator[Finding]:
    """Report what keeps TRL from syncing the adapter alone."""
    verdicts = [v for v in subject.verdicts if v.runtime.profile.name == _ENGINE]
    if not verdicts:
        return
    if len(live.active) != 1:
        active = f"{listed(live.active)} are" if live.active else "none is"
        yield _finding(subject, "peft_type", f"it takes one active adapter, and {active} active")
    config = subject.config
    if config is None:
        return
    reported = _reported(subject)
    for field, why in _obstacles(config):
        if field not in reported:
            yield _finding(subject, field, why)


def _obstacles(config: ConfigValues) -> Iterator[tuple[str, str]]:
    """Yield the fields that TRL refuses, in its order, each with the reason.

    It refuses `use_dora` too, but so does every release of vLLM.
    """
    if config.modules_to_save:
        yield "modules_to_save", f"{listed(config.modules_to_save)} would be trained whole"
    if config.bias != "none":
        yield "bias", "an adapter in vLLM has no biases of the base"
    if config.target_parameters:
        yield "target_parameters", "vLLM has to be told the layout of stacked experts"
    targets = config.target_modules or []
    named = [targets] if isinstance(targets, str) else targets
    outer = [name for name in named if any(word in name for word in _OUTER)]
    if outer:
        shown = listed(printable(name) for name in outer)
        yield "target_modules", f"{shown} may be the head or the embeddings"


def _reported(subject: Subject) -> frozenset[str]:
    """Return the fields about which other rules report what vLLM does."""
    from loracfg.runtimes.conditions import parse

    facts = (fact for verdict in subject.verdicts for fact in verdict.facts)
    return frozenset(parse(text).key or "" for fact in facts for text in fact.when)


def _finding(subject: Subject, field: str, why: str) -> Finding:
    return Finding(
        f"TRL syncs the whole model to vLLM instead of the adapter: {why}",
        subject.value(f"/{field}"),
        "train without it, or accept that every sync sends all weights",
        data=Entries(field, ()),
    )


RULE = Rule("LC804", "not-synced", "warning", of_live_model(check), __name__)
