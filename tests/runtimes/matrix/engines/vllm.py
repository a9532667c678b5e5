"""What vLLM does: its model, its LoRA manager and its layers, run on a CPU.

Its attention over compressed keys and values is no part of that run: it takes the weight of
`kv_b_proj` apart when the base is loaded, and asks no layer for it afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from loracfg.adapter.directory import read_adapter
from loracfg.adapter.files import Folder
from tests.runtimes.matrix.engines.job import Job, Outcome, run_script

VERSION: Final = "0.33.0"
_COMPRESSED: Final = ("deepseek_v2", "deepseek_v3")
_TAKEN_APART: Final = "vllm/model_executor/layers/attention/mla_attention.py:1270"
"""Where the weight of `kv_b_proj` is split, once, for what attends with it."""


def settle(jobs: Sequence[Job], python: str) -> Iterator[tuple[Job, Outcome]]:
    """Yield what the engine does with adapters, by an interpreter that has it installed."""
    for job, outcome in run_script(python, Path(__file__).with_name("run_vllm.py"), jobs):
        is_left_out = job.architecture in _COMPRESSED and _adapts(job, "kv_b_proj")
        if outcome.answer == "loads" and is_left_out:
            yield job, Outcome("differs", _TAKEN_APART, outcome.why)
        else:
            yield job, outcome


def _adapts(job: Job, module: str) -> bool:
    """Tell whether a module of an adapter has factors."""
    adapter = read_adapter(Folder(Path(job.adapter)))
    return any(name.path.endswith(f".{module}") for name in adapter.names.values())
