"""All defects that tests add to sound adapters, each with the rule that must find it."""

from __future__ import annotations

from typing import Final

from loracfg.testing.config_defects import CONFIG_DEFECTS
from loracfg.testing.defect import Defect
from loracfg.testing.tensor_defects import TENSOR_DEFECTS
from loracfg.testing.weight_file_defects import WEIGHT_FILE_DEFECTS

__all__ = ["DEFECTS", "Defect"]

DEFECTS: Final = [*CONFIG_DEFECTS, *WEIGHT_FILE_DEFECTS, *TENSOR_DEFECTS]
"""All defects; a defect of an option only applies to adapters with the option."""
