"""The packed index leaves out what its table of types shows, and reading it restores that."""

from collections.abc import Mapping
from typing import Any

import pytest

from loracfg.base.catalogue.index import Layout
from loracfg.base.catalogue.program_data import ProgramData
from loracfg.base.derivation.layout_index import LayoutIndex

INDEX = LayoutIndex(
    library="transformers 5",
    types={
        "bee": ["BeeConfig", "BeeModel", "BeeForCausalLM"],
        "bee_text": ["BeeConfig", "BeeModel", "BeeTextModel", "Lost"],
        "bee_vision": ["BeeVisionConfig"],
    },
    classes={
        "BeeModel": ["bee_text", "BeeConfig"],
        "BeeForCausalLM": ["bee", "BeeConfig"],
        "BeeTextModel": ["bee_text", "BeeTextConfig"],
        "Other": ["bee"],
    },
    configs={"BeeConfig": "bee", "BeeTextConfig": "bee_text"},
    automatic={"bee": ["BeeModel", "BeeForCausalLM"], "bee_text": ["BeeModel"]},
)


class Facts:
    """A store with only an index."""

    index: Mapping[str, Any] = INDEX.sections()

    def program(self, model_type: str) -> ProgramData:
        raise KeyError(model_type)


@pytest.fixture
def layout() -> Layout:
    return Layout("5", Facts())


def test_the_index_leaves_out_what_types_show() -> None:
    sections = INDEX.sections()
    for name, left_out in (
        ("classes", "BeeForCausalLM"),
        ("configs", "BeeConfig"),
        ("automatic", "bee"),
    ):
        text = sections[name]
        assert isinstance(text, str)
        rows = text.splitlines()
        assert rows
        assert not any(row.startswith(f"{left_out} ") for row in rows), name


@pytest.mark.parametrize("name", ["BeeModel", "BeeForCausalLM", "BeeTextModel", "Other"])
def test_homes_of_classes(layout: Layout, name: str) -> None:
    home, *config = INDEX.classes[name]
    assert layout.home_of(name) == home
    assert layout.config_class_of(name) == next(iter(config), None)


@pytest.mark.parametrize("name", ["Lost", "BeeConfig", "Bee", "", "BeeModel BeeForCausalLM", "\n"])
def test_unknown_classes(layout: Layout, name: str) -> None:
    assert layout.home_of(name) is None
    assert layout.config_class_of(name) is None
    with pytest.raises(KeyError):
        layout.program_of(name)


@pytest.mark.parametrize("name", ["BeeConfig", "BeeTextConfig", "BeeVisionConfig", "BeeModel", ""])
def test_homes_of_configs(layout: Layout, name: str) -> None:
    assert layout.home_of_config(name) == INDEX.configs.get(name)


@pytest.mark.parametrize("model_type", ["bee", "bee_text", "bee_vision", "wasp"])
def test_classes_of_auto_classes(layout: Layout, model_type: str) -> None:
    assert layout.automatic(model_type) == INDEX.automatic.get(model_type, [])
