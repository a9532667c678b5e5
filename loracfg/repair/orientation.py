"""Repairs of factors that are the other way round."""

from __future__ import annotations

from loracfg.adapter.names import Part
from loracfg.repair.change import Change, names_of
from loracfg.repair.draft import Draft
from loracfg.repair.tensors import Source, Turned, transposed
from loracfg.rules.factors import Factors, factors_that, is_transposed
from loracfg.rules.lc605_expert_orientation import swapped_stacks
from loracfg.rules.rule import Finding
from loracfg.rules.subject import Subject
from loracfg.rules.wording import plural


def transposed_factors(subject: Subject, _: Finding, draft: Draft) -> Change | None:
    """Transpose A and B where both are `(in, rank)` and `(rank, out)` (LC510)."""
    pairs = factors_that(is_transposed, subject)
    if draft.tensors is None or not pairs:
        return None
    names = {name for pair in pairs for name in (pair.a, pair.b)}
    changed = draft.changed(lambda n, one: [(n, transposed(one) if n in names else one)])
    proven = all(_is_proven(pair, subject) for pair in pairs)
    why = (
        "their sizes allow no other reading"
        if proven
        else "modules that are square tell the two ways apart by the rank of the config only"
    )
    title = f"transposes A and B of {plural(len(pairs), 'layer')}"
    return Change(changed, title, proven, why)


def _is_proven(pair: Factors, subject: Subject) -> bool:
    """Tell whether a pair fits only when it is turned: to its module, or to itself."""
    shapes = subject.plan.shapes if subject.plan else {}
    wanted = shapes.get(pair.a), shapes.get(pair.b)
    if wanted == (pair.a_shape[::-1], pair.b_shape[::-1]):
        return pair.a_shape != pair.a_shape[::-1]
    return not subject.plan and pair.a_shape[0] != pair.b_shape[1]


def swapped_experts(subject: Subject, finding: Finding, draft: Draft) -> Change | None:
    """Exchange A and B of stacks of experts, as PEFT since 0.19.1 has them (LC605).

    Before, the update of one expert was the transpose of `B A`, with A `(experts·rank, out)` and B
    `(in, rank·experts)`, in which experts come last (`ParamWrapper.get_delta_weight`, 0.18.1).
    """
    tensors, plan = draft.tensors, subject.plan
    if tensors is None or plan is None:
        return None
    new: dict[str, Source] = {}
    for layer in swapped_stacks(subject):
        experts = _experts(layer.module, subject)
        a, b = layer.parts[Part.A], layer.parts[Part.B]
        (width, out), (into, _) = tensors[a].shape, tensors[b].shape
        if not experts or width % experts:
            return None
        rank = width // experts
        new[a] = Turned(tensors[b], (into, rank, experts), (2, 1, 0), (width, into))
        new[b] = Turned(tensors[a], (experts, rank, out), (2, 1, 0), (out, width))
    if not new or not new.keys() <= set(names_of(finding, subject)):
        return None
    changed = draft.changed(lambda name, one: [(name, new.get(name, one))])
    title = f"exchanges A and B of {plural(len(new) // 2, 'stack')} of experts, expert by expert"
    return Change(changed, title, True, "their sizes show that PEFT 0.17 to 0.19.0 made them")


def _experts(path: str, subject: Subject) -> int | None:
    """Return how many experts the parameters of a module hold, if all hold as many."""
    plan = subject.plan
    module = plan.base.find(path) if plan else None
    if plan is None or module is None:
        return None
    named = [m.parameter for m in plan.modules if m.path == path and m.parameter]
    shapes = [module.parameters[name] for name in named if name in module.parameters]
    counts = {shape[0] for shape in shapes if len(shape) == 3}
    return counts.pop() if len(counts) == 1 and len(shapes) == len(named) else None
