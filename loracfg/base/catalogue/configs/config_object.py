"""The type of the configs that facts are evaluated for."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from loracfg.base.catalogue.configs.core import Core
    from loracfg.base.catalogue.configs.diffusers import Arguments

ConfigObject: TypeAlias = "Core | Arguments"
"""A config of transformers, or the arguments of a model of diffusers."""
