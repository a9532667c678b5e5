"""How PEFT renames the modules of adapters from transformers 4 when it loads them (0.19 and newer).

transformers 5 renames tensors of older checkpoints, and PEFT takes the same way with an adapter's
(`peft/utils/transformers_weight_conversion.py`). Here both are asked about each module of the
older tree, and their answers become rules: a beginning of paths, with `#` for numbers, and what
stands in its place.
"""

from __future__ import annotations

import re
from typing import Any, Final

from loracfg.base import transformers as builder
from loracfg.base.builder import CannotBuildError
from loracfg.base.catalogue import lookup
from loracfg.base.sandbox import quiet

_NUMBER: Final = re.compile(r"\d+")
_EXPERT: Final = re.compile(r"\.experts(\.|$)")
_SUFFIX: Final = ".lora_A.weight"


def renames_of(model_type: str, class_name: str) -> list[list[str]]:
    """Return the rules for a class; none if its names are the same, or PEFT does not rename all."""
    config = {"model_type": model_type}
    try:
        older = lookup.build(config, class_name, lookup.LAYOUTS[1])
        newer = lookup.build(config, class_name)
        with quiet():
            model = builder.model_of(config, class_name)
    except CannotBuildError:
        return []
    gone = [p for p in older.modules if newer.find(p) is None and not _EXPERT.search(p)]
    if not gone:
        return []
    rename = _peft_renaming(model)
    rules: dict[str, str] = {}
    for path in gone:
        if not older.modules[path].parameters:
            continue
        new = rename(path)
        if newer.find(new) is None:
            return []
        old_start, new_start = _differing(path, new)
        if rules.setdefault(old_start, new_start) != new_start:
            return []
    return [[old, new] for old, new in sorted(rules.items())]


def _differing(old: str, new: str) -> tuple[str, str]:
    """Return what two paths begin with before their common end, with `#` for numbers."""
    left, right = old.split("."), new.split(".")
    while len(left) > 1 and len(right) > 1 and left[-1] == right[-1]:
        left.pop()
        right.pop()
    if left[-1] == right[-1]:
        left.pop()
        right.pop()
    return _NUMBER.sub("#", ".".join(left)), _NUMBER.sub("#", ".".join(right))


def _peft_renaming(model: Any) -> Any:
    from peft import LoraConfig
    from peft.utils.transformers_weight_conversion import build_peft_weight_mapping
    from transformers.conversion_mapping import get_model_conversion_mapping
    from transformers.core_model_loading import WeightRenaming, rename_source_key

    conversions = get_model_conversion_mapping(model)
    mapping = build_peft_weight_mapping(conversions, "default", LoraConfig())
    renamings = [entry for entry in mapping if isinstance(entry, WeightRenaming)]

    def rename(path: str) -> str:
        key = f"base_model.model.{path}{_SUFFIX}"
        renamed, _ = rename_source_key(key, renamings, [])
        return str(renamed).removesuffix(".lora_A.default.weight")

    return rename
