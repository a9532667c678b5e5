"""The examples in the real PEFT: those with an error fail to load, or are silently wrong."""

from __future__ import annotations

import warnings
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from loracfg.rules.registry import all_rules
from loracfg.rules.rule import Rule
from loracfg.testing.building.examples import Example, build, examples
from loracfg.testing.llama import BASE
from loracfg.testing.memory_files import MemoryFiles

if TYPE_CHECKING:
    from transformers import PreTrainedModel

SILENT: Final = {
    ("LC017", 0): "every output is NaN",
    ("LC017", 1): "every output is NaN",
    ("LC025", 1): "the base model is served",
    ("LC102", 0): "the field has its default",
    ("LC103", 2): "`true` counts as 1",
    ("LC323", 0): "the base model is served",
    ("LC420", 0): "the base model is served",
    ("LC420", 1): "the base model is served",
    ("LC431", 0): "every output is NaN",
    ("LC431", 1): "every output is NaN",
    ("LC432", 0): "the base model is served",
}
"""Examples with an error that PEFT loads, by rule and number, with what is wrong then."""

NOT_TRIED: Final = {
    "LC004": "permissions do not stop every user",
    "LC019": "a limit of loracfg's",
    "LC022": "needs an adapter with that method",
    "LC130": "about a trainer's file",
    "LC131": "about a trainer's file",
    "LC134": "about a trainer's file",
    "LC201": "needs a different release",
    "LC202": "needs a different release",
    "LC305": "loading needs bitsandbytes",
    "LC306": "loading needs bitsandbytes",
}

CASES: Final = [
    pytest.param(rule, number, example, id=f"{rule.code}-{number}")
    for rule in all_rules()
    if rule.code < "LC500"
    for number, example in enumerate(examples(rule.page))
    if rule.code not in NOT_TRIED or (example.fires and rule.code in ("LC305", "LC306"))
    if "planned" not in example.lines  # there is nothing to load before training
]


@cache
def base() -> PreTrainedModel:
    from transformers import LlamaConfig, LlamaForCausalLM

    return LlamaForCausalLM(
        LlamaConfig(
            hidden_size=BASE["hidden"],
            intermediate_size=BASE["inner"],
            num_attention_heads=BASE["heads"],
            num_key_value_heads=BASE["kv_heads"],
            head_dim=BASE["head_dim"],
            vocab_size=BASE["vocab"],
            num_hidden_layers=BASE["layers"],
            tie_word_embeddings=BASE["tied"],
        )
    )


def write(files: MemoryFiles, folder: Path) -> None:
    for name, data in files.contents.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)


def failure(folder: Path) -> str | None:
    """Return the error with which PEFT fails to load the adapter, None if it loads it."""
    from copy import deepcopy

    from peft import PeftModel

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            PeftModel.from_pretrained(deepcopy(base()), str(folder))
        except Exception as error:
            return f"{type(error).__name__}: {error}"
    return None


@pytest.mark.parametrize(("rule", "number", "example"), CASES)
def test_peft(rule: Rule, number: int, example: Example, tmp_path: Path) -> None:
    files, _ = build(example.lines)
    write(files, tmp_path)
    fails = rule.severity == "error" and example.fires and (rule.code, number) not in SILENT
    found = failure(tmp_path)
    assert (found is not None) == fails, found or "PEFT loads it"
