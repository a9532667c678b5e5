"""The law of the catalogue for classes of diffusers, which have no config class."""

from __future__ import annotations

import copy
import json
import random
from collections import Counter
from typing import Any

from loracfg.base.architecture import Architecture
from loracfg.base.catalogue import lookup
from loracfg.base.class_builder import CannotBuildError, refuse_huge
from loracfg.base.from_library import built as builder
from loracfg.base.from_library.live_model import architecture_of
from loracfg.base.from_library.sandbox import offline, quiet
from tests.base.drawing.diffusers import DiffusersDraw, class_of
from tests.base.law import differs


def draw_config(name: str, rng: random.Random) -> dict[str, Any]:
    """Draw the value of a `config.json`."""
    return DiffusersDraw(name, rng).config() | {"_class_name": name}


def build(config: dict[str, Any], class_name: str) -> Architecture:
    """Return the module tree that diffusers builds from a `config.json`.

    Raises:
        CannotBuildError: if the constructor raises.
    """
    import torch

    refuse_huge(config)
    with builder.LOCK, quiet(), offline():
        try:
            with torch.device("meta"):
                model = class_of(class_name).from_config(copy.deepcopy(config))
            return architecture_of(model)
        except Exception as error:  # foreign constructors can raise anything
            message = f"`{class_name}` cannot be built from the config: {builder.brief(error)}"
            raise CannotBuildError(message) from error


def compare(config: dict[str, Any]) -> tuple[str, str]:
    """Return how catalogue and diffusers compare, as `tests.base.law.compare` does."""
    name = config["_class_name"]
    try:
        theirs = build(config, name)
    except CannotBuildError as error:
        refused: str | None = error.message
    else:
        refused = None
    try:
        ours = lookup.build(config, name)
    except CannotBuildError as error:
        return ("refused" if refused else "declined"), error.message
    if refused:
        return "answered", f"diffusers refuses it: {refused}"
    difference = differs(ours, theirs)
    return ("wrong", difference) if difference else ("equal", "")


def run(name: str, draws: int, seed: int) -> dict[str, Any]:
    """Compare a class on drawn configs; return the counts and the failures."""
    rng = random.Random(f"{seed} {name}")  # noqa: S311  # draws examples, no secrets
    counts: Counter[str] = Counter()
    notes: dict[str, list[str]] = {"wrong": [], "answered": [], "declined": []}
    for _ in range(draws):
        config = draw_config(name, rng)
        result, why = compare(config)
        counts[result] += 1
        if result in notes and len(notes[result]) < 5:
            notes[result].append(f"{why[:300]} {json.dumps(config)[:600]}")
    return {"type": name, "classes": 1, **counts, "notes": notes}
