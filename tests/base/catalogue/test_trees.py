"""Trees of small programs that the tests write out."""

from typing import Any

import pytest

from loracfg.base.architecture import Architecture, Kind
from loracfg.base.catalogue.evaluation.budget import Budget
from loracfg.base.catalogue.evaluation.config import Config, ConfigClass
from loracfg.base.catalogue.evaluation.refusals import DeclinedError, RefusedError
from loracfg.base.catalogue.index import layout_of
from loracfg.base.catalogue.program_data import Activation, ProgramData
from loracfg.base.catalogue.trees.models import ModelBuilder
from loracfg.base.derivation.emission.dependence import annotate
from tests.base.records import record

ROWS: list[list[Any]] = [
    ["c"],
    [".", 0, "size"],
    [".", 0, "rows"],
    [".", 0, "layers"],
    [".", 0, "bias"],
    ["i", 0],
    ["<", 5, [1]],
    [".", 0, "padding"],
    ["fmt", ["layer"], 5],
    [".", 0, "act"],
    [".", 0, "part"],
    ["dict", ["head.weight"], ["embed.weight"]],
    ["model", "MAPPING", 10, "width"],
    ["model", "MAPPING", 10, "encoder.__class__"],
    ["model", "MAPPING", 10, "encoder.norm.__class__"],
    ["==", 13, ["Layer"]],
    [".", 0, "name"],
]
LINEAR = {"layer": "Linear", "sizes": [1, 1], "bias": 4}
EMBEDDING = {"layer": "Embedding", "sizes": [2, 1], "padding": 7}
LAYER = {"class": "Layer", "children": [["one", 0], ["two", 0], ["act", 2]]}
SPARSE = {"class": "Layer", "children": [["only", ["if", 6, 0, None]]]}


class Layout:
    """A layout with one type."""

    def __init__(self, nodes: list[dict[str, Any]], **more: Any) -> None:
        own = {"root": len(nodes) - 1, "in": None, "out": None, "checks": [], **more}
        checks = own.pop("groups", [])
        classes = {"Model": own, "Linear": {**own, "root": 0, "checks": []}}
        program: Any = {"exprs": ROWS, "nodes": nodes, "checks": checks, "classes": classes}
        self.program = annotate(program)

    def program_of(self, class_name: str) -> tuple[str, ProgramData]:
        return dict.fromkeys(self.program["classes"], ("type", self.program))[class_name]

    def mapped(self, mapping: str, config_class: str) -> list[str]:
        found = {"Part": ["Linear"], "Whole": ["Model", "Linear"]}
        return {"MAPPING": found}[mapping][config_class]

    def config_class_of(self, class_name: str) -> str | None:
        return {"Linear": "Part"}.get(class_name)

    def activation(self, name: str) -> list[Activation]:
        found: dict[str, list[Activation]] = {
            "prelu": [("", "PReLU", {"weight": [1]}, {})],
            "relu": [("", "ReLU", {}, {})],
        }
        return found[name]


def config(**values: Any) -> Config:
    usual = {"size": 4, "rows": 9, "layers": 3, "bias": True, "padding": None, "act": "relu"}
    return record(**{**usual, **values})


def part(**values: Any) -> Config:
    """Return a nested config."""
    return Config(ConfigClass("Part"), config(**values).attributes, Budget())


def build(layout: Layout, settings: Config, budget: Budget | None = None) -> Architecture:
    return ModelBuilder(layout, budget or Budget()).build("Model", settings)


def root(*children: Any, **more: Any) -> dict[str, Any]:
    return {"class": "Model", "children": [list(one) for one in children], **more}


def test_a_layer_has_the_parameters_of_its_sizes() -> None:
    tree = build(Layout([LINEAR, EMBEDDING, root(("proj", 0), ("embed", 1))]), config())
    proj, embed = tree.modules["proj"], tree.modules["embed"]
    assert (proj.kind, proj.parameters) == (Kind.LINEAR, {"weight": (4, 4), "bias": (4,)})
    assert (embed.kind, embed.parameters) == (Kind.EMBEDDING, {"weight": (9, 4)})
    assert list(tree.modules) == ["", "proj", "embed"]


def test_a_bias_may_depend_on_a_condition() -> None:
    tree = build(Layout([LINEAR, root(("proj", 0))]), config(bias=0))
    assert tree.modules["proj"].parameters == {"weight": (4, 4)}


def test_layers_are_numbered_in_order() -> None:
    stack = {"class": "ModuleList", "items": [["for", 0, 3, [1]]]}
    layer = {"class": "Layer", "children": [["proj", 0]]}
    tree = build(Layout([LINEAR, layer, stack, root(("layers", 2))]), config())
    assert [path for path in tree.modules if path.endswith("proj")] == [
        f"layers.{number}.proj" for number in range(3)
    ]
    assert all(path == one.path for path, one in tree.modules.items())


def test_layers_may_differ() -> None:
    stack = {"class": "ModuleList", "items": [["for", 0, 3, [1]]]}
    tree = build(Layout([LINEAR, SPARSE, stack, root(("layers", 2))]), config())
    assert "layers.0.only" in tree.modules
    assert "layers.1.only" not in tree.modules
    assert "layers.2" in tree.modules


def test_names_may_be_computed() -> None:
    nodes: list[dict[str, Any]] = [
        LINEAR,
        {"class": "Model", "children": [["for", 0, 3, [[8, 0]]]]},
    ]
    assert list(build(Layout(nodes), config()).modules) == ["", "layer0", "layer1", "layer2"]


def test_a_shared_module_exists_once() -> None:
    shared = {**EMBEDDING, "shared": 0}
    nodes: list[dict[str, Any]] = [
        LINEAR,
        shared,
        {"class": "Part", "children": [["tokens", 1]]},
    ]
    layout = Layout([*nodes, root(("embed", 1), ("encoder", 2))], **{"in": ["shared", 0]})
    tree = build(layout, config())
    assert tree.aliases == {"encoder.tokens": "embed"}
    assert tree.input_embeddings == "embed"
    assert "encoder.tokens" not in tree.modules


def test_each_layer_has_its_own_shared_module() -> None:
    shared = {**LINEAR, "shared": 0, "loops": [0]}
    layer = {"class": "Layer", "children": [["one", 1], ["two", 1]]}
    stack = {"class": "ModuleList", "items": [["for", 0, 3, [2]]]}
    tree = build(Layout([LINEAR, shared, layer, stack, root(("layers", 3))]), config(layers=2))
    assert tree.aliases == {"layers.0.two": "layers.0.one", "layers.1.two": "layers.1.one"}


def test_an_activation_is_selected_by_name() -> None:
    act = {"activation": 9}
    tree = build(Layout([LINEAR, act, root(("act", 1))]), config(act="prelu"))
    assert tree.modules["act"].parameters == {"weight": (1,)}
    with pytest.raises(RefusedError):
        build(Layout([LINEAR, act, root(("act", 1))]), config(act="unheard"))


def test_an_inner_model_is_selected_by_its_config() -> None:
    other = {"model": "MAPPING", "config": 10}
    layout = Layout([LINEAR, other, root(("tower", 1))])
    tree = build(layout, config(part=part(size=2)))
    assert tree.modules["tower"].parameters["weight"] == (2, 2)
    with pytest.raises(RefusedError):
        build(layout, config(part=None))


def test_an_inner_model_may_get_arguments() -> None:
    other = {"model": "MAPPING(bias=False)", "config": 10}
    layout = Layout([LINEAR, {"layer": "Linear", "sizes": [1, 1]}, other, root(("tower", 2))])
    settings = config(part=part())
    with pytest.raises(DeclinedError, match=r"no facts about `Linear\(bias=False\)`"):
        build(layout, settings)
    classes = layout.program["classes"]
    classes["Linear(bias=False)"] = {**classes["Linear"], "root": 1}
    assert list(build(layout, settings).modules["tower"].parameters) == ["weight"]


def tower(**more: str) -> Layout:
    """Return a layout with a model that has an inner model with an encoder and a head."""
    layer = {"class": "Layer", "children": [["proj", 0]]}
    inner = {"class": "Inner", "children": [["encoder", 1], ["head", 0]]}
    other = {"model": "MAPPING", "config": 10, **more}
    layout = Layout([LINEAR, layer, inner, other, root(("tower", 3))])
    layout.program["classes"]["Linear"]["root"] = 2
    return layout


def test_a_part_of_an_inner_model_may_be_used_alone() -> None:
    layout = tower(part="encoder")
    tree = build(layout, config(part=part(size=2)))
    assert list(tree.modules) == ["", "tower", "tower.proj"]
    layout.program["nodes"][3]["part"] = "decoder"
    with pytest.raises(DeclinedError):
        build(layout, config(part=part()))


def test_an_identity_may_replace_a_part_of_an_inner_model() -> None:
    layout = tower(identity="encoder")
    tree = build(layout, config(part=part()))
    assert [(one.path, one.class_name) for one in tree.modules.values()] == [
        *[("", "Model"), ("tower", "Inner"), ("tower.encoder", "Identity")],
        ("tower.head", "Linear"),
    ]
    layout.program["nodes"][3]["identity"] = "decoder"
    with pytest.raises(DeclinedError):
        build(layout, config(part=part()))


def test_a_config_selects_one_of_several_inner_models() -> None:
    layout = Layout([LINEAR, {"model": "MAPPING", "config": 10}, root(("tower", 1))])
    whole = Config(ConfigClass("Whole", layout_of("5").library_configs), {}, Budget())
    whole.config_class.parts = {"text_config": ["Part", None, {}, 0]}
    whole.attributes |= {"architectures": ["Unheard", "Linear"], "text_config": part(size=2)}
    tree = build(layout, config(part=whole))
    assert tree.modules["tower"].parameters["weight"] == (2, 2), "its config is that for text"


@pytest.mark.parametrize(
    ("row", "reason"),
    [(12, "`width` of `Linear` is unknown"), (14, "`encoder.norm` of `Linear` is unknown")],
)
def test_unknown_attributes_of_inner_models_are_declined(row: int, reason: str) -> None:
    layout, settings = tower(), config(part=part())
    layout.program["checks"] = [[[], [], [15]], [[], [row], []]]
    layout.program["classes"]["Model"]["checks"] = [0]
    assert "tower.encoder" in build(layout, settings).modules, "its class is known"
    layout.program["classes"]["Model"]["checks"] = [0, 1]
    with pytest.raises(DeclinedError, match=reason):
        build(layout, settings)


def test_an_embedding_may_be_a_module_of_an_inner_model() -> None:
    layout, settings = tower(), config(part=part())
    layout.program["classes"]["Model"]["in"] = ["model", "tower", "MAPPING", 10, "head"]
    assert build(layout, settings).input_embeddings == "tower.head"
    layout.program["classes"]["Model"]["in"] = ["model", "tower", "MAPPING", 10, "tail"]
    with pytest.raises(DeclinedError, match="`tail` of `Linear` is unknown"):
        build(layout, settings)


@pytest.mark.parametrize("name", ["a.b", "", 3, None])
def test_some_values_are_not_names(name: Any) -> None:
    layout = Layout([LINEAR, root((16, 0))])
    assert list(build(layout, config(name="proj")).modules) == ["", "proj"]
    with pytest.raises(RefusedError, match="KeyError"):
        build(layout, config(name=name))


def test_a_class_without_facts_is_declined() -> None:
    layout = Layout([LINEAR, root(("proj", 0))])
    layout.program_of = lambda class_name: ("type", layout.program)  # type: ignore[method-assign]
    with pytest.raises(DeclinedError, match="no facts about `Other`"):
        ModelBuilder(layout, Budget()).build("Other", config())


def test_tied_weights_have_the_shape_of_their_source() -> None:
    head = {"layer": "Linear", "sizes": [1, 1]}
    top = root(("embed", 0), ("head", 1), ties=11, config=0)
    layout = Layout([EMBEDDING, head, top], **{"in": "embed", "out": "head"})
    tree = build(layout, config(tie_word_embeddings=True))
    assert tree.modules["head"].parameters == {"weight": (9, 4)}
    assert tree.tied == ("head",)
    assert tree.tie_word_embeddings
    tree = build(layout, config(tie_word_embeddings=False))
    assert tree.modules["head"].parameters == {"weight": (4, 4)}
    assert tree.tied == ()


@pytest.mark.parametrize("size", [-1, None, 2.0, "4", True, [4]])
def test_invalid_sizes_are_rejected(size: Any) -> None:
    layout = Layout([LINEAR, root(("proj", 0))])
    with pytest.raises(RefusedError):
        build(layout, config(size=size))


def test_padding_must_be_a_row() -> None:
    layout = Layout([EMBEDDING, root(("embed", 0))])
    for padding in (0, 8, -9, None):
        assert "embed" in build(layout, config(padding=padding)).modules
    for wrong in (9, -10, 1.0):
        with pytest.raises(RefusedError):
            build(layout, config(padding=wrong))


def test_checks_apply_under_their_conditions() -> None:
    layout = Layout([LINEAR, root(("proj", 0))], groups=[[[4], [], [6]]], checks=[0])
    layout.program["checks"] = [[[["for", 0, 3], 4], [], [6]]]
    assert build(layout, config(layers=1))
    assert build(layout, config(layers=2, bias=False))
    with pytest.raises(RefusedError):
        build(layout, config(layers=2))


def test_too_many_layers_are_declined_at_once() -> None:
    stack = {"class": "ModuleList", "items": [["for", 0, 3, [1]]]}
    layer = {"class": "Layer", "children": [["one", 0], ["two", 0]]}
    layout = Layout([LINEAR, layer, stack, root(("layers", 2))])
    budget = Budget(modules=1000)
    with pytest.raises(DeclinedError):
        build(layout, config(layers=500), budget)
    assert budget.modules > 900


def test_classes_of_a_type_share_work() -> None:
    layout = Layout([LINEAR, root(("proj", 0))])
    models, settings = ModelBuilder(layout, Budget()), config()
    first = models.build("Model", settings)
    assert models.build("Model", settings) == first
    assert models.build("Model", settings).modules["proj"] is first.modules["proj"]
    assert models.build("Linear", settings).modules[""].parameters == {
        "weight": (4, 4),
        "bias": (4,),
    }
