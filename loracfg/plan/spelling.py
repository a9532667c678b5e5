"""Other names that PEFT 0.21.2 takes for the same tensor when it loads.

A DoRA magnitude may end in `.weight` (accepted since 0.12.0, `_remap_adapter_state_dict_for_load`
in `peft/tuners/lora/model.py`), and the adapter's name may be left in if it is `default` (since
0.21.0). Biases in the copy of a module that is saved whole lack it in files of releases up to
0.17.1, which removed it from every place; they are in the file a second time, so that nothing
depends on these. The factors of modules that transformers 5 names otherwise may have the names of
transformers 4 (since 0.19.0, `peft/utils/transformers_weight_conversion.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from loracfg.adapter.names import PREFIX
from loracfg.adapter.tensor import Header, Shape
from loracfg.base.renaming import renamed
from loracfg.plan.layers import Role
from loracfg.plan.plan import Plan

_FACTORS = (Role.FACTOR_A, Role.FACTOR_B, Role.FACTOR_BIAS)


def spell_as_in_file(plan: Plan, header: Header) -> Plan:
    """Return the plan with the names under which the file has its tensors."""
    if plan.is_all_of(header):
        return replace(plan, file=header)
    tensors = header.shapes
    if plan.shapes.keys() <= tensors.keys():
        return plan
    spelt = _older_names(plan, tensors)
    for name, expected in plan.tensors.items():
        others = _spellings(name, expected.role) if name not in tensors else []
        found = next((other for other in others if other in tensors), None)
        if found is not None:
            spelt[name] = found
    return replace(plan, spelt=spelt) if spelt else plan


def _older_names(plan: Plan, tensors: Mapping[str, Shape]) -> dict[str, str]:
    """Map expected names to those of transformers 4 that the file has instead."""
    rules = plan.base.renames
    found = {}
    for name in tensors if rules else ():
        new = PREFIX + renamed(name.removeprefix(PREFIX), rules)
        if ".lora_" in name and new != name and new in plan.shapes and new not in tensors:
            found[new] = name
    return found


def _spellings(name: str, role: Role) -> list[str]:
    if role is Role.MAGNITUDE:
        return [f"{name}.weight", f"{name}.default", f"{name}.default.weight"]
    if role in _FACTORS:
        path, _, parameter = name.rpartition(".")
        embedded = f"{name}.default"  # factors of embeddings have no `.weight`
        return [f"{path}.default.{parameter}", embedded]
    if role is Role.BASE_BIAS:
        return [name.replace(".modules_to_save.default.", ".modules_to_save.")]
    return []
