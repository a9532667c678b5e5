"""Other names that PEFT 0.21.2 takes for the same tensor when it loads.

A DoRA magnitude may end in `.weight` (accepted since 0.12.0, `_remap_adapter_state_dict_for_load`
in `peft/tuners/lora/model.py`), and the adapter's name may be left in if it is `default` (since
0.21.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from loracfg.adapter.tensor import Tensor
from loracfg.plan.build import Expected, Plan
from loracfg.plan.layers import Role

_FACTORS = (Role.FACTOR_A, Role.FACTOR_B, Role.FACTOR_BIAS)


def spell_as_in_file(plan: Plan, tensors: Mapping[str, Tensor]) -> Plan:
    """Return the plan with the names under which the file has its tensors."""
    spelt = {}
    for name, expected in plan.tensors.items():
        found = name
        if name not in tensors:
            found = next((other for other in _spellings(expected) if other in tensors), name)
        spelt[found] = replace(expected, name=found) if found != name else expected
    return replace(plan, tensors=spelt)


def _spellings(expected: Expected) -> list[str]:
    name = expected.name
    if expected.role is Role.MAGNITUDE:
        return [f"{name}.weight", f"{name}.default", f"{name}.default.weight"]
    if expected.role in _FACTORS:
        path, _, parameter = name.rpartition(".")
        embedded = f"{name}.default"  # factors of embeddings have no `.weight`
        return [f"{path}.default.{parameter}", embedded]
    return []
