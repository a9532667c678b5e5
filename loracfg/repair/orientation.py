"""Repairs of factors that are transposed or swapped."""

from __future__ import annotations

from typing import Final

from loracfg.analysis.factor_pairs import ReversedFactors, SwappedStacks, factors
from loracfg.analysis.phrases import plural
from loracfg.analysis.subject import Subject
from loracfg.repair.change import Change, rename_change
from loracfg.repair.draft import Draft
from loracfg.repair.tensor_data import TensorSource, Transpose, transposed

_SIZES: Final = "the sizes of the base's layers allow no other answer"
_MIXED: Final = "other layers have theirs the right way round, and nothing explains why"


def reverse_factors(subject: Subject, found: ReversedFactors, draft: Draft) -> Change | None:
    """Transpose A and B if they are `(in, rank)` and `(rank, out)`, or swap them (LC510)."""
    if draft.tensors is None or found.how is None:
        return None
    other = dict(found.pairs) | {b: a for a, b in found.pairs}
    layers = plural(len(found.pairs), "layer")
    alike = all(pair.is_convolution or pair.a in other for pair in factors(subject))
    why = _SIZES if alike else _MIXED
    if found.how == "swapped":
        title = f"swap A and B of {layers}"
        return rename_change(draft, other, title, safe=alike, why=why)
    changed = draft.map_tensors(lambda n, one: [(n, transposed(one) if n in other else one)])
    return Change(changed, f"transpose A and B of {layers}", alike, why)


def swap_expert_factors(subject: Subject, found: SwappedStacks, draft: Draft) -> Change | None:
    """Swap A and B of stacks of experts, as PEFT 0.19.1 and newer expect them (LC605).

    Before 0.19.1, the update of an expert was the transpose of `B A`, with A `(experts·rank, out)`
    and B `(in, rank·experts)`. In B, experts are the last axis (`ParamWrapper.get_delta_weight`,
    0.18.1).
    """
    tensors = draft.tensors
    if tensors is None:
        return None
    new: dict[str, TensorSource] = {}
    for module, a, b in found.stacks:
        experts = _experts(module, subject)
        (width, out), (into, _) = tensors[a].shape, tensors[b].shape
        if not experts or width % experts:
            return None
        rank = width // experts
        new[a] = Transpose(tensors[b], (into, rank, experts), (2, 1, 0), (width, into))
        new[b] = Transpose(tensors[a], (experts, rank, out), (2, 1, 0), (out, width))
    changed = draft.map_tensors(lambda name, one: [(name, new.get(name, one))])
    title = f"swap A and B of {plural(len(new) // 2, 'stack')} of experts, expert by expert"
    return Change(changed, title, True, "their sizes show that PEFT 0.17 to 0.19.0 made them")


def _experts(path: str, subject: Subject) -> int | None:
    """Return the number of experts in a module's parameters; None if they differ."""
    plan = subject.plan
    module = plan.base.find(path) if plan else None
    if plan is None or module is None:
        return None
    names = [one.parameter for one in plan.modules if one.path == path and one.parameter]
    shapes = [module.parameters[name] for name in names]
    counts = {shape[0] for shape in shapes}
    is_stack = all(len(shape) == 3 for shape in shapes)
    return counts.pop() if is_stack and len(counts) == 1 else None
