"""`loracfg diff`: the differences and the exit status."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

import loracfg
from tests.cli.running import call, check_answer, write_adapter, write_base
from tests.comparison.swapping import make_adapter
from tests.planning.models import model_of


def two(folder: Path, first: list[str], second: list[str]) -> tuple[Path, Path]:
    return write_adapter(folder / "a", *first), write_adapter(folder / "b", *second)


@pytest.mark.parametrize(
    ("lines", "status", "words"),
    [
        ([], 0, "equivalent in everything that was compared"),
        (['config {"peft_version": "0.18.0"}'], 0, "not affect a loaded adapter: `peft_version`"),
        (
            ['config {"init_lora_weights": "gaussian"}'],
            0,
            "not affect a loaded adapter: `init_lora_weights`",
        ),
        (
            ['config {"init_lora_weights": "pissa"}'],
            1,
            '`init_lora_weights`: `true` in A, `"pissa"`',
        ),
        (['config {"target_modules": ["v_proj", "q_proj"]}'], 0, "modules: 4 equal"),
        (['config {"lora_alpha": 16}'], 1, "`lora_alpha`: `8` in A, `16` in B"),
        (['made with {"r": 2}'], 1, "rank 4, scale 2.0  rank 2, scale 4.0"),
        (['made with {"target_modules": ["q_proj"]}'], 1, "modules: 2 equal, 2 only in A"),
        (["drop v_proj"], 1, "self_attn.v_proj      2  rank 4, alpha 8, scale 2.0"),
        (['made with {"modules_to_save": ["lm_head"]}'], 1, "saved modules, F32 [32, 16]"),
        (
            ['config {"base_model_name_or_path": "example/other"}'],
            1,
            "base: `example/llama` in A, `example/other` in B",
        ),
        (["tensor a.b F32 [2]"], 1, "other, F32 [2]"),
        (["reshape 0.self_attn.q_proj.lora_A -> [4, 16, 3]"], 1, "160 parameters  288 parameters"),
    ],
)
def test_differences_are_shown(lines: list[str], status: int, words: str, tmp_path: Path) -> None:
    outcome = call("diff", *two(tmp_path, [], lines), "--base", write_base(tmp_path / "base"))
    check_answer(outcome)
    assert outcome.status == status
    assert words in outcome.out


def test_values_are_compared_if_asked(tmp_path: Path) -> None:
    paths = two(tmp_path, ["values .* 0.5"], ["values .* 0.5", "values .*q_proj.lora_B.* 0.25"])
    assert call("diff", *paths).status == 0
    outcome = call("diff", *paths, "--data")
    assert outcome.status == 1
    assert "values: 6 of 8 common tensors equal" in outcome.out
    assert call("diff", paths[0], paths[0], "--data").status == 0


def test_json_is_the_same(tmp_path: Path) -> None:
    outcome = call("diff", *two(tmp_path, [], ['made with {"r": 2}']), "--format", "json")
    data = json.loads(outcome.out)
    assert (outcome.status, data["alike"], data["unchanged"]) == (1, False, 0)
    assert data["modules"][0]["a"] == "rank 4, scale 2.0"
    assert data["swap_b_into_a"] == {"answer": "swaps", "reasons": [], "target_rank": 4}
    assert data["values"] is None


def test_what_cannot_be_read_is_status_2(tmp_path: Path) -> None:
    outcome = call("diff", write_adapter(tmp_path / "a"), tmp_path / "missing")
    assert (outcome.status, outcome.out) == (2, "")
    assert "missing` does not exist" in outcome.err


def test_swap_is_not_known_without_weights(tmp_path: Path) -> None:
    outcome = call("diff", *two(tmp_path, [], ["weights none"]))
    assert outcome.status == 1
    assert "hot swap: unknown" in outcome.out


def test_errors_are_shown_with_the_swap(tmp_path: Path) -> None:
    outcome = call("diff", *two(tmp_path, [], ['config {"r": 8}']))
    assert "   validate: invalid, error LC503" in outcome.out
    assert "assuming that both load; `validate` finds errors in B:" in outcome.out


def test_hostile_names_stay_text(tmp_path: Path) -> None:
    lines = ["rename q_proj -> q_\x1b[31mproj", r'config {"\u001b[31mkey": "\u202e"}']
    check_answer(call("diff", *two(tmp_path, [], lines)))


@pytest.mark.parametrize(
    ("first", "second", "common"),
    [
        ([1, 2, 3], [2, 3, 4], (2, 3)),
        ({"embed_tokens": [5]}, [5, 6], (5,)),
        ([1, 2], [3], ()),
    ],
)
def test_tokens_that_both_train(first: Any, second: Any, common: Any, tmp_path: Path) -> None:
    import peft

    given = {"a": first, "b": second}
    folders = [
        make_adapter(tmp_path / name, "llama", at, trainable_token_indices=tokens)
        for at, (name, tokens) in enumerate(given.items())
    ]
    (overlap,) = loracfg.diff(folders[0], folders[1]).overlaps or (None,)
    assert (overlap.tokens if overlap else ()) == common
    assert not overlap or overlap.path == "model.embed_tokens"
    base: Any = deepcopy(model_of("llama"))
    model: Any = peft.PeftModel.from_pretrained(base, str(folders[0]), adapter_name="a")
    model.load_adapter(str(folders[1]), adapter_name="b")
    if common:
        with pytest.raises(ValueError, match="already defined"):
            model.base_model.merge_adapter(["a", "b"])
    else:
        model.base_model.merge_adapter(["a", "b"])


def test_merging_tokens_one_after_another_keeps_the_last(tmp_path: Path) -> None:
    import peft
    import torch
    from safetensors.torch import load_file

    folders = [
        make_adapter(tmp_path / str(at), "llama", at, trainable_token_indices=[at, 2])
        for at in range(2)
    ]
    model: Any = deepcopy(model_of("llama"))
    for folder in folders:
        model = peft.PeftModel.from_pretrained(model, str(folder)).merge_and_unload()
    (rows,) = [
        tensor
        for name, tensor in load_file(folders[1] / "adapter_model.safetensors").items()
        if "trainable_tokens" in name
    ]
    assert torch.equal(model.get_input_embeddings().weight[[1, 2]], rows)
    outcome = call("diff", *folders)
    assert "tokens that both train in `model.embed_tokens`: 2; PEFT raises" in outcome.out
