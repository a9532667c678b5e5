"""Repairs of options that stand against the tensors of layers."""

from __future__ import annotations

from loracfg.adapter.tensor_names import Part
from loracfg.analysis.config_options import is_in_all
from loracfg.analysis.phrases import plural
from loracfg.analysis.subject import Subject
from loracfg.repair.change import Change, Repair, configuring, names_of
from loracfg.repair.draft import Draft
from loracfg.rules.rule import Finding


def with_part(field: str, part: Part) -> Repair:
    """Return the repair that sets an option, if every layer has its tensor."""

    def repair(subject: Subject, finding: Finding, draft: Draft) -> Change | None:
        if is_in_all(subject, part):
            title = f"sets `{field}` to `true`"
            why = "every layer has the tensor"
            return configuring(draft, {field: True}, title, safe=True, why=why)
        names = names_of(finding, subject)
        if draft.tensors is None or not draft.tensors.keys() >= set(names):
            return None
        title = f"drops {plural(len(names), 'tensor')} that PEFT does not load"
        why = "if they were trained, what they hold is lost"
        return Change(draft.without(names), title, False, why)

    repair.__doc__ = f"Set `{field}` to `true` if every layer has the tensor, else drop those."
    return repair
