"""All findings where several rules apply or almost apply, and messages about several items."""

from __future__ import annotations

import json

import pytest

from loracfg.config import CONFIG_NAME
from loracfg.report.report import Edit, Fix
from loracfg.testing.building.judging import codes, judged

MODEL = ("file config.json {}", "file model.safetensors x")
TOWER = "tensor base_model.model.vision_tower.layers.0.self_attn.q_proj.lora_"
LONE = (
    r'made with {"target_modules": "model\\..*_proj"}',
    'config {"target_modules": ".*_proj"}',
    f"{TOWER}A.weight F32 [4, 16]",
    f"{TOWER}B.weight F32 [16, 4]",
)
CONVOLUTION = ("base none", "reshape lora_A -> [4, 16, 1, 1]")
BLOCKS = 'config {"use_bdlora": {"nblocks": 2}}'
NOTHING = ("config none", "weights none")
X = "tensor foo.x F32 [1]"
EMBEDDING = "tensor base_model.model.model.embed_tokens.weight F32 [32, 16]"
HEAD = "tensor base_model.model.lm_head.weight F32 [32, 16]"
OWN, OTHER = (f"tensor base_model.model.{name} F32 [6]" for name in "xy")
NORM = "tensor base_model.model.model.norm.weight F32 [17]"
FIRST = "tensor base_model.model.model.layers.0.input_layernorm.weight F32 [17]"
MIDDLE = r"rename model\.layers\.1\.self_attn\.q_proj -> text.layers.1.self_attn.q_proj"
TOKENS = 'made with {"trainable_token_indices": {"embed_tokens": [1, 5]}}'


SHORT = ["q_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
PATHS = [f"model.layers.{layer}.self_attn.k_proj" for layer in range(2)]


def targets(*names: str) -> str:
    return f'config {{"target_modules": {json.dumps(["q_proj", "v_proj", *names])}}}'


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        # an embedding with trained tokens is not a missing target
        ((TOKENS, "drop lora_"), ["LC617"]),
        ((TOKENS, "drop lora_", "base none"), ["LC504"]),
        # tools write `all-linear` out as whole paths, people name some
        ((*LONE, 'base {"vision": 1}'), ["LC632"]),
        (
            (
                *LONE,
                'base {"vision": 1}',
                f'config {{"target_modules": {json.dumps([*SHORT, *PATHS])}}}',
            ),
            ["LC631"],
        ),
        # B of a grouped convolution has the rank of one group
        ((*CONVOLUTION, "reshape lora_B -> [24, 4, 1, 1]"), []),
        ((*CONVOLUTION, "reshape lora_B -> [24, 2, 1, 1]"), []),
        ((*CONVOLUTION, "reshape lora_B -> [24, 3, 1, 1]"), ["LC511"]),
        ((*CONVOLUTION, "reshape lora_B -> [24, 8, 1, 1]"), ["LC511"]),
        # each block of a block-diagonal factor has a share of the rank
        (("base none", BLOCKS, "reshape lora_B -> [24, 2]"), []),
        (("base none", BLOCKS, "reshape lora_B -> [24, 1]"), ["LC511"]),
        (("base none", "reshape lora_B -> [24, 2]"), ["LC511"]),
        # a whole model is its config and its weights, next to an adapter
        (MODEL, ["LC704"]),
        (MODEL[:1], []),
        (MODEL[1:], ["LC706"]),
        ((*MODEL, "config none"), ["LC003"]),
        # other readers look for any safetensors file, but not for any pickle
        (("file other.safetensors x",), ["LC706"]),
        (("file other.safetensors x", "config none"), ["LC003"]),
        (("file other.safetensors x", "weights pickled"), ["LC404"]),
        (("file other.bin x", "weights pickled"), ["LC404", "LC706"]),
    ],
)
def test_what_is_found(lines: tuple[str, ...], found: list[str]) -> None:
    assert codes(*lines) == found


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (("link a",), "`a` is a link out of the folder"),
        (("link a", "link b"), "`a` and `b` are links out of the folder"),
        (("drop .", X), "the only tensor is not a LoRA factor"),
        (("drop .", X, "tensor foo.y F32 [1]"), "none of the 2 tensors is a LoRA factor"),
        (('config {"target_modules": [".*q_proj"]}', "drop v_proj"), "is a name, not a pattern"),
        (('config {"target_modules": [".*q_proj", ".*v_proj"]}',), "are names, not patterns"),
        (('base {"layers": 1}',), "of the base has `1` layer"),
        (("drop v_proj",), "for 2 layers that `v_proj` targets: "),
        (("drop layers.1.*q_proj",), "for 1 layer that `q_proj` targets: "),
        ((targets("x"),), "`x` in `target_modules` matches no module of the base; remove it"),
        ((targets("x", "y"),), "`y` in `target_modules` match no module of the base; remove them"),
        (('config {"modules_to_save": ["x"]}',), "`x` in `modules_to_save` matches no module"),
        (('config {"modules_to_save": ["x"]}',), "nothing is trained for it; remove it, or"),
        (('config {"modules_to_save": ["x", "y"]}',), "`y` in `modules_to_save` match no module"),
        (('config {"modules_to_save": ["x", "y"]}',), "nothing is trained for them; remove them"),
        (('config {"exclude_modules": ["x"]}',), "matches no module of the base; remove it"),
        (('config {"exclude_modules": ["x", "y"]}',), "match no module of the base; remove them"),
        ((EMBEDDING,), "`model.embed_tokens` is saved whole"),
        ((EMBEDDING, HEAD), "`model.embed_tokens` and `lm_head` are saved whole"),
        (('config {"lora_bias": true}',), "but 4 layers have no `lora_B.bias`"),
        ((*NOTHING, "file a/adapter_config.json {}"), "but the adapter is in `a/`; pass `a/`"),
        (
            (*NOTHING, "file a/adapter_config.json {}", "file b/adapter_config.json {}"),
            "but there are adapters in `a/` and `b/`",
        ),
        ((*LONE, 'base {"vision": 1}'), "`projector` is not a target"),
        ((*LONE, 'base {"vision": 1}'), "train again with it in"),
        ((*LONE, 'base {"vision": 1, "labels": 2}'), "`projector` and `score` are not targets"),
        ((*LONE, 'base {"vision": 1, "labels": 2}'), "train again with them in"),
        (('config {"target_modules": ["auto"]}',), "is the placeholder `auto`, not a module"),
        (
            ('config {"target_modules": ["auto", "all"]}',),
            "contains the placeholders `auto` and `all`, not modules",
        ),
        ((MIDDLE,), "1 of 4 modules is not in `LlamaForCausalLM` under its name"),
        ((OWN,), "1 tensor has no counterpart in the adapted base, such as `base_model.model.x`"),
        ((OWN,), "name its module in the config, or remove it"),
        ((OWN, OTHER), "2 tensors have no counterpart in the adapted base, such as"),
        ((OWN, OTHER), "name their module in the config, or remove them"),
        ((NORM,), "1 tensor has a different shape than the config and the base require"),
        ((NORM, FIRST), "2 tensors have different shapes than the config and the base require"),
    ],
)
def test_one_and_several(lines: tuple[str, ...], words: str) -> None:
    (found,) = judged(*lines).diagnostics
    assert words in f"{found.message}; {found.help}"


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (
            ["embed_tokens", "lm_head"],
            "`lm_head` and `model.embed_tokens`, whose weight is tied in the base",
        ),
        (["embed_tokens"], "`model.embed_tokens`, whose weight is tied to `lm_head`"),
        (["lm_head"], "`lm_head`, whose weight is tied to `model.embed_tokens`"),
    ],
)
def test_ends_of_a_tie(names: list[str], words: str) -> None:
    made = f'made with {{"target_modules": {json.dumps(names)}}}'
    (found,) = (d for d in judged(made, 'base {"tied": true}').diagnostics if d.code == "LC619")
    assert found.message == f"the adapter changes {words}"
    assert found.count == len(names)


@pytest.mark.parametrize(("name", "count"), [("q_proj", 2), ("x", 4)])
def test_a_block_diagonal_b_has_no_bias(name: str, count: int) -> None:
    blocks = {"target_modules_bd_b": [name], "nblocks": 2, "match_strict": False}
    report = judged(f"config {json.dumps({'lora_bias': True, 'use_bdlora': blocks})}")
    assert [d.count for d in report.diagnostics if d.code == "LC514"] == [count]


PARAMETERS = 'made with {"target_modules": [], "target_parameters": ["q_proj.weight"]}'


@pytest.mark.parametrize(
    ("lines", "fields"),
    [
        (('config {"r": 0}',), "`r`, or reads it as something unintended"),
        (('config {"lora_alpha": true}',), "`lora_alpha`, or reads it as something unintended"),
        (('config {"r": 0}', "base none"), None),
        (
            ('config {"r": 0, "layers_to_transform": "x"}',),
            "`layers_to_transform`, `r`, or reads them as something unintended",
        ),
        (('config {"use_dora": true, "lora_bias": true}',), "`lora_bias`"),
        # PEFT only rejects options on parameters if a parameter is a target
        ((PARAMETERS, 'config {"lora_dropout": 0.1}'), None),
    ],
)
def test_fields_that_fail_leave_the_base_unchecked(
    lines: tuple[str, ...], fields: str | None
) -> None:
    found = [(gap.what, gap.why) for gap in judged(*lines).not_checked]
    assert found == ([("tensors against the base", f"PEFT fails on {fields}")] if fields else [])


@pytest.mark.parametrize(
    ("lines", "module"),
    [
        (('config {"megatron_config": {"hidden_size": 16}}',), "megatron.core"),
        (('config {"megatron_config": {"a": 1}, "megatron_core": "megatron.b"}',), "megatron.b"),
        (('config {"megatron_config": {}, "megatron_core": "megatron.b"}',), None),
        (('config {"megatron_config": null}',), None),
    ],
)
def test_a_module_that_peft_imports_is_not_checked(
    lines: tuple[str, ...], module: str | None
) -> None:
    report = judged(*lines)
    found = [(gap.what, gap.why) for gap in report.not_checked]
    why = f"PEFT imports `{module}` for it, and raises if that is not installed"
    assert found == ([("`megatron_config`", why)] if module else [])
    assert report.status == ("undetermined" if module else "valid")


def test_a_repair_that_is_an_edit_of_the_config_says_which() -> None:
    wider = ("reshape lora_A -> [8, 16]", "reshape q_proj.lora_B -> [24, 8]")
    (found,) = judged(*wider, "reshape v_proj.lora_B -> [12, 8]").diagnostics
    edits = (Edit(CONFIG_NAME, "/r", 8),)
    assert found.fix == Fix("set `r` to `8`, the rank of the tensors", safe=False, edits=edits)
    (found,) = judged("rename ^base_model.model. ->").diagnostics
    assert found.fix is not None
    assert found.fix.edits == ()
