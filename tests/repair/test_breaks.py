"""A sound adapter that is broken and repaired computes the same in the real PEFT."""

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
from loracfg.repair.registry import REPAIRS
from tests.made.recipes import BROKEN_IN_PEFT, CASES
from tests.repair.breaks import BREAKS
from tests.repair.good import Copy, computed, good_adapter

_NUMBERS: Final[Iterator[int]] = count()
_MODELS: Final = ("llama", "qwen3_moe", "gpt2", "bert", "phi3", "t5")
_CAUSAL: Final = ("llama", "qwen3_moe", "gpt2", "phi3")
"""Those of the models that mlx-lm has too."""
_ELSEWHERE: Final = {
    **dict.fromkeys(
        ("LC314", "LC321", "LC340", "LC437", "LC623", "LC707"), "tests/repair/test_config.py"
    ),
    "LC003": "tests/repair/test_foreign.py, with a config that is missing",
    "LC601": "tests/repair/test_fused.py",
    "LC604": "tests/repair/test_fused.py",
    "LC622": "tests/repair/test_layouts.py",
    "LC702": "tests/repair/test_base_id.py",
    "LC703": "tests/repair/test_base_id.py",
}
"""Repairs that no break here needs, and where they are tested."""
_NEEDED: Final = {
    "copied embeddings": ("embedding", "embedding-dora", "embedding-and-output"),
    "no rank pattern": ("rank-pattern", "tied-output-rank"),
    "dora unset": ("dora",),
    "lora_bias unset": ("factor-bias",),
    "rslora": ("rslora",),
    "alpha pattern": ("alpha-pattern",),
    "stacked experts": ("stacked-experts",),
    "single experts": ("stacked-experts", "one-expert-parameter"),
    "old experts": ("experts", "one-expert-parameter"),
}
"""Options of which an adapter needs one to be broken so."""


# Classes for these tasks want inputs or labels of their own.
def cases(name: str) -> st.SearchStrategy[tuple[str, str]]:
    needed = _NEEDED.get(name)
    return st.sampled_from(
        [
            case
            for case in CASES
            if case[0] in _MODELS
            and case not in BROKEN_IN_PEFT
            and not case[1].startswith(("sequence-classes", "question-answers"))
            and (needed is None or case[1] in needed)
            and (name != "mlx" or case[0] in _CAUSAL)
            and not (BREAKS[name].runtimes and case[0] == "gpt2")  # llama.cpp turns its layers
        ]
    )


def test_every_repair_is_tested() -> None:
    tested = {broken.code for broken in BREAKS.values()} | _ELSEWHERE.keys()
    assert REPAIRS.keys() - tested == set(), "add a break, or name the test in _ELSEWHERE"
    assert tested - REPAIRS.keys() == set(), "these have no repair"


@pytest.mark.slow
@pytest.mark.parametrize("name", BREAKS)
@settings(
    max_examples=max(3, settings().max_examples // 30),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(st.data())
def test_repaired_adapter_computes_the_same(name: str, root: Path, data: st.DataObject) -> None:
    good = good_adapter(*data.draw(cases(name)), root)
    assume(good is not None)
    assert good is not None
    broken = BREAKS[name]
    work = root / str(next(_NUMBERS))
    copy = Copy(good, work / "broken")
    try:
        assume(broken.apply(copy))
        before = {p: p.read_bytes() for p in copy.folder.iterdir()}
        options = Options(base=str(good.base), runtimes=broken.runtimes)
        repaired = fix(copy.folder, options, unsafe=broken.unsafe)
        assert broken.code in {d.code for d in repaired.before.diagnostics}
        assert broken.code in {step.code for step in repaired.steps}
        repaired.write(work / "fixed")
        assert {p: p.read_bytes() for p in copy.folder.iterdir()} == before
        errors = [d for d in repaired.after.diagnostics if d.severity == "error"]
        assert not errors
        for ours, theirs in zip(
            computed(good, work / "fixed"), computed(good, good.folder), strict=True
        ):
            assert torch.allclose(ours, theirs, rtol=broken.tolerance, atol=broken.tolerance)
    finally:
        shutil.rmtree(work, ignore_errors=True)
