"""Find tensors with a different name in the file that PEFT loads as the same tensor.

- The name of a DoRA magnitude may end with `.weight` (since 0.12.0,
  `_remap_adapter_state_dict_for_load` in `peft/tuners/lora/model.py`).
- The adapter name may be in the name if it is `default` (since 0.21.0) and the model has the tensor
  under this name; see `loads_as_named`.
- Up to 0.17.1, PEFT removed the adapter name everywhere, also from the biases in the copy of a
  module that is saved whole. Nothing depends on them, since the file has them a second time.
- Factors of modules that transformers 5 renamed may have the names of transformers 4 (since 0.19.0,
  `peft/utils/transformers_weight_conversion.py`).
- On the model types that this conversion handles, the names of factors may lack the prefix: it
  removes the prefix from all names, and adds it at the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from loracfg.adapter.header.tensor import Header
from loracfg.adapter.tensor_names import DEFAULT, PREFIX, Part, TensorName
from loracfg.base.architecture import Architecture
from loracfg.base.renaming import CONVERTED, Rules, renamed
from loracfg.planning.experts import LAYOUTS
from loracfg.planning.plan import Plan

_OF_WRAPPERS: Final = (Part.BASE, Part.TOKENS)
_MOVED: Final = ("PaddleOCRVLModel", "PixioBackbone", "Step3p7Model")
"""Classes on which the conversion changes a path without the prefix, and keeps one with it."""


def adds_prefix(base: Architecture) -> bool:
    """Tell whether PEFT adds the prefix to the names of factors that lack it (since 0.19.0)."""
    converts = base.renames or base.model_type in LAYOUTS or base.model_type in CONVERTED
    return bool(converts) and base.class_name not in _MOVED


def loads_as_named(taken: TensorName) -> bool:
    """Tell whether PEFT loads a tensor with an adapter name in its name.

    PEFT passes unknown names to `load_state_dict`, so the name must be the one in the model, where
    a magnitude ends with `.weight`. For saved modules and trained tokens, PEFT raises if the name
    without the adapter name is missing.
    """
    whole = taken.part is not Part.MAGNITUDE or taken.name.endswith(".weight")
    return taken.adapter == DEFAULT and whole and taken.part not in _OF_WRAPPERS


def spell_as_in_file(plan: Plan, header: Header) -> Plan:
    """Return the plan with the names that its tensors have in the file."""
    if plan.equals(header):
        return replace(plan, file=header)
    shapes, tensors = plan.shapes, header.shapes
    if shapes.keys() <= tensors.keys():
        return plan
    file_names: dict[str, str] = {}
    for name, taken in header.table.names.items():
        if name not in shapes:
            loaded = (n for n in _loaded(taken, plan.base) if n in shapes)
            file_names |= {n: name for n in loaded if n not in tensors and n not in file_names}
    return replace(plan, file_names=file_names) if file_names else plan


def saved_as(taken: TensorName, rules: Rules) -> Iterator[str]:
    """Yield the names with which PEFT may save a tensor, without an adapter name."""
    yield taken.bare
    if ".lora_" in taken.bare:
        yield PREFIX + renamed(taken.bare.removeprefix(PREFIX), rules)


def _loaded(taken: TensorName, base: Architecture) -> Iterator[str]:
    """Yield the names of the tensors into which PEFT may load this one."""
    if not taken.prefix and not adds_prefix(base):
        return
    if taken.adapter is None or loads_as_named(taken):
        yield from saved_as(taken, base.renames)
    yield taken.name.replace(".modules_to_save.", f".modules_to_save.{DEFAULT}.")  # a bias
