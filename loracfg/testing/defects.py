"""All defects that tests add to sound adapters, each with the rule that must find it."""

from __future__ import annotations

from typing import Final

from loracfg.base.architecture import Architecture
from loracfg.planning.spelling import adds_prefix
from loracfg.testing.config_defects import CONFIG_DEFECTS
from loracfg.testing.defect import Defect
from loracfg.testing.tensor_defects import TENSOR_DEFECTS
from loracfg.testing.weight_file_defects import WEIGHT_FILE_DEFECTS

__all__ = ["DEFECTS", "Defect", "is_harmful"]

DEFECTS: Final = [*CONFIG_DEFECTS, *WEIGHT_FILE_DEFECTS, *TENSOR_DEFECTS]
"""All defects; a defect of an option only applies to adapters with the option."""


def is_harmful(defect: Defect, base: Architecture) -> bool:
    """Tell whether a defect does harm on a base: PEFT itself adds a missing prefix for some."""
    return defect.name != "prefix-missing" or not adds_prefix(base)
