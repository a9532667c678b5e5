"""What rules see of an adapter, for tests of the functions that rules share."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from loracfg.adapter.directory import read_adapter
from loracfg.adapter.header.tensor import Shape
from loracfg.adapter.name_table import LayerTensors
from loracfg.adapter.tensor_names import Part
from loracfg.analysis.factor_pairs import FactorPair
from loracfg.analysis.subject import Subject
from loracfg.base.architecture import Architecture
from loracfg.base.search import ResolvedBase
from loracfg.engine.engine import Engine
from loracfg.testing.building.examples import build
from loracfg.testing.building.judging import OPTIONS
from loracfg.testing.building.surroundings import resolved_of
from loracfg.testing.memory_files import MemoryFiles

LINEAR = (Part.A, Part.B)
EMBEDDING = (Part.EMBEDDING_A, Part.EMBEDDING_B)


def subject(*lines: str) -> Subject:
    """Return what rules see of an example's adapter before any rule ran."""
    files, base = build(lines)
    return seen(files, resolved_of(lines, base))


def subject_on(files: MemoryFiles, base: Architecture | None) -> Subject:
    """Return what rules see of an adapter in files, on a base."""
    return seen(files, ResolvedBase(base))


def seen(files: MemoryFiles, resolved: ResolvedBase) -> Subject:
    return Engine(OPTIONS).open_read(read_adapter(files), resolved).subject


def on_base(subject: Subject, **found: Any) -> Subject:
    """Return what rules see if something else is known about the base."""
    return replace(subject, resolved=subject.resolved._replace(**found))


def planned(subject: Subject, **parts: Any) -> Subject:
    """Return what rules see if something else was planned."""
    return replace(subject, planning=replace(subject.planning, **parts))


def pair(
    a_shape: Shape, b_shape: Shape, module: str = "q_proj", parts: tuple[Part, Part] = LINEAR
) -> FactorPair:
    """Return factors of these shapes."""
    names = [f"base_model.model.{module}.{part}.weight" for part in parts]
    layer = LayerTensors(module, module, dict(zip(parts, names, strict=True)), tuple(names))
    return FactorPair(layer, names[0], names[1], a_shape, b_shape)


def config(**values: Any) -> str:
    """Return the line of an example that sets these values in its config."""
    return f"config {json.dumps(values)}"


def made_with(**values: Any) -> str:
    """Return the line of an example whose adapter is made with these values."""
    return f"made with {json.dumps(values)}"


def factors(path: str, rows: int) -> tuple[str, str]:
    """Return lines for the factors of a layer of 16 inputs."""
    name = f"tensor base_model.model.{path}"
    return f"{name}.lora_A.weight F32 [4, 16]", f"{name}.lora_B.weight F32 [{rows}, 4]"
