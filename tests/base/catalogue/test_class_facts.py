"""Facts about config classes that few classes of the library have, or only newer ones."""

from __future__ import annotations

from typing import Any

import pytest

from loracfg.base.catalogue.configs.config_library import ConfigLibrary
from loracfg.base.catalogue.configs.config_values import decode_value
from loracfg.base.catalogue.configs.field_types import FieldCheck
from loracfg.base.catalogue.evaluation.budget import Budget
from loracfg.base.catalogue.evaluation.refusals import DeclinedError, RefusedError
from loracfg.base.catalogue.evaluation.rows import Rows
from loracfg.base.catalogue.program_data import ConfigRecord
from tests.base.records import View

FIELDS: dict[str, list[Any]] = {
    **{name: ["any", None] for name in ("id2label", "problem_type", "dtype", "part")},
    **{name: ["any", False] for name in ("is_encoder_decoder", "return_dict")},
}


class Facts:
    """The facts about one class, `OwnConfig`; `more` is the record without its bases."""

    generation = ()
    activations: frozenset[str] = frozenset()

    def __init__(self, more: dict[str, Any], *, is_older: bool = False) -> None:
        self.types = {"own": "OwnConfig"}
        self.base_fields = {} if is_older else FIELDS
        base = "PretrainedConfig" if is_older else "PreTrainedConfig"
        self._record: Any = {"bases": [base], "consts": {"model_type": "own"}, **more}

    def record(self, class_name: str) -> tuple[ConfigRecord, Rows | None]:
        return self._record, None


def made(values: dict[str, Any], *, is_older: bool = False, **more: Any) -> Any:
    library = ConfigLibrary(Facts(more, is_older=is_older))
    return View(library.config(values, "OwnConfig"))


@pytest.mark.parametrize(
    ("more", "values", "error", "reason"),
    [
        ({"through": None}, {}, DeclinedError, "`OwnConfig` reads attributes in its own way"),
        ({"fields": {"size": ["int"]}}, {}, RefusedError, "`size` has no default"),
        (
            {"parts": {"part": ["OwnConfig", None, {}, 0]}},
            {"part": 3},
            RefusedError,
            "`part` is int, not dict",
        ),
        (
            {"parts": {"part": ["BackboneConfigMixin", None, {}, 0]}},
            {"part": {}},
            DeclinedError,
            "`BackboneConfigMixin` is not a config class",
        ),
        (
            {"does": {"post": {"no": "NotFollowed: a"}}},
            {},
            DeclinedError,
            "NotFollowed: a",
        ),
    ],
)
def test_classes_without_an_answer(
    more: dict[str, Any], values: dict[str, Any], error: type[Exception], reason: str
) -> None:
    with pytest.raises(error, match=reason):
        made(values, **more)


def test_a_property_may_only_be_set() -> None:
    does = {"set size": {"exprs": [["kw", "value"]], "sets": [["own", ["v", 0]]]}}
    config = made({"size": 3}, does=does)
    assert config.own == 3
    assert not hasattr(config, "size")


def test_a_class_may_only_accept_its_own_keys() -> None:
    program = {"args": {"size": 2}, "closed": 1, "exprs": [["arg", "size"]]}
    program |= {"pre": [["size", ["v", 0]]], "kw": [["torch_dtype", ["keep"]]]}
    does = {"init": program}
    assert made({"size": 3}, is_older=True, does=does).size == 3
    with pytest.raises(RefusedError, match="the class does not accept a key"):
        made({"new": 1}, is_older=True, does=does)


def test_a_backbone_may_be_missing() -> None:
    parts: dict[str, Any] = {"backbone_config": [None, None, {}, 0]}
    more: dict[str, Any] = {"fields": {"backbone_config": ["any", None]}, "parts": parts}
    assert made({}, **more).backbone_config is None
    with pytest.raises(DeclinedError, match="a backbone by its name"):
        made({"backbone": "resnet50"}, **more)


def test_older_keys_name_a_backbone_of_timm() -> None:
    facts = Facts({"fields": {"backbone": ["any", None], "width": ["any", None]}})
    facts.types["timm_backbone"] = "OwnConfig"
    library = ConfigLibrary(facts)
    config = library.config({}, "OwnConfig")

    def backbone(given: object = None, **keywords: Any) -> Any:
        return library.backbone(Budget(), keywords, given, None, None, None, {"width": 4})

    assert backbone(config) is config
    named = View(backbone(backbone="resnet50"))
    assert (named.backbone, named.width) == ("resnet50", 4)
    with pytest.raises(DeclinedError, match="a backbone by its name"):
        backbone(backbone="resnet50", use_timm_backbone=False)


def test_an_attribute_that_we_do_not_have_is_declined() -> None:
    with pytest.raises(DeclinedError, match="`to_diff_dict` in a config is unknown"):
        _ = made({}).to_diff_dict


def test_a_config_is_an_object() -> None:
    with pytest.raises(DeclinedError, match="the config is not an object"):
        ConfigLibrary(Facts({})).config({"__float__": "NaN"})


def test_values_that_json_does_not_have() -> None:
    pairs = [[1, {"$": "tuple", "v": [2]}], ["a", {"$": "float", "v": "-inf"}]]
    assert decode_value({"$": "dict", "v": pairs}) == {1: (2,), "a": -float("inf")}
    assert decode_value({"$": "set", "v": [1]}) == {1}
    with pytest.raises(DeclinedError, match="a value of kind bytes"):
        decode_value({"$": "bytes", "v": ""})


def test_a_field_may_need_a_multiple() -> None:
    check = FieldCheck("size", "int", [["by", 8]], frozenset())
    check(16)
    with pytest.raises(RefusedError, match="`size` is not \\['by', 8\\]"):
        check(12)


def test_a_class_without_a_config_class_as_base_makes_no_configs() -> None:
    with pytest.raises(DeclinedError, match="`OwnConfig` is not a config class"):
        made({}, bases=["object"])
