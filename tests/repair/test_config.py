"""Repairs of single config values: what they write, and whether they are safe."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from loracfg.config import CONFIG_NAME
from loracfg.repair import config
from loracfg.repair.change import Change, Repair
from loracfg.report.evidence import FieldValue
from loracfg.report.report import Edit, Fix, Location
from loracfg.rules.rule import Finding
from loracfg.testing.building.judging import judged
from tests.repair.single import changed, config_of, repaired


def at(repair: Repair, pointer: str | None, *lines: str) -> Change | None:
    """Return what a repair makes of a finding at a place of the config."""
    finding = Finding("", Location("adapter_config.json", pointer), "")
    return changed(lambda subject, draft: repair(subject, finding, draft), *lines)


def given(**values: Any) -> str:
    return f"config {json.dumps(values)}"


def test_a_field_is_set() -> None:
    change = at(config.set_field("use_dora", True, safe=False, why="it is so"), None)
    assert config_of(change)["use_dora"] is True
    assert change is not None
    assert (change.title, change.safe) == ("set `use_dora` to `true`", False)
    assert change.why == "it is so"


def test_without_a_place_nothing_is_changed() -> None:
    assert at(config.remove_repeated_key, None) is None


def test_a_byte_order_mark_is_taken_out() -> None:
    change = at(config.remove_byte_order_mark, None, "config bytes efbbbf7b2272223a20347d")
    assert change is not None
    assert (change.draft.config, change.safe) == ('{"r": 4}', True)


REPEATED: Final = (
    '{"a": 1, "a": 1, "rank_pattern": {"q": 1, "q": 1, "q": 1}, "m": 1, "m": 1.0, '
    '"n": [0, {"x/y": 2, "x/y": 3}], "o": 5, "o": 6, "o": 5, "z": "é", "z": "\\u00e9"}'
)


@pytest.mark.parametrize(
    ("pointer", "value", "safe"),
    [
        ("/a", 1, True),
        ("/rank_pattern/q", 1, True),
        ("/m", 1.0, False),
        ("/n/1/x~1y", 3, False),
        ("/o", 5, False),
        ("/z", "é", True),
    ],
)
def test_the_last_value_of_a_key_is_kept(pointer: str, value: Any, safe: bool) -> None:
    """It is safe if all are the same."""
    change = at(config.remove_repeated_key, pointer, f"config text {REPEATED}")
    found = config_of(change)
    for step in pointer.replace("n/1", "n").split("/")[1:]:
        found = found[step.replace("~1", "/")]
        found = found[1] if isinstance(found, list) else found
    assert json.dumps(found) == json.dumps(value)
    assert change is not None
    assert change.safe is safe
    assert change.title == f"keep the last value of `{pointer[1:]}`"
    assert ("same" in change.why) == safe
    text = change.draft.config or ""
    last = pointer.rpartition("/")[2].replace("~1", "/")
    assert text.count(f'"{last}": ') == 1
    assert text.count('"a": 1') == (1 if pointer == "/a" else 2)


def test_removed_keys_are_removed() -> None:
    old = given(merge_weights=False, enable_lora=None)
    change = repaired("LC107", old)
    assert config_of(change).keys().isdisjoint({"merge_weights", "enable_lora"})
    assert change is not None
    assert change.safe
    assert change.title == "remove `enable_lora` and `merge_weights`"


@pytest.mark.parametrize(
    ("key", "field"),
    [("lora_alpah", "lora_alpha"), ("LORA_ALPHAS", "lora_alpha"), ("something", None)],
)
def test_a_misspelt_key_gets_the_similar_name(key: str, field: str | None) -> None:
    lines = ('config without "lora_alpha"', given(**{key: 32}))
    change = repaired("LC102", *lines)
    assert (change is None) == (field is None)
    if change and field:
        found = config_of(change)
        assert found[field] == 32
        assert key not in found
        assert not change.safe
        assert change.title == f"rename the key `{key}` to `{field}`"


@pytest.mark.parametrize(
    ("code", "line", "safe"),
    [
        ("LC023", given(peft_type=None), True),
        ("LC024", 'config without "peft_type"', True),
        ("LC023", given(peft_type="lora"), True),
        ("LC025", given(peft_type="LOHA"), False),
        ("LC023", given(peft_type=3), False),
    ],
)
def test_the_method_is_that_of_the_tensors(code: str, line: str, safe: bool) -> None:
    change = repaired(code, line)
    assert config_of(change)["peft_type"] == "LORA"
    assert change is not None
    assert change.safe is safe
    assert change.why.startswith("the file has the keys" if safe else "these are LoRA tensors")


BIAS: Final = "tensor base_model.model.model.layers.0.self_attn.q_proj.bias F32 [24]"


@pytest.mark.parametrize(
    ("pointer", "lines", "found"),
    [
        ("/bias", (given(bias=None),), {"bias": "none"}),
        ("/bias", ('config without "bias"',), {"bias": "none"}),
        ("/bias", (given(bias=None), BIAS), None),  # `all` or `lora_only`
        ("/bias", (given(bias="some"),), None),
        ("/bias", (given(bias="some", task_type="causal_lm"),), None),
        ("/r", (given(bias=None),), None),
        ("/task_type", (given(bias=None, task_type="causal_lm"),), {"task_type": "CAUSAL_LM"}),
        ("/task_type", (given(task_type=3),), None),
        ("/task_type", (given(task_type="nothing"),), None),
    ],
)
def test_choices_that_are_meant(
    pointer: str, lines: tuple[str, ...], found: dict[str, str] | None
) -> None:
    change = at(config.set_known_value, pointer, *lines)
    assert (change is None) == (found is None)
    if change and found:
        assert config_of(change).items() >= found.items()
        assert change.safe


@pytest.mark.parametrize(
    ("task", "meant", "safe"),
    [
        ("CAUSAL_LM", "CAUSAL_LM", True),
        ("seq_cls", "SEQ_CLS", True),
        ("CAUSAL_LA", "CAUSAL_LM", False),
        ("CAUSAL_LZ", "CAUSAL_LM", False),
        ("CausalLM", "CAUSAL_LM", False),
        ("SKEN_CLS", None, False),  # TOKEN_CLS or SEQ_CLS
        ("CAUSAL", "CAUSAL_LM", False),
        ("LM", None, False),
    ],
)
def test_a_similar_task(task: str, meant: str | None, safe: bool) -> None:
    change = at(config.set_known_value, "/task_type", given(task_type=task))
    assert (change and config_of(change)["task_type"]) == meant
    assert not change or change.safe is safe
    assert not change or ("case differs" in change.why) == safe


@pytest.mark.parametrize(
    ("metadata", "alpha"), [({"lora_alpha": "16"}, 16), ({"lora_alpha": "0.5"}, 0.5), ({}, None)]
)
def test_an_alpha_of_the_metadata(metadata: dict[str, str], alpha: float | None) -> None:
    lines = ('config without "lora_alpha"', f"metadata {json.dumps(metadata)}")
    change = repaired("LC325", *lines)
    assert (change and config_of(change)["lora_alpha"]) == alpha
    assert not change or not change.safe


FUSED: Final = (
    'made with {"rank_pattern": {"q_proj": 12}}',
    given(rank_pattern={"qkv_proj": 12}, target_modules=["qkv_proj", "v_proj"]),
    "rename q_proj -> qkv_proj",
    "base none",
)
ALPHAS: Final = (
    "tensor base_model.model.model.layers.0.self_attn.q_proj.alpha F32 []",
    "values . 0.5",
)


@pytest.mark.parametrize(
    ("code", "lines", "values", "title", "unsafe"),
    [
        (
            "LC314",
            ('made with {"r": 3}', given(init_lora_weights="orthogonal")),
            {"init_lora_weights": True},
            "set `init_lora_weights` to `true`",
            None,
        ),
        (
            "LC320",
            (given(target_modules="['q_proj', 'v_proj']"),),
            {"target_modules": ["q_proj", "v_proj"]},
            "write `target_modules` as a list",
            None,
        ),
        (
            "LC321",
            (given(target_modules="q_proj"),),
            {"target_modules": ["q_proj"]},
            'write the list `["q_proj"]`',
            None,
        ),
        (
            "LC340",
            FUSED,
            {"alpha_pattern": {"qkv_proj": 24}},
            "set alpha of 2 layers to `24`",
            "this assumes that the tensors are right and the config is wrong",
        ),
        ("LC623", (given(fan_in_fan_out=True),), {"fan_in_fan_out": False}, None, None),
        (
            "LC707",
            (given(base_model_name_or_path="decapoda-research/llama-7b-hf"),),
            {"base_model_name_or_path": "huggyllama/llama-7b"},
            "set `base_model_name_or_path` to `huggyllama/llama-7b`",
            "the tokenizer of the copy may have different special tokens",
        ),
    ],
)
def test_what_was_meant_is_written(
    code: str,
    lines: tuple[str, ...],
    values: dict[str, Any],
    title: str | None,
    unsafe: str | None,
) -> None:
    """Other programs can make the same edit; `unsafe` is why somebody has to ask for it."""
    change = repaired(code, *lines)
    assert change is not None
    assert {key: config_of(change)[key] for key in values} == values
    assert change.title == (title or "set `fan_in_fan_out` to `false`")
    assert change.safe is (unsafe is None)
    assert change.why == (unsafe or "it is the intended value, in the form that PEFT reads")
    (edit,) = change.edits
    assert edit.pointer.split("/")[1] in values
    assert change.fix == Fix(change.title, unsafe is None, (edit,))


@pytest.mark.parametrize(("alpha", "meant"), [(16, 16), (0.5, 0.5)])
def test_an_alpha_next_to_the_factors_is_written(alpha: float, meant: float) -> None:
    report = judged(*ALPHAS, f"values q_proj.alpha all {alpha}")
    (found,) = (one for one in report.diagnostics if one.code == "LC437")
    assert found.data == FieldValue("/lora_alpha", 8, alpha)
    assert found.fix == Fix(
        f"set `lora_alpha` to `{meant}`", False, (Edit(CONFIG_NAME, "/lora_alpha", meant),)
    )


UNNAMED: Final = given(base_model_name_or_path=None)
SERVED: Final = "for vllm,lora_resolver=filesystem,model=org/other"


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        ((UNNAMED, 'base {"name": "org/llama"}'), "org/llama"),
        ((UNNAMED, 'base {"name": "org/llama"}', SERVED), None),  # the engine asks for its own name
        ((UNNAMED, "base {}"), None),
    ],
)
def test_the_base_is_named_by_its_id(lines: tuple[str, ...], name: str | None) -> None:
    change = repaired("LC703", *lines)
    assert (change is None) == (name is None)
    assert not change or config_of(change)["base_model_name_or_path"] == name
    assert not change or change.safe
