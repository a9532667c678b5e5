"""Configs of backbones: which stages return features, by name and by number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from loracfg.base.catalogue.evaluation.config import Config, Member
from loracfg.base.catalogue.evaluation.refusals import RefusedError

if TYPE_CHECKING:
    from loracfg.base.catalogue.evaluation.budget import Budget


def aligned_stages(
    budget: Budget, names: object, features: object, indices: object
) -> tuple[object, object]:
    """The features and indices of a backbone's stages: names of stages, features, indices.

    Either may be missing.

    Raises:
        RefusedError: if they are not stages in order, or disagree.
    """
    stages: Any = names
    given: Any = features
    numbers: Any = list(indices) if isinstance(indices, tuple) else indices
    for one in (given, numbers):
        budget.spend_steps(len(stages) * (len(one) if isinstance(one, list) else 1))
    check_stages(stages, given, numbers)
    if numbers is None:
        numbers = [len(stages) - 1] if given is None else [stages.index(one) for one in given]
    if given is None:
        given = [stages[number] for number in numbers]
    check_stages(stages, given, numbers)
    return given, numbers


def check_stages(names: object, features: object, indices: object) -> None:
    """Check names and numbers of stages.

    Raises:
        RefusedError: if they are not stages in order, or disagree.
    """
    stages: Any = names
    if stages is None:
        raise RefusedError("`stage_names` is null")
    if features is not None and (
        not isinstance(features, list) or features != [name for name in stages if name in features]
    ):
        raise RefusedError("`out_features` are not stages in order")
    if indices is not None:
        if not isinstance(indices, list):
            raise RefusedError("`out_indices` is not a list")
        places = [index % len(stages) if index < 0 else index for index in indices]
        known = range(len(stages))
        if any(place and place not in known for place in places) or places != sorted(set(places)):
            raise RefusedError("`out_indices` are not stages in order")
    if features is None or indices is None:
        return
    if len(features) != len(indices) or features != [stages[index] for index in indices]:
        raise RefusedError("`out_features` and `out_indices` differ")


def _set_features(config: Config, names: object) -> None:
    _set_stages(config, names, None)


def _set_indices(config: Config, numbers: Any) -> None:
    _set_stages(config, None, None if numbers is None else list(numbers))


def _set_stages(config: Config, features: object, indices: object) -> None:
    names = config.read("stage_names")
    features, indices = aligned_stages(config.budget, names, features, indices)
    config.set("_out_features", features)
    config.set("_out_indices", indices)


def verify_stages(config: Config) -> None:
    """Check which stages return features.

    Raises:
        RefusedError: if they are not stages in order.
        AttributeError: if the config is not for a backbone.
    """
    if not config.config_class.is_a(BACKBONE):
        raise AttributeError(f"{config.config_class.name} is not for a backbone")
    names = config.read("stage_names")
    config.budget.spend_steps(len(names) * 2)
    check_stages(names, config.read("_out_features"), config.read("_out_indices"))


BACKBONE: Final = "BackboneConfigMixin"
"""The base of configs of backbones."""
MEMBERS: Final[dict[str, object]] = {
    "out_features": Member(lambda config: config.read("_out_features"), _set_features),
    "out_indices": Member(lambda config: config.read("_out_indices"), _set_indices),
}
"""What configs of backbones compute and set in their own way."""
