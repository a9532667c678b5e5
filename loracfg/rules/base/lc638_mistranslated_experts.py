"""PEFT does not load single experts as they were trained.

If the base stores all experts in one parameter, PEFT 0.19+ converts the factors of single experts
to factors of parameters. It raises an error for options that do not work on parameters, such as
dropout, and for experts with their own rank. It fuses two layers by doubling rank and alpha, and
drops keys of `alpha_pattern` that name these layers or single experts. With `use_rslora` or their
own alpha, experts silently get a different scale.

Fires:

    base {"experts": 1, "layers": 1}
    drop .
    config {"target_modules": ["down_proj"], "lora_dropout": 0.1}
    tensor base_model.model.model.layers.0.mlp.experts.0.down_proj.lora_A.weight F32 [4, 20]
    tensor base_model.model.model.layers.0.mlp.experts.0.down_proj.lora_B.weight F32 [16, 4]

Fires:

    base {"experts": 1, "layers": 1}
    drop .
    config {"target_modules": ["down_proj"], "alpha_pattern": {"0.down_proj": 16}}
    tensor base_model.model.model.layers.0.mlp.experts.0.down_proj.lora_A.weight F32 [4, 20]
    tensor base_model.model.model.layers.0.mlp.experts.0.down_proj.lora_B.weight F32 [16, 4]

Fires:

    base {"experts": 1, "layers": 1}
    drop .
    config {"target_modules": ["down_proj"], "rank_pattern": {"0.down_proj": 2}}
    tensor base_model.model.model.layers.0.mlp.experts.0.down_proj.lora_A.weight F32 [2, 20]
    tensor base_model.model.model.layers.0.mlp.experts.0.down_proj.lora_B.weight F32 [16, 2]

Passes:

    base {"experts": 1, "layers": 1}
    drop .
    config {"target_modules": ["down_proj"], "use_rslora": true}
    tensor base_model.model.model.layers.0.mlp.experts.0.down_proj.lora_A.weight F32 [4, 20]
    tensor base_model.model.model.layers.0.mlp.experts.0.down_proj.lora_B.weight F32 [16, 4]

Passes:

    base {"experts": 1, "layers": 1}
    drop .
    config {"target_modules": ["down_proj", "norm"]}
    tensor base_model.model.model.layers.0.mlp.experts.0.down_proj.lora_A.weight F32 [4, 20]
    tensor base_model.model.model.layers.0.mlp.experts.0.down_proj.lora_B.weight F32 [16, 4]

Repair: unset an option that only training needs, such as `lora_dropout`. Otherwise load the adapter
with transformers 4.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from loracfg.analysis.layer_numbers import numbers_in
from loracfg.analysis.noted import EXPERTS
from loracfg.analysis.phrases import listed
from loracfg.analysis.subject import Subject
from loracfg.named_tuple import NamedTuple
from loracfg.planning.adapted import AdaptedModule
from loracfg.planning.experts import LAYOUTS
from loracfg.planning.layer_settings import LayerSettings
from loracfg.planning.plan import Plan
from loracfg.planning.targets import leaf_of
from loracfg.report.evidence import Entries, ModulePaths
from loracfg.rules.rule import Finding, GatedCheck, Rule

_TRANSLATED: Final = "PEFT 0.19+ converts single experts to `target_parameters`"
_EXPERTS: Final = ".experts."


class _ExpertStack(NamedTuple):
    """A stack of experts, with the settings of one expert's layers by their names."""

    stack: AdaptedModule
    layers: dict[str, LayerSettings]

    @property
    def ranks(self) -> tuple[int, int]:
        """The sum of the layers' ranks, and the rank of the stack."""
        return sum(one.rank for one in self.layers.values()), self.stack.settings.rank


def check(subject: Subject) -> Iterator[Finding]:
    """Compare the settings of the training with the plan for the stacks."""
    plan = subject.planning.translated
    if plan is None or any(_EXPERTS in name for name in subject.explained):
        return
    stacks = list(_expert_stacks(subject, plan))
    errors = [*_report_errors(subject, plan), *_report_ranks(subject, stacks)]
    yield from errors or _report_scales(subject, stacks)


def _expert_stacks(subject: Subject, plan: Plan) -> Iterator[_ExpertStack]:
    """Yield the stacks of experts, with the layers that each of them fuses."""
    layout, experts = LAYOUTS.get(plan.base.model_type or ""), _experts(subject)
    for stack in plan.modules:
        if layout is None or stack.parameter is None:
            continue
        inside = experts.get(numbers_in(stack.path), {})
        names = (name for name, new in layout.renamed.items() if new == stack.parameter)
        yield _ExpertStack(stack, {name: inside[name] for name in names if name in inside})


def _experts(subject: Subject) -> dict[tuple[int, ...], dict[str, LayerSettings]]:
    """Return the settings of expert layers by name, for each block by its layer numbers."""
    found: dict[tuple[int, ...], dict[str, LayerSettings]] = {}
    for path, settings in subject.settings.items():
        block, _, expert = path.partition(_EXPERTS)
        if expert:
            found.setdefault(numbers_in(block), {})[leaf_of(expert)] = settings
    return found


def _report_errors(subject: Subject, plan: Plan) -> Iterator[Finding]:
    """Report the errors that PEFT only raises on the stacks."""
    own = {failure.kind for failure in subject.plan.failures} if subject.plan else set()
    found: dict[str, list[str]] = {}
    for one in plan.failures:
        if one.kind not in own:
            found.setdefault(one.message, []).append(one.path or "")
    for message, paths in found.items():
        yield Finding(
            f"{_TRANSLATED}, and then raises: {message}",
            subject.value("/target_modules"),
            "unset options that only training needs, or load it with transformers 4",
            count=len(paths),
            data=ModulePaths(tuple(filter(None, paths)), "target_modules"),
        )


def _report_ranks(subject: Subject, stacks: list[_ExpertStack]) -> Iterator[Finding]:
    """Report stacks whose rank is not the sum of their layers' ranks."""
    found = [one for one in stacks if one.layers and one.ranks[0] != one.ranks[1]]
    if found:
        trained, wanted = found[0].ranks
        names = listed(dict.fromkeys(name for one in found for name in one.layers))
        yield Finding(
            f"{_TRANSLATED}, and gives the one for {listed(found[0].layers)} rank `{wanted}` "
            f"instead of `{trained}`",
            subject.value("/rank_pattern"),
            f"load it with transformers 4, or train {names} with rank `r`",
            count=len(found),
            data=ModulePaths(tuple(one.stack.path for one in found)),
        )


def _report_scales(subject: Subject, stacks: list[_ExpertStack]) -> Iterator[Finding]:
    """Report layers that get a different scale than in training."""
    changed: dict[str, list[str]] = {}
    for stack, layers in stacks:
        for name, settings in layers.items():
            factor = stack.settings.scaling / settings.scaling if settings.scaling else 1
            if not math.isclose(factor, 1):
                changed.setdefault(f"{factor:.4g}", []).append(name)
    field = "use_rslora" if subject.config and subject.config.use_rslora else "alpha_pattern"
    for times, names in changed.items():
        yield Finding(
            f"{_TRANSLATED}, and gives {listed(dict.fromkeys(names))} `{times}` times the scale "
            "used in training",
            subject.value(f"/{field}"),
            "load it with transformers 4, or train it again on stacked experts",
            count=len(names),
            data=Entries(field, tuple(dict.fromkeys(names))),
        )


RULE = Rule("LC638", "mistranslated-experts", "error", GatedCheck([EXPERTS], check), __name__)
