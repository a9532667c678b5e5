"""Imports the stand-ins for torch and other libraries for use in the interpreter."""

from __future__ import annotations

from loracfg.base.derivation.stand_ins import (
    arrays,
    auto,
    containers,
    convolutions,
    diffusers,
    functions,
    layers,
    models,
    module,
    norms,
    tensors,
    turns,
    unknown,
)
from loracfg.base.derivation.stand_ins.module import Module
from loracfg.base.derivation.stand_ins.unknown import Foreign, Unknown

__all__ = [
    "PACKAGE",
    "Foreign",
    "Module",
    "Unknown",
    "arrays",
    "auto",
    "containers",
    "convolutions",
    "diffusers",
    "functions",
    "layers",
    "models",
    "module",
    "norms",
    "tensors",
    "turns",
    "unknown",
]

PACKAGE = auto.__name__.rpartition(".")[0]
"""The name of the package with the stand-ins."""
