"""A few drawn sets against vLLM itself, where it is installed; `drawn.py` compares many."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from loracfg.engine.options import Options
from loracfg.serving.deployment.adapter_set import deploy
from loracfg.serving.gate import Gate
from tests.serving.deployment.conftest import MakeAdapter
from tests.serving.deployment.drawn import compare
from tests.serving.deployment.draws import draw
from tests.serving.deployment.observing import Vllm
from tests.serving.deployment.sizes import Size

_SEED = 7
_TARGETS = (
    "q_proj",
    "k_proj",
    "qkv_proj",
    "o_proj",
    "up_proj",
    "gate_up_proj",
    "down_proj+gate_proj",
    "o_proj+k_proj",
    "no_such_layer",
)
"""Layers of the engine, and the parts of its joined layers, each of which selects all of one."""


@pytest.fixture(scope="module")
def engine() -> Iterator[Vllm]:
    pytest.importorskip("peft", reason="PEFT makes the adapters")
    with Vllm() as one:
        yield one


def test_plans_are_what_the_engine_does(engine: Vllm, tmp_path: Path) -> None:
    sizes: list[Size] = []
    found = [
        outcome
        for number in (0, 5)
        for outcome in compare(draw(number, _SEED, tmp_path), engine, sizes)
    ]
    assert [one for one in found if one[0].startswith("WRONG")] == []
    assert sizes


def test_targets_are_what_the_engine_wraps(engine: Vllm, made: MakeAdapter) -> None:
    """Plans and the gate accept the adapters whose factors all have a layer in the engine."""
    ones = [made("llama", feature) for feature in ("query alone", "attention", "mlp")]
    paths, base = [str(one.adapter) for one in ones], str(ones[0].base)
    plan = deploy(paths, "vllm==0.33", Options(base=base))
    found = []
    for target in _TARGETS:
        observed = engine.observe(plan, paths, lora_target_modules=tuple(target.split("+")))
        assert observed.errors == ("", "", "")
        runtime = f"vllm==0.33,lora_target_modules={target}"
        gate = Gate(Options(base=base, runtimes=(runtime,)))
        taken = [path for path, lost in zip(paths, observed.lost, strict=True) if not lost]
        planned = deploy(paths, runtime, Options(base=base)).shared
        passed = [path for path in paths if gate.judge_folder(Path(path), "adapter").passed]
        assert [one.name for one in planned] == passed == taken, target
        found.append(len(taken))
    assert set(found) > {0, 1}
