"""The outcomes of loading an adapter in each release, and their summary."""

from __future__ import annotations

import json
import re
from typing import Any, Final

import pytest

from loracfg.adapter.directory import Adapter, read_adapter
from loracfg.adapter.header.tensor import Tensor
from loracfg.config.history.releases import PEFT_RELEASE
from loracfg.planning.patterns import PatternBudget, PatternTimeoutError
from loracfg.releases.loading import loads_in, summary
from loracfg.releases.outcome import Effect
from loracfg.testing.memory_files import MemoryFiles, safetensors_bytes, torch_bytes

CONFIG: Final = {
    "peft_type": "LORA",
    "r": 4,
    "lora_alpha": 8,
    "lora_dropout": 0.0,
    "target_modules": ["q_proj"],
}
Q: Final = "base_model.model.model.layers.1.experts.0.q_proj"
A: Final = Tensor(f"{Q}.lora_A.weight", "F32", (4, 8))


def adapter(*tensors: Tensor, safe: bool = False, **values: Any) -> Adapter:
    contents = {"adapter_config.json": json.dumps(CONFIG | values).encode()}
    if safe:
        contents["adapter_model.safetensors"] = safetensors_bytes(tensors)
    elif tensors:
        contents["adapter_model.bin"] = torch_bytes(tensors, data=False)
    return read_adapter(MemoryFiles(contents))


def summed(given: Adapter, writer: str = PEFT_RELEASE) -> dict[str, str]:
    return summary(loads_in(given, writer, PatternBudget()))


@pytest.mark.parametrize(
    ("given", "writer", "expected"),
    [
        (adapter(A), PEFT_RELEASE, {"peft": ">=0.1"}),
        (adapter(A, safe=True), PEFT_RELEASE, {"peft": ">=0.4", "failing": ">=0.1,<0.4"}),
        (
            adapter(A, kasa_config=None),
            PEFT_RELEASE,
            {
                "peft": ">=0.1,<0.6 or >=0.14",
                "dropping": ">=0.1,<0.6 or >=0.14,<0.21",
                "failing": ">=0.6,<0.14",
            },
        ),
        (
            adapter(A, use_rslora=True),
            PEFT_RELEASE,
            {"peft": ">=0.8", "differing": ">=0.1,<0.6", "failing": ">=0.6,<0.8"},
        ),
        (
            adapter(A, layers_to_transform=[0]),
            "0.19.1",
            {
                "peft": ">=0.1,<0.4 or >=0.8,<0.20",
                "dropping": ">=0.1,<0.4",
                "failing": ">=0.4,<0.8 or >=0.20",
            },
        ),
        (
            adapter(A, layers_to_transform=[1], layers_pattern="(layers)"),
            PEFT_RELEASE,
            {
                "peft": ">=0.1,<0.4 or >=0.21",
                "dropping": ">=0.1,<0.4",
                "failing": ">=0.4,<0.21",
            },
        ),
        (
            adapter(Tensor(f"{Q}.lora_A.default.weight", "F32", (4, 8))),
            PEFT_RELEASE,
            {"peft": ">=0.21", "differing": ">=0.1,<0.21"},
        ),
        (
            adapter(A, init_lora_weights="pissa"),
            PEFT_RELEASE,
            {"peft": ">=0.11", "differing": ">=0.1,<0.7", "failing": ">=0.7,<0.11"},
        ),
        (adapter(r="x"), PEFT_RELEASE, {"peft": "none", "failing": ">=0.1"}),
    ],
)
def test_releases_are_summed_up(given: Adapter, writer: str, expected: dict[str, str]) -> None:
    assert summed(given, writer) == expected


def test_a_config_that_cannot_be_read_has_no_outcomes() -> None:
    assert loads_in(read_adapter(MemoryFiles({})), PEFT_RELEASE, PatternBudget()) == {}


def test_the_worst_reason_decides() -> None:
    given = adapter(A, kasa_config=None, use_dora=True, target_parameters="x")
    outcome = loads_in(given, PEFT_RELEASE, PatternBudget())["0.17.0"]
    assert outcome.effect is Effect.RAISES
    assert {reason.effect for reason in outcome.reasons} == {Effect.DROPS, Effect.RAISES}


def test_patterns_have_a_budget() -> None:
    name = "a" * 40
    slow = adapter(
        Tensor(f"base_model.model.b.{name}.lora_A.weight", "F32", (4, 8)),
        target_modules=[name],
        rank_pattern={"(a+)+x": 8},
    )
    with pytest.raises(PatternTimeoutError):
        loads_in(slow, PEFT_RELEASE, PatternBudget(0.2))


def test_names_as_keys_are_looked_up_and_not_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []

    def compile_pattern(text: str) -> re.Pattern[str]:
        compiled.append(text)
        return re.compile(text)

    monkeypatch.setattr("loracfg.planning.patterns.compile_pattern", compile_pattern)
    names = {f"x{i}": 4 for i in range(1000)}
    given = adapter(A, rank_pattern=names, alpha_pattern={**names, "y|z": 4})
    assert loads_in(given, PEFT_RELEASE, PatternBudget())
    assert {text for text in compiled if "x" in text} == set()
    assert any("y|z" in text for text in compiled)
