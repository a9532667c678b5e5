"""Ways to spoil a sound adapter, each with the rule that must notice it."""

from __future__ import annotations

from typing import Final

from loracfg.testing.config_defects import CONFIG_DEFECTS
from loracfg.testing.defect import Defect
from loracfg.testing.tensor_defects import TENSOR_DEFECTS
from loracfg.testing.weight_file_defects import WEIGHT_FILE_DEFECTS

__all__ = ["DEFECTS", "Defect"]

DEFECTS: Final = [*CONFIG_DEFECTS, *WEIGHT_FILE_DEFECTS, *TENSOR_DEFECTS]
"""All kinds; those of single options are applied where the adapter has the option."""
