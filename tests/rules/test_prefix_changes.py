"""How changes of prefixes are found and described."""

from __future__ import annotations

import pytest

from loracfg.adapter.header.tensor import Shape
from loracfg.analysis import renames as rename
from loracfg.analysis.renames import PathChange, Renaming, Sizes, find_renaming, renaming_for
from loracfg.base.architecture import Architecture, Kind, Module
from loracfg.testing.building.judging import judged
from tests.rules.subjects import config, made_with, subject

PREFIX = "base_model.model."


def tree(paths: dict[str, Module | None]) -> Architecture:
    """Return a tree of linear layers with 16 inputs and 24 outputs, except for given modules."""
    linear = Module("", Kind.LINEAR, "Linear", {"weight": (24, 16)})
    return Architecture(
        "catalogue", "made", "MadeModel", {p: m or linear for p, m in paths.items()}
    )


def test_a_change_is_shown_with_the_part_that_follows() -> None:
    said: dict[tuple[str, str, tuple[str, ...]], str] = {
        ("", "model.", ("layers.0.q", "layers.1.q")): "`layers` -> `model.layers`",
        ("", "model.", ("layers.0.q", "norm")): "adding the prefix `model.`",
        ("model.", "", ("model.layers.0.q",)): "`model.layers` -> `layers`",
        ("model.", "", ("model.a.q", "model.b.q")): "removing the prefix `model.`",
        ("text.", "model.text.", ("text.layers.0.q",)): "`text` -> `model.text`",
        ("a.", "b.", ("a.x.q", "a.x.k")): "`a.x` -> `b.x`",
        ("a.", "b.", ("a.x.q", "a.y.q")): "`a` -> `b`",
        ("a.x.", "b.x.", ("a.x.q",)): "`a.x` -> `b.x`",
        ("x.a.", "x.b.", ("x.a.q",)): "`x.a.q` -> `x.b.q`",
    }
    assert {(old, new, p): PathChange(old, new).shown(p) for old, new, p in said} == said
    assert PathChange("a.", "b.").apply("a.x") == "b.x"
    assert PathChange("a.", "b.").apply("x.a.x") is None


def test_all_changes_are_shown() -> None:
    changes = {PathChange(f"{name}.", "new."): (f"{name}.x.q", f"{name}.y.q") for name in "abc"}
    found = list(changes.items())
    assert str(Renaming(dict(found[:1]), {})) == "`a` -> `new`"
    assert str(Renaming(dict(found[:2]), {})) == "`a` -> `new` and `b` -> `new`"
    assert str(Renaming(changes, {})) == "`a` -> `new`, `b` -> `new` and `c` -> `new`"


def test_sizes_are_those_of_both_factors() -> None:
    shapes: dict[str, Shape] = {
        "linear.lora_B.weight": (24, 4),
        "linear.lora_A.weight": (4, 16),
        "embed.lora_embedding_A": (4, 32),
        "embed.lora_embedding_B": (16, 4),
        "half.lora_A.weight": (4, 16),
        "other.lora_B.weight": (24, 4),
        "conv.lora_A.weight": (4, 16, 3),
        "conv.lora_B.weight": (24, 4, 1),
        "flat.lora_A.weight": (4,),
        "flat.lora_B.weight": (24, 4),
        "more.lora_A.weight": (4, 16),
        "more.lora_B.weight": (24, 4),
        "more.lora_B.bias": (24,),
        "more.lora_magnitude_vector": (1, 24),
        "nested.base_layer.z.lora_A.weight": (4, 16),
        "nested.base_layer.z.lora_B.weight": (24, 4),
        "last.base_layer.lora_A.weight": (4, 16),
        "last.base_layer.lora_B.weight": (24, 4),
    }
    found = rename._sizes({PREFIX + name: shape for name, shape in shapes.items()})
    assert found == {
        "conv": None,
        "embed": (32, 16),
        "flat": None,
        "half": None,
        "last": None,
        "linear": (16, 24),
        "more": (16, 24),
        "nested.z": None,
        "other": None,
    }
    assert list(found) == sorted(found)


def answer(paths: str, base: str, *, kept: str = "", free: str | None = None) -> str | None:
    """Return the new paths if changes of prefixes turn all paths into paths of a base."""
    given = None if free is None else free.split()
    found = find_renaming(dict.fromkeys(paths.split()), of(base), given, kept.split())
    return None if found is None else " ".join(found.paths[path] for path in paths.split())


def of(base: str) -> Architecture:
    return tree(dict.fromkeys(base.split()))


def test_paths_are_found_where_they_have_one_place() -> None:
    # the longest common end decides
    assert answer("m.0.q", "x.m.0.q x.n.0.q") == "x.m.0.q"
    assert answer("m.0.q m.1.q", "x.m.0.q x.m.1.q") == "x.m.0.q x.m.1.q"
    assert answer("m.0.q m.1.q", "x.m.0.q") is None
    assert answer("m.0.q m.0.k", "x.m.0.q") is None
    assert answer("m.0.q", "x.m.1.q") is None
    assert answer("m.0.q", "x.m.0.q y.m.0.q") is None
    assert answer("m.0.q", "x.m.0.q y.m.0.q", free="y.m.0.q") == "y.m.0.q"
    assert answer("m.0.q", "x.m.0.q", free="") is None
    # of several places, the one that keeps the most steps, wherever they are
    assert answer("a.b.m.0.q", "a.x.m.0.q x.y.m.0.q") == "a.x.m.0.q"
    assert answer("a.b.m.0.q", "x.y.m.0.q b.x.m.0.q") == "b.x.m.0.q"
    assert answer("a.b.m.0.q", "a.x.m.0.q b.y.m.0.q") is None
    # several parts can have different changes, each to free paths
    assert answer("m.0.q n.0.q", "x.m.0.q y.n.0.q") == "x.m.0.q y.n.0.q"
    assert answer("m.0.q m.1.q", "x.m.0.q y.m.1.q") == "x.m.0.q y.m.1.q"
    assert answer("a.m.0.q b.m.0.q", "a.x.m.0.q b.x.m.0.q") == "a.x.m.0.q b.x.m.0.q"
    assert answer("a.m.0.q b.m.0.q", "c.m.0.q") is None
    assert answer("m.0.q n.0.q", "x.m.0.q") is None
    # but only a few parts
    for count, is_found in ((4, True), (5, False)):
        parts = [f"p{number}.part{number}.q" for number in range(count)]
        found = answer(" ".join(parts), " ".join(f"n{part}" for part in parts))
        assert (found is not None) == is_found


def test_paths_that_stay_do_not_begin_like_those_that_are_renamed() -> None:
    assert answer("a.b.c.q", "x.b.c.q", kept="a.k") == "x.b.c.q"
    assert answer("a.b.c.q", "x.b.c.q", kept="a.b.k") == "x.b.c.q"
    assert answer("a.b.c.q", "x.b.c.q", kept="a.b.c.k") is None
    assert answer("a.b.c.q", "x.b.c.q", kept="b.c.q") == "x.b.c.q"
    assert answer("a.b.c.q", "x.b.c.q c.z.b.q", kept="a.b.k") == "x.b.c.q"
    assert answer("m.1.q", "x.m.1.q y.m.1.k", kept="m.0.q") == "x.m.1.q"
    assert answer("m.1.q", "x.m.1.q y.1.q", kept="m.0.q") == "x.m.1.q"


def sized(kind: Kind, weight: Shape, sizes: Sizes | None) -> bool:
    base = tree({"x.q": Module("x.q", kind, "Made", {"weight": weight})})
    return find_renaming({"q": sizes}, base) is not None


def test_modules_have_the_sizes_of_the_tensors() -> None:
    assert sized(Kind.LINEAR, (24, 16), (16, 24))
    assert not sized(Kind.LINEAR, (24, 16), (15, 24))
    assert not sized(Kind.LINEAR, (24, 16), (17, 24))
    assert sized(Kind.LINEAR, (24, 16), None)
    assert sized(Kind.EMBEDDING, (16, 24), (16, 24))
    assert not sized(Kind.EMBEDDING, (24, 16), (16, 24))
    assert sized(Kind.CONV1D_GPT2, (16, 24), (16, 24))
    assert sized(Kind.CONV2D, (24, 16, 3, 3), (1, 1))
    assert sized(Kind.OTHER, (1,), (16, 24))


def test_modules_without_parameters_get_no_adapter() -> None:
    empty = Module("x.q", Kind.OTHER, "Made")
    assert find_renaming({"q": None}, tree({"x.q": empty})) is None
    assert find_renaming({"q": None}, tree({"x.q": None}), free=["x.q", "y.q"]) is not None
    assert find_renaming({"y.z.q": None}, tree({"x.q": None}), free=["x.z.q"]) is None


def test_paths_of_layers_begin_with_the_name_of_their_list() -> None:
    heads = {
        "m.layers.0.q": "m.layers",
        "m.0": "m",
        "a.b": "a.b",
        "m.0.n.1.q": "m",
        "m.0a.q": "m.0a.q",
    }
    assert {path: rename._head(path) for path in heads} == heads


TOWERS = 'base {"vision": 1}'
V = "vision_tower.layers.0.self_attn.q_proj"


def moved(path: str, *lines: str) -> str | None:
    """Return the new place of a module with 16 inputs and outputs."""
    tensors: dict[str, Shape] = {
        f"{PREFIX}{path}.lora_A.weight": (4, 16),
        f"{PREFIX}{path}.lora_B.weight": (16, 4),
    }
    found = renaming_for(subject(*lines), tensors)
    return None if found is None else found.paths[path]


def test_only_modules_that_get_an_adapter_are_places() -> None:
    lost = "tower.layers.0.self_attn.q_proj"
    every = made_with(target_modules=["q_proj"])
    text = config(target_modules=r"model\..*q_proj")
    assert moved(lost, every, "drop .", TOWERS) == V
    assert moved(lost, every, "drop .", TOWERS, text) is None
    # the plan is unknown
    assert moved(lost, every, "drop .", TOWERS, text, config(r=-1)) == V
    fails = config(target_modules=r"model\..*(q_proj|input_layernorm)")
    assert moved(lost, every, "drop .", TOWERS, fails) == V
    tokens = made_with(trainable_token_indices={"embed_tokens": [1]})
    wte = "wte.embed_tokens"
    found = renaming_for(subject(tokens, "drop ."), {f"{PREFIX}{wte}.lora_A.weight": (4, 16)})
    assert found
    assert found.paths == {wte: "model.embed_tokens"}


def test_places_in_use_are_not_free() -> None:
    every = made_with(target_modules=["q_proj"])
    tower = f"tensor {PREFIX}{V}.lora_A.weight F32 [4, 16]"
    assert moved("tower.layers.0.self_attn.q_proj", every, "drop .", TOWERS, tower) is None


@pytest.mark.parametrize(
    "option", [{"use_bdlora": {"nblocks": 2, "match_strict": False}}, {"use_qalora": True}]
)
def test_sizes_of_narrower_factors_are_not_compared(option: dict[str, object]) -> None:
    lost, place = "text.layers.0.self_attn.q_proj", "model.layers.0.self_attn.q_proj"
    assert moved(lost, "drop .", 'base {"head_dim": 4}') == place
    assert moved(lost, "drop .", 'base {"head_dim": 6}') is None
    assert moved(lost, "drop .", 'base {"head_dim": 6}', config(**option)) == place


def test_a_renaming_is_advised_in_full() -> None:
    (found,) = judged(r"rename model\.layers -> text.layers").diagnostics
    assert found.code == "LC602"
    assert "`text.layers` -> `model.layers` maps all of them" in found.help
