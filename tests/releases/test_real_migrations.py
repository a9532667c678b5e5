"""Real releases read and apply the configs that are migrated for them.

Run with `-n 0 -s`, the tests tell how many they were.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import pytest

from loracfg.adapter.directory import Adapter, read_adapter
from loracfg.config import CONFIG_NAME
from loracfg.config.history.releases import between
from loracfg.releases.adapted_layers import LayerScaling, same_scaling
from loracfg.releases.migration.migrated_config import Loss
from loracfg.releases.migration.migration import Migration, plan_migration
from loracfg.releases.release_reading import unknown_keys
from loracfg.testing.memory_files import MemoryFiles
from tests.corpus import shared
from tests.releases import drawing
from tests.releases.adapters import Tree
from tests.releases.real import ASKED, STATIONS, Job, Result, at_once, run
from tests.releases.test_real_layers import MODEL, NOTHING, configs

pytestmark = pytest.mark.slow

RELEASES: Final = between("0.1.0")
PASSED: Final = RELEASES if os.environ.get("LORACFG_PROFILE") == "long" else STATIONS
"""By way of which releases, and to which, the published files go; all pairs in the long profile."""

MOVED: Final = 80
"""Configs of each station that are moved to each other one: those written down, and some drawn."""

LOADERS: Final = ("PeftModel", "PeftConfig")


@dataclass
class Tally:
    """What came of the migrations to each release: texts to read, and those that there are not."""

    texts: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    """By target, each distinct text with the ways that led to it."""

    possible: int = 0
    impossible: Counter[str] = field(default_factory=Counter)

    def add(self, way: str, migration: Migration) -> bool:
        """Count a migration; tell whether it is possible."""
        blocked = migration.of(Loss.IMPOSSIBLE)
        if blocked:
            reason = re.sub(r"PEFT [\d.]+", "PEFT", blocked[0].reason)
            self.impossible[re.sub(r"`[^`]*/[^`]*`|`\d+`", "`...`", reason)] += 1
            return False
        self.possible += 1
        texts = self.texts.setdefault(migration.target, {})
        texts.setdefault(migration.after, []).append(way)
        return True


def tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def adapter(text: str | bytes) -> Adapter:
    data = text.encode() if isinstance(text, str) else text
    return read_adapter(MemoryFiles({CONFIG_NAME: data}))


def published() -> dict[str, Adapter]:
    paths = sorted(shared("corpus/configs").glob("*.json"))
    found = {path.stem: adapter(path.read_bytes()) for path in paths}
    return {name: it for name, it in found.items() if it.document and it.reading}


def migrated(files: dict[str, Adapter]) -> Tally:
    """Migrate files to all releases, and by way of some of them to each other."""
    tally = Tally()
    for name, file in files.items():
        for target in RELEASES:
            first = plan_migration(file, target)
            if not tally.add(f"{name} > {target}", first) or target not in PASSED:
                continue
            halfway = adapter(first.after)
            for other in PASSED:
                second = plan_migration(halfway, other, source=target)
                tally.add(f"{name} > {target} > {other}", second)
    return tally


def complaints(release: str, texts: dict[str, list[str]]) -> Iterator[str]:
    """Yield what a release does with the texts beyond reading them."""
    values = [json.loads(text) for text in texts]
    jobs = [
        Job(id=str(number), config=value, loader=loader)
        for number, value in enumerate(values)
        for loader in LOADERS
    ]
    ways = list(texts.values())
    for result in run(release, jobs):
        warnings = [w for w in result["warnings"] if "Unexpected keyword arguments" in w]
        if found := [*([result["error"]] if "error" in result else []), *warnings]:
            yield f"{ways[int(result['id'])][:3]}: {found}"
    for way, value in zip(ways, values, strict=True):
        if unknown := unknown_keys(value, release):
            yield f"{way[:3]}: {unknown} are not known"


def test_releases_read_what_is_migrated_for_them() -> None:
    files = published()
    assert len(files) > 100
    tally = migrated(files)
    found = at_once(lambda r: list(complaints(r, tally.texts.get(r, {}))), ASKED)
    wrong = [f"{r}: {said}" for r, all_said in zip(ASKED, found, strict=True) for said in all_said]
    texts = sum(map(len, tally.texts.values()))
    tell(f"{len(files)} files, {tally.possible + sum(tally.impossible.values())} migrations")
    tell(f"{tally.possible} possible, {texts} distinct texts read, {len(wrong)} complaints")
    for reason, count in tally.impossible.most_common():
        tell(f"{count} impossible: {reason}")
    if wrong:
        pytest.fail("\n".join(wrong))


def model_for(adapted: Adapter) -> Tree:
    """Return two layers for each target of a file, beside those that drawn adapters are for."""
    targets = adapted.config.target_modules if adapted.config else None
    named = targets if targets and not isinstance(targets, str) else ()
    return MODEL | {
        f"model.layers.{n}.more.{name}": ["Linear", 8, 24] for n in (0, 1) for name in named
    }


def made(result: Result) -> dict[str, LayerScaling] | str:
    """Return what a release adapted, or its error unless it found nothing."""
    error = result.get("error", "")
    if error:
        return {} if any(words in error for words in NOTHING) else error
    return {p: LayerScaling(found["r"], found["scaling"]) for p, found in result["layers"].items()}


@dataclass(frozen=True)
class Moved:
    """A migration, and the model on which the layers are compared."""

    name: str
    migration: Migration
    model: Tree

    def job(self, text: str) -> Job:
        return Job(
            id=self.name, do="create", config=json.loads(text), model=self.model, unsaved=True
        )


def applied(moved: list[Moved]) -> Iterator[tuple[Moved, Any, Any]]:
    """Yield each migration with what its source made of the old text, its target of the new."""
    before = _each(moved, lambda it: (it.migration.source, it.migration.before))
    after = _each(moved, lambda it: (it.migration.target, it.migration.after))
    yield from zip(moved, before, after, strict=True)


def _each(
    moved: list[Moved], text_of: Callable[[Moved], tuple[str, str]]
) -> list[dict[str, LayerScaling] | str]:
    """Have each text applied by its release, equal ones once."""
    wanted = [(*text_of(it), it) for it in moved]
    jobs: dict[str, dict[tuple[str, str], Job]] = {}
    for release, text, it in wanted:
        jobs.setdefault(release, {})[it.name.partition(" ")[0], text] = it.job(text)
    results = at_once(lambda r: run(r, jobs[r].values()), jobs)
    found = {
        (release, key): made(result)
        for (release, by_key), answers in zip(jobs.items(), results, strict=True)
        for key, result in zip(by_key, answers, strict=True)
    }
    return [found[release, (it.name.partition(" ")[0], text)] for release, text, it in wanted]


def is_kept(before: dict[str, LayerScaling], after: dict[str, LayerScaling]) -> bool:
    """Tell whether each layer of before is one after; the others compute nothing."""
    return all(
        path in after and layer.rank == after[path].rank and same_scaling(layer, after[path])
        for path, layer in before.items()
    )


def check_layers(moved: list[Moved]) -> None:
    wrong, alike, unusable = [], 0, 0
    for it, before, after in applied(moved):
        if isinstance(before, str):
            unusable += 1
        elif isinstance(after, str) or not is_kept(before, after):
            wrong.append(f"{it.name}: {before}\n  not {after}\n  by {it.migration.after}")
        else:
            alike += 1
    tell(f"{len(moved)} lossless, {alike} alike, {unusable} not applied by their own release")
    if wrong:
        pytest.fail(f"{len(wrong)} differ\n" + "\n".join(wrong[:20]))
    assert alike > len(moved) * 0.8


def is_lossless(migration: Migration) -> bool:
    return not (migration.of(Loss.LOSSY) or migration.of(Loss.IMPOSSIBLE) or migration.unchecked)


def test_published_files_keep_their_layers() -> None:
    moved = [
        Moved(f"{name} > {target}", migration, model_for(file))
        for name, file in published().items()
        for target in STATIONS
        if is_lossless(migration := plan_migration(file, target))
    ]
    assert len(moved) > 500
    check_layers(moved)


def test_drawn_adapters_keep_their_layers() -> None:
    moved = []
    for source in STATIONS:
        for name, values in list(configs(source).items())[:MOVED]:
            file = drawing.adapter(values, source, with_weights=True)
            for target in STATIONS:
                migration = plan_migration(file, target, source)
                if target != source and is_lossless(migration):
                    moved.append(Moved(f"{name}@{source} > {target}", migration, MODEL))
    assert len(moved) > 1000
    check_layers(moved)
