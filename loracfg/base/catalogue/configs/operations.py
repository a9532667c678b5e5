"""Operations that only the programs of config classes have."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Final

from loracfg.base.catalogue.configs.backbones import aligned_stages
from loracfg.base.catalogue.configs.values import decoded
from loracfg.base.catalogue.evaluation.errors import RefusedError
from loracfg.base.catalogue.evaluation.operations import OPERATIONS, Operation

if TYPE_CHECKING:
    from loracfg.base.catalogue.configs.programs import ConfigEvaluation
    from loracfg.base.catalogue.evaluation.rows import Row

LAYER_TYPES_4: Final = frozenset(
    ("full_attention", "sliding_attention", "chunked_attention", "linear_attention")
)
"""Types of layers that `layer_type_validation` of 4.57 accepts."""


def _keyword(run: ConfigEvaluation, row: Row) -> Any:
    """The value of a key that the class has no field for."""
    return run.keywords[row[1]]


def _has_keyword(run: ConfigEvaluation, row: Row) -> bool:
    """Whether a key is given that the class has no field for."""
    return row[1] in run.keywords


def _argument(run: ConfigEvaluation, row: Row) -> Any:
    """The value of a key, or its default."""
    name = row[1]
    return run.keywords[name] if name in run.keywords else decoded(run.arguments[name])


def _layer_types(run: ConfigEvaluation, row: Row) -> bool:
    """Whether 4.57 accepts types of layers: types, number of layers."""
    types, count, *_ = [*run.values(row[1:]), None]
    run.budget.look_through(types)
    if any(one not in LAYER_TYPES_4 for one in types) or count not in (None, len(types)):
        raise RefusedError("`layer_types` has an unknown type or a different number of layers")
    return True


def _stages(run: ConfigEvaluation, row: Row) -> Any:
    """Features and indices of a backbone's stages: names of stages, features, indices."""
    names, features, indices = run.values(row[1:])
    return aligned_stages(names, features, indices, run.budget)


def _labels(run: ConfigEvaluation, row: Row) -> dict[Any, Any]:
    """Names of labels by number, or numbers by name: how many, whether by name."""
    count = run.value(row[1])
    numbers = range(count)
    run.budget.look_through(numbers)
    run.budget.spend_items(count)
    if run.value(row[2]):
        return {f"LABEL_{number}": number for number in numbers}
    return {number: f"LABEL_{number}" for number in numbers}


def _other_keywords(run: ConfigEvaluation, row: Row) -> dict[str, Any]:
    """All keys that the class has no field for, but those named."""
    gone = set(run.values(row[1:]))
    return {key: value for key, value in run.keywords.items() if key not in gone}


def _picked_keywords(run: ConfigEvaluation, row: Row) -> dict[str, Any]:
    """Those of the named keys that are given."""
    names = run.values(row[1:])
    return {key: run.keywords[key] for key in names if key in run.keywords}


def _make(run: ConfigEvaluation, row: Row) -> Any:
    """A config by its class or type: class, type, dict, then keys and values in turn."""
    name, model_type, base, *more = run.values(row[1:])
    values = {**(base or {}), **dict(zip(more[::2], more[1::2], strict=True))}
    library = run.library
    config_class = library.config_class(name) if name else library.class_of_type(model_type)
    return library.make(config_class, values, run.budget)


def _from_dict(run: ConfigEvaluation, row: Row) -> Any:
    """A config by its type of a dict: type, dict."""
    model_type, values = run.values(row[1:])
    library = run.library
    return library.from_dict(library.class_of_type(model_type), values, run.budget)


def _backbone(run: ConfigEvaluation, row: Row) -> Any:
    """A backbone's config by today's and by older keys."""
    config, backbone, model_type, defaults, timm = run.values(row[1:])
    return run.library.backbone(
        config, backbone, model_type, defaults, timm, run.keywords, run.budget
    )


def _copy(run: ConfigEvaluation, row: Row) -> Any:
    """A copy of a value that nobody else has."""
    value = run.value(row[1])
    run.budget.look_through(value)
    run.budget.spend_items(len(value) if isinstance(value, (dict, list)) else 1)
    return copy.deepcopy(value)


CONFIG_OPERATIONS: Final[dict[str, Any]] = {
    "c2": lambda run, row: run.made,
    "arg": _argument,
    "kw": _keyword,
    "kwhas": _has_keyword,
    "kwrest": _other_keywords,
    "kwpick": _picked_keywords,
    "layertypes": _layer_types,
    "stages": _stages,
    "labels": _labels,
    "make": _make,
    "fromdict": _from_dict,
    "fresh": _copy,
    "knowntype": lambda run, row: run.value(row[1]) in run.library.types,
    "backbone": _backbone,
}
ALL_OPERATIONS: Final[dict[str, Operation]] = {**OPERATIONS, **CONFIG_OPERATIONS}
