"""Keep adapting the same layers, with the same ranks and scalings, in a different release."""

from __future__ import annotations

import math
import re
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from loracfg.config.history.field_facts import fields_of
from loracfg.config.model.config_values import ConfigValues
from loracfg.config.model.known_names import find_init
from loracfg.config.model.lora_config import LoraConfig
from loracfg.config.model.validation_context import FIELDS_ONLY
from loracfg.config.reading.field_problems import problems
from loracfg.planning.layer_settings import scaling_of
from loracfg.planning.patterns import PatternBudget
from loracfg.planning.targets import is_all_linear
from loracfg.releases.adapted_layers import (
    SELECTING,
    SETTING,
    LayerScaling,
    Matching,
    layers,
    matching,
    relevant,
    same_scaling,
)
from loracfg.releases.migration.migrated_config import Loss, MigratedConfig
from loracfg.releases.release_reading import is_set

_USED: Final = ("r", "lora_alpha", "target_modules", "modules_to_save", *SELECTING, *SETTING)
_LITERAL: Final = re.compile(r"\^?(?:[\w/-]|\\?\.)+\$?")


def keep_layers(draft: MigratedConfig, budget: PatternBudget) -> None:
    """Change the config to make the target adapt the same layers as the source.

    Raises:
        PatternTimeoutError: if the patterns take longer than the budget.
        re.error: if a pattern does not compile.
    """
    config = _config(draft.values)
    if config is None:
        return  # no release loads the file, and other steps say why
    how_before, how_after = matching(draft.source), matching(draft.target)
    if not draft.paths:
        _convert_without_weights(draft, config, how_before, how_after)
        return
    intended = layers(config, how_before, draft.paths, budget)
    _drop_unknown(draft)
    unreadable = isinstance(config.target_modules, str) and not how_after.text_is_pattern
    if unreadable or _adapts_saved(draft, how_before, how_after, budget):
        _target_paths(draft, intended)
    if _is_unchanged(draft, intended, budget):
        return
    if any(path not in _layers_in_target(draft, budget) for path in intended):
        _target_paths(draft, intended)
    if _is_unchanged(draft, intended, budget):
        return
    _write_settings(draft, intended)
    if not _is_unchanged(draft, intended, budget):
        _note_loss(draft, intended, budget)


def _config(values: Mapping[str, Any]) -> LoraConfig | None:
    """Return a config with only the fields that affect layers; None if a value is invalid."""
    given = {key: values[key] for key in _USED if key in values}
    return (
        None
        if problems(given, LoraConfig)
        else LoraConfig.model_validate(given, context=FIELDS_ONLY)
    )


def _layers_in_target(draft: MigratedConfig, budget: PatternBudget) -> dict[str, LayerScaling]:
    config = _config(draft.values)
    assert config is not None
    return layers(config, matching(draft.target), draft.paths, budget)


def _adapts_saved(
    draft: MigratedConfig, before: Matching, after: Matching, budget: PatternBudget
) -> bool:
    """Tell whether the target, unlike the source, would also adapt layers in saved modules."""
    if not before.keeps_saved_out or after.keeps_saved_out:
        return False
    config = _config(draft.values)
    return bool(config and layers(config, after, draft.saved, budget))


def _is_unchanged(
    draft: MigratedConfig, intended: Mapping[str, LayerScaling], budget: PatternBudget
) -> bool:
    """Tell whether each layer in the file has the same rank and scaling in the target."""
    found = _layers_in_target(draft, budget)
    return all(path in found and _same(intended[path], found[path]) for path in intended)


def _same(one: LayerScaling, other: LayerScaling) -> bool:
    return one.rank == other.rank and same_scaling(one, other)


def _drop_unknown(draft: MigratedConfig) -> None:
    known = fields_of(draft.target)
    for key in (*SELECTING, *SETTING):
        if key not in known:
            draft.remove(key, f"PEFT {draft.target} has no `{key}`; the layers stay the same")


def _target_paths(draft: MigratedConfig, intended: Iterable[str]) -> None:
    reason = f"PEFT {draft.target} matches targets differently, but full paths in the same way"
    draft.set("target_modules", sorted(intended), reason)
    for key in SELECTING:
        draft.clear(key, "the targets are now full paths")


def _write_settings(draft: MigratedConfig, intended: Mapping[str, LayerScaling]) -> None:
    """Write the rank and alpha of each layer in a form that the target supports."""
    keeps_root = bool(draft.values.get("use_rslora")) and "use_rslora" in fields_of(draft.target)
    alphas = {path: _alpha(layer, keeps_root=keeps_root) for path, layer in intended.items()}
    rank = _most_common([layer.rank for layer in intended.values()], draft.values.get("r"))
    alpha = _most_common(list(alphas.values()), draft.values.get("lora_alpha"))
    reason = f"PEFT {draft.target} applies ranks and alphas differently"
    draft.set("r", rank, reason)
    draft.set("lora_alpha", alpha, reason)
    if "rank_pattern" in fields_of(draft.target):
        ranks = {path: layer.rank for path, layer in sorted(intended.items()) if layer.rank != rank}
        own_alphas = {path: value for path, value in sorted(alphas.items()) if value != alpha}
        draft.set("rank_pattern", ranks, reason)
        draft.set("alpha_pattern", own_alphas, reason)


def _most_common(found: list[Any], written: Any) -> Any:
    """Return the most common value; in a tie, prefer the one in the config."""
    counts = Counter(found)
    return max(counts, key=lambda value: (counts[value], value == written))


def _alpha(layer: LayerScaling, *, keeps_root: bool) -> float | int:
    rank = min(layer.rank, sys.float_info.max)  # an integer in a file can exceed it
    alpha = layer.scaling * (math.sqrt(rank) if keeps_root else rank)
    alpha = max(-sys.float_info.max, min(alpha, sys.float_info.max))
    whole = round(alpha)
    return whole if math.isclose(alpha, whole, rel_tol=1e-12) else alpha


def _note_loss(
    draft: MigratedConfig, intended: Mapping[str, LayerScaling], budget: PatternBudget
) -> None:
    found = _layers_in_target(draft, budget)
    path = next(p for p in intended if p not in found or not _same(intended[p], found[p]))
    if path in found and intended[path].rank == found[path].rank:
        draft.lose(
            f"PEFT {draft.target} scales `{path}` by `{found[path].scaling:g}`, not "
            f"`{intended[path].scaling:g}`: it has one scaling for all layers",
            "/lora_alpha",
        )
    elif path in found:
        draft.block(
            f"PEFT {draft.target} has one rank for all layers, but `{path}` has "
            f"`{intended[path].rank}` and others have `{found[path].rank}`",
            "/r",
        )
    else:
        draft.block(f"no config makes PEFT {draft.target} adapt `{path}`", "/target_modules")


def _convert_without_weights(
    draft: MigratedConfig, config: ConfigValues, before: Matching, after: Matching
) -> None:
    """Convert the fields without knowing the layers, since there are no weights."""
    _check_text_targets(draft, config, after)
    _drop_unsupported(draft, config)
    _rewrite_anchored_keys(draft, before, after)
    left = _config(draft.values)
    assert left is not None
    now, then = relevant(left, after), relevant(left, before)
    if now.names != then.names:
        _leave_unchecked(draft, "which modules `target_modules` matches")
    if now.numbers != then.numbers:
        _leave_unchecked(draft, "which number in a path is the layer")
    rules = {now.keys, then.keys}
    if len(rules) > 1 and "none" not in rules and _keys_are_ambiguous(left, rules):
        _leave_unchecked(draft, "which layers `rank_pattern` and `alpha_pattern` match")


def _leave_unchecked(draft: MigratedConfig, what: str) -> None:
    draft.leave_unchecked(f"{what} in PEFT {draft.source} and {draft.target} (no weights)")


def _check_text_targets(draft: MigratedConfig, config: ConfigValues, after: Matching) -> None:
    if not isinstance(config.target_modules, str):
        return
    if not after.text_is_pattern or (is_all_linear(config.target_modules) and not after.all_linear):
        draft.block(
            f"PEFT {draft.target} needs a list of names, and without weights it is unknown which "
            f"modules `{config.target_modules}` selects",
            "/target_modules",
        )


def _drop_unsupported(draft: MigratedConfig, config: ConfigValues) -> None:
    """Drop fields that the target does not have; layers without saved factors change nothing."""
    known = fields_of(draft.target)
    init = config.init_lora_weights
    method = find_init(init) if isinstance(init, str) else None
    for key in SELECTING:
        if key in known:
            continue
        more = is_set(key, draft.values.get(key)) and method is not None and method.changes_base
        reason = f"PEFT {draft.target} has no `{key}`, and layers without factors change nothing"
        draft.remove(key, reason, Loss.LOSSY if more else Loss.LOSSLESS)
    if "use_rslora" not in known:
        _replace_rslora(draft, config)
    if "rank_pattern" not in known:
        if config.rank_pattern:
            draft.block(f"PEFT {draft.target} has one rank for all layers", "/rank_pattern")
        else:
            draft.remove("rank_pattern", f"PEFT {draft.target} has no `rank_pattern`")
        reason = f"PEFT {draft.target} has one scaling for all layers"
        loss = Loss.LOSSY if config.alpha_pattern else Loss.LOSSLESS
        draft.remove("alpha_pattern", reason, loss)


def _replace_rslora(draft: MigratedConfig, config: ConfigValues) -> None:
    """Replace `use_rslora` with an alpha that gives the same scale."""
    reason = f"PEFT {draft.target} has no `use_rslora`; the new `lora_alpha` gives the same scale"
    if config.use_rslora and (config.rank_pattern or config.alpha_pattern):
        reason = f"PEFT {draft.target} has no `use_rslora`, and the layers are unknown"
        draft.remove("use_rslora", reason, Loss.LOSSY)
        return
    if config.use_rslora:
        scaling = scaling_of(config.lora_alpha, config.r, use_rslora=True)
        draft.set("lora_alpha", _alpha(LayerScaling(config.r, scaling), keeps_root=False), reason)
    draft.remove("use_rslora", reason if config.use_rslora else "it is not used")


def _rewrite_anchored_keys(draft: MigratedConfig, before: Matching, after: Matching) -> None:
    """Rewrite keys with `^`, which match whole paths since 0.15.0 and nothing before."""
    older = ("joint", "apart")
    if before.keys in older and after.keys == "steps":
        _drop_ineffective_keys(draft)
    if before.keys != "steps" or after.keys not in older:
        return
    for field in ("rank_pattern", "alpha_pattern"):
        given = draft.values.get(field)
        if not isinstance(given, dict):
            continue
        plain = {_without_anchors(key): value for key, value in given.items()}
        if len(plain) == len(given) and plain.keys() != given.keys():
            reason = f"PEFT {draft.target} only matches whole paths without `^`"
            draft.set(field, plain, reason)


def _drop_ineffective_keys(draft: MigratedConfig) -> None:
    for field in ("rank_pattern", "alpha_pattern"):
        given = draft.values.get(field)
        if isinstance(given, dict):
            live = {key: value for key, value in given.items() if not key.startswith("^")}
            reason = f"keys with `^` match nothing in PEFT {draft.source}"
            if live != given:
                draft.set(field, live, reason)


def _without_anchors(key: str) -> str:
    if not key.startswith("^") or not _LITERAL.fullmatch(key):
        return key
    return key.strip("^$").replace("\\.", ".")


def _keys_are_ambiguous(config: ConfigValues, rules: Collection[str]) -> bool:
    keys = [*config.rank_pattern, *config.alpha_pattern]
    apart = {frozenset(config.rank_pattern), frozenset(config.alpha_pattern)}
    joint = "joint" in rules and len(apart - {frozenset()}) > 1
    return joint or any(re.search(r"[\^|$(\[?*+{]", key) for key in keys)
