"""All linear layers have adapters, but the experts have none, because they are parameters.

`all-linear` selects linear layers. Bases of transformers 5 store all experts of a layer in two
parameters, which only `target_parameters` selects, or names that PEFT converts for the model type.
So most of such a model has no adapter.

Fires:

    planned
    base {"experts": 4, "type": "qwen2_moe"}
    config {"target_modules": "all-linear"}

Passes:

    planned
    base {"experts": 4, "type": "qwen2_moe"}
    config {"target_modules": "all-linear", "target_parameters": ["experts.down_proj"]}

Passes:

    planned
    base {"experts": 4, "type": "qwen2_moe"}
    config {"target_modules": ["q_proj", "v_proj"]}

Repair: to train the experts too, name their parameters in `target_parameters`.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from loracfg.analysis.noted import STACKED
from loracfg.analysis.phrases import listed
from loracfg.analysis.subject import Subject
from loracfg.planning.experts import is_stack
from loracfg.planning.plan import Plan
from loracfg.planning.targets import all_linear
from loracfg.report.evidence import ModulePaths
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Look for stacked experts without an adapter, if all linear layers have one."""
    plan = subject.plan
    if plan is None or plan.failures:
        return
    adapted = {module.path for module in plan.modules}
    stacks = [path for path, module in plan.base.modules.items() if is_stack(module)]
    if not stacks or not adapted.isdisjoint(stacks):
        return
    if not adapted.issuperset(all_linear(plan.config, plan.base)):
        return
    yield Finding(
        f"every linear layer has an adapter, but the experts, {_share(plan, stacks):.0%} of the "
        "base, are parameters and have none",
        subject.value("/target_modules"),
        f"to train them too, add {listed(_names(plan, stacks))} to `target_parameters`",
        count=len(stacks),
        data=ModulePaths(tuple(stacks), "target_parameters"),
    )


def _share(plan: Plan, stacks: list[str]) -> float:
    """Return the share of the base's parameters that are in its experts."""
    sizes = {p: sum(map(prod, m.parameters.values())) for p, m in plan.base.modules.items()}
    return sum(sizes[path] for path in stacks) / max(sum(sizes.values()), 1)


def _names(plan: Plan, stacks: list[str]) -> list[str]:
    """Return how `target_parameters` can name the experts."""
    names = (
        f"{path.rpartition('.')[2]}.{name}"
        for path in stacks
        for name, shape in plan.base.modules[path].parameters.items()
        if len(shape) == 3
    )
    return list(dict.fromkeys(names))


RULE = Rule("LC642", "experts-left-out", "info", GatedCheck([STACKED], check), __name__)
