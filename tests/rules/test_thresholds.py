"""Thresholds of rules, with a value on either side of each."""

from __future__ import annotations

import json

import pytest

from loracfg.analysis import renames as rename
from loracfg.analysis import target_matches as targets
from loracfg.analysis.phrases import listed
from loracfg.analysis.renames import find_renaming
from loracfg.planning.patterns import worst_steps
from loracfg.repair import offer
from loracfg.rules.weights import lc434_identical_layers
from loracfg.testing.building.judging import codes, judged
from tests.rules.test_rename import tree

MISSPELT = (
    *("lora_alpah", "use_qaloraa", "use_dorra", "use_rslor", "lora_bais", "rank_patern"),
    *("alpha_patern", "fan_in_fan_uot", "lora_bias_"),
)


def test_how_many_findings_of_a_rule_are_checked_for_repairs() -> None:
    config = {"peft_type": "LORA", "r": 4, **dict.fromkeys(MISSPELT)}
    report = judged(f"config text {json.dumps(config)}")
    found = [d.fix is not None for d in report.diagnostics if d.code == "LC102"]
    assert found == [True] * offer._MOST + [False] * (len(MISSPELT) - offer._MOST)
    assert len(found) == 9


def test_lists_show_four_items_but_three_of_five() -> None:
    assert listed("abc") == "`a`, `b` and `c`"
    assert listed("abcd") == "`a`, `b`, `c` and `d`"
    assert listed("abcde") == "`a`, `b`, `c` and 2 more"


@pytest.mark.parametrize(("value", "fires"), [(8188, False), (8189, True)])
def test_update_of_the_largest_number_is_in_range(value: int, fires: bool) -> None:
    """Scaling 2, rank 4, and 8188 in A and 1 in B: each entry of the update is 65504."""
    values = (f"values lora_A all {value}", "values lora_B all 1")
    assert ("LC435" in codes(*values, 'base {"dtype": "float16"}')) == fires


def test_rank_above_the_number_of_inputs_counts() -> None:
    """Scaling 0.25, rank 32 and 16 inputs: each entry of the update is 65512."""
    values = ("values lora_A all 8189", "values lora_B all 1")
    found = codes('made with {"r": 32}', *values, 'base {"dtype": "float16"}')
    assert "LC435" in found


def test_how_many_equal_layers_are_compared() -> None:
    most = lc434_identical_layers._MOST_COMPARED
    assert most == 64
    for count in (2, 3, most, most + 1):
        layers = "base_model.model.model.layers"
        tensors = [
            f"tensor {layers}.{i}.self_attn.q_proj.lora_{part} F32 {shape}"
            for i in range(count)
            for part, shape in (("A.weight", "[4, 16]"), ("B.weight", "[24, 4]"))
        ]
        base = f'base {{"layers": {count}}}'
        report = judged(
            "drop v_proj", *tensors, 'config {"target_modules": ["q_proj"]}', base, "values . same"
        )
        assert [d.count for d in report.diagnostics if d.code == "LC434"] == [min(count, most)]


def test_how_many_prefix_changes_are_advised() -> None:
    most = rename._MAX_CHANGES
    for count in (most, most + 1):
        base = tree(*(f"new{i}.part{i}." for i in range(count)))
        paths = dict.fromkeys(f"old{i}.part{i}.layers.0.self_attn.q_proj" for i in range(count))
        found = find_renaming(paths, base)
        assert (found is not None) == (count <= most)


def test_how_many_steps_a_list_may_take_as_a_pattern(monkeypatch: pytest.MonkeyPatch) -> None:
    pattern = ".*q_proj"
    lines = (f'config {{"target_modules": ["{pattern}"]}}', "drop v_proj")
    paths = [f"model.layers.{i}.self_attn.q_proj" for i in range(2)]
    steps = worst_steps(pattern, max(map(len, paths)), len(paths))
    for most, is_tried in ((steps, True), (steps - 1, False)):
        monkeypatch.setattr(targets, "_MAX_STEPS", most)
        (help_,) = (d.help for d in judged(*lines).diagnostics if d.code == "LC519")
        assert (help_ == f'write the string `"{pattern}"` instead of the list') == is_tried


@pytest.mark.parametrize(
    ("rank", "limit", "answer"), [(16, 16, 0), (17, 16, 1), (32, 32, 0), (33, 32, 1)]
)
def test_the_largest_rank_that_an_engine_accepts(rank: int, limit: int, answer: int) -> None:
    engine = f"for vllm==0.33,max_lora_rank={limit}"
    assert codes(f'made with {{"r": {rank}}}', engine).count("LC801") == answer


@pytest.mark.parametrize(("token", "fires"), [(31, False), (32, True)])
def test_tokens_below_the_vocabulary_size_have_rows(token: int, fires: bool) -> None:
    tokens = json.dumps({"added_tokens": [{"id": token, "content": "<x>"}]})
    assert ("LC634" in codes(f"file tokenizer.json {tokens}")) == fires


@pytest.mark.parametrize(("layers", "fires"), [(1, True), (2, False), (3, False)])
def test_number_of_layers_in_the_base(layers: int, fires: bool) -> None:
    assert ("LC603" in codes(f'base {{"layers": {layers}}}')) == fires


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (["o_proj"], "`o_proj` in `alpha_pattern` matches no layer"),
        (["o_proj", ""], '`""` and `o_proj` in `alpha_pattern` match no layer'),
    ],
)
def test_one_key_matches_and_several_match(keys: list[str], words: str) -> None:
    report = judged(f"config {json.dumps({'alpha_pattern': dict.fromkeys(keys, 4)})}")
    (message,) = (d.message for d in report.diagnostics if d.code == "LC523")
    assert message.startswith(words)
