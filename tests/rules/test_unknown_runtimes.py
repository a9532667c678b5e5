"""What LC803 advises if it is unknown what an engine does."""

from __future__ import annotations

import pytest

from loracfg.testing.building.judging import judged
from tests.rules.subjects import made_with

RSLORA = made_with(use_rslora=True)
COMPARE = "compare its answers with PEFT's"
BASE = "pass the base"


@pytest.mark.parametrize(
    ("lines", "helps"),
    [
        (("for vllm==0.33",), []),
        (("for vllm==0.33", "base none"), [BASE]),
        (("for vllm==0.33", "for llama.cpp", "base none"), [BASE, BASE]),
        (("for vllm==0.99",), [COMPARE]),
        (("for vllm==0.99", "base none"), [COMPARE]),
        (("for vllm==0.14.1",), [COMPARE]),
        (("for vllm==0.14.1", "base none"), [COMPARE, BASE]),
        ((RSLORA, "for sglang", "base none"), []),  # it computes something different on any base
    ],
)
def test_advice_about_what_is_unknown(lines: tuple[str, ...], helps: list[str]) -> None:
    found = [one for one in judged(*lines).diagnostics if one.code == "LC803"]
    assert [one.help for one in found] == helps
    assert all(one.location.file == "adapter_config.json" for one in found)
    assert all("supports adapters on this base" in one.message for one in found if one.help == BASE)
