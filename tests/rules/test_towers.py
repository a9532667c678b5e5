"""Targets in an image tower next to the text model."""

from __future__ import annotations

from dataclasses import replace

import pytest

from loracfg.base.architecture import Kind, Module
from loracfg.rules.base import lc631_adapted_towers
from loracfg.rules.rule import Finding
from loracfg.testing.building.examples import build
from tests.rules.subjects import factors, made_with, subject_on

TOWER = "vision_tower.layers.0.self_attn"
IN_TOWER = [f"{TOWER}.{name}_proj" for name in "qv"]


def finding(targets: list[str], *paths: str) -> Finding | None:
    """Return what is found if these modules of the tower have factors too."""
    lines = (made_with(target_modules=targets), *(x for path in paths for x in factors(path, 16)))
    files, base = build((*lines, 'base {"vision": 1}'))
    assert base
    value = Module(IN_TOWER[1], Kind.LINEAR, "Linear", {"weight": (16, 16)})
    seen = subject_on(files, replace(base, modules={**base.modules, value.path: value}))
    return next(iter(lc631_adapted_towers.check(seen)), None)


@pytest.mark.parametrize(
    ("targets", "paths", "words", "count"),
    [
        (["q_proj", "v_proj"], IN_TOWER, "`q_proj` and `v_proj` in `target_modules` select 4", 2),
        (["q_proj", "v_proj"], IN_TOWER[:1], "`q_proj` in `target_modules` selects 2", 1),
        (["q_proj", "o_proj"], IN_TOWER[:1], "`q_proj` in `target_modules` selects 2", 1),
    ],
)
def test_names_that_select_layers_of_a_tower_too(
    targets: list[str], paths: list[str], words: str, count: int
) -> None:
    found = finding(targets, *paths)
    assert found
    assert found.message == f"{words} layers of `model` and {count} of `vision_tower`"
    assert found.count == count


@pytest.mark.parametrize(
    ("targets", "paths"),
    [
        (["q_proj", "v_proj"], []),
        (["model.layers.0.self_attn.q_proj", IN_TOWER[0]], IN_TOWER[:1]),
        (["o_proj", IN_TOWER[0]], IN_TOWER[:1]),
        (["o_proj", "projector"], ["projector"]),
    ],
)
def test_names_that_select_layers_of_one_part(targets: list[str], paths: list[str]) -> None:
    assert finding(targets, *paths) is None
