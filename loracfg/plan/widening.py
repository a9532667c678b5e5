"""Layers that PEFT may adapt though the config does not name them, if the base is not known.

On a base with stacked experts, PEFT 0.20 and newer widen a pattern to the last names of what it
matches, and 0.19 and newer take old names of experts and their router, however they begin, for
parameters in every layer, which no other field leaves out (`convert_targets`). Where weights are
tied, `ensure_weight_tying` adapts what is tied along with the embedding (`tie`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from loracfg.plan.experts import LAYOUTS
from loracfg.plan.targets import Selection, leaf_of

if TYPE_CHECKING:
    from loracfg.config.model.config_values import ConfigValues

_STACK: Final = "experts"
"""What modules are called that hold their experts in parameters."""
_ROUTER: Final = "gate"
_SINGLE: Final = {name for layout in LAYOUTS.values() for name in layout.renamed} - {_ROUTER}
"""What layers of single experts were called."""


def widened(paths: Iterable[str], config: ConfigValues, selection: Selection) -> frozenset[str]:
    """Return the modules, of those not selected, that a config adapts on some bases."""
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

    The path of a parameter ends with `.weight`, so keys of `rank_pattern` for modules miss it.
    """
    if leaf_of(path) != _ROUTER:
        return False
    targets = config.target_modules
    return not isinstance(targets, list) or _ROUTER in map(leaf_of, targets)


def may_hold_experts(path: str, config: ConfigValues) -> bool:
    """Tell whether targets of a config may select parameters of a module, as a stack of experts."""
    if leaf_of(path) != _STACK:
        return False
    targets = config.target_modules
    return not isinstance(targets, list) or not _SINGLE.isdisjoint(map(leaf_of, targets))
