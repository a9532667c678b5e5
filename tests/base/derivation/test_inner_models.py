"""Operations of constructors on inner models are in the facts, or the class declines."""

from __future__ import annotations

from typing import Any, Final

import pytest

from tests.base.derivation.stand_ins.oracle import derived

MAPPING: Final = "MODEL_MAPPING_NAMES"


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
    "a part of a model that stands in the tree": "self.two = self.one.encoder",
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
    before = "self.one = AutoModel.from_config(config.part)\n"
    assert derived(before + NOT_FOLLOWED[name]).declined
