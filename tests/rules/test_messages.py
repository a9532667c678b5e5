"""Exact messages: numbers, names and advice that depend on what is found."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest

from loracfg.base.search import Fit
from loracfg.report.report import Diagnostic, Location
from loracfg.rules.base import lc601_no_target_matches
from loracfg.testing.building.examples import build
from loracfg.testing.building.judging import judged
from tests.rules.subjects import config, factors, made_with, on_base, subject, subject_on

LAYERS: Final = "base_model.model.model.layers"
ALPHAS: Final = tuple(f"tensor {LAYERS}.{i}.self_attn.q_proj.alpha F32 []" for i in range(2))
DEAD: Final = ("values lora_A 0.5", "values lora_B 0")
NO_CONFIG: Final = "`adapter_config.json` is missing, so rank, scaling and targets are unknown"
COPY: Final = "copy the config from where the adapter was saved"
NAME: Final = (
    "target modules that the base has: `q_proj`, `k_proj`, `v_proj`, `o_proj`, `gate_proj`, "
    "`up_proj`, `down_proj` and `lm_head`"
)
VISION: Final = 'base {"vision": 1}'
BLOCKS: Final = r"model\..*_proj"
ALL: Final = [
    *(f"model.layers.0.self_attn.{name}_proj" for name in "qkvo"),
    *(f"model.layers.0.mlp.{name}_proj" for name in ("gate", "up", "down")),
    "vision_tower.layers.0.self_attn.q_proj",
]
PROJECTIONS: Final = (*"qkvo", "gate", "up", "down")
EMBEDDING: Final = "base_model.model.model.embed_tokens"
TOKENS: Final = made_with(trainable_token_indices={"embed_tokens": [3], "lm_head": [4, 5]})
GIVE_BASE: Final = "pass the base it was trained on; matching shapes do not identify it"


def found(code: str, *lines: str) -> list[Diagnostic]:
    return [d for d in judged(*lines).diagnostics if d.code == code]


def place(location: Location) -> str:
    return location.pointer or location.tensor or location.file


@pytest.mark.parametrize(
    ("code", "lines", "message", "help_"),
    [
        ("LC003", ("config none",), NO_CONFIG, f"{COPY}; the tensors show that `r` is `4`"),
        ("LC003", ("config none", "reshape v_proj.lora_A -> [3, 16]"), NO_CONFIG, COPY),
        (
            "LC003",
            ("config none", "rename model.layers -> transformer_blocks"),
            f"{NO_CONFIG}; its tensors have PEFT's names for a diffusers model, whose "
            "pipelines treat `base_model.model.` as a part of the path",
            "write it with the `save_lora_weights` of the pipeline, or name it "
            "`adapter_model.safetensors`, put it next to its config, and pass the folder to PEFT",
        ),
        (
            "LC107",
            (config(enable_lora=None),),
            "`enable_lora` was removed after PEFT 0.2",
            "remove the key",
        ),
        (
            "LC107",
            (config(enable_lora=None, merge_weights=False),),
            "`enable_lora` and `merge_weights` were removed after PEFT 0.2",
            "remove the keys",
        ),
        (
            "LC432",
            ("values lora_A 0", "values lora_B 0.5"),
            "`lora_A` is zero in each of 4 layers, so the adapter changes nothing",
            "publish a trained checkpoint",
        ),
        *(
            (
                "LC601",
                (config(target_modules=targets), "drop ."),
                f"`target_modules` {words} selects no module of the base, as the installed "
                "transformers builds it",
                NAME,
            )
            for targets, words in (("a|b", "`a|b`"), (["a"], "`a`"), (["a", "b"], "`a` and `b`"))
        ),
        (
            "LC601",
            (config(target_modules=["a"]), VISION, "drop ."),
            "`target_modules` `a` selects no module of the base, as the installed transformers "
            "builds it",
            f"{NAME.replace(' and ', ', ')} and `projector`",
        ),
        (
            "LC601",
            (config(target_modules=["a"]), 'base {"vision": 1, "labels": 3}', "drop ."),
            "`target_modules` `a` selects no module of the base, as the installed transformers "
            "builds it",
            f"{NAME.replace(' and ', ', ')} and 2 more",
        ),
        (  # some tensors have another cause
            "LC601",
            (config(target_modules=["a"]), "rename lora_A -> lora_C"),
            "`target_modules` `a` selects no module of the base, as the installed transformers "
            "builds it",
            NAME,
        ),
        (
            "LC601",
            (config(target_modules=None), 'base {"type": "new"}', "drop ."),
            "`target_modules` is `null`, and PEFT has no default for the model type `new`",
            NAME,
        ),
        (
            "LC601",
            (config(target_modules=[], target_parameters=["x.y"]), "drop ."),
            "no module of the base is a target",
            NAME,
        ),
        (
            "LC521",
            (TOKENS, config(trainable_token_indices={"lm_head": [4]})),
            "`trainable_token_indices` lists 1 token, but the file has `2`",
            "list the tokens that were trained",
        ),
        (
            "LC606",
            (made_with(target_modules=["lm_head"]), "reshape lm_head.lora_B -> [24, 4]"),
            "1 tensor has `24` rows for the vocabulary, but the base has `32`",
            "resize the base first: `model.resize_token_embeddings(24)`",
        ),
        (
            "LC606",
            (
                made_with(target_modules=["embed_tokens", "lm_head"], use_dora=True),
                "reshape embed_tokens.lora_embedding_A -> [4, 40]",
                "reshape lm_head.lora_(B|magnitude) -> [40, 4]",
                "reshape lm_head.lora_magnitude -> [40]",
            ),
            "3 tensors have `40` rows for the vocabulary, but the base has `32`",
            "resize the base first: `model.resize_token_embeddings(40)`",
        ),
        (
            "LC624",
            (config(base_model_name_or_path="org/llama-7b"), 'base {"name": "org/llama-13b"}'),
            "the config names `org/llama-7b` as the base, but `org/llama-13b` was given",
            GIVE_BASE,
        ),
        (
            "LC624",
            (config(base_model_name_or_path="org/llama-7b"), 'base {"folder": "/m/mistral-7b"}'),
            "the config names `org/llama-7b` as the base, but `/m/mistral-7b` was given",
            GIVE_BASE,
        ),
        (
            "LC627",
            (config(modules_to_save=["q_pro"]),),
            "`q_pro` in `modules_to_save` matches no module of the base, so nothing is trained "
            "for it",
            "remove it, or if the module matters, write `q_proj` and train again",
        ),
        (
            "LC627",
            (config(modules_to_save=["xyzzyx", "embed_tokns"]),),
            "`xyzzyx` and `embed_tokns` in `modules_to_save` match no module of the base, so "
            "nothing is trained for them",
            "remove them, or if the module matters, train again with its correct name",
        ),
        (
            "LC631",
            (VISION, *factors("vision_tower.layers.0.self_attn.q_proj", 16)),
            "`q_proj` in `target_modules` selects 2 layers of `model` and 1 of `vision_tower`",
            "if this is not intended, train with `exclude_modules` set to `.*vision_tower.*`",
        ),
        (
            "LC631",
            (
                'base {"vision": 2}',
                made_with(target_modules=["q_proj", "v_proj", "projector"]),
                *factors("vision_tower.layers.1.self_attn.q_proj", 16),
                *factors("projector", 16),
            ),
            "`q_proj` in `target_modules` selects 2 layers of `model` and 1 of `vision_tower`",
            "if this is not intended, train with `exclude_modules` set to `.*vision_tower.*`",
        ),
        (
            "LC631",
            (
                'base {"vision": 1, "class": "LlavaModel"}',
                made_with(target_modules=["q_proj", "v_proj", "model.layers.0.self_attn.o_proj"]),
                *factors("vision_tower.layers.0.self_attn.q_proj", 16),
            ),
            "`q_proj` in `target_modules` selects 2 layers of `model` and 1 of `vision_tower`",
            "if this is not intended, train with `exclude_modules` set to `.*vision_tower.*`",
        ),
        (
            "LC632",
            (VISION, made_with(target_modules=BLOCKS), config(target_modules=".*_proj")),
            "`projector` is not a target, but every linear layer of the blocks is, 15 in all",
            "if you want to train all, train again with it in `target_modules`",
        ),
        (  # the head is saved whole
            "LC632",
            (
                'base {"vision": 1, "labels": 3}',
                made_with(target_modules=BLOCKS),
                config(target_modules=".*_proj", task_type="TOKEN_CLS"),
            ),
            "`projector` is not a target, but every linear layer of the blocks is, 15 in all",
            "if you want to train all, train again with it in `target_modules`",
        ),
        (
            "LC632",
            (
                'base {"vision": 1, "labels": 3}',
                made_with(target_modules=BLOCKS),
                config(target_modules=".*_proj"),
            ),
            "`projector` and `score` are not targets, but every linear layer of the blocks is, "
            "15 in all",
            "if you want to train all, train again with them in `target_modules`",
        ),
        (
            "LC632",
            (
                'base {"vision": 1, "layers": 1}',
                config(target_modules=ALL),
            ),
            "`projector` is not a target, but every linear layer of the blocks is, 8 in all",
            "if you want to train all, train again with it in `target_modules`",
        ),
    ],
)
def test_message_and_help(code: str, lines: tuple[str, ...], message: str, help_: str) -> None:
    assert [(d.message, d.help) for d in found(code, *lines)] == [(message, help_)]


@pytest.mark.parametrize(
    ("code", "lines", "where", "count"),
    [
        ("LC003", ("config none",), "", 1),
        *(
            ("LC521", (TOKENS, config(trainable_token_indices=tokens)), pointer, 1)
            for tokens, pointer in (
                ({"embed_tokens": [3], "lm_head": [4, 5, 6]}, "/trainable_token_indices/lm_head"),
                ({"embed_tokens": [3], "lm_head": [4]}, "/trainable_token_indices/lm_head"),
                ({"lm_head": [4]}, "/trainable_token_indices/lm_head"),
                ({"embed_tokens": [3, 4]}, "/trainable_token_indices/embed_tokens"),
            )
        ),
        (
            "LC606",
            (
                made_with(trainable_token_indices=[3]),
                f"tensor {EMBEDDING}.token_adapter.base_layer.weight F32 [40, 16]",
            ),
            f"{EMBEDDING}.token_adapter.base_layer.weight",
            1,
        ),
        (
            "LC606",
            (
                made_with(modules_to_save=["embed_tokens", "lm_head"]),
                "reshape (embed_tokens|lm_head) -> [40, 16]",
            ),
            f"{EMBEDDING}.weight",
            2,
        ),
        *(
            ("LC627", (config(task_type=task, modules_to_save=names),), "/modules_to_save/0", 1)
            for task, names in (
                ("CAUSAL_LM", ["classifier"]),
                ("SEQ_CLS", ["qa_outputs"]),
                ("SEQ_CLS", ["xyzzyx"]),
            )
        ),
        (
            "LC627",
            (config(modules_to_save=["lm_head", "x_proj", "embed_x"]),),
            "/modules_to_save/1",
            2,
        ),
    ],
)
def test_place_and_count(code: str, lines: tuple[str, ...], where: str, count: int) -> None:
    assert [(place(d.location), d.count) for d in found(code, *lines)] == [(where, count)]


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("LC322", (config(target_modules=["all-linear", "c_attn"]),)),
        ("LC521", (TOKENS, config(trainable_token_indices=None))),
        ("LC521", (made_with(trainable_token_indices=[3, 5]),)),
        ("LC521", (TOKENS, "reshape lm_head.token -> []")),
        ("LC601", (config(target_modules=["a"]),)),  # LC519 explains it
        *(
            ("LC606", (made_with(**values), line))
            for values, line in (
                ({"modules_to_save": ["lm_head"]}, "reshape lm_head -> [40]"),
                ({"modules_to_save": ["lm_head"]}, "reshape lm_head -> [40, 20]"),
                ({"modules_to_save": ["lm_head"]}, "reshape lm_head -> [32, 20]"),
                ({"target_modules": ["embed_tokens"]}, "reshape embedding_B -> [20, 4]"),
                ({"target_modules": ["lm_head"]}, "reshape lora_A -> [4, 20]"),
                ({"target_modules": ["q_proj"]}, "reshape lora_B -> [40, 4]"),
                ({}, "tensor base_model.model.model.norm.weight F32 [40]"),
            )
        ),
        ("LC631", (VISION, made_with(target_modules=["q_proj", "v_proj"]))),
        (
            "LC631",
            (
                VISION,
                config(target_modules=[*(f"model.layers.{i}.self_attn.q_proj" for i in (0, 1))]),
            ),
        ),
        ("LC632", (VISION, config(target_modules="model.layers.0.*_proj"))),
        ("LC632", ('base {"labels": 3}', config(target_modules=".*_proj"))),
        ("LC632", (VISION, config(target_modules=[f"{x}_proj" for x in PROJECTIONS]))),
        ("LC632", (VISION, config(target_modules="dummy-target-modules"))),
        *(  # one is given by its name
            (
                "LC632",
                (
                    'base {"vision": 1, "layers": 1}',
                    config(target_modules=[*(p for p in ALL if not p.endswith(name)), name]),
                ),
            )
            for name in ("v_proj", "gate_proj")
        ),
        *(
            ("LC632", (VISION, config(target_modules=".*_proj", **values)))
            for values in ({"exclude_modules": ["projector"]}, {"modules_to_save": ["projector"]})
        ),
        ("LC627", (config(modules_to_save=["lm_haed"]), "rename v_proj -> w_proj")),
        (
            "LC627",
            (
                config(modules_to_save=["new_head"]),
                "tensor base_model.model.new_head.weight F32 [3]",
            ),
        ),
        ("LC627", (config(task_type="SEQ_CLS", modules_to_save=["classifier", "score"]),)),
        ("LC627", (config(task_type="TOKEN_CLS", modules_to_save=["classifier", "score"]),)),
        ("LC627", (config(task_type="QUESTION_ANS", modules_to_save=["qa_outputs"]),)),
        (
            "LC627",
            (
                'base {"labels": 3, "class": "LlamaForSequenceClassification"}',
                config(task_type=None, modules_to_save=["classifier", "score"]),
            ),
        ),
    ],
)
def test_not_reported(code: str, lines: tuple[str, ...]) -> None:
    assert found(code, *lines) == found("LC901", *lines) == []


def test_another_class_has_the_modules_of_the_tensors() -> None:
    seen = on_base(subject(config(target_modules=["a"])), alternatives=(Fit("LlamaModel", 4, 4),))
    (finding,) = lc601_no_target_matches.check(seen)
    task = "set `task_type` to `FEATURE_EXTRACTION`"  # with which PEFT wraps it
    load = "load it on a `LlamaModel`, which has all modules that its tensors name"
    assert finding.help == f"{task} and {load}, or {NAME}"


def test_the_modules_of_a_checkpoint_do_not_depend_on_transformers() -> None:
    files, base = build((config(target_modules=["a"]),))
    assert base
    seen = subject_on(files, replace(base, source="checkpoint"))
    (finding,) = lc601_no_target_matches.check(seen)
    assert finding.message == "`target_modules` `a` selects no module of the base"
