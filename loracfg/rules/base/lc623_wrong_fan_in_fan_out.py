"""`fan_in_fan_out` is not what the adapted layers are.

It says that weights are stored as (in, out), which those of GPT-2's `Conv1D` are and those of
`Linear` are not. PEFT looks at the layers, warns, and takes the right value; it computes what was
trained. Tools that merge without PEFT go by the config: they transpose an update that must not be
transposed, or do not, which fails, or, where a weight is square, gives a wrong model.

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

from loracfg.analysis.phrases import subject_of
from loracfg.analysis.subject import Subject
from loracfg.base.architecture import Kind
from loracfg.plan.adapted import one_by_one
from loracfg.report.evidence import FieldValue
from loracfg.rules.rule import Finding, Rule

_STORED: Final = {Kind.LINEAR: False, Kind.CONV1D_GPT2: True}
"""The value for each class of layer (`dispatch_default` in `peft/tuners/lora/layer.py`)."""


def check(subject: Subject) -> Iterator[Finding]:
    """Compare the value with the layers, if all of them want the same one."""
    plan = subject.plan
    if plan is None or not subject.certain or plan.config.target_parameters:
        return
    modules, given = plan.base.modules, plan.config.fan_in_fan_out
    kinds = (modules[adapted.path].kind for adapted in one_by_one(plan.adapted))
    if any(_STORED.get(kind) is given for kind in kinds):
        return  # mostly the first layer says so
    adapted = [k for one in plan.modules if (k := modules[one.path].kind) in _STORED]
    if not adapted:
        return
    (kind,) = set(adapted)  # layers of another kind want the value that is given
    wrong, right = json.dumps(given), json.dumps(not given)
    yield Finding(
        f"`fan_in_fan_out` is `{wrong}`, but {subject_of(len(adapted), 'adapted layer', 'are')} "
        f"`{kind}`",
        subject.value("/fan_in_fan_out"),
        f"set `fan_in_fan_out` to `{right}`, as PEFT does when it loads the adapter",
        count=len(adapted),
        data=FieldValue("/fan_in_fan_out", given, not given),
    )


RULE = Rule("LC623", "wrong-fan-in-fan-out", "info", check, __name__)
