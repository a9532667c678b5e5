"""Find layers that PEFT may adapt on an unknown base, although the config does not name them.

On a base with stacked experts, PEFT 0.20+ also adapts all modules that share their last name with a
match of a pattern. PEFT 0.19+ treats targets that end with old names of experts or of their router
as parameters in every layer, whatever other fields exclude (`convert_targets`). If weights are
tied, `ensure_weight_tying` adapts the tied layers with the embedding (`tie`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from loracfg.planning.experts import LAYOUTS
from loracfg.planning.targets import Selection, leaf_of

if TYPE_CHECKING:
    from loracfg.config.model.config_values import ConfigValues

_STACK: Final = "experts"
"""The name of modules that store their experts in parameters."""
_ROUTER: Final = "gate"
_SINGLE: Final = {name for layout in LAYOUTS.values() for name in layout.renamed} - {_ROUTER}
"""The names of layers of single experts."""


def widened(paths: Iterable[str], config: ConfigValues, selection: Selection) -> frozenset[str]:
    """Return the unselected modules that a config adapts on some bases."""
    if config.ensure_weight_tying:
        return frozenset(paths)
    targets = config.target_modules
    is_pattern = isinstance(targets, str)
    named = set(map(leaf_of, selection.matched if is_pattern else targets or ()))
    named = named if is_pattern else named & {_ROUTER}
    return frozenset(
        path
        for path in paths
        if may_hold_experts(path, config)
        or (leaf_of(path) in named and (leaf_of(path) == _ROUTER or path not in selection.excluded))
    )


def may_be_router(path: str, config: ConfigValues) -> bool:
    """Tell whether a module may be the router of stacked experts, which is adapted as a parameter.

    The path of a parameter ends with `.weight`, so module names in `rank_pattern` do not match it.
    """
    if leaf_of(path) != _ROUTER:
        return False
    targets = config.target_modules
    return not isinstance(targets, list) or _ROUTER in map(leaf_of, targets)


def may_hold_experts(path: str, config: ConfigValues) -> bool:
    """Tell whether a config may target parameters of a module because it has stacked experts."""
    if leaf_of(path) != _STACK:
        return False
    targets = config.target_modules
    return not isinstance(targets, list) or not _SINGLE.isdisjoint(map(leaf_of, targets))
