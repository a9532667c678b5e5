"""A few drawn sets against vLLM itself, where it is installed; `drawn.py` compares many."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.serving.deployment.drawn import compare
from tests.serving.deployment.draws import draw
from tests.serving.deployment.observing import Vllm
from tests.serving.deployment.sizes import Size

_SEED = 7


def test_plans_are_what_the_engine_does(tmp_path: Path) -> None:
    pytest.importorskip("peft", reason="PEFT makes the adapters")
    sizes: list[Size] = []
    with Vllm() as engine:
        found = [
            outcome
            for number in (0, 5)
            for outcome in compare(draw(number, _SEED, tmp_path), engine, sizes)
        ]
    assert [one for one in found if one[0].startswith("WRONG")] == []
    assert sizes
