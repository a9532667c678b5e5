"""Other names that PEFT takes for the same tensor when it loads.

A DoRA magnitude may end in `.weight` (accepted since 0.12.0, `_remap_adapter_state_dict_for_load`
in `peft/tuners/lora/model.py`), and the adapter's name may be left in if it is `default` (since
0.21.0) and the model itself has the tensor under that name; see `loads_as_named`. Biases in the
copy of a module that is saved whole lack it in files of releases up to 0.17.1, which removed it
from every place; they are in the file a second time, so that nothing depends on these. The factors
of modules that transformers 5 names otherwise may have the names of transformers 4 (since 0.19.0,
`peft/utils/transformers_weight_conversion.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from loracfg.adapter.header.tensor import Header
from loracfg.adapter.tensor_names import DEFAULT, PREFIX, Part, TensorName
from loracfg.base.renaming import Rules, renamed
from loracfg.plan.plan import Plan

_OF_WRAPPERS: Final = (Part.BASE, Part.TOKENS)


def loads_as_named(taken: TensorName) -> bool:
    """Tell whether PEFT loads a tensor under its name, in which the name of an adapter was left.

    A name that PEFT does not know passes through to `load_state_dict`, so it has to be the
    model's own, with the name that PEFT loads under: a magnitude is called `.weight` there. For
    saved modules and trained tokens, PEFT asks for the bare name, and raises without it.
    """
    whole = taken.part is not Part.MAGNITUDE or taken.name.endswith(".weight")
    return taken.adapter == DEFAULT and whole and taken.part not in _OF_WRAPPERS


def spell_as_in_file(plan: Plan, header: Header) -> Plan:
    """Return the plan with the names under which the file has its tensors."""
    if plan.is_all_of(header):
        return replace(plan, file=header)
    shapes, tensors = plan.shapes, header.shapes
    if shapes.keys() <= tensors.keys():
        return plan
    spelt: dict[str, str] = {}
    for name, taken in header.table.names.items():
        if name not in shapes:
            loaded = (n for n in _loaded(taken, plan.base.renames) if n in shapes)
            spelt |= {n: name for n in loaded if n not in tensors and n not in spelt}
    return replace(plan, spelt=spelt) if spelt else plan


def saved_as(taken: TensorName, rules: Rules) -> Iterator[str]:
    """Yield the names that PEFT may save a tensor under, without the name of an adapter."""
    yield taken.bare
    if ".lora_" in taken.bare:
        yield PREFIX + renamed(taken.bare.removeprefix(PREFIX), rules)


def _loaded(taken: TensorName, rules: Rules) -> Iterator[str]:
    """Yield the names of tensors that PEFT takes a tensor of another name for."""
    if taken.adapter is None or loads_as_named(taken):
        yield from saved_as(taken, rules)
    yield taken.name.replace(".modules_to_save.", f".modules_to_save.{DEFAULT}.")  # a bias
