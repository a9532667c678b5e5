"""Cached parts of trees equal newly built ones: no answer depends on earlier ones."""

from __future__ import annotations

from typing import Any

import pytest

from loracfg.base.architecture import Architecture, Kind, Module
from loracfg.base.catalogue import lookup
from loracfg.base.catalogue.evaluation.budget import Budget
from loracfg.base.catalogue.trees import tree
from loracfg.base.catalogue.trees.tree import Subtree, Tree

LLAMA: dict[str, Any] = {
    "model_type": "llama",
    "num_hidden_layers": 4,
    "hidden_size": 64,
    "intermediate_size": 96,
    "num_attention_heads": 8,
}


def built(**changes: Any) -> Architecture:
    return lookup.build_uncached({**LLAMA, **changes}, "LlamaForCausalLM")


def test_configs_that_differ_elsewhere_share_their_layers() -> None:
    one, two, three = (built(vocab_size=size) for size in (100, 101, 102))
    path = "model.layers.3.self_attn.q_proj"
    assert two.modules[path] is three.modules[path]
    assert one.modules[path] == two.modules[path]
    assert two.modules["lm_head"] != three.modules["lm_head"]


@pytest.mark.parametrize(
    "changes", [{"hidden_size": 128}, {"attention_bias": True}, {"num_hidden_layers": 9}]
)
def test_earlier_trees_change_nothing(
    changes: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        built()
    found = built(**changes)
    monkeypatch.setattr(tree, "_STAMPED", type(tree._STAMPED)(16))
    assert built(**changes) == found


def test_equal_numbers_of_different_types_are_distinguished() -> None:
    values: tuple[Any, ...] = (2, 2, 2.0, True, 1)
    for groups in values:
        part, tree = Subtree("a"), Tree()
        part.modules = [Module("a.c", Kind.CONV1D, "Conv1d", {"weight": (4,)}, {}, groups)]
        part.stamp("b", tree, Budget())
        (found,) = tree.modules
        assert (found.path, type(found.groups)) == ("b.c", type(groups))


def test_little_is_cached() -> None:
    part = Subtree("a")
    part.modules = [Module(f"a.{n}", Kind.OTHER, "Norm", {}, {}) for n in range(100)]
    for _ in range(3):
        for number in range(100):
            part.stamp(f"b{number}", Tree(), Budget())
    assert part._stamped is not None
    assert len(part._stamped) * 100 <= 2_000
