"""Cells of the matrix in several versions of engines, each by the line of source that decides."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from loracfg.engine.fronts import compat
from loracfg.engine.options import Options
from tests.runtimes.matrix.making import make

pytest.importorskip("peft", reason="the adapters are made by PEFT")

EXPECTED: Final = {
    # vllm/lora/layers/column_parallel_linear.py: expand_packed_lora
    ("qwen3_5_text", "recurrent alone"): {
        "vllm==0.20": "unknown",
        "vllm==0.28": "raises",
        "vllm==0.33": "loads",
    },
    # vllm/model_executor/models/qwen3_5.py: embedding_modules
    ("qwen3_5_text", "head"): {"vllm==0.28": "raises", "vllm==0.33": "loads"},
    ("qwen3_5_text", "embedding"): {"vllm==0.28": "raises", "vllm==0.33": "loads"},
    # vllm/lora/model_manager.py: _stack_moe_lora_weights
    ("gpt_oss", "experts"): {"vllm==0.33": "loads"},
    ("gpt_oss", "half of experts"): {"vllm==0.33": "raises"},
    # vllm/model_executor/models/registry.py, transformers/base.py: embedding_modules
    ("olmo", "embedding"): {"vllm==0.25": "raises", "vllm==0.33": "loads"},
    ("olmo", "head"): {"vllm==0.33": "raises"},
    ("gpt_neox", "embedding"): {"vllm==0.33": "raises"},
    # vllm/model_executor/models/commandr.py: embedding_modules
    ("cohere", "head"): {"vllm==0.12": "raises", "vllm==0.33": "raises"},
    # vllm/lora/layers/base.py: before 0.29, logits cannot be computed with the wrapped embedding
    ("cohere", "embedding"): {"vllm==0.12": "raises", "vllm==0.33": "loads"},
    # vllm/model_executor/models/mixtral.py: block_sparse_moe.gate
    ("mixtral", "router"): {"vllm==0.33": "differs"},
    # vllm/lora/model_manager.py: _create_lora_modules
    ("gpt_bigcode", "attention"): {"vllm==0.28": "unknown", "vllm==0.33": "differs"},
}


@pytest.mark.parametrize(("architecture", "feature"), EXPECTED)
def test_answers(architecture: str, feature: str, tmp_path: Path) -> None:
    wanted = EXPECTED[architecture, feature]
    made = make(architecture, feature, tmp_path)
    assert made is not None
    verdicts = compat(made.adapter, list(wanted), Options(str(made.base)))
    found = dict(zip(wanted, (one.answer for one in verdicts), strict=True))
    assert found == wanted
