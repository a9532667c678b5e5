"""Whole embeddings in a file: which are copies from the base, and how large they are."""

from __future__ import annotations

import pytest

from loracfg.rules.base.lc630_copied_embeddings import check
from loracfg.testing.building.judging import codes, judged
from tests.rules.subjects import config, made_with, on_base, planned, subject

HEAD = "base_model.model.lm_head"
WHOLE_HEAD = f"tensor {HEAD}.weight F32 [32, 16]"
SAVED_HEAD = (
    made_with(modules_to_save=["lm_head"]),
    f"tensor {HEAD}.original_module.weight F32 [32, 16]",
)
EMBEDDING = "base_model.model.model.embed_tokens"
WHOLE_EMBEDDING = f"tensor {EMBEDDING}.weight F16 [32, 16]"
UNCALLED = "saved whole, although the config does not ask for it"
ADVICE = "save the adapter with `save_embedding_layers=False`"
UNLESS = ", unless they were trained"


@pytest.mark.parametrize(
    ("lines", "message", "place", "unless", "count"),
    [
        (
            (WHOLE_HEAD,),
            f"`lm_head` is {UNCALLED}: `2048` of `4224` bytes",
            f"{HEAD}.weight",
            UNLESS,
            1,
        ),
        (
            (WHOLE_HEAD, 'base {"tied": true}'),
            f"`lm_head` is {UNCALLED}: `2048` of `4224` bytes",
            f"{HEAD}.weight",
            UNLESS,
            1,
        ),
        (
            (WHOLE_HEAD, WHOLE_EMBEDDING),
            f"`lm_head` and `model.embed_tokens` are {UNCALLED}: `3072` of `5248` bytes",
            f"{HEAD}.weight",
            UNLESS,
            2,
        ),
        (
            (made_with(target_modules=["q_proj", "embed_tokens"]),),
            f"`model.embed_tokens` is {UNCALLED}: `2048` of `4096` bytes",
            f"{EMBEDDING}.base_layer.weight",
            UNLESS,
            1,
        ),
        (
            SAVED_HEAD,
            "`lm_head` is saved more than once: `2048` of `6272` bytes",
            f"{HEAD}.original_module.weight",
            "",
            1,
        ),
        (
            (*SAVED_HEAD, WHOLE_EMBEDDING),
            f"`model.embed_tokens` is {UNCALLED}, and `lm_head` is saved more than once: `3072` of "
            "`7296` bytes",
            f"{HEAD}.original_module.weight",
            UNLESS,
            2,
        ),
        (
            (made_with(modules_to_save=["embed_tokens"]), WHOLE_HEAD),
            f"`lm_head` is {UNCALLED}: `2048` of `6272` bytes",
            f"{HEAD}.weight",
            UNLESS,
            1,
        ),
        # the rows of tokens are in such a weight, so only copies of saved ones are known to be some
        (
            (*SAVED_HEAD, config(trainable_token_indices=[1]), WHOLE_EMBEDDING),
            "`lm_head` is saved more than once: `2048` of `7296` bytes",
            f"{HEAD}.original_module.weight",
            "",
            1,
        ),
    ],
)
def test_copies_and_their_share_of_the_file(
    lines: tuple[str, ...], message: str, place: str, unless: str, count: int
) -> None:
    (found,) = (d for d in judged(*lines).diagnostics if d.code == "LC630")
    assert (found.message, found.location.tensor) == (message, place)
    assert (found.help, found.count) == (f"{ADVICE}{unless}", count)


@pytest.mark.parametrize(
    "lines",
    [
        (WHOLE_HEAD, made_with(modules_to_save=["lm_head"])),
        (WHOLE_HEAD, made_with(trainable_token_indices=[1])),
        (WHOLE_HEAD, "base none"),
        ("tensor base_model.model.model.layers.0.self_attn.o_proj.weight F32 [16, 24]",),
        ("tensor base_model.model.model.layers.0.self_attn.q_proj.base_layer.weight F32 [24, 16]",),
    ],
)
def test_tensors_that_are_not_copies(lines: tuple[str, ...]) -> None:
    assert "LC630" not in codes(*lines)


def test_a_copy_inside_a_module_that_is_saved_whole() -> None:
    saved = made_with(modules_to_save=["lm_head", "model"])
    copy = "tensor base_model.model.model.original_module.embed_tokens.weight F32 [32, 16]"
    (found,) = check(subject(saved, copy))
    assert found.message.startswith("`model.embed_tokens` is saved more than once")


def test_an_uncertain_base_has_no_copies() -> None:
    seen = subject(WHOLE_HEAD)
    assert list(check(seen))
    assert not list(check(on_base(seen, certain=False)))
    assert not list(check(planned(seen, plan=None)))
    assert not list(check(subject()))


@pytest.mark.parametrize("rows", [31, 33])
def test_a_resized_embedding_is_not_a_copy(rows: int) -> None:
    assert not list(check(subject(f"tensor {HEAD}.weight F32 [{rows}, 16]")))
