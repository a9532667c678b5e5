"""The answers for engines are those that were observed, row by row of the project's notes."""

from __future__ import annotations

import re
from typing import Final

import pytest

from loracfg.adapter.read import read_adapter
from loracfg.plan.patterns import DEFAULT_SECONDS
from loracfg.rules.making import make
from loracfg.runtimes.profile import find_runtime
from loracfg.runtimes.verdict import judge
from loracfg.testing.examples import build
from tests.corpus import shared

COLUMNS: Final = {"vLa": "vllm==0.30", "vLb": "vllm==0.33", "SGL": "sglang", "lcpp": "llama.cpp"}
"""Columns of the notes that are known here, each by one version of those that it is for."""

NAME: Final = "base_model.model"
ROWS: Final[dict[str, tuple[str, ...]]] = {
    "plain, r 8, alpha 16": ('made with {"r": 8, "lora_alpha": 16}',),
    "use_rslora": ('made with {"use_rslora": true}',),
    "alpha_pattern": ('made with {"alpha_pattern": {"v_proj": 32}}',),
    "rank_pattern (within max rank)": ('made with {"rank_pattern": {"v_proj": 2}}',),
    "use_dora": ('made with {"use_dora": true}',),
    "DoRA tensors, flag off": ('made with {"use_dora": true}', 'config {"use_dora": false}'),
    "lora_bias": ('made with {"lora_bias": true}',),
    "bias all / lora_only": ('config {"bias": "all"}',),
    "modules_to_save lm_head / embed_tokens": ('made with {"modules_to_save": ["lm_head"]}',),
    "modules_to_save norms": ('made with {"modules_to_save": ["input_layernorm"]}',),
    "modules_to_save score (seq-cls)": (
        'config {"modules_to_save": ["score"]}',
        f"tensor {NAME}.score.weight F32 [2, 16]",
    ),
    "trainable_token_indices": ('made with {"trainable_token_indices": [1, 2]}',),
    "embed_tokens LoRA": ('made with {"target_modules": ["embed_tokens", "q_proj"]}',),
    "lm_head LoRA, untied": ('made with {"target_modules": ["lm_head"]}',),
    "regex target_modules": ('made with {"target_modules": ".*q_proj"}',),
    "layers_to_transform / partial layers": ('made with {"layers_to_transform": [0]}',),
    "layer_replication": ('made with {"layer_replication": [[0, 2], [0, 2]]}',),
    "aLoRA tokens": ('made with {"alora_invocation_tokens": [1, 2]}',),
    "pissa / olora / corda / loftq unconverted": ('made with {"init_lora_weights": "pissa"}',),
    "target_parameters, fused experts": ('config {"target_parameters": ["experts.down_proj"]}',),
    "adapter name in key (.default.)": (r"rename \.weight$ -> .default.weight",),
    "base_model.model. missing": (r"rename ^base_model\.model\. ->",),
    "config r != tensor rank": ('config {"r": 8}',),
    "lora_A without lora_B": ("drop layers.1.*v_proj.lora_B",),
    "lora_alpha missing": ('config without "lora_alpha"',),
    "peft_type missing": ('config without "peft_type"',),
    "unknown config key": ('config {"not_a_key": 1}',),
    "r below 8 or not multiple of 16": ('made with {"r": 4}',),
    "float lora_alpha (16.0)": ('made with {"lora_alpha": 16.0}',),
    "lora_alpha 0": ('config {"lora_alpha": 0}',),
    "adapter_model.bin only": ("weights pickled",),
    "second *.safetensors in dir": ("file other.safetensors x",),
}
"""The rows of the notes, as adapters."""

NOT_HERE: Final = {
    "lm_head LoRA, tied base",
    "resized vocab (embeddings saved)",
    "all-linear (full paths since saved)",
    "q_proj only / k,v without q / up without gate",
    "old per-expert MoE keys",
    "wrong module path prefix",
    "dims smaller than base",
    "target_modules narrower than tensors",
    "extra layer tensors",
    "both .bin and .safetensors",
    "int8 / float8 tensors",
    "added_tokens.json beyond vocab",
}
"""Rows that need the base, or that nothing is known of here."""


def rows() -> dict[str, dict[str, str]]:
    text = shared("facts/runtimes.md").read_text()
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    (head,) = (line for line in table if line[0] == "feature")
    return {line[0]: dict(zip(head, line, strict=True)) for line in table if len(line) == len(head)}


def observed(cell: str) -> str:
    if cell.startswith("**S!**"):
        return "differs"
    return "raises" if re.match(r"[Rr]\b", cell) else "loads"


def answer(lines: tuple[str, ...], runtime: str) -> str:
    adapter = read_adapter(build(lines)[0])
    settings = make(adapter, None, DEFAULT_SECONDS).settings
    return judge(adapter, settings, find_runtime(runtime)).answer


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("column", COLUMNS)
def test_answer_is_what_was_observed(row: str, column: str) -> None:
    assert answer(ROWS[row], COLUMNS[column]) == observed(rows()[row][column])


def test_every_row_is_accounted_for() -> None:
    assert rows().keys() - {"feature", "---"} == ROWS.keys() | NOT_HERE
