"""A repair that is called safe is the one answer, whatever else is wrong with the adapter.

A good adapter is given two defects. If what a safe `fix` writes of it is valid, it computes in the
real PEFT what the adapter computed before. Otherwise PEFT refuses it, or it computes what the
adapter did with one of the defects or with both.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

pytest.importorskip("peft", reason="what adapters compute is asked of PEFT")

import torch

from loracfg.engine.fixing import fix
from loracfg.engine.options import Options
from loracfg.report.report import AdapterReport
from tests.made.recipes import BROKEN_IN_PEFT, CASES
from tests.repair.breaks import BREAKS
from tests.repair.damage import IN_FILES, IN_TENSORS, Apply
from tests.repair.good import Copy, Good, computed, good_adapter

_NUMBERS: Final[Iterator[int]] = count()
_MODELS: Final = ("llama", "gpt2", "bert", "phi3")
_ON_FILES: Final = frozenset(
    {"pickled", "pickled with strides", "sharded", "bytes after the end", "gap"}
    | {"byte order mark", "key twice", "key twice alike", "null bias"}
)
"""Breaks of the files as they are written."""
DEFECTS: Final[dict[str, Apply]] = (
    {name: one.apply for name, one in BREAKS.items() if name not in _ON_FILES and not one.runtimes}
    | IN_TENSORS
    | {name: one.apply for name, one in BREAKS.items() if name in _ON_FILES}
    | IN_FILES
)
"""All defects, those of files after the others."""
_ORDER: Final = list(DEFECTS)
CHOICES: Final = [
    case
    for case in CASES
    if case[0] in _MODELS
    and case not in BROKEN_IN_PEFT
    and not case[1].startswith(("sequence-classes", "question-answers"))
]


def broken(good: Good, defects: tuple[str, ...], folder: Path) -> Copy | None:
    """Return a copy with some defects; None if it cannot have them."""
    copy = Copy(good, folder)
    for name in sorted(defects, key=_ORDER.index):
        try:
            if not DEFECTS[name](copy):
                return None
        except (FileNotFoundError, KeyError, IndexError, StopIteration, UnicodeDecodeError):
            return None  # the other defect took away what this one needs
        copy.tensors = {key: tensor.contiguous() for key, tensor in copy.tensors.items()}
    return copy


def outcome(good: Good, folder: Path) -> list[torch.Tensor] | None:
    """Return what PEFT computes; None if it raises, or the model has nothing to give."""
    try:
        return computed(good, folder)
    except Exception:  # whatever PEFT raises is an answer
        return None


def alike(ours: list[torch.Tensor], theirs: list[torch.Tensor] | None) -> bool:
    return theirs is not None and all(
        torch.allclose(one, other, rtol=1e-5, atol=1e-6, equal_nan=True)
        for one, other in zip(ours, theirs, strict=True)
    )


def codes(report: AdapterReport) -> set[str]:
    return {d.code for d in report.diagnostics}


def wrong(good: Good, pair: tuple[str, ...], work: Path, *, based: bool = True) -> str | None:
    """Return how a safe repair of two defects breaks the law, if it does."""
    copy = broken(good, pair, work / "both")
    if copy is None:
        return None
    options = Options(base=str(good.base)) if based else Options(isolated=True)
    repaired = fix(copy.folder, options)
    if not repaired.steps:
        return None
    repaired.write(work / "fixed")
    found = outcome(good, work / "fixed")
    if found is None or alike(found, outcome(good, good.folder)):
        return None
    made = [f"{step.code} {step.title}" for step in repaired.steps]
    known = codes(fix(good.folder, options).before)
    left = codes(repaired.after) - known
    looks_sound = not left and repaired.after.status == "valid"
    if not looks_sound and alike(found, outcome(good, copy.folder)):
        return None
    for number, name in enumerate(pair):
        single = broken(good, (name,), work / f"{number}")
        if single is None or not alike(found, outcome(good, single.folder)):
            continue
        if not looks_sound or not codes(fix(single.folder, options).before) - known:
            return None  # one defect is left, which is reported, or which nobody can see
    said = "with nothing left to find" if looks_sound else f"left are {sorted(left)}"
    return f"{made} make another adapter, {said}"


@pytest.mark.parametrize("name", DEFECTS)
@settings(
    max_examples=max(2, settings().max_examples // 50),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(st.data())
def test_safe_repairs_of_two_defects(name: str, root: Path, data: st.DataObject) -> None:
    good = good_adapter(*data.draw(st.sampled_from(CHOICES)), root)
    assume(good is not None)
    assert good is not None
    pair = name, data.draw(st.sampled_from(_ORDER))
    assume(pair[0] != pair[1])
    work = root / str(next(_NUMBERS))
    work.mkdir()
    try:
        assert wrong(good, pair, work, based=data.draw(st.booleans())) is None
    finally:
        shutil.rmtree(work, ignore_errors=True)


@pytest.mark.parametrize("name", DEFECTS)
@settings(
    max_examples=max(2, settings().max_examples // 50),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(st.data())
def test_no_repair_loses_tensors(name: str, root: Path, data: st.DataObject) -> None:
    """Not even an unsafe one: what does not apply was not applied before."""
    good = good_adapter(*data.draw(st.sampled_from(CHOICES)), root)
    assume(good is not None)
    assert good is not None
    pair = name, data.draw(st.sampled_from(_ORDER))
    work = root / str(next(_NUMBERS))
    work.mkdir()
    try:
        copy = broken(good, pair, work / "both")
        if copy is None:
            return
        repaired = fix(copy.folder, Options(base=str(good.base)), unsafe=True)
        before, after = repaired.before.coverage, repaired.after.coverage
        assert after is None or after.tensors or not (before and before.tensors)
        if before and after and before.expected is not None and after.expected is not None:
            assert (after.unexpected or 0) + (after.mismatched or 0) <= (before.unexpected or 0) + (
                before.mismatched or 0
            )
    finally:
        shutil.rmtree(work, ignore_errors=True)
