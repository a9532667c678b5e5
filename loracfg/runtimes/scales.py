"""By how much the scales of an engine differ from PEFT's."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from loracfg.plan.settings import Settings
from loracfg.runtimes.profile import Formula, Runtime
from loracfg.runtimes.served import Served, leaf_of

if TYPE_CHECKING:
    from loracfg.config.model import LoraConfig


class Factors(NamedTuple):
    """The smallest and the largest scale of a module, each as a multiple of PEFT's."""

    least: float
    most: float

    @property
    def is_one(self) -> bool:
        """Whether every scale is PEFT's."""
        return math.isclose(self.least, 1) and math.isclose(self.most, 1)

    @property
    def words(self) -> str:
        """The factors in a clause."""
        if math.isclose(self.least, self.most):
            return f"its scale is `{self.least:.3g}` times PEFT's"
        return f"its scales are `{self.least:.3g}` to `{self.most:.3g}` times PEFT's"


def factors_of(served: Served, runtime: Runtime) -> Factors | None:
    """Return the factors of an adapter's modules; None where there is no formula or no module.

    A module that PEFT scales by 0 counts as one that is scaled alike.
    """
    formula, config = runtime.formula, served.config
    if formula is None or config is None:
        return None
    first = _first_kind(served, runtime)
    found = [
        _factor(formula, one, config, _rank(formula, one, config, runtime, leaf_of(path) == first))
        for path, one in served.settings.items()
    ]
    return Factors(min(found), max(found)) if found else None


def _factor(formula: Formula, one: Settings, config: LoraConfig, rank: int) -> float:
    if not one.scaling or not math.isfinite(one.scaling):
        return 1.0
    return _scale(formula, one, config, rank) / one.scaling


def _scale(formula: Formula, one: Settings, config: LoraConfig, rank: int) -> float:
    if formula.alpha == "rank":
        return 1.0
    alpha = one.alpha if formula.alpha == "own" else float(config.lora_alpha)
    return alpha / (math.sqrt(rank) if formula.rslora and config.use_rslora else rank)


def _rank(
    formula: Formula, one: Settings, config: LoraConfig, runtime: Runtime, is_first: bool
) -> int:
    match formula.rank:
        case "own":
            return one.rank
        case "config":
            return config.r
        case "padded":
            return config.r if is_first else _padded(one.rank, runtime)


def _padded(rank: int, runtime: Runtime) -> int:
    """Return the rank that an engine pads factors to."""
    ranks = map(int, runtime.words("ranks"))
    return next((padded for padded in ranks if padded >= rank), rank)


def _first_kind(served: Served, runtime: Runtime) -> str | None:
    """Return the kind of modules that an engine reads first."""
    leaves = set(map(leaf_of, served.settings))
    return next((kind for kind in runtime.words("kinds") if kind in leaves), None)
