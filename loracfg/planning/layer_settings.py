"""The rank, alpha and scaling of each module.

Source: `_create_and_replace` in `peft/tuners/lora/model.py`, 0.21.2.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from loracfg.named_tuple import NamedTuple
from loracfg.planning.patterns import PatternBudget
from loracfg.planning.targets import pattern_values

if TYPE_CHECKING:
    from loracfg.config.model.config_values import ConfigValues

_LARGEST: Final = sys.float_info.max


class LayerSettings(NamedTuple):
    """The settings of a module.

    `rank_keys` and `alpha_keys` are the keys of `rank_pattern` and `alpha_pattern` that match the
    module. The first one applies; without any, `r` and `lora_alpha` do.
    """

    rank: int
    alpha: float
    scaling: float
    rank_keys: tuple[str, ...] = ()
    alpha_keys: tuple[str, ...] = ()

    @property
    def rank_key(self) -> str | None:
        """The key with the rank; None if it is `r`."""
        return self.rank_keys[0] if self.rank_keys else None


def settings_of(
    config: ConfigValues, paths: Sequence[str], budget: PatternBudget
) -> dict[str, LayerSettings]:
    """Return the settings of each module path."""
    found = dict.fromkeys(paths, _settings(config, (), ()))
    ranks = pattern_values(list(config.rank_pattern), paths, budget)
    alphas = pattern_values(list(config.alpha_pattern), paths, budget)
    for path in ranks.keys() | alphas.keys():
        found[path] = _settings(config, ranks.get(path, ()), alphas.get(path, ()))
    return found


def _settings(
    config: ConfigValues, rank_keys: tuple[str, ...], alpha_keys: tuple[str, ...]
) -> LayerSettings:
    rank = config.rank_pattern[rank_keys[0]] if rank_keys else config.r
    alpha = config.alpha_pattern[alpha_keys[0]] if alpha_keys else config.lora_alpha
    return LayerSettings(
        rank, alpha, scaling_of(alpha, rank, config.use_rslora), rank_keys, alpha_keys
    )


def scaling_of(alpha: float, rank: int, use_rslora: bool) -> float:
    """Return the factor of an update; numbers that are too large for a float are bounded."""
    # An integer in a file can be larger than any float, on which PEFT fails.
    above = max(-_LARGEST, min(alpha, _LARGEST))
    below = min(rank, _LARGEST)
    return above / (math.sqrt(below) if use_rslora else below)
