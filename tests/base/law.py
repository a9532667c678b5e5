"""The law of the catalogue: for any config it gives what transformers builds, or it declines.

`python -m tests.base.law --draws 30 --record docs/architectures.json [TYPE…]` draws configs for
every model type, compares each class, and records the counts; with `--library diffusers` for the
classes of diffusers.
"""

from __future__ import annotations

import argparse
import importlib
import json
import random
import re
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import fields
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import transformers
from transformers import CONFIG_MAPPING

from loracfg.base import transformers as builder
from loracfg.base.architecture import Architecture, Module
from loracfg.base.builder import CannotBuildError
from loracfg.base.catalogue import lookup
from loracfg.base.sandbox import quiet
from loracfg.base.tracer.draw import Draw
from loracfg.base.tracer.shape import Shape, shape_of

LAYOUT: Final = transformers.__version__.partition(".")[0]
"""The layout that the installed transformers has."""

_SAME: Final = re.compile(r"\w*Drop(Path|out)\w*|Identity|StochasticDepth")
"""Modules without parameters that stand for each other, as rates say."""


def model_types(layout: str = LAYOUT) -> list[str]:
    """Return the model types of the catalogue, by name."""
    return sorted(path.stem for path in (lookup.DATA / layout).glob("*.json"))


@cache
def shape(model_type: str) -> Shape:
    """Return the keys of a model type's config."""
    with quiet():
        return shape_of(CONFIG_MAPPING[model_type]())


def draw_config(model_type: str, rng: random.Random) -> dict[str, Any]:
    """Draw the value of a `config.json`."""
    return Draw(rng, {}).config(shape(model_type)) | {"model_type": model_type}


def compare(config: dict[str, Any], class_name: str) -> tuple[str, str]:
    """Return how catalogue and transformers compare, with what was said or differs.

    `equal`, `declined`, `refused` (by both), or `wrong`: they differ, or transformers refuses what
    the catalogue has an answer for.
    """
    try:
        ours = lookup.build(config, class_name, LAYOUT)
    except CannotBuildError as error:
        why = error.message
        try:
            builder.build(config, class_name)
        except CannotBuildError:
            return "refused", why
        return "declined", why
    try:
        theirs = builder.build(config, class_name)
    except CannotBuildError as error:
        return "wrong", f"transformers refuses it: {error.message}"
    difference = differs(ours, theirs)
    return ("wrong", difference) if difference else ("equal", "")


def differs(ours: Architecture, theirs: Architecture) -> str | None:
    """Return the first difference of two trees, None if they are the same."""
    mine, other = _comparable(ours.modules), _comparable(theirs.modules)
    for path in {**mine, **other}:
        if mine.get(path) != other.get(path):
            return f"`{path}`: {mine.get(path)} against {other.get(path)}"
    if list(mine) != list(other):
        return "the order of modules"
    for field in fields(Architecture):
        if field.name in ("modules", "source", "notes"):
            continue
        left, right = getattr(ours, field.name), getattr(theirs, field.name)
        if left != right:
            return f"{field.name}: {left} against {right}"
    return None


def _comparable(modules: dict[str, Module]) -> dict[str, Module]:
    return {
        path: m._replace(class_name="Identity") if _SAME.fullmatch(m.class_name) else m
        for path, m in modules.items()
    }


def run(model_type: str, draws: int, seed: int) -> dict[str, Any]:
    """Compare all classes of a type on drawn configs; return the counts and what was wrong."""
    entry = lookup.read_entry(model_type, LAYOUT)
    assert entry is not None
    rng = random.Random(f"{seed} {model_type}")  # noqa: S311  # draws examples, no secrets
    counts: Counter[str] = Counter()
    notes: dict[str, list[str]] = {"wrong": [], "declined": []}
    for _ in range(draws):
        config = draw_config(model_type, rng)
        for class_name in entry.classes:
            result, why = compare(dict(config), class_name)
            counts[result] += 1
            if result in notes and len(notes[result]) < 5:
                notes[result].append(f"{class_name}: {why[:300]} {json.dumps(config)[:300]}")
    return {"type": model_type, "classes": len(entry.classes), **counts, "notes": notes}


def main() -> None:
    """Compare, print what is wrong, and record the counts."""
    parser = argparse.ArgumentParser(prog="python -m tests.base.law", description=__doc__)
    parser.add_argument("types", nargs="*")
    parser.add_argument("--library", choices=("transformers", "diffusers"), default="transformers")
    parser.add_argument("--draws", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--record", type=Path)
    options = parser.parse_args()
    own = options.library == "transformers"
    layout = LAYOUT if own else lookup.DIFFUSERS
    law = run if own else importlib.import_module("tests.base.diffusers_law").run
    types = options.types or model_types(layout)
    with ProcessPoolExecutor(options.jobs, max_tasks_per_child=None) as pool:
        pending = [pool.submit(law, t, options.draws, options.seed) for t in types]
        results = [one.result() for one in pending]
    total: Counter[str] = Counter()
    for result in results:
        for kind in ("wrong", "declined"):
            for note in result["notes"][kind]:
                print(kind, result["type"], note)  # noqa: T201
        del result["notes"]
        total.update({k: v for k, v in result.items() if isinstance(v, int)})
    print(len(results), "types", dict(total))  # noqa: T201
    if options.record:
        _record(options.record, layout, results, options)


def _record(
    path: Path, layout: str, results: list[dict[str, Any]], options: argparse.Namespace
) -> None:
    """Put the counts of a layout into the file, in which each layout has its own."""
    record = json.loads(path.read_text("utf-8")) if path.exists() else {"layouts": []}
    kept = [one for one in record["layouts"] if one["layout"] != layout]
    library = "" if options.library == "transformers" else f" --library {options.library}"
    how = f"--draws {options.draws} --seed {options.seed}"
    made = {
        "layout": layout,
        options.library: version(options.library),
        "command": f"python -m tests.base.law{library} {how}",
        "types": results,
    }
    layouts = sorted([*kept, made], key=lambda one: one["layout"], reverse=True)
    layouts.sort(key=lambda one: one["layout"] == lookup.DIFFUSERS)
    lines = ",\n".join(_layout_text(one) for one in layouts)
    path.write_text(f'{{"layouts": [\n{lines}\n]}}\n', "utf-8")


def _layout_text(layout: dict[str, Any]) -> str:
    head = {key: value for key, value in layout.items() if key != "types"}
    rows = ",\n".join(json.dumps(row) for row in layout["types"])
    return f'{json.dumps(head)[:-1]}, "types": [\n{rows}\n]}}'


if __name__ == "__main__":
    main()
