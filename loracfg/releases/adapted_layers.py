"""Find the modules that a release adapts for a config, with their ranks and scalings.

Sources: `check_target_module_exists` (`tuners/tuners_utils.py`; before 0.6.0
`_check_target_module_exists` in `tuners/lora.py`), `_create_and_replace` (`tuners/lora/model.py`)
and `get_pattern_key` (`utils/other.py`) of the wheels.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Final, Literal

from loracfg.config.history.releases import RELEASES, at_least
from loracfg.named_tuple import NamedTuple
from loracfg.planning.layer_settings import scaling_of, settings_of
from loracfg.planning.path_ends import PathEnds
from loracfg.planning.patterns import Found, Pattern, PatternBudget
from loracfg.planning.targets import (
    PLAIN_NAME,
    ends_among,
    excluded_paths,
    is_all_linear,
    layer_filter,
    paths_by_name,
)

if TYPE_CHECKING:
    from loracfg.config.model.config_values import ConfigValues

SELECTING: Final = ("layers_to_transform", "layers_pattern", "exclude_modules")
"""Fields that select among the targets; a layer without factors in the file changes nothing."""

SETTING: Final = ("rank_pattern", "alpha_pattern", "use_rslora")
"""Fields that change the rank or scaling of layers."""

_COMMON_LISTS: Final = ("layers", "h", "block", "blocks", "layer")
"""Names of module lists whose indices `layers_to_transform` used up to 0.7.1."""


class LayerScaling(NamedTuple):
    """The rank of a module, and the factor that scales its update."""

    rank: int
    scaling: float


def same_scaling(one: LayerScaling, other: LayerScaling) -> bool:
    """Tell whether two layers have the same scaling, up to rounding."""
    return math.isclose(one.scaling, other.scaling, rel_tol=1e-9)


class Matching(NamedTuple):
    """How a release interprets the fields that select modules, ranks and alphas.

    `names`: a target matches the end of a path as text (`raw-end`), as a pattern for whole steps
    (`pattern-end`) or as whole steps (`steps`). `numbers`: the index of a layer follows a common or
    given list name (`named`), or is the last or first number in the path; with `first-or-start`,
    the path may begin with it. `keys`: `rank_pattern` and `alpha_pattern` do not exist (`none`),
    are searched together (`joint`) or separately (`apart`), or match at any step (`steps`).
    """

    names: Literal["raw-end", "pattern-end", "steps"]
    text_is_pattern: bool = True
    all_linear: bool = True
    numbers: Literal["none", "named", "last", "first", "first-or-start"] = "first-or-start"
    keys: Literal["none", "joint", "apart", "steps"] = "steps"
    excludes: bool = True
    keeps_saved_out: bool = True
    rank_stabilised: bool = True


@cache
def matching(release: str) -> Matching:
    """Return how a release interprets a config."""

    def since(first: str) -> bool:
        return at_least(release, first)

    return Matching(
        names="steps" if since("0.6.0") else "pattern-end" if since("0.5.0") else "raw-end",
        text_is_pattern=since("0.2.0"),
        all_linear=since("0.8.0"),
        numbers=_numbers(release),
        keys=_keys(release),
        excludes=since("0.14.0"),
        keeps_saved_out=since("0.16.0"),
        rank_stabilised=since("0.8.0"),
    )


@cache
def first_with_same_matching(release: str) -> str:
    """Return the first release that interprets configs in the same way."""
    return next(other for other in RELEASES if matching(other) == matching(release))


def _numbers(release: str) -> Literal["none", "named", "last", "first", "first-or-start"]:
    if at_least(release, "0.21.0"):
        return "first-or-start"
    if at_least(release, "0.20.0"):
        return "first"
    if at_least(release, "0.8.0"):
        return "last"
    return "named" if at_least(release, "0.4.0") else "none"


def _keys(release: str) -> Literal["none", "joint", "apart", "steps"]:
    if at_least(release, "0.15.0"):
        return "steps"
    if at_least(release, "0.14.0"):
        return "apart"
    return "joint" if at_least(release, "0.6.0") else "none"


def relevant(config: ConfigValues, how: Matching) -> Matching:
    """Return the matching, with everything that the config does not use as in the newest release.

    Releases with the same relevant matching adapt the same layers.
    """
    text = isinstance(config.target_modules, str)
    numbered = config.layers_to_transform is not None
    patterned = bool(config.rank_pattern or config.alpha_pattern)
    return Matching(
        names="steps" if text or config.target_modules is None else how.names,
        text_is_pattern=how.text_is_pattern or not text,
        all_linear=how.all_linear or not is_all_linear(config.target_modules),
        numbers=how.numbers if numbered else "first-or-start",
        keys=how.keys if patterned else "steps",
        excludes=how.excludes or not config.exclude_modules,
        keeps_saved_out=how.keeps_saved_out or not config.modules_to_save,
        rank_stabilised=how.rank_stabilised or not config.use_rslora,
    )


def layers(
    config: ConfigValues, how: Matching, paths: Sequence[str], budget: PatternBudget
) -> dict[str, LayerScaling]:
    """Return the rank and scaling of each module that is adapted.

    Targets that only the base can resolve, null and `all-linear`, match all paths.

    Raises:
        PatternTimeoutError: if the patterns take longer than the budget.
        re.error: if a pattern does not compile.
    """
    dropped = {
        **({} if how.excludes else {"exclude_modules": None}),
        **({} if how.keeps_saved_out else {"modules_to_save": None}),
        **({} if how.rank_stabilised else {"use_rslora": False}),
    }
    known = config.model_copy(update=dropped) if dropped else config
    excluded = excluded_paths(known, paths, budget)
    left = [path for path in paths if path not in excluded] if excluded else paths
    targeted = _targeted(known, how, left, budget)
    return _settings(known, how, targeted, budget)


def _targeted(
    config: ConfigValues, how: Matching, paths: Sequence[str], budget: PatternBudget
) -> Sequence[str]:
    targets = config.target_modules
    if targets is None or (is_all_linear(targets) and how.all_linear):
        return paths
    if isinstance(targets, str):
        if not how.text_is_pattern:  # 0.1.0 iterated over the characters
            return [path for path in paths if path.endswith(tuple(targets))]
        (found,) = budget.match([Pattern(targets, whole=True)], paths)
        return [path for path in paths if path in found]
    named = _named(targets, how, paths, budget)
    if config.layers_to_transform is None:
        return named
    exempt = set(targets) if how.numbers in ("last", "first", "first-or-start") else set()
    by_end = [path for path in named if path not in exempt]
    kept = _numbered(config, how, by_end, budget)
    return [path for path in named if path in exempt or path in kept]


def _named(
    targets: Sequence[str], how: Matching, paths: Sequence[str], budget: PatternBudget
) -> Sequence[str]:
    wanted = frozenset(targets)
    if how.names == "raw-end":
        return list(filter(PathEnds(targets).end, paths))
    if how.names == "steps":
        return list(ends_among(paths, targets))
    found = budget.match([Pattern(rf".*\.{target}$") for target in targets], paths)
    wanted = wanted.union(*found)
    return [path for path in paths if path in wanted]


def _numbered(
    config: ConfigValues, how: Matching, paths: Sequence[str], budget: PatternBudget
) -> frozenset[str]:
    """Return the paths in the layers that `layers_to_transform` selects."""
    chosen, given = config.layers_to_transform, config.layers_pattern
    if chosen is None or how.numbers == "none":
        return frozenset(paths)
    if how.numbers == "first-or-start":
        return layer_filter(config, paths, budget)
    if chosen == [] and how.numbers != "named":
        return frozenset(paths)
    numbers = {chosen} if isinstance(chosen, int) else set(chosen)
    lists: Sequence[str] | None = [given] if isinstance(given, str) else given
    if how.numbers == "named":
        lists = _COMMON_LISTS if lists is None else lists
        if not lists:
            return frozenset(paths)  # PEFT loops over no names, so all targets stay
        patterns = [rf".*.{name}\.(\d+)\.*" for name in lists]
    else:
        start = ".*?" if how.numbers == "first" else ".*"
        names = lists if lists and given else ("[^.]*",)
        patterns = [rf"{start}\.{name}\.(\d+)\." for name in names]
    return _of_numbers(numbers, budget.match([Pattern(p) for p in patterns], paths), paths)


def _of_numbers(numbers: set[int], found: Sequence[Found], paths: Sequence[str]) -> frozenset[str]:
    """Return the paths with one of these numbers, as captured by the first matching pattern."""
    kept = set()
    for path in paths:
        groups = next((hits[path] for hits in found if path in hits), None)
        if groups and (groups[0] or "").isdecimal() and int(groups[0] or 0) in numbers:
            kept.add(path)
    return frozenset(kept)


def _settings(
    config: ConfigValues, how: Matching, paths: Sequence[str], budget: PatternBudget
) -> dict[str, LayerScaling]:
    result = dict.fromkeys(
        paths, LayerScaling(config.r, scaling_of(config.lora_alpha, config.r, config.use_rslora))
    )
    ranks, alphas = config.rank_pattern, config.alpha_pattern
    if how.keys == "none" or not (ranks or alphas):
        return result
    if how.keys == "steps":
        found = settings_of(config, paths, budget)
        patterned = {p: s for p, s in found.items() if s.rank_keys or s.alpha_keys}
        return result | {p: LayerScaling(s.rank, s.scaling) for p, s in patterned.items()}
    if how.keys == "apart":
        rank_keys = _first_keys(list(ranks), paths, budget)
        alpha_keys = _first_keys(list(alphas), paths, budget)
    else:
        rank_keys = alpha_keys = _first_keys([*ranks, *alphas], paths, budget)
    whole = result.keys() & (ranks.keys() | alphas.keys())  # keys may also be full paths
    for path in rank_keys.keys() | alpha_keys.keys() | whole:
        rank = ranks.get(rank_keys.get(path, path), config.r)
        alpha = alphas.get(alpha_keys.get(path, path), config.lora_alpha)
        result[path] = LayerScaling(rank, scaling_of(alpha, rank, config.use_rslora))
    return result


def _first_keys(keys: Sequence[str], paths: Sequence[str], budget: PatternBudget) -> dict[str, str]:
    """Map each path to the first key that matches its end after a dot, as in 0.6.0 to 0.14.0."""
    plain = frozenset(key for key in keys if PLAIN_NAME.fullmatch(key))
    others = [key for key in keys if key not in plain]
    found = budget.match([Pattern(rf".*\.{key}$") for key in others], paths)
    matched = dict(zip(others, found, strict=True))
    by_name = paths_by_name(path for path in paths if "." in path) if plain else {}
    result: dict[str, str] = {}
    for key in keys:
        for path in by_name.get(key, ()) if key in plain else matched[key]:
            result.setdefault(path, key)
    return result
