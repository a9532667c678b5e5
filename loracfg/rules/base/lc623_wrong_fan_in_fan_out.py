"""`fan_in_fan_out` does not match the adapted layers.

`true` means that weights are stored as (in, out), as in GPT-2's `Conv1D` but not in `Linear`. PEFT
looks at the layers, warns, and uses the right value, so its results are correct. Tools that merge
without PEFT rely on the config: they transpose an update that they should not transpose, or the
other way round. That fails, or gives a wrong model if a weight is square.

Fires:

    config {"fan_in_fan_out": true}

Passes:

    made with {"r": 4}

Repair: set `fan_in_fan_out` to `true` if all layers are `Conv1D`, to `false` if all are `Linear`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from loracfg.analysis.phrases import with_verb
from loracfg.analysis.subject import Subject
from loracfg.base.architecture import Kind
from loracfg.planning.adapted import one_by_one
from loracfg.report.evidence import FieldValue
from loracfg.rules.rule import Finding, Rule

_STORED: Final = {Kind.LINEAR: False, Kind.CONV1D_GPT2: True}
"""The right value for each class of layer (`dispatch_default` in `peft/tuners/lora/layer.py`)."""


def check(subject: Subject) -> Iterator[Finding]:
    """Compare the value with the layers, if all of them need the same one."""
    plan = subject.plan
    if plan is None or not subject.certain or plan.config.target_parameters:
        return
    modules, given = plan.base.modules, plan.config.fan_in_fan_out
    kinds = (modules[adapted.path].kind for adapted in one_by_one(plan.adapted))
    if any(_STORED.get(kind) is given for kind in kinds):
        return  # usually the first layer decides it
    adapted = [k for one in plan.modules if (k := modules[one.path].kind) in _STORED]
    if not adapted:
        return
    (kind,) = set(adapted)  # a layer of the other kind would match the value
    wrong, right = json.dumps(given), json.dumps(not given)
    yield Finding(
        f"`fan_in_fan_out` is `{wrong}`, but {with_verb(len(adapted), 'adapted layer', 'are')} "
        f"`{kind}`",
        subject.value("/fan_in_fan_out"),
        f"set `fan_in_fan_out` to `{right}`, as PEFT does when it loads the adapter",
        count=len(adapted),
        data=FieldValue("/fan_in_fan_out", given, not given),
    )


RULE = Rule("LC623", "wrong-fan-in-fan-out", "info", check, __name__)
