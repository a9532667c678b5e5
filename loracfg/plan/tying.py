"""What `ensure_weight_tying` changes: adapters of the input embedding serve the tied layers too.

Source: `_check_tied_modules` in `peft/tuners/tuners_utils.py`, `_add_modules_to_save_to_tie` and
`_add_targets_to_tie` in `peft/tuners/lora/model.py`, 0.21.2.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from loracfg.base.architecture import Architecture
from loracfg.config.defaults import EMBEDDING_NAMES
from loracfg.config.model import LoraConfig


@dataclass(frozen=True, slots=True)
class Tying:
    """A config after tying: `modules` are saved whole, `targets` adapted, both along the input."""

    config: LoraConfig
    modules: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()


def tie(config: LoraConfig, base: Architecture) -> Tying:
    """Return the config as PEFT rewrites it for a base with tied weights."""
    if not (config.ensure_weight_tying and base.tied and base.input_embeddings):
        return Tying(config)
    if any(_is_embedding(name) for name in config.modules_to_save or ()):
        names = list(config.modules_to_save or ())
        if base.input_embeddings not in names:
            names.append(base.input_embeddings)
        names = _without_tied(names, base.tied)
        return Tying(config.model_copy(update={"modules_to_save": names}), modules=base.tied)
    targets = config.target_modules
    if isinstance(targets, str):
        if not any(_matches(targets, name) for name in EMBEDDING_NAMES):
            return Tying(config)
        widened = rf"(?:{targets}|^{re.escape(base.input_embeddings)}$)"
        return Tying(config.model_copy(update={"target_modules": widened}), targets=base.tied)
    if any(_is_embedding(name) for name in targets or ()):
        names = list(dict.fromkeys((*(targets or ()), base.input_embeddings)))
        names = _without_tied(names, base.tied)
        return Tying(config.model_copy(update={"target_modules": names}), targets=base.tied)
    return Tying(config)


def _is_embedding(name: str) -> bool:
    return name.rpartition(".")[2] in EMBEDDING_NAMES


def _matches(pattern: str, name: str) -> bool:
    # The names are short and fixed, so even a hostile pattern ends soon.
    return re.fullmatch(pattern, name) is not None


def _without_tied(names: list[str], tied: tuple[str, ...]) -> list[str]:
    """Drop, for each tied module, the first name that selects it."""
    kept = list(names)
    for path in tied:
        for name in kept:
            if re.match(rf"(^|.*\.){name}($|\..*)", path):
                kept.remove(name)
                break
    return kept
