r"""The tensors have module names of transformers 4 that transformers 5 changed.

PEFT 0.19+ converts the names when it loads the adapter on transformers 5. Other readers, and older
releases of PEFT on transformers 5, do not find the modules and serve the base model.

Fires:

    base {"renames": [["language_model.layers", "model.layers"]]}
    rename model\.model\.layers -> model.language_model.layers

Passes:

    made with {"target_modules": ["q_proj", "v_proj"]}

Repair: if other tools need to read the adapter, load it with PEFT 0.19 or newer on transformers 5
and save it again.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.adapter.tensor_names import parse_name
from loracfg.analysis.noted import OLDER_NAMES
from loracfg.analysis.phrases import with_verb
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import Renames
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find tensors that the plan expects under the newest names."""
    plan = subject.plan
    if plan is None:
        return
    modules = {old: parse_name(old).module for old in plan.file_names.values()}
    older = {
        old: parse_name(new).module
        for new, old in plan.file_names.items()
        if plan.base.find(modules[old]) is None
    }
    if not older:
        return
    first = next(iter(older))
    yield Finding(
        f"{with_verb(len(older), 'tensor', 'are')} named as in transformers 4; PEFT 0.19+ "
        f"converts the names, this one to `{older[first]}`",
        subject.tensor(first),
        "load the adapter with PEFT 0.19+ and save it again if other tools need to read it",
        count=len(older),
        data=Renames(tuple((old, new) for new, old in plan.file_names.items())),
    )


RULE = Rule("LC622", "older-module-names", "info", GatedCheck([OLDER_NAMES], check), __name__)
