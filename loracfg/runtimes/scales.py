"""Computes how the scales of an engine differ from PEFT's."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from loracfg.named_tuple import NamedTuple
from loracfg.planning.layer_settings import LayerSettings, scaling_of
from loracfg.planning.targets import leaf_of
from loracfg.runtimes.profile import Formula, Runtime
from loracfg.runtimes.served import ServedAdapter

if TYPE_CHECKING:
    from loracfg.config.model.config_values import ConfigValues


class ScaleRange(NamedTuple):
    """The smallest and the largest scale of a module, each as a multiple of PEFT's."""

    least: float
    most: float

    @property
    def is_one(self) -> bool:
        """Whether every scale is PEFT's."""
        return math.isclose(self.least, 1) and math.isclose(self.most, 1)

    @property
    def words(self) -> str:
        """The factors as a clause."""
        if math.isclose(self.least, self.most):
            return f"its scale is `{self.least:.3g}` times PEFT's"
        return f"its scales are `{self.least:.3g}` to `{self.most:.3g}` times PEFT's"


def factors_of(served: ServedAdapter, runtime: Runtime) -> ScaleRange | None:
    """Return the factors of an adapter's modules, or None if there is no formula or no module.

    A module that PEFT scales by 0 counts as scaled in the same way.
    """
    formula, config = runtime.formula, served.config
    if formula is None or config is None:
        return None
    padded = _padded(served, config, runtime) if formula.rank == "padded" else {}
    found = []
    for path, one in _settings(served, config).items():
        own = one.rank if formula.rank == "own" else config.r
        found.append(_factor(formula, one, config, padded.get(leaf_of(path), own)))
    return ScaleRange(min(found), max(found)) if found else None


def _settings(served: ServedAdapter, config: ConfigValues) -> Mapping[str, LayerSettings]:
    """Return the settings of modules, or if names do not have PEFT's prefix, those of all."""
    if served.settings or config.rank_pattern or config.alpha_pattern:
        return served.settings
    scaling = scaling_of(config.lora_alpha, config.r, config.use_rslora)
    return {"": LayerSettings(config.r, config.lora_alpha, scaling)}


def _factor(formula: Formula, one: LayerSettings, config: ConfigValues, rank: int) -> float:
    if not one.scaling:
        return 1.0
    if formula.alpha == "rank":
        return 1.0 / one.scaling
    alpha = one.alpha if formula.alpha == "own" else config.lora_alpha
    return scaling_of(alpha, rank, formula.rslora and config.use_rslora) / one.scaling


def _padded(served: ServedAdapter, config: ConfigValues, runtime: Runtime) -> dict[str, int]:
    """Return the rank that an engine uses to scale each kind of module.

    For the first kind, it is the config's rank. For each other kind, it is the rank that the kind
    before it is padded to.
    """
    own: dict[str, int] = {}
    for path, one in served.settings.items():
        own.setdefault(leaf_of(path), one.rank)
    ranks = [int(word) for word in runtime.words("ranks")]
    found, rank = {}, config.r
    for kind in runtime.words("kinds"):
        if kind in own:
            found[kind] = rank
            rank = next((padded for padded in ranks if padded >= own[kind]), own[kind])
    return found
