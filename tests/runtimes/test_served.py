"""Where modules of adapters and bases stand, and how their sizes differ."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest

from loracfg.base.architecture import Kind, Module
from loracfg.runtimes.served import LayerPlace, place_of
from tests.runtimes.making import NO_BASE, pair, pairs, saved, served

Q, V = (f"model.layers.{{}}.self_attn.{name}_proj" for name in "qv")
MANY: Final = "1234567890123456789"


def test_place_is_a_path_without_its_layer_number() -> None:
    for path, pattern, layer in [
        ("lm_head", "lm_head", None),
        ("model.layers.0.mlp", "model.layers.#.mlp", 0),
        ("model.layers.12", "model.layers.#", 12),
        ("a.1.b.2.c", "a.#.b.2.c", 1),
        ("a.b1.2c.d", "a.b1.2c.d", None),
        ("3.a", "3.a", None),
        (f"a.{MANY}.b", "a.#.b", int(MANY[:18])),
    ]:
        assert place_of(path) == LayerPlace(pattern, layer), path


def test_built_class_has_its_own_tree() -> None:
    one, other = served(), served('base {"layers": 1}')
    assert one.architecture == "LlamaForCausalLM"
    assert other.base
    both = replace(one, trees={"Other": other.base}, architectures=("One", "Other"))
    assert both.architecture == "One"
    built = both.built_as("Other")
    assert (built.base, built.trees, built.architectures) == (other.base, {}, ("Other",))
    assert both.built_as("One").base is one.base
    assert served(NO_BASE).architecture is None


def test_given_config() -> None:
    assert served().given["r"] == 4
    assert served("config text [1]").given == {}
    assert served("config text {").given == {}
    assert served("config none").given == {}


def test_modules_with_a_first_factor() -> None:
    found = served(
        *pairs(Q.format(1), Q.format(0), V.format(1), f"{Q.format(2)}.base_layer"),
        saved("wte.lora_embedding_A", 4, 32),
        saved("lm_head.lora_B.weight", 32, 4),
        saved("lm_head.weight", 32, 16),
        "tensor h.0.attn.lora_A.weight F32 [4, 16]",
    )
    queries = [Q.format(layer) for layer in range(3)]
    assert found.adapted == tuple(sorted(["wte", "h.0.attn", *queries, V.format(1)]))
    assert found.layers_of == {"q_proj": {0, 1, 2}, "v_proj": {1}, "attn": {0}}


def test_places_and_leaves_of_the_base() -> None:
    assert served(NO_BASE).places == served(NO_BASE).leaves == served(NO_BASE).outer == set()
    found = served()
    assert "model.layers.#.self_attn.q_proj" in found.places
    assert {"q_proj", "norm", "lm_head"} < found.leaves
    assert not {"self_attn", "0", "model"} & found.leaves  # they have no parameters


LOST: Final = [
    ((), (), (), ()),
    ((NO_BASE, *pair("nowhere")), (), (), ()),
    (pair(Q.format(2)), (Q.format(2),), (), ()),
    (pair(f"x.{Q.format(0)}"), (), (f"x.{Q.format(0)}",), ()),
    (pair("model.layers.0.self_attn.c_attn"), (), (), ("model.layers.0.self_attn.c_attn",)),
    (
        (*pair(Q.format(2)), *pair("x.v_proj"), *pair("nowhere")),
        (Q.format(2),),
        ("x.v_proj",),
        ("nowhere",),
    ),
    (('base {"renames": [["model", "old"]]}',), (), (), ()),
    (('base {"renames": [["old", "model"]]}', *pair(f"old.{Q.format(0)[6:]}")), (), (), ()),
]


def test_modules_missing_in_the_base() -> None:
    for lines, beyond, moved, unnamed in LOST:
        found = served(*lines)
        assert (found.beyond, found.moved, found.unnamed) == (beyond, moved, unnamed), lines
        assert sorted(found.lost) == sorted([*beyond, *moved, *unnamed]), lines
        assert replace(found, certain=False).lost == (), lines


def test_paths_with_and_without_a_language_model() -> None:
    found = served()
    assert found.is_inner(Q.format(0).replace("model.", "model.language_model."))
    assert not found.is_inner(Q.format(7).replace("model.", "model.language_model."))
    assert found.is_below_model("layers.0.self_attn.q_proj")
    assert not found.is_below_model(Q.format(0))
    assert found.base
    inner = f"model.language_model.{Q.format(0)[6:]}"
    module = Module(inner, Kind.LINEAR, "Linear", {"weight": (24, 16)})
    other = replace(found, base=replace(found.base, modules={inner: module}))
    assert other.outer == {Q.format(0)}


SIZES: Final = [
    ((), []),
    (("reshape 0.*q_proj.lora_A -> [4, 17]",), [(Q.format(0), 1)]),
    (("reshape 0.*q_proj.lora_B -> [22, 4]",), [(Q.format(0), -2)]),
    (
        ("reshape 0.*q_proj.lora_A -> [4, 15]", "reshape 0.*q_proj.lora_B -> [25, 4]"),
        [(Q.format(0), -1), (Q.format(0), 1)],
    ),
    (pair("nowhere"), []),
    (pair("model.norm"), []),  # no layer of which PEFT knows the size
    (("reshape q_proj.lora_A -> [4, 17, 1, 1]",), []),
    (("reshape q_proj.lora_A -> [68]",), []),
    (("reshape q_proj.lora_A -> [4, 17]", "reshape q_proj.lora_B -> [96]"), []),
    (("reshape q_proj.lora_A -> [4, 17]", NO_BASE), []),
    (("reshape q_proj.lora_A -> [4, 17]", "config text {"), []),
    (("reshape q_proj.lora_A -> [4, 8]", 'config {"use_bdlora": {"nblocks": 2}}'), []),
    (("reshape q_proj.lora_A -> [4, 8]", 'config {"use_qalora": true}'), []),
    (("reshape q_proj.lora_A -> [4]", "reshape 1.*v_proj.lora_A -> [4, 17]"), [(V.format(1), 1)]),
]


def test_sizes_that_differ_from_the_base() -> None:
    for lines, differences in SIZES:
        assert sorted(served(*lines).differences()) == differences, lines


@pytest.mark.parametrize("shape", ["[4]", "[]"])
@pytest.mark.parametrize("factor", "AB")
def test_pairs_need_two_dimensions(factor: str, shape: str) -> None:
    found = served(f"reshape 0.*q_proj.lora_{factor} -> {shape}")
    assert len(list(served().pairs())) == 4
    assert [pair.layer.module for pair, _, _ in found.pairs()] == [
        *(path.format(layer) for path, layer in ((V, 0), (Q, 1), (V, 1))),
    ]
