"""Long lists of targets are shortened as PEFT does it."""

from __future__ import annotations

import random

import pytest

from loracfg.base.architecture import Architecture, Kind, Module
from loracfg.planning.targets import condensed


@pytest.mark.parametrize("seed", range(60))
def test_names_are_those_of_peft(seed: int) -> None:
    peft = pytest.importorskip("peft.tuners.tuners_utils", reason="PEFT is compared with")
    rng = random.Random(seed)  # noqa: S311  # draws examples, no secrets
    paths = {".".join(rng.choices("abcd01", k=rng.randint(1, 4))) for _ in range(70)}
    modules = {path: Module(path, Kind.LINEAR, "Linear") for path in ("", *paths)}
    targets = rng.sample(sorted(paths), min(len(paths), rng.randint(15, 40)))
    ends = tuple(f".{one}" for one in targets)
    others = [path for path in modules if path not in targets and not path.endswith(ends)]
    shortest = peft._find_minimal_target_modules(targets, others)
    is_shortened = len(targets) >= 20 and len(shortest) < len(targets)
    found = condensed(targets, Architecture("catalogue", None, None, modules))
    assert {*found} == {*(shortest if is_shortened else targets)}
