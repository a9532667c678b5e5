"""Operations of constructors on inner models are in the facts, or the class declines."""

from __future__ import annotations

from typing import Any, Final

import pytest

from tests.base.derivation.stand_ins.oracle import derived

MAPPING: Final = "MODEL_MAPPING_NAMES"
ONE: Final = "self.one = AutoModel.from_config(config.part)\n"


def nodes(body: str) -> list[dict[str, Any]]:
    """Return the nodes of a constructor's inner models; None if it is declined."""
    found = derived(body)
    assert not found.declined
    return [node for node in found.program["nodes"] if "model" in node]


def test_arguments_select_a_variant() -> None:
    (node,) = nodes("self.one = AutoModel.from_config(config.part, add_pooling_layer=False)")
    assert node["model"] == f"{MAPPING}(add_pooling_layer=False)"


def test_a_part_may_be_used_alone() -> None:
    body = (
        "inner = AutoModel.from_config(config.part)\n"
        "self.one = inner.encoder.layers\nself.two = inner.decoder"
    )
    assert [node["part"] for node in nodes(body)] == ["encoder.layers", "decoder"]


def test_an_identity_may_replace_a_module() -> None:
    body = "self.one = AutoModel.from_config(config.part)\nself.one.head = nn.Identity()"
    assert [node["identity"] for node in nodes(body)] == ["head"]


def test_a_condition_may_decide_on_it() -> None:
    body = (
        "self.one = AutoModel.from_config(config.part)\n"
        "if config.flag:\n    self.one.head = nn.Identity()"
    )
    assert [node.get("identity") for node in nodes(body)] == ["head", None]


def test_attributes_without_effect_may_be_set_on_all_modules() -> None:
    body = (
        "self.one = AutoModel.from_config(config.part)\n"
        "for module in self.one.encoder.modules():\n"
        "    if isinstance(module, nn.ConvTranspose1d):\n"
        "        stride = module.stride[0]\n        module.output_padding = (stride % 2,)"
    )
    assert len(nodes(body)) == 1


NOT_FOLLOWED: Final = {
    "other arguments": "self.one = AutoModel.from_config(config.part, depth=2)",
    "a module that is added": "self.one.more = nn.Linear(1, 1)",
    "a module that is taken out": "self.one.head = None",
    "a size that is set": "self.one.hidden_size = 3",
    "two modules that are replaced": (
        "self.one.head = nn.Identity()\nself.one.neck = nn.Identity()"
    ),
    "a module that is read after it is replaced": (
        "self.one.head = nn.Identity()\nself.two = self.one.head"
    ),
    "a part of a model that is used as a module": "self.two = self.one.encoder",
    "a part of a part": (
        "inner = AutoModel.from_config(config.part)\n"
        "self.two = inner.encoder\nself.three = inner.encoder.layers"
    ),
    "groups that are set on all modules": (
        "for module in self.one.modules():\n    module.groups = 2"
    ),
    "modules that depend on those of a model inside": (
        "for module in self.one.modules():\n    self.two = nn.Linear(1, 1)"
    ),
    "the class of a part": (
        "if isinstance(self.one.head, nn.Linear):\n    self.two = nn.Linear(1, 1)"
    ),
}


@pytest.mark.parametrize("name", NOT_FOLLOWED)
def test_other_changes_of_an_inner_model_decline(name: str) -> None:
    assert derived(ONE + NOT_FOLLOWED[name]).declined


REASONS: Final = {
    "the class of another model": (
        "if isinstance(self.one, nn.Linear):\n    self.two = nn.Linear(1, 1)",
        "x = type(self.one)",
        "x = type(self.one.encoder)",
        "x = self.one.__class__",
    ),
    "a computed attribute of another model": (
        "if hasattr(self.one, config.name):\n    self.two = nn.Linear(1, 1)",
        "x = getattr(self.one, config.name)",
        "x = getattr(self.one.encoder, config.name)",
    ),
    "whether another model has an attribute": (
        "if hasattr(self.one, 'other'):\n    self.two = nn.Linear(1, 1)",
    ),
    "a copy of another model": (
        "import copy\nself.two = copy.deepcopy(self.one)",
        "import copy\nself.two = copy.deepcopy(self.one.encoder)",
    ),
    "the modules of another model": (
        "for m in self.modules():\n    m.x = 1",
        "for m in self.one.modules():\n    self.output_padding = 1",
        "for m in self.one.modules():\n    m.x.output_padding = 2",
    ),
    "a module of many is changed": (
        "m = self.get_submodule(config.name)\nm.weight = nn.Linear(1, 1)",
    ),
    "a config that some branches set": (
        "if config.flag:\n    self.one.config = config.other\nx = self.one.config",
    ),
    "a part of a config with a computed name": (
        "x = getattr(config, config.name)\nx.depth = 2\nself.two = AutoModel.from_config(config)",
    ),
    "AutoModel of no config": ("self.two = AutoModel.from_config(3)",),
    "a model inside is changed": (
        "self.one.get_encoder().layers = 3",
        "two = AutoModel.from_config(config.other)\nself.one.encoder = two.encoder",
    ),
    "a method of another model": ("self.one.encoder.run(3)",),
    "a part of another model is used as a module": (
        "self.two = nn.Linear(self.one.encoder.size, 1)",
    ),
}


@pytest.mark.parametrize(
    ("reason", "body"), [(reason, body) for reason in REASONS for body in REASONS[reason]]
)
def test_the_reason_is_reported(reason: str, body: str) -> None:
    assert derived(ONE + body).declined == {"Model": reason}


PART: Final = ["model", "one", MAPPING, 1]
EMBEDDINGS: Final = {
    "self.one.get_input_embeddings()": [*PART, "get_input_embeddings"],
    "self.one.encoder.embed": [*PART, "encoder.embed"],
    "self.one.shared if config.flag else self.two": ["if", [*PART, "shared"], "two"],
    "self.two if config.flag else None": ["if", "two", None],
}


@pytest.mark.parametrize("returned", EMBEDDINGS)
def test_embeddings_may_be_those_of_a_model_inside(returned: str) -> None:
    body = f"self.two = nn.Embedding(2, 2)\nself.get_input_embeddings = lambda: {returned}"
    found = derived(ONE + body).program["classes"]["Model"]["in"]
    if isinstance(found, list) and found[0] == "if":
        found = ["if", *found[2:]]
    assert found == EMBEDDINGS[returned]


CONDITIONS: Final = {
    "self.one": True,
    "isinstance(self.one, nn.Module)": True,
    "self.one.encoder": ["model", MAPPING, 1, "encoder"],
    "hasattr(self.one, 'embed_tokens')": ["modelhas", MAPPING, 1, "embed_tokens"],
    "hasattr(self.one.encoder, 'embed_tokens')": ["modelhas", MAPPING, 1, "encoder.embed_tokens"],
    "getattr(self.one, 'embed_tokens', None)": ["modelhas", MAPPING, 1, "embed_tokens"],
    "self.one.num_channels == 3": ["==", 2, [3]],
}


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_module_may_depend_on_a_model_inside(condition: str) -> None:
    found = derived(f"{ONE}if {condition}:\n    self.two = nn.Linear(1, 1)")
    assert not found.declined
    expected = CONDITIONS[condition]
    assert expected is True or expected in found.program["exprs"]
    children: list[Any] = [node.get("children", []) for node in found.program["nodes"]]
    assert (["two", 1] in children[-1]) == (expected is True)  # without a condition
