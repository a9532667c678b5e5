"""The law of the catalogue: for any config, it builds the same as transformers, or declines.

`python -m tests.base.law --draws 30 --record docs/architectures.json [TYPE…]` draws configs for
every model type, compares some of its classes on each, and records the counts; `--failures FILE`
saves the failures, and `--replay FILE` tries them again. With `--library diffusers` for the classes
of diffusers.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import json
import multiprocessing
import random
import re
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import fields
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, NamedTuple

import transformers

from loracfg.base.architecture import Architecture, Module
from loracfg.base.catalogue import lookup
from loracfg.base.catalogue.index import DIFFUSERS
from loracfg.base.class_builder import CannotBuildError
from loracfg.base.derivation.building.layout_files import FACTS
from loracfg.base.from_library import built as builder
from tests.base.drawing import Draw
from tests.base.drawing.shrink import shrunk

LAYOUT: Final = transformers.__version__.partition(".")[0]
"""The layout of the installed transformers."""

SECONDS: Final = 20
"""The time limit of a build."""

BAD: Final = ("wrong", "answered")
"""Results that break the law."""

_NO_MEMORY: Final = "can't allocate memory"
"""Errors of torch about tensors that are too large for the machine."""

_RECYCLED: Final = 40
"""The number of types after which a worker is replaced, since classes stay in memory."""

APART: Final = ("modules", "source", "notes", "renames", "library", "shared")
"""Fields of trees that are compared separately, or give the source of the tree."""
_SAME: Final = re.compile(r"\w*Drop(Path|out)\w*|Identity|StochasticDepth")
"""Modules without parameters that replace each other depending on a rate."""


class Case(NamedTuple):
    """A config and a class for which catalogue and transformers disagree, and the difference."""

    model_type: str
    class_name: str
    result: str
    why: str
    config: dict[str, Any]


class _TooSlowError(BaseException):
    """A build takes too long. No constructor catches this error."""


def draw_config(model_type: str, rng: random.Random, *, careful: bool = False) -> dict[str, Any]:
    """Draw the value of a `config.json`; config objects in defaults become dicts."""
    drawn = Draw(rng).config(model_type, careful=careful)
    made: dict[str, Any] = json.loads(json.dumps(drawn, default=lambda value: value.to_dict()))
    return made


def compare(config: dict[str, Any], class_name: str) -> tuple[str, str]:
    """Return how catalogue and transformers compare, with the reason or difference.

    `equal`, `declined`, `refused` (by both), `skipped` (a build takes too much), `answered`
    (transformers refuses what the catalogue has an answer for), or `wrong`: they differ.
    """
    try:
        with _limited():
            return _compare(config, class_name)
    except _TooSlowError:
        return "skipped", f"it takes more than {SECONDS} seconds"


def _compare(config: dict[str, Any], class_name: str) -> tuple[str, str]:
    given = json.dumps(config)
    try:
        ours = lookup.build(json.loads(given), class_name, LAYOUT)
    except CannotBuildError as error:
        why = error.message
        try:
            builder.build(json.loads(given), class_name)
        except CannotBuildError as other:
            return "refused", f"{other.message} (the catalogue: {why})"
        return "declined", why
    except Exception as error:  # the catalogue may only decline
        return "wrong", f"the catalogue fails: {type(error).__name__}: {error}"
    try:
        theirs = builder.build(json.loads(given), class_name)
    except CannotBuildError as error:
        if _NO_MEMORY in error.message:
            return "skipped", error.message
        return "answered", f"transformers refuses it: {error.message}"
    difference = differs(ours, theirs)
    return ("wrong", difference) if difference else ("equal", "")


@contextmanager
def _limited() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise _TooSlowError

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def differs(ours: Architecture, theirs: Architecture) -> str | None:
    """Return the first difference between two trees; None if they are equal."""
    mine, other = _comparable(ours.modules), _comparable(theirs.modules)
    for path in {**mine, **other}:
        if mine.get(path) != other.get(path):
            return f"`{path}`: {mine.get(path)} against {other.get(path)}"
    if list(mine) != list(other):
        return "the order of modules"
    for name in (one.name for one in fields(Architecture) if one.name not in APART):
        left, right = getattr(ours, name), getattr(theirs, name)
        if left != right:
            return f"{name}: {left} against {right}"
    return None


def _comparable(modules: dict[str, Module]) -> dict[str, Module]:
    return {
        path: m._replace(class_name="Identity") if _SAME.fullmatch(m.class_name) else m
        for path, m in modules.items()
    }


def run(model_type: str, draws: int, seed: int, at_most: int = 4) -> dict[str, Any]:
    """Compare classes of a type on drawn configs; return the counts and the cases to check.

    Draws become careful while most drawn configs cannot be built.
    """
    classes = lookup.classes(model_type, LAYOUT)
    rng = random.Random(f"{seed} {model_type}")  # noqa: S311  # draws examples, no secrets
    counts: Counter[str] = Counter()
    cases: list[Case] = []
    for _ in range(draws):
        is_hard = counts["refused"] + counts["skipped"] > counts.total() * 0.4
        try:
            config = draw_config(model_type, rng, careful=is_hard)
        except ValueError:
            break
        for name in rng.sample(classes, min(at_most, len(classes))):
            result, why = compare(config, name)
            counts[result] += 1
            if result != "equal":
                cases.append(Case(model_type, name, result, why[:600], config))
    return {"type": model_type, "classes": len(classes), **counts, "cases": cases}


def main() -> None:
    """Compare, print the failures, record the counts, and exit with 1 if there were failures."""
    parser = argparse.ArgumentParser(prog="python -m tests.base.law", description=__doc__)
    parser.add_argument("types", nargs="*")
    parser.add_argument("--library", choices=("transformers", "diffusers"), default="transformers")
    parser.add_argument("--draws", type=int, default=20)
    parser.add_argument("--classes", type=int, default=4, help="the maximum for each config")
    parser.add_argument("--seed", type=int, nargs="+", default=[0], help="one or more")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--record", type=Path, help="file to put the counts into")
    parser.add_argument("--failures", type=Path, help="file for what was wrong, as JSON lines")
    parser.add_argument("--replay", type=Path, help="file of failures to try again")
    options = parser.parse_args()
    if options.replay:
        _replay(options.replay)
        return
    found = []
    for result in _results(options):
        _report(result, options.failures)
        found.append(result)
    results = _summed(found)
    total: Counter[str] = Counter()
    for result in results:
        total.update({k: v for k, v in result.items() if isinstance(v, int)})
    print(len(results), "types", dict(total))  # noqa: T201
    hard = [one["type"] for one in results if _built(one) < 0.5]
    print("seldom built by transformers:", *hard)  # noqa: T201
    if options.record:
        _record(options.record, results, options)
    sys.exit(any(total[kind] for kind in BAD))


def _summed(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the counts of each type over all seeds, in the order of types."""
    counts: dict[str, Counter[str]] = {}
    for result in found:
        own = {name: value for name, value in result.items() if isinstance(value, int)}
        counts.setdefault(result["type"], Counter()).update(own)
        counts[result["type"]]["classes"] = own["classes"]
    return [{"type": name, **counts[name]} for name in sorted(counts)]


def _results(options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Yield the result of each type when it is done."""
    own = options.library == "transformers"
    law: Any = run if own else importlib.import_module("tests.base.diffusers_law").run
    rest = (options.classes,) if own else ()
    types = options.types or lookup.model_types(LAYOUT if own else DIFFUSERS)
    runs = [(one, options.draws, seed, *rest) for one in types for seed in options.seed]
    batch = options.jobs * _RECYCLED
    if options.jobs == 1 and len(runs) <= batch:
        yield from (law(*one) for one in runs)
        return
    spawn = multiprocessing.get_context("spawn")
    for start in range(0, len(runs), batch):
        with ProcessPoolExecutor(options.jobs, spawn) as pool:
            pending = [pool.submit(law, *one) for one in runs[start : start + batch]]
            yield from (one.result() for one in as_completed(pending))


def _built(result: dict[str, Any]) -> float:
    """Return the share of drawn configs that transformers builds."""
    tried = sum(result.get(k, 0) for k in ("equal", "declined", "refused", "skipped", *BAD))
    return (result.get("equal", 0) + result.get("declined", 0)) / tried if tried else 0.0


def _report(result: dict[str, Any], failures: Path | None) -> None:
    """Print the counts of a type, and its cases to check."""
    counts = {k: v for k, v in result.items() if isinstance(v, int)}
    print(result["type"], counts, flush=True)  # noqa: T201
    for kind, notes in result.get("notes", {}).items():
        for note in notes:
            print(" ", kind, note)  # noqa: T201
    shown: Counter[str] = Counter()
    for case in result.get("cases", ()):
        shown[case.result] += 1
        if case.result in BAD or (case.result == "declined" and shown[case.result] <= 5):
            text = json.dumps(case.config)
            print(" ", case.result, case.class_name, case.why[:300], text[:600])  # noqa: T201
        if case.result in BAD and failures:
            with failures.open("a", encoding="utf-8") as file:
                file.write(json.dumps(case._asdict()) + "\n")


def _replay(path: Path) -> None:
    """Repeat saved failures, and show the smallest config that still fails."""
    counts: Counter[str] = Counter()
    for line in path.read_text("utf-8").splitlines():
        case = Case(*map(json.loads(line).get, Case._fields))
        result, why = compare(case.config, case.class_name)
        counts[result] += 1
        if result in BAD:
            least = json.dumps(_least(case._replace(why=why)))
            print(case.class_name, why[:600], least, flush=True)  # noqa: T201
    print(dict(counts))  # noqa: T201


def _least(case: Case) -> dict[str, Any]:
    """Return the smallest config that fails in the same way."""

    def is_wrong(config: dict[str, Any]) -> bool:
        result, why = compare(config, case.class_name)
        return result in BAD and _way(why) == _way(case.why)

    return shrunk(case.config, is_wrong)


def _way(why: str) -> str:
    """Return a message without its names and numbers."""
    return re.sub(r"`[^`]*`|\d+", "", why)[:80]


def digest(layout: str) -> str:
    """Return a digest of the facts of a layout, which does not depend on packing."""
    found = hashlib.sha256()
    for path in sorted(FACTS.joinpath(layout).iterdir()):
        found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()[:16]


def _record(path: Path, results: list[dict[str, Any]], options: argparse.Namespace) -> None:
    """Record the counts of a layout in the file, which has separate counts for each layout."""
    own = options.library == "transformers"
    layout = LAYOUT if own else DIFFUSERS
    record = json.loads(path.read_text("utf-8")) if path.exists() else {"layouts": []}
    kept = [one for one in record["layouts"] if one["layout"] != layout]
    library = "" if own else f" --library {options.library}"
    how = f"--draws {options.draws} --seed {' '.join(map(str, options.seed))}"
    if own:
        how += f" --classes {options.classes}"
    made = {
        "layout": layout,
        options.library: version(options.library),
        "facts": digest(layout),
        "command": f"python -m tests.base.law{library} {how}",
        "types": results,
    }
    layouts = sorted([*kept, made], key=lambda one: one["layout"], reverse=True)
    layouts.sort(key=lambda one: one["layout"] == DIFFUSERS)
    lines = ",\n".join(_layout_text(one) for one in layouts)
    path.write_text(f'{{"layouts": [\n{lines}\n]}}\n', "utf-8")


def _layout_text(layout: dict[str, Any]) -> str:
    head = {key: value for key, value in layout.items() if key != "types"}
    rows = ",\n".join(json.dumps(row) for row in layout["types"])
    return f'{json.dumps(head)[:-1]}, "types": [\n{rows}\n]}}'


if __name__ == "__main__":
    main()
