"""Tensors that are missing from a file, and tensors that PEFT ignores."""

from __future__ import annotations

from dataclasses import replace

import pytest

from loracfg.base.architecture import Module
from loracfg.rules.base import (
    lc616_missing_saved_module,
    lc625_no_input_embeddings,
    lc691_unexpected_tensors,
)
from loracfg.rules.rule import Finding
from loracfg.rules.tensors import lc530_alpha_tensors
from loracfg.testing.building.examples import build
from loracfg.testing.building.judging import judged
from tests.rules.subjects import config, made_with, on_base, subject, subject_on

ATTENTION = "base_model.model.model.layers.0.self_attn"
TOKENS = config(trainable_token_indices=[1])


def said(code: str, *lines: str) -> list[tuple[str, str | None, int]]:
    """Return messages, places and counts of a rule's findings."""
    return [
        (d.message, d.location.pointer or d.location.tensor, d.count)
        for d in judged(*lines).diagnostics
        if d.code == code
    ]


@pytest.mark.parametrize(
    ("code", "lines", "found"),
    [
        (
            "LC616",
            (config(modules_to_save=["lm_head"]),),
            [("the file is missing 1 tensor of `lm_head`", "/modules_to_save", 1)],
        ),
        (
            "LC616",
            (TOKENS,),
            [
                (
                    "the file is missing 1 tensor of `model.embed_tokens`",
                    "/trainable_token_indices",
                    1,
                )
            ],
        ),
        (
            "LC616",
            (TOKENS, config(modules_to_save=["lm_head"])),
            [
                ("the file is missing 1 tensor of `lm_head`", "/modules_to_save", 1),
                (
                    "the file is missing 1 tensor of `model.embed_tokens`",
                    "/trainable_token_indices",
                    1,
                ),
            ],
        ),
        ("LC616", ("drop layers.1",), []),
        (
            "LC691",
            ("tensor base_model.model.y F32 [6]", "tensor base_model.model.x F32 [6]"),
            [
                (
                    "2 tensors have no counterpart in the adapted base, such as "
                    "`base_model.model.y`",
                    "base_model.model.y",
                    2,
                )
            ],
        ),
        (
            "LC530",
            (f"tensor {ATTENTION}.v_proj.alpha F32 []", f"tensor {ATTENTION}.q_proj.alpha F32 [1]"),
            [
                (
                    "2 tensors have the alpha of a layer, which PEFT only reads from the config",
                    f"{ATTENTION}.v_proj.alpha",
                    2,
                )
            ],
        ),
        (
            "LC530",
            (f"tensor {ATTENTION}.q_proj.alpha F32 []", "base none"),
            [
                (
                    "1 tensor has the alpha of a layer, which PEFT only reads from the config",
                    f"{ATTENTION}.q_proj.alpha",
                    1,
                )
            ],
        ),
        ("LC530", (f"tensor {ATTENTION}.q_proj.alpha F32 [2]",), []),
    ],
)
def test_tensors_that_are_lost(
    code: str, lines: tuple[str, ...], found: list[tuple[str, str, int]]
) -> None:
    end = ", which PEFT needs to load the adapter" if code == "LC616" else ""
    assert said(code, *lines) == [(f"{words}{end}", place, n) for words, place, n in found]


def test_saved_modules_have_their_own_tensors() -> None:
    check = lc616_missing_saved_module.check
    assert not list(check(subject(made_with(modules_to_save=["lm_head"]))))
    (found,) = check(subject(config(modules_to_save=["lm_head"]), "drop q_proj"))
    assert found.explains == {"base_model.model.lm_head.weight"}
    assert found.help == "save the adapter again, or remove the module from `modules_to_save`"


def test_an_uncertain_base_may_have_more_tensors() -> None:
    stray = subject("tensor base_model.model.x F32 [6]")
    (found,) = lc691_unexpected_tensors.check(stray)
    assert found.explains == {"base_model.model.x"}
    assert not list(lc691_unexpected_tensors.check(on_base(stray, certain=False)))
    assert not list(lc691_unexpected_tensors.check(subject()))


def test_a_base_may_have_a_parameter_called_alpha() -> None:
    name = f"{ATTENTION}.q_proj.alpha"
    files, base = build((f"tensor {name} F32 [1]", config(target_modules=["v_proj"])))
    assert base
    path = "model.layers.0.self_attn.q_proj"
    own = base.modules[path]
    module = Module(path, own.kind, own.class_name, {**own.parameters, "alpha": (1,)})
    assert list(lc530_alpha_tensors.check(subject_on(files, base)))
    snake = replace(base, modules={**base.modules, path: module})
    assert not list(lc530_alpha_tensors.check(subject_on(files, snake)))


def test_a_base_without_input_embeddings_is_one_of_several_failures() -> None:
    seen = subject('base {"hides_embeddings": true}', config(modules_to_save=["yers"]))
    assert seen.plan
    assert {failure.kind for failure in seen.plan.failures} == {
        "no-input-embeddings",
        "unsaveable-module",
    }
    found: list[Finding] = list(lc625_no_input_embeddings.check(seen))
    assert len(found) == 1
    assert found[0].message.startswith("PEFT cannot get the input embedding")
    assert not list(lc625_no_input_embeddings.check(on_base(seen, certain=False)))
    for fields, kind in (
        ({"modules_to_save": ["yers"]}, "unsaveable-module"),
        ({"target_modules": None}, "no-default-targets"),
    ):
        seen = subject(config(**fields), 'base {"type": "mine"}')
        assert seen.plan
        assert [failure.kind for failure in seen.plan.failures] == [kind]
        assert not list(lc625_no_input_embeddings.check(seen))
