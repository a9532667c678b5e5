"""Repairs of options that contradict the tensors of layers."""

from __future__ import annotations

from loracfg.analysis.config_options import OptionTensors
from loracfg.analysis.phrases import plural
from loracfg.analysis.subject import Subject
from loracfg.repair.change import Change, Repair, config_change, drop_change, for_data
from loracfg.repair.draft import Draft


def set_or_drop(field: str) -> Repair:
    """Return a repair that sets an option if every layer has its tensor, and else drops them."""

    def repair(_: Subject, found: OptionTensors, draft: Draft) -> Change | None:
        if found.is_complete:
            title = f"set `{field}` to `true`"
            why = "every layer has the tensor"
            return config_change(draft, {field: True}, title, safe=True, why=why)
        title = f"drop {plural(len(found.names), 'tensor')} that PEFT does not load"
        why = "if they were trained, that is lost"
        return drop_change(draft, found.names, title, why)

    repair.__doc__ = (
        f"Set `{field}` to `true` if every layer has the tensor, else drop the tensors."
    )
    return for_data(OptionTensors, repair)
