"""Predicted outcomes of loading agree with what the layers compute in real releases."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from loracfg.adapter.directory import Adapter, read_adapter
from loracfg.adapter.files import Folder
from loracfg.adapter.tensor_names import Part
from loracfg.config import CONFIG_NAME
from loracfg.config.history.releases import at_least
from loracfg.planning.patterns import PatternBudget
from loracfg.releases.dating import written_by
from loracfg.releases.loading import loads_in
from loracfg.releases.outcome import Effect, Outcome
from tests.corpus import shared
from tests.releases.adapters import ADAPTERS, Tree
from tests.releases.real import ASKED, Job, Result, at_once, run

USELESS: Final = {("fused-0.2.0", "0.2.0"), ("one-target-0.1.0", "0.2.0")}
"""Loaded, but 0.2.0 fails when it merges the factors of fused layers (`MergedLinear.train`)."""

Outputs = dict[str, list[float]]


@dataclass(frozen=True)
class Sample:
    """An adapter on disk, a model that it fits, who wrote it, and what its layers then compute."""

    folder: Path
    model: Tree
    writer: str
    outputs: Outputs

    def job(self, name: str) -> Job:
        """Return the job that loads it."""
        return Job(
            id=name,
            do="create",
            dir=str(self.folder),
            weights=True,
            model=self.model,
            outputs=True,
            unsaved=True,
        )


def made(folder: Path) -> dict[str, Sample]:
    """Have each writer make its adapters, and take what their layers compute from loading them.

    A writer that cannot load its own adapter tells what the layers computed before.
    """

    def make(release: str) -> list[Result]:
        mine = {name: it for name, it in ADAPTERS.items() if it.release == release}
        return run(release, [_making(name, folder / name) for name in mine])

    samples = {}
    for results in at_once(make, sorted({it.release for it in ADAPTERS.values()})):
        for result in results:
            name, it = result["id"], ADAPTERS[result["id"]]
            assert "saved" in result, (name, result)
            if not it.whole:
                keep_given_keys(folder / name / CONFIG_NAME, it.config.keys())
            samples[name] = Sample(folder / name, it.model, it.release, result["outputs"])
    return with_outputs_of_writers(samples)


def _making(name: str, folder: Path) -> Job:
    it = ADAPTERS[name]
    return Job(
        id=name,
        do="create",
        config=it.config,
        model=it.model,
        trained=True,
        outputs=True,
        save_to=str(folder),
        pickled=it.pickled and at_least(it.release, "0.4.0"),
    )


def keep_given_keys(path: Path, keys: Iterable[str]) -> None:
    values = json.loads(path.read_text())
    path.write_text(json.dumps({key: values[key] for key in values if key in set(keys)}))


def with_outputs_of_writers(samples: dict[str, Sample]) -> dict[str, Sample]:
    def load(release: str) -> list[Result]:
        mine = {name: it for name, it in samples.items() if it.writer == release}
        return run(release, [it.job(name) for name, it in mine.items()])

    found = dict(samples)
    for results in at_once(load, sorted({it.writer for it in samples.values()})):
        for result in results:
            it = samples[result["id"]]
            outputs = result.get("outputs", it.outputs)
            assert outputs, result
            found[result["id"]] = Sample(it.folder, it.model, it.writer, outputs)
    return found


def published() -> dict[str, Sample]:
    """Return the published adapters all of whose tensors are those of linear layers."""
    samples = {}
    for folder in sorted(shared("corpus/adapters").iterdir()):
        adapter = read_adapter(Folder(folder))
        model, dating = linear_layers(adapter), written_by(adapter)
        if model and dating:
            samples[folder.name] = Sample(folder, model, dating.newest, {})
    return with_outputs_of_writers(samples)


def linear_layers(adapter: Adapter) -> Tree:
    """Return the layers that the tensors fit, empty if not all of them are of linear layers."""
    sizes: dict[str, dict[Part, tuple[int, ...]]] = {}
    for name, taken in adapter.names.items():
        shape = tuple(adapter.tensors[name].shape)
        if taken.rest != "bias" or taken.part is not Part.BASE:
            sizes.setdefault(taken.module, {})[taken.part] = shape
    model: Tree = {}
    for path, parts in sizes.items():
        whole = parts.get(Part.BASE) or (*parts[Part.B][:1], *parts[Part.A][1:])
        if len(whole) != 2:
            return {}
        model[path] = ["Linear", whole[1], whole[0]]
    return model


def same_outputs(one: Outputs, other: Outputs) -> bool:
    return one.keys() == other.keys() and all(
        len(values) == len(other[path])
        and all(
            math.isclose(a, b, rel_tol=1e-3, abs_tol=1e-3)
            for a, b in zip(values, other[path], strict=True)
        )
        for path, values in one.items()
    )


def disagreement(outcome: Outcome, sample: Sample, result: Result) -> str:
    """Say in what a result is not what was predicted, empty if in nothing."""
    raising = [reason for reason in outcome.reasons if reason.effect is Effect.RAISES]
    said = [f"{reason.effect.name}: {reason.message}" for reason in outcome.reasons]
    error = result.get("error", "")
    if error or raising:
        named = {reason.error for reason in raising}
        right = bool(raising) and bool(named & {error.partition(":")[0], ""}) and bool(error)
        return "" if right else f"{error[:300] or 'no error'}, not {said} {named}"
    same = same_outputs(sample.outputs, result["outputs"])
    if same is (outcome.effect is Effect.DIFFERS):
        return f"{'the same' if same else 'other'} outputs, not {said}"
    return ""


def check(samples: dict[str, Sample]) -> None:
    adapters = {name: read_adapter(Folder(it.folder)) for name, it in samples.items()}
    predicted = {n: loads_in(a, samples[n].writer, PatternBudget()) for n, a in adapters.items()}

    def load(release: str) -> list[Result]:
        return run(release, [it.job(name) for name, it in samples.items()])

    wrong = [
        f"{name} in {release}: {said}"
        for release, results in zip(ASKED, at_once(load, ASKED), strict=True)
        for name, result in zip(samples, results, strict=True)
        if (name, release) not in USELESS
        and (said := disagreement(predicted[name][release], samples[name], result))
    ]
    if wrong:
        pytest.fail("\n".join(wrong))


def test_adapters_are_dated_and_load_as_predicted(tmp_path: Path) -> None:
    samples = made(tmp_path)
    assert samples.keys() == ADAPTERS.keys()
    check_dates(samples)
    check(samples)


def check_dates(samples: dict[str, Sample]) -> None:
    dated = {n: written_by(read_adapter(Folder(it.folder))) for n, it in samples.items()}
    wrong = {n: it for n, it in dated.items() if not it or samples[n].writer not in it.releases}
    assert wrong == {}


def test_published_adapters_load_as_predicted() -> None:
    samples = published()
    assert len(samples) > 5
    check(samples)
