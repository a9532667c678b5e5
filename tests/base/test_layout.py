"""Checkpoints without the prefix of a class, or with one that the class does not have."""

from __future__ import annotations

import pytest

from loracfg.adapter.header.tensor import Tensor
from loracfg.base.architecture import Architecture, Kind
from loracfg.base.from_checkpoint.as_loaded import (
    doubt,
    for_bare,
    for_head,
    with_prefix,
    without_prefix,
)
from loracfg.base.from_checkpoint.checkpoint import tree_of
from loracfg.base.from_library.live_model import architecture_of
from tests.base.conftest import Save
from tests.zoo import default_head

PREFIXED = (
    "llama",
    "gemma2",
    "gpt2",
    "bloom",
    "gpt_neox",
    "falcon",
    "bert",
    "distilbert",
    "mamba",
    "opt",
)


def layers(architecture: Architecture) -> dict[str, tuple[Kind, tuple[int, int]]]:
    return {
        path: (module.kind, module.features)
        for path, module in architecture.modules.items()
        if module.kind is not Kind.OTHER
    }


def saved_tree(save: Save, model_type: str, head: str) -> Architecture:
    """Return the tree of a bare model's checkpoint with a config for the class with a head."""
    real = save(model_type, head)
    shapes = {n: tuple(t.shape) for n, t in real.model.state_dict().items()}
    named = type(save(model_type, default_head(model_type)).model).__name__
    tensors = {name: Tensor(name, "F32", shape) for name, shape in shapes.items()}
    found = tree_of(tensors, real.config | {"architectures": [named]})
    assert found is not None
    return found


@pytest.mark.parametrize("model_type", PREFIXED)
def test_a_bare_checkpoint_is_the_base_model_of_the_class_with_a_head(
    model_type: str, saved: Save
) -> None:
    head = architecture_of(saved(model_type).model)
    moved = for_head(saved_tree(saved, model_type, "FEATURE_EXTRACTION"))

    wanted = layers(head)
    found = layers(moved)
    found = {path: layer for path, layer in found.items() if ".pooler." not in path}
    assert found.items() <= wanted.items()
    assert len(found) > 5
    if head.input_embeddings:
        assert moved.input_embeddings == head.input_embeddings
    if "lm_head" in moved.modules:
        assert moved.tied == ("lm_head",) == head.tied


@pytest.mark.parametrize("model_type", PREFIXED)
def test_the_bare_model_is_the_part_under_the_prefix(model_type: str, saved: Save) -> None:
    bare = architecture_of(saved(model_type, "FEATURE_EXTRACTION").model)
    head = architecture_of(saved(model_type).model)
    part = for_bare(head)

    wanted = {path: layer for path, layer in layers(bare).items() if "pooler" not in path}
    assert layers(part) == wanted
    assert part.input_embeddings == bare.input_embeddings
    assert part.output_embeddings is None
    assert for_bare(bare) == bare


@pytest.mark.parametrize("model_type", ["t5", "whisper", "llama", "bert"])
def test_a_tree_that_has_its_prefix_stays(model_type: str, saved: Save) -> None:
    head = architecture_of(saved(model_type).model)

    assert for_head(head) == head


def test_prefixes_are_added_and_removed(saved: Save) -> None:
    tree = architecture_of(saved("t5").model)
    moved = with_prefix(tree, "a.b")

    assert moved.modules["a.b.shared"].features == (96, 32)
    assert list(moved.modules)[:3] == ["", "a", "a.b"]
    assert all(path == module.path for path, module in moved.modules.items())
    assert set(tree.tied) <= moved.modules.keys()
    back = without_prefix(moved, "a.b")
    assert set(back.modules) == set(tree.modules) - set(tree.tied)


def test_parameters_of_the_root_move_along() -> None:
    tensors = {n: Tensor(n, "F32", (4, 4)) for n in ("mask_token", "a_proj.weight")}
    tree = tree_of(tensors, None)
    assert tree is not None
    moved = with_prefix(tree, "model")

    assert moved.modules["model"].parameters == {"mask_token": (4, 4)}
    assert moved.modules[""].parameters == {}


@pytest.mark.parametrize(
    ("config", "doubtful"),
    [
        (None, False),
        ({}, False),
        ({"model_type": "llama", "rope_scaling": {"rope_type": "yarn"}}, False),
        ({"model_type": "vit"}, True),
        ({"model_type": "new_vl", "text_config": {"model_type": "llama"}}, True),
    ],
)
def test_renaming_types_are_doubted(config: dict[str, object] | None, doubtful: bool) -> None:
    assert (doubt(config) is not None) == doubtful
