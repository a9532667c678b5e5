"""`ensure_weight_tying`: layers tied to the input embedding share its adapter.

Source: `_check_tied_modules` in `peft/tuners/tuners_utils.py`, `_add_modules_to_save_to_tie` and
`_add_targets_to_tie` in `peft/tuners/lora/model.py`, 0.21.2.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from loracfg.base.architecture import Architecture
from loracfg.config.model.default_targets import EMBEDDING_NAMES
from loracfg.named_tuple import NamedTuple
from loracfg.planning.patterns import Pattern, PatternBudget

if TYPE_CHECKING:
    from loracfg.config.model.config_values import ConfigValues


class Tying(NamedTuple):
    """A config after tying, with the tied layers that are saved (`modules`) or adapted too."""

    config: ConfigValues
    modules: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()


def tie(config: ConfigValues, base: Architecture, budget: PatternBudget) -> Tying:
    """Return the config as PEFT rewrites it for a base with tied weights.

    Raises:
        PatternTimeoutError: if the patterns of the config take longer than the budget.
        re.error: if a pattern is not a regular expression.
    """
    if not (config.ensure_weight_tying and base.tied and base.input_embeddings):
        return Tying(config)
    if any(_is_embedding(name) for name in config.modules_to_save or ()):
        names = list(config.modules_to_save or ())
        if base.input_embeddings not in names:
            names.append(base.input_embeddings)
        names = _without_tied(names, base.tied, budget)
        return Tying(config.model_copy(update={"modules_to_save": names}), modules=base.tied)
    targets = config.target_modules
    if isinstance(targets, str):
        if not budget.match([Pattern(targets, whole=True)], EMBEDDING_NAMES)[0]:
            return Tying(config)
        widened = rf"(?:{targets}|^{re.escape(base.input_embeddings)}$)"
        return Tying(config.model_copy(update={"target_modules": widened}), targets=base.tied)
    if any(_is_embedding(name) for name in targets or ()):
        names = list(dict.fromkeys((*(targets or ()), base.input_embeddings)))
        names = _without_tied(names, base.tied, budget)
        return Tying(config.model_copy(update={"target_modules": names}), targets=base.tied)
    return Tying(config)


def as_wide_as_embedding(base: Architecture, path: str) -> Architecture:
    """Return the tree in which a layer has the weight of the embedding whose factors it gets.

    PEFT also ties a layer of another size if its path ends with the name of a tied one.
    """
    module, source = base.find(path), base.find(base.input_embeddings or "")
    if module is None or source is None or module.weight == source.weight:
        return base
    wide = module._replace(parameters={**module.parameters, "weight": source.weight})
    return replace(base, modules={**base.modules, path: wide})


def _is_embedding(name: str) -> bool:
    return name.rpartition(".")[2] in EMBEDDING_NAMES


def _without_tied(names: list[str], tied: tuple[str, ...], budget: PatternBudget) -> list[str]:
    """Drop the first name that selects each tied module."""
    kept = list(names)
    for path in tied:
        patterns = [Pattern(rf"(^|.*\.){name}($|\..*)") for name in kept]
        found = budget.match(patterns, [path])
        first = next((i for i, matches in enumerate(found) if matches), None)
        if first is not None:
            del kept[first]
    return kept
