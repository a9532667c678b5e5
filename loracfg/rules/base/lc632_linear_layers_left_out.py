r"""The targets include every linear layer of every block, but not some layers outside the blocks.

Trainers expand `all-linear` to their own list of paths or pattern. Those that build it from the
blocks miss layers outside, such as the projector between an image encoder and the text model, which
is then never trained.

Fires:

    made with {"target_modules": "model\\..*_proj"}
    config {"target_modules": ".*_proj"}
    base {"vision": 1}
    tensor base_model.model.vision_tower.layers.0.self_attn.q_proj.lora_A.weight F32 [4, 16]
    tensor base_model.model.vision_tower.layers.0.self_attn.q_proj.lora_B.weight F32 [16, 4]

Passes:

    made with {"target_modules": "model\\..*_proj"}
    base {"vision": 1}

Passes:

    made with {"target_modules": "all-linear"}

Repair: if you want to train all linear layers, add these to `target_modules` and train again.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.phrases import listed
from loracfg.analysis.subject import Subject
from loracfg.base.towers import LINEAR, is_in_stack, is_within, parts_of
from loracfg.planning.adapted import one_by_one
from loracfg.planning.plan import Plan
from loracfg.report.evidence import ModulePaths
from loracfg.rules.rule import Finding, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find linear layers that are not targets, if all linear layers of the blocks are."""
    plan = subject.plan
    if plan is None or not subject.certain or not _is_expanded(plan):
        return
    if parts_of(plan.base) is None:
        return
    left = _left_out(plan)
    if not left or any(map(is_in_stack, left)):
        return
    count = len(plan.modules)
    yield Finding(
        f"{listed(left)} {'are not targets' if len(left) > 1 else 'is not a target'}, but every "
        f"linear layer of the blocks is, {count} in all",
        subject.value("/target_modules"),
        f"if you want to train all, train again with {'them' if len(left) > 1 else 'it'} in "
        "`target_modules`",
        count=len(left),
        data=ModulePaths(tuple(left), "target_modules"),
    )


def _is_expanded(plan: Plan) -> bool:
    """Tell whether the targets are a pattern or whole paths, as tools expand `all-linear`."""
    if isinstance(plan.config.target_modules, str):
        return True
    return all(module.target == module.path for module in one_by_one(plan.adapted))


def _left_out(plan: Plan) -> list[str]:
    """Return the linear layers that are not adapted, not excluded and not saved whole."""
    adapted = {module.path for module in plan.modules}
    excluded = plan.selection.excluded | {plan.base.output_embeddings, *plan.base.tied}
    return [
        path
        for path, module in plan.base.modules.items()
        if module.kind in LINEAR
        and path not in adapted
        and path not in excluded
        and not any(is_within(path, saved) for saved in plan.saved)
    ]


RULE = Rule("LC632", "linear-layers-left-out", "info", check, __name__)
