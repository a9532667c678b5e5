"""Facts about config classes from reflection and from interpretation, and declined classes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, ClassVar, Literal

import pytest

from loracfg.base.catalogue.configs.config_library import ConfigLibrary
from loracfg.base.derivation.configs.config_facts import ConfigFacts, FactsSource, config_facts
from loracfg.base.derivation.configs.known_methods import unsupported_methods
from loracfg.base.derivation.configs.reflection import (
    NotExpressible,
    check_of,
    default_of,
    encode_value,
    fields_of,
    parts_of,
    type_text,
)
from loracfg.base.derivation.source.library import Library as Released
from loracfg.base.derivation.source.transcript import transcribed
from loracfg.base.derivation.stand_ins import records
from tests.base.config_law.__main__ import compare
from tests.base.config_law.library import Installed
from tests.base.config_law.mutations import Mutations, each_alone

TYPES = ("gemma3_text", "llama", "swin")


@pytest.fixture(scope="module")
def facts() -> Iterator[ConfigFacts]:
    pytest.importorskip("transformers", minversion="5")
    with transcribed(Released("transformers"), list(TYPES)) as package:
        yield config_facts(package, list(TYPES))


def test_types_are_text() -> None:
    assert type_text(int | None) == "int|None"
    assert type_text(dict[str, list[float]]) == "dict[str,list[float]]"
    assert type_text(tuple[int, ...] | Literal["a", 1]) == 'tuple[int,...]|lit["a",1]'
    with pytest.raises(NotExpressible):
        type_text(bytes)


def test_values_keep_their_kinds() -> None:
    assert encode_value((1, True)) == {"$": "tuple", "v": [1, True]}
    assert encode_value({1: float("inf")}) == {"$": "dict", "v": [[1, {"$": "float", "v": "inf"}]]}
    with pytest.raises(NotExpressible):
        encode_value(object())


def refuse(value: object) -> None:
    """Check a field in a way that facts cannot express."""


@records.dataclass
class Small:
    """An object that is not a config, as the default of a field."""

    size: int = 1


@pytest.mark.parametrize(
    ("given", "default"),
    [
        ({}, []),
        ({"default": None}, [None]),
        ({"default_factory": list}, [[]]),
        ({"default_factory": lambda: (1,)}, [{"$": "tuple", "v": [1]}]),
        ({"default_factory": Small}, [{"$": "new", "v": "Small"}]),
        ({"default_factory": lambda: Small()}, [{"$": "new", "v": "Small"}]),
    ],
)
def test_fields_have_defaults(given: dict[str, Any], default: list[Any]) -> None:
    assert default_of(records.field(**given)) == default


def test_fields_that_facts_cannot_express() -> None:
    @records.dataclass
    class Checked:
        size: int = records.field(metadata={"validator": [refuse]})  # type: ignore[assignment]

    with pytest.raises(NotExpressible, match="a property as a default"):
        default_of(records.field(default=property()))
    with pytest.raises(NotExpressible, match="a checked field without a default"):
        fields_of(Checked)
    with pytest.raises(NotExpressible, match="a check refuse"):
        check_of(refuse)  # type: ignore[arg-type]


def test_a_part_is_a_config() -> None:
    class PreTrainedConfig: ...

    class Config(PreTrainedConfig):
        sub_configs_defaults: ClassVar[dict[str, Any]] = {
            "part": SimpleNamespace(config_class=Small)
        }

    with pytest.raises(NotExpressible, match="a part that is no config"):
        parts_of(Config, PreTrainedConfig)


def test_parts_may_be_a_property() -> None:
    class PreTrainedConfig: ...

    class Config(PreTrainedConfig):
        backbone_config: Any = None
        text_config: Any = None

        @property
        def sub_configs(self) -> dict[str, type]:
            found = {}
            if self.backbone_config is not None and self.backbone_config != {}:
                found["backbone_config"] = type(self.backbone_config)
            if isinstance(self.text_config, PreTrainedConfig):
                found["text_config"] = type(self.text_config)
            return found

    parts = parts_of(Config, PreTrainedConfig)
    assert parts == {key: [None, None, {}, 1] for key in ("backbone_config", "text_config")}


def test_unsupported_methods_are_found() -> None:
    class PreTrainedConfig:
        fields: ClassVar[list[str]] = []

        def update(self) -> None: ...

    class Plain(PreTrainedConfig):
        def __post_init__(self) -> None: ...
        def validate_sizes(self) -> None: ...
        def helper(self) -> None: ...

    class Overriding(Plain):
        def update(self) -> None: ...

    class Special(Plain):
        def __new__(cls) -> Special: ...  # type: ignore[empty-body]

    assert unsupported_methods(Plain) == []
    assert unsupported_methods(Overriding) == ["update"]
    assert unsupported_methods(Special) == ["__new__"]


@pytest.mark.slow
def test_a_record_has_only_what_its_class_adds(facts: ConfigFacts) -> None:
    llama = facts.records["LlamaConfig"]
    assert llama["bases"] == ["PreTrainedConfig"]
    assert llama["fields"]["hidden_size"] == ["int", 4096]
    assert llama["consts"]["model_type"] == "llama"
    assert not facts.declined
    assert not facts.reasons
    assert facts.records["Gemma3TextConfig"]["rope"]["how"] == "kinds"
    stages = facts.records["SwinConfig"]["does"]["post"]["exprs"]
    assert any(row[0] == "stages" for row in stages), "an operation of ours, not its arithmetic"


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # warnings of the library
@pytest.mark.parametrize("model_type", TYPES)
def test_configs_equal_those_of_the_library(facts: ConfigFacts, model_type: str) -> None:
    library, installed = ConfigLibrary(FactsSource(facts)), Installed()
    rng = random.Random(model_type)  # noqa: S311 - no secret
    mutations = Mutations(library, rng)
    name = facts.types[model_type]
    drawn: list[dict[str, Any]] = [{}, *(mutations.draw(name) for _ in range(20))]
    drawn += rng.sample(list(each_alone(library, name)), 60)
    results = {
        compare(library, installed, model_type, {"model_type": model_type, **values})
        for values in drawn
    }
    assert {result for result, _ in results} <= {"equal", "refused"}
