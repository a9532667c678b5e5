"""Changes of prefixes: advice maps all modules, and there is none if several would do."""

from __future__ import annotations

import pytest

from loracfg.analysis.renames import Sizes, find_renaming
from loracfg.base.architecture import Architecture, Kind, Module
from loracfg.testing.building.judging import judged

LEAVES = ("self_attn.q_proj", "self_attn.v_proj")


def tree(*towers: str, layers: int = 2, width: int = 16) -> Architecture:
    """Return a tree with layers in several places, the later ones wider."""
    modules = {"": Module("", Kind.OTHER, "Module")}
    for number, tower in enumerate(towers):
        for path in layers_of(tower, layers):
            size = width + number
            modules[path] = Module(path, Kind.LINEAR, "Linear", {"weight": (size, size)})
    return Architecture("catalogue", "made", "MadeModel", modules)


def layers_of(tower: str, count: int = 2) -> list[str]:
    return [f"{tower}layers.{n}.{leaf}" for n in range(count) for leaf in LEAVES]


def shown(base: Architecture, *paths: str, sizes: Sizes | None = None) -> str | None:
    found = find_renaming(dict.fromkeys(paths, sizes), base)
    if found is None:
        return None
    assert set(found.paths) == set(paths)
    assert all(base.find(path) for path in found.paths.values())
    return str(found)


@pytest.mark.parametrize(
    ("tower", "old", "expected"),
    [
        ("model.", "", "`layers` -> `model.layers`"),
        ("", "model.", "`model.layers` -> `layers`"),
        ("model.text.", "model.", "`model.layers` -> `model.text.layers`"),
        ("model.text.", "text.", "`text` -> `model.text`"),
        ("model.text.", "text.model.", "`text.model.layers` -> `model.text.layers`"),
    ],
)
def test_one_change(tower: str, old: str, expected: str) -> None:
    assert shown(tree(tower), *layers_of(old)) == expected


def test_each_part_has_its_own_change() -> None:
    base = tree("model.text.", "model.visual.")
    paths = [*layers_of("model."), *layers_of("visual.")]
    found = shown(base, *paths)
    assert found == "`model.layers` -> `model.text.layers` and `visual` -> `model.visual`"


def test_several_parts_with_the_same_missing_prefix() -> None:
    base = tree("model.text.", "model.visual.")
    paths = [*layers_of("text."), *layers_of("visual.")]
    assert shown(base, *paths) == "adding the prefix `model.`"


def test_sizes_distinguish_towers() -> None:
    base = tree("model.text.", "model.visual.")
    assert shown(base, *layers_of("")) is None
    assert shown(base, *layers_of(""), sizes=(17, 17)) == "`layers` -> `model.visual.layers`"
    assert shown(base, *layers_of(""), sizes=(18, 18)) is None


def test_one_path_without_a_place_forbids_all() -> None:
    assert shown(tree("model."), *layers_of(""), "layers.0.self_attn.k_proj") is None


def test_layers_keep_their_numbers() -> None:
    assert shown(tree("model."), *layers_of("model.", 3)[-2:]) is None
    assert shown(tree("model."), *layers_of("", 3)) is None


def test_paths_that_stay_have_a_different_prefix() -> None:
    base = tree("model.text.")
    stays = "model.text.layers.0.self_attn.q_proj"
    free = [path for path in base.paths() if path != stays]
    paths = dict.fromkeys(layers_of("text.")[1:])
    assert find_renaming(paths, base, free, [stays]) is not None
    paths = dict.fromkeys(layers_of("model.")[1:])
    assert find_renaming(paths, base, free, ["model.layers.0.self_attn.q_proj"]) is None


def test_part_of_the_modules_under_other_names() -> None:
    (error,) = judged(r"rename model\.layers\.1 -> text.layers.1").diagnostics
    assert error.code == "LC602"
    assert error.message == "2 of 4 modules are not in `LlamaForCausalLM` under their names"
    assert "`text.layers` -> `model.layers` maps all of them" in error.help
    assert error.count == 4


def test_a_prefix_is_repaired_with_the_place_in_the_base() -> None:
    (error,) = judged(r"rename ^base_model\.model\.model\. ->").diagnostics
    assert error.code == "LC502"
    assert "this one to `base_model.model.model.layers.0.self_attn" in error.help


def test_saved_modules_have_the_same_cause() -> None:
    made = 'made with {"modules_to_save": ["input_layernorm"]}'
    report = judged(made, r"rename model\.model\. -> model.")
    assert [d.code for d in report.diagnostics if d.severity == "error"] == ["LC602"]
