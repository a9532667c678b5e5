"""Operations that only occur in programs of config classes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Protocol

from loracfg.base.catalogue.configs.backbones import aligned_stages
from loracfg.base.catalogue.configs.config_values import decode_value, label_names
from loracfg.base.catalogue.configs.protocol import LAYER_TYPES_4
from loracfg.base.catalogue.evaluation.budget import Budget
from loracfg.base.catalogue.evaluation.config import copy_value
from loracfg.base.catalogue.evaluation.operations import OPERATIONS, Operation, of_values
from loracfg.base.catalogue.evaluation.refusals import RefusedError
from loracfg.base.catalogue.evaluation.surroundings import RowRun

if TYPE_CHECKING:
    from loracfg.base.catalogue.program_data import Row


class ConfigRun(RowRun, Protocol):
    """The evaluation of a program for a new config, as operations see it."""

    @property
    def made(self) -> object:
        """The config that the program changes."""

    @property
    def keywords(self) -> Mapping[str, object]:
        """Keys without a field."""

    @property
    def arguments(self) -> Mapping[str, object]:
        """Defaults of keys, in transformers 4."""


def _keyword(run: ConfigRun, row: Row) -> Any:
    """The value of a key without a field."""
    name: Any = row[1]
    return run.keywords[name]


def _has_keyword(run: ConfigRun, row: Row) -> bool:
    """Whether a key without a field is given."""
    return row[1] in run.keywords


def _argument(run: ConfigRun, row: Row) -> Any:
    """The value of a key, or its default."""
    name: Any = row[1]
    if name in run.keywords:
        return run.keywords[name]
    run.budget.spend_reading(run.arguments[name])
    return decode_value(run.arguments[name])


def _layer_types(budget: Budget, types: Any, count: Any = None) -> bool:
    """Whether 4.57 accepts types of layers: types, number of layers."""
    budget.spend_reading(types)
    if any(one not in LAYER_TYPES_4 for one in types) or count not in (None, len(types)):
        raise RefusedError("`layer_types` has an unknown type or a different number of layers")
    return True


def _labels(budget: Budget, count: Any, by_name: Any) -> dict[Any, Any]:
    """Names of labels by number, or numbers by name: how many, whether by name."""
    return label_names(count, budget)[bool(by_name)]


def _copy(budget: Budget, value: Any) -> Any:
    """An independent copy of a value."""
    budget.spend_reading(value)
    budget.spend_items(len(value) if isinstance(value, (dict, list)) else 1)
    return copy_value(value)


def _other_keywords(run: ConfigRun, row: Row) -> dict[str, Any]:
    """All keys without a field, except the named ones."""
    gone: set[Any] = set(run.values(row[1:]))
    return {key: value for key, value in run.keywords.items() if key not in gone}


def _picked_keywords(run: ConfigRun, row: Row) -> dict[str, Any]:
    """The named keys that are given."""
    names: list[Any] = run.values(row[1:])
    return {key: run.keywords[key] for key in names if key in run.keywords}


def _from_dict(run: ConfigRun, row: Row) -> Any:
    """The config for a model type and a dict: type, dict."""
    given: list[Any] = run.values(row[1:])
    model_type, values = given
    library = run.library
    return library.from_dict(library.class_of_type(model_type), values, run.budget)


def _backbone(run: ConfigRun, row: Row) -> Any:
    """The config of a backbone, from current and older keys."""
    given: list[Any] = run.values(row[1:])
    return run.library.backbone(run.budget, run.keywords, *given)


def _is_model_type(run: ConfigRun, row: Row) -> bool:
    """Whether the library has a model type."""
    return run.value(row[1]) in run.library.types


CONFIG_OPERATIONS: Final[dict[str, Any]] = {
    "c2": lambda run, row: run.made,
    "arg": _argument,
    "kw": _keyword,
    "kwhas": _has_keyword,
    "kwrest": _other_keywords,
    "kwpick": _picked_keywords,
    "layertypes": of_values(_layer_types),
    "stages": of_values(aligned_stages),
    "labels": of_values(_labels),
    "fresh": of_values(_copy),
    "fromdict": _from_dict,
    "knowntype": _is_model_type,
    "backbone": _backbone,
}
ALL_OPERATIONS: Final[dict[str, Operation]] = {**OPERATIONS, **CONFIG_OPERATIONS}
