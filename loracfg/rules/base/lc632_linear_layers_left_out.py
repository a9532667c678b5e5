r"""The targets are every linear layer of every block, but some that stand alone are left out.

Trainers turn `all-linear` into a list of paths or a pattern of their own, and those that build it
from blocks of layers lose what stands outside, such as the projector between an image encoder and
the text model. It is then never trained.

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

Repair: if all linear layers were meant, name these in `target_modules` too and train again.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.phrases import listed
from loracfg.analysis.subject import Subject
from loracfg.base.towers import LINEAR, is_in_stack, is_within, parts_of
from loracfg.plan.adapted import one_by_one
from loracfg.plan.plan import Plan
from loracfg.report.evidence import ModulePaths
from loracfg.rules.rule import Finding, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Look for linear layers that are no target, where all that are in blocks are."""
    plan = subject.plan
    if plan is None or not subject.certain or not _names_all_singly(plan):
        return
    if parts_of(plan.base) is None:
        return
    left = _left_out(plan)
    if not left or any(map(is_in_stack, left)):
        return
    count = len(plan.modules)
    yield Finding(
        f"{listed(left)} {'are' if len(left) > 1 else 'is'} no target, while every linear layer "
        f"of the blocks is, {count} in all",
        subject.value("/target_modules"),
        f"if all were meant, train again with {'them' if len(left) > 1 else 'it'} in "
        "`target_modules`",
        count=len(left),
        data=ModulePaths(tuple(left), "target_modules"),
    )


def _names_all_singly(plan: Plan) -> bool:
    """Tell whether the targets are a pattern or whole paths, as tools write `all-linear` out."""
    if isinstance(plan.config.target_modules, str):
        return True
    return all(module.target == module.path for module in one_by_one(plan.adapted))


def _left_out(plan: Plan) -> list[str]:
    """Return the linear layers that get no adapter, are not kept out and not saved whole."""
    adapted = {module.path for module in plan.modules}
    kept_out = plan.selection.excluded | {plan.base.output_embeddings, *plan.base.tied}
    return [
        path
        for path, module in plan.base.modules.items()
        if module.kind in LINEAR
        and path not in adapted
        and path not in kept_out
        and not any(is_within(path, saved) for saved in plan.saved)
    ]


RULE = Rule("LC632", "linear-layers-left-out", "info", check, __name__)
