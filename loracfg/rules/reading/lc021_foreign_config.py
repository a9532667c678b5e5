"""`adapter_config.json` was written by a tool other than PEFT.

mlx-lm, the `adapters` library and others use the same file name. PEFT raises because the file has
no `peft_type`. The tensors use that tool's names and layout as well.

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
from loracfg.rules.rule import Finding, GatedCheck, Rule, from_fault


def check(subject: Subject) -> Iterator[Finding]:
    """Report the tool, so its tensors are not compared with PEFT's names."""
    for fault in subject.faults_of("foreign-config"):
        yield from_fault(fault, explains=frozenset(subject.adapter.shapes))


RULE = Rule("LC021", "foreign-config", "error", GatedCheck(["foreign-config"], check), __name__)
