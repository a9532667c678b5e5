"""`adapter_config.json` was written by another tool than PEFT.

mlx-lm, the `adapters` library and others give their files this name too. PEFT raises, since the
file has no `peft_type`. The tensors have names and a layout of that tool as well.

Fires:

    config text {"fine_tune_type": "lora", "lora_parameters": {"rank": 8, "scale": 20.0}}

Fires:

    config text {"base_model": "example/llama"}

Passes:

    config {"r": 4}

Repair: convert the adapter with the tool that made it, or load it with that tool.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.subject import Subject
from loracfg.rules.rule import Finding, Noted, Rule, from_fault


def check(subject: Subject) -> Iterator[Finding]:
    """Name the tool; its tensors are not judged by PEFT's names."""
    for fault in subject.faults_of("foreign-config"):
        yield from_fault(fault, explains=frozenset(subject.adapter.shapes))


RULE = Rule("LC021", "foreign-config", "error", Noted(["foreign-config"], check), __name__)
