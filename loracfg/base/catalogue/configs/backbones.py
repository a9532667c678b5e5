"""Configs of backbones: which stages return features, by name and by number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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


class Backbone:
    """The methods of backbone configs."""

    stage_names: Any
    _budget: Budget

    _out_features: Any
    _out_indices: Any

    def set_output_features_output_indices(self, out_features: object, out_indices: object) -> None:
        """Set which stages return features."""
        self._out_features, self._out_indices = aligned_stages(
            self._budget, self.stage_names, out_features, out_indices
        )

    def verify_out_features_out_indices(self) -> None:
        """Check features and indices."""
        self._budget.spend_steps(len(self.stage_names) * 2)
        check_stages(self.stage_names, self._out_features, self._out_indices)

    out_features = property(
        lambda self: self._out_features,
        lambda self, names: self.set_output_features_output_indices(names, None),
    )
    out_indices = property(
        lambda self: self._out_indices,
        lambda self, numbers: self.set_output_features_output_indices(
            None, None if numbers is None else list(numbers)
        ),
    )
