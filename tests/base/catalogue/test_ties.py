"""Ties of trees that the tests write out, and of models of transformers 4."""

from __future__ import annotations

from typing import Any

import pytest

from loracfg.base.architecture import Kind, Module
from loracfg.base.catalogue import lookup
from loracfg.base.catalogue.evaluation.budget import Budget
from loracfg.base.catalogue.evaluation.refusals import DeclinedError, RefusedError
from loracfg.base.catalogue.trees.ties import Ties
from loracfg.base.catalogue.trees.tree import OutputTie, Tie, Tree
from loracfg.base.class_builder import CannotBuildError
from tests.base.records import record

MODULES = {
    "embed": Module("embed", Kind.EMBEDDING, "Embedding", {"weight": (9, 4)}),
    "same": Module("same", Kind.LINEAR, "Linear", {"weight": (9, 4)}),
    "head": Module("head", Kind.LINEAR, "Linear", {"weight": (7, 5), "bias": (7,)}),
    "norm": Module("norm", Kind.OTHER, "Norm", {"weight": (4,)}),
    "empty": Module("empty", Kind.OTHER, "Identity", {}),
    "rotary": Module("rotary", Kind.OTHER, "Rotary", {}, {"weight": (3,)}),
}


def tied(*ties: Any) -> Ties:
    tree = Tree()
    tree.modules += MODULES.values()
    tree.ties += ties
    return Ties(tree, Budget())


def by_key(**keys: str) -> Ties:
    names = {target.replace("_", "."): source for target, source in keys.items()}
    return tied(Tie("", names, record(tie_word_embeddings=True)))


def test_an_output_embedding_gets_the_weight_and_a_matching_bias() -> None:
    found = tied(OutputTie("embed", "head"), OutputTie("embed", "same"))
    assert found.modules["head"].parameters == {"weight": (9, 4), "bias": (9,)}
    assert found.modules["same"] == MODULES["same"]
    assert found.shared() == (("head", "weight"), ("same", "weight"))


@pytest.mark.parametrize(
    ("inputs", "outputs", "reason"),
    [
        (None, "head", "it is unknown which embeddings are tied"),
        ("empty", "head", "it is unknown which embeddings are tied"),
        ("embed", "missing", "it is unknown which embeddings are tied"),
        ("embed", "empty", "`empty` is tied, but has no such weight"),
        ("norm", "head", "`head` is tied, but has no such weight"),
    ],
)
def test_other_output_embeddings_are_declined(
    inputs: str | None, outputs: str, reason: str
) -> None:
    with pytest.raises(DeclinedError, match=reason):
        tied(OutputTie(inputs, outputs))


def test_a_tied_layer_still_declares_its_sizes() -> None:
    found = by_key(head_weight="embed.weight", norm_weight="embed.weight")
    assert found.modules["head"].computed == (7, 5)
    assert found.modules["norm"].computed is None
    assert by_key(same_weight="embed.weight").modules["same"].computed is None
    assert by_key(empty_weight="embed.weight").modules["empty"].parameters == {"weight": (9, 4)}


@pytest.mark.parametrize(
    ("target", "source", "error", "reason"),
    [
        ("missing.weight", "embed.weight", RefusedError, "there is no `missing` to tie"),
        (
            "head.weight",
            "embed.a_weight",
            DeclinedError,
            "`embed.a_weight` is tied, but is not a param",
        ),
        ("rotary.weight", "embed.weight", DeclinedError, "`embed.weight` is tied, but is not"),
        (r"head\.\w+t", r"missing\.weight", RefusedError, "cannot be tied to `missing"),
        (r"missing\.\w+", "embed.weight", RefusedError, "cannot be tied to `embed.weight`"),
        (r"same\.\w+", r"head\.\w+", RefusedError, "cannot be tied to `head"),
    ],
)
def test_keys_that_cannot_be_tied(
    target: str, source: str, error: type[CannotBuildError], reason: str
) -> None:
    with pytest.raises(error, match=reason):
        tied(Tie("", {target: source}, record(tie_word_embeddings=True)))


@pytest.mark.parametrize("is_shared", [True, False])
def test_an_output_embedding_may_be_missing(is_shared: bool) -> None:
    config = {"model_type": "open-llama", "num_hidden_layers": 1}
    config["shared_input_output_embedding"] = is_shared
    tree = lookup.build(config, "OpenLlamaForCausalLM", "4")
    assert tree.output_embeddings == (None if is_shared else "lm_head")


def test_modules_that_stay_in_float32_must_exist() -> None:
    config = {"model_type": "t5", "num_decoder_layers": 0}
    assert lookup.build(config | {"num_layers": 1}, "T5Model", "4").modules
    with pytest.raises(CannotBuildError, match=r"\['wo'\] are not modules"):
        lookup.build(config | {"num_layers": 0}, "T5Model", "4")
