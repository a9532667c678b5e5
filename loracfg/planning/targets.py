"""Find the modules of a base that a config targets, like PEFT.

Source: `check_target_module_exists` and `_maybe_include_all_linear_layers` in
`peft/tuners/tuners_utils.py`, `_prepare_adapter_config` in `peft/tuners/lora/model.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from loracfg.base.architecture import Architecture, Kind
from loracfg.config.model.default_targets import (
    ALL_LINEAR,
    EMBEDDING_NAMES,
    TARGET_MODULES,
    TASK_HEADS,
)
from loracfg.named_tuple import NamedTuple
from loracfg.planning.patterns import Pattern, PatternBudget

if TYPE_CHECKING:
    from loracfg.config.model.config_values import ConfigValues

PLAIN_NAME: Final = re.compile(r"[A-Za-z0-9_]+")
_FIRST_NUMBER: Final = r".*?\.[^.]*\.(\d+)\."
_MAX_KEPT_CHARACTERS: Final = 200_000
"""The maximum characters of paths and names for which matches are cached."""
_LONGEST_END: Final = 1_000
"""The maximum characters of an end of a path, since all ends together take the square of that."""
_MOST_TARGETS: Final = 20
"""From this many targets on, PEFT shortens them (`MIN_TARGET_MODULES_FOR_OPTIMIZATION`)."""
_MAX_DIGITS: Final = 18
"""The maximum digits of a layer number; Python, and so PEFT, fails on thousands of digits."""

Targets = tuple[str, ...] | str
"""A list of names or a pattern, as in `target_modules` and `exclude_modules`."""


class Selection(NamedTuple):
    """The modules that a config selects, each with the config entry that matches it.

    `excluded` are modules that `exclude_modules` or `modules_to_save` excludes. `filtered` are
    targeted modules in layers that `layers_to_transform` leaves out.
    """

    matched: Mapping[str, str]
    excluded: frozenset[str]
    filtered: frozenset[str] = frozenset()


def suffixes(path: str) -> Iterator[str]:
    """Yield a dotted path and every end of it that begins after a dot, longest first.

    For a path that is too long for any model, only ends of a usual length are included.
    """
    yield path
    at = path.find(".", max(0, len(path) - _LONGEST_END))
    while at != -1:
        yield path[at + 1 :]
        at = path.find(".", at + 1)


def leaf_of(path: str) -> str:
    """Return the last name of a path."""
    return path.rpartition(".")[2]


def ends_among(paths: Sequence[str], names: Iterable[str]) -> Mapping[str, str]:
    """Map each path that ends with a name to the longest such name, in order."""
    wanted = frozenset(names)
    if sum(map(len, paths)) + sum(map(len, wanted)) > _MAX_KEPT_CHARACTERS:
        return _ends_among(paths, wanted)
    return _cached_ends(tuple(paths), wanted)


def _ends_among(paths: Sequence[str], wanted: frozenset[str]) -> Mapping[str, str]:
    if any("." in name for name in wanted):
        found = ((path, next((e for e in suffixes(path) if e in wanted), None)) for path in paths)
        return {path: end for path, end in found if end is not None}
    return {path: last for path in paths if (last := leaf_of(path)) in wanted}


_cached_ends = lru_cache(32)(_ends_among)
"""The same with a cache for models of common sizes, since similar adapters share paths."""


def resolve_targets(config: ConfigValues, base: Architecture) -> Targets | None:
    """Return the targets with null and `all-linear` resolved for a base.

    Return None if the config names no modules, and PEFT has no default for the model type.
    """
    targets = named_targets(config, base)
    return all_linear(config, base) if is_all_linear(targets) else targets


def named_targets(config: ConfigValues, base: Architecture | None) -> Targets | None:
    """Return the targets with null resolved for a base.

    Return None if PEFT has no default; it then raises unless there are `target_parameters`.
    """
    targets = config.target_modules
    if targets is None:
        return TARGET_MODULES.get(base.model_type or "") if base else None
    return targets if isinstance(targets, str) else tuple(targets)


def is_all_linear(targets: object) -> bool:
    """Tell whether `target_modules` is the shorthand for all linear layers."""
    return isinstance(targets, str) and targets.lower() == ALL_LINEAR


def is_dummy(targets: object) -> bool:
    """Tell whether `target_modules` is the name with which PEFT allows no module to match."""
    return targets == "dummy-target-modules"


def all_linear(config: ConfigValues, base: Architecture) -> tuple[str, ...]:
    """Return the paths that `all-linear` selects: linear layers except the output layer."""
    output = _output_layer(config, base)
    return tuple(
        path
        for path, module in base.modules.items()
        if module.kind in (Kind.LINEAR, Kind.CONV1D_GPT2) and path != output
    )


def condensed(targets: Sequence[str], base: Architecture) -> Sequence[str]:
    """Return the names that PEFT writes for a long list of targets: the shortest ends of paths.

    Source: `inject_adapter` and `_find_minimal_target_modules` in `peft/tuners/tuners_utils.py`,
    0.21.2.
    """
    if len(targets) < _MOST_TARGETS:
        return targets
    named = frozenset(targets)
    ends_of = {path: frozenset(suffixes(path)) for path in base.paths()}
    others = {end for ends in ends_of.values() if named.isdisjoint(ends) for end in ends}
    found: set[str] = set()
    for choices in sorted(sorted(suffixes(name), key=len) for name in named):
        if found.isdisjoint(choices[:-1]):
            end = next((one for one in choices if one not in found and one not in others), None)
            found |= {end} if end else set()
    return tuple(sorted(found)) if 0 < len(found) < len(named) else targets


def _output_layer(config: ConfigValues, base: Architecture) -> str | None:
    if not base.is_transformers:
        return None
    if base.output_embeddings is not None:
        return base.output_embeddings
    if config.task_type == "SEQ_CLS":
        # PEFT prefers `score` to `classifier`.
        return next((n for n in reversed(TASK_HEADS["SEQ_CLS"]) if base.find(n)), None)
    return None


def select(
    config: ConfigValues,
    targets: Targets | None,
    paths: Sequence[str],
    budget: PatternBudget,
    base: Architecture | None = None,
) -> Selection:
    """Match module paths against the targets of a config.

    With a base, a long list counts as PEFT shortens it: only what is still a whole path then is
    exempt from `layers_to_transform`.
    """
    excluded = excluded_paths(config, paths, budget)
    open_paths = [path for path in paths if path not in excluded] if excluded else paths
    if targets is None:
        return Selection({}, excluded)
    if isinstance(targets, str):
        (found,) = budget.match([Pattern(targets, whole=True)], open_paths)
        return Selection(dict.fromkeys(found, targets), excluded)
    matched = ends_among(open_paths, targets)
    if not has_layer_filter(config):
        return Selection(matched, excluded)
    # An exact path is exempt from the layer filter.
    exact = frozenset(condensed(targets, base) if base else targets)
    by_suffix = [path for path in matched if path not in exact]
    filtered = frozenset(by_suffix) - layer_filter(config, by_suffix, budget)
    return Selection({p: e for p, e in matched.items() if p not in filtered}, excluded, filtered)


def excluded_paths(
    config: ConfigValues, paths: Sequence[str], budget: PatternBudget
) -> frozenset[str]:
    """Return the paths of modules that must not get an adapter."""
    excluded: set[str] = set()
    patterns = []
    if isinstance(config.exclude_modules, str):
        if config.exclude_modules:
            patterns.append(Pattern(config.exclude_modules, whole=True))
    elif config.exclude_modules:
        names = frozenset(config.exclude_modules)
        excluded |= {path for path in paths if any(end in names for end in suffixes(path))}
    plain = set()
    for name in config.modules_to_save or ():
        if PLAIN_NAME.fullmatch(name):
            plain.add(name)
        else:
            patterns.append(Pattern(rf"(^|.*\.){name}($|\..*)"))
    if plain:
        excluded |= {path for path in paths if not plain.isdisjoint(path.split("."))}
    for found in budget.match(patterns, paths):
        excluded |= found.keys()
    return frozenset(excluded)


def has_layer_filter(config: ConfigValues) -> bool:
    """Tell whether `layers_to_transform` selects layers."""
    return config.layers_to_transform is not None and config.layers_to_transform != []


def layer_filter(
    config: ConfigValues, paths: Sequence[str], budget: PatternBudget
) -> frozenset[str]:
    """Return the paths in layers that `layers_to_transform` selects."""
    layers = config.layers_to_transform
    if layers is None or not has_layer_filter(config):
        return frozenset(paths)
    numbers = {layers} if isinstance(layers, int) else set(layers)
    indices = layer_numbers(config, paths, budget)
    return frozenset(path for path in paths if indices.get(path) in numbers)


def layer_numbers(
    config: ConfigValues, paths: Sequence[str], budget: PatternBudget
) -> dict[str, int]:
    """Return the number of the layer that a path is in, as `layers_to_transform` counts them."""
    indices: dict[str, str | None] = {}
    if not config.layers_pattern:
        for path in paths:
            match = re.match(_FIRST_NUMBER, path)
            if match:
                indices[path] = match[1]
    else:
        given = config.layers_pattern
        names = [given] if isinstance(given, str) else given
        patterns = [Pattern(rf"(?:^|.*?\.){name}\.(?P<idx>\d+)\.") for name in names]
        for pattern, found in zip(patterns, budget.match(patterns, paths), strict=True):
            group = re.compile(pattern.text).groupindex.get("idx")  # a comment may hide it
            for path, groups in found.items():
                indices.setdefault(path, groups[group - 1] if group else None)
    return {path: _number(digits) for path, digits in indices.items() if digits}


def _number(digits: str) -> int:
    return int(digits) if len(digits) <= _MAX_DIGITS else -1


def pattern_values(
    keys: Sequence[str], paths: Sequence[str], budget: PatternBudget
) -> dict[str, tuple[str, ...]]:
    """Map each path to the keys of `rank_pattern` or `alpha_pattern` that match it, in order.

    The first key applies (`get_pattern_key`, `peft/utils/other.py`, since 0.15.0).
    """
    if not keys:
        return {}
    matching: dict[str, list[str]] = {}
    plain = {key for key in keys if PLAIN_NAME.fullmatch(key)}
    complex_keys = [key for key in keys if key not in plain]
    patterns = [Pattern(rf"(.*\.)?({key})$") for key in complex_keys]
    found = dict(zip(complex_keys, budget.match(patterns, paths), strict=True))
    by_name = paths_by_name(paths) if plain else {}
    for key in keys:
        for path in by_name.get(key, ()) if key in plain else found[key]:
            matching.setdefault(path, []).append(key)
    return {path: tuple(hits) for path, hits in matching.items()}


def paths_by_name(paths: Iterable[str]) -> dict[str, list[str]]:
    """Group paths by their last name."""
    found: dict[str, list[str]] = {}
    for path in paths:
        found.setdefault(leaf_of(path), []).append(path)
    return found


def names_embedding(config: ConfigValues, base: Architecture, budget: PatternBudget) -> bool:
    """Tell whether targets have the name of an embedding, as PEFT writes them."""
    pattern = config.target_modules if isinstance(config.target_modules, str) else None
    targets = resolve_targets(config, base) if pattern else config.target_modules
    if pattern and isinstance(targets, str):
        paths = [path for path in base.modules if leaf_of(path) in EMBEDDING_NAMES]
        return bool(budget.match([Pattern(pattern, whole=True)], paths)[0])
    if not any(leaf_of(target) in EMBEDDING_NAMES for target in targets or ()):
        return False
    names = condensed(targets or (), base)
    return any(name in names for name in EMBEDDING_NAMES)
