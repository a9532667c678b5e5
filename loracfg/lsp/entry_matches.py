"""What each entry of a config selects in the base, with rank and scale there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from loracfg.base.architecture import Kind
from loracfg.document.pointer import escape
from loracfg.lsp.offered_names import LAYERS, PARAMETERS, SAVED
from loracfg.named_tuple import NamedTuple
from loracfg.planning.path_ends import PathEnds
from loracfg.planning.patterns import Pattern, PatternTimeoutError
from loracfg.planning.targets import layer_numbers, suffixes

if TYPE_CHECKING:
    from loracfg.base.architecture import Architecture
    from loracfg.config.model.config_values import ConfigValues
    from loracfg.engine.case import Case
    from loracfg.planning.layer_settings import LayerSettings
    from loracfg.planning.patterns import PatternBudget
    from loracfg.planning.plan import Plan


class EntryMatch(NamedTuple):
    """An entry of a config, and what it selects.

    Attributes:
        pointer: the JSON pointer of the entry in the config.
        is_key: whether the entry is the key there, and not the value.
        field: the field that it belongs to.
        paths: the modules, or the parameters, that it selects.
        settings: the different ranks and scales of the modules, if they get factors.
    """

    pointer: str
    is_key: bool
    field: str
    paths: tuple[str, ...]
    settings: tuple[LayerSettings, ...] = ()


def entry_matches(case: Case) -> list[EntryMatch]:
    """Return what each entry selects; nothing if there is no plan on a base."""
    config, plan, base = case.config, case.plan, case.planning.base
    if config is None or plan is None or base is None:
        return []
    settings = {one.path: one.settings for one in plan.modules}
    try:
        found = list(_matches(config, plan, base, case.budget))
    except (PatternTimeoutError, re.error):
        return []
    return [one._replace(settings=_distinct(settings, one.paths)) for one in found]


def _matches(
    config: ConfigValues, plan: Plan, base: Architecture, budget: PatternBudget
) -> Iterator[EntryMatch]:
    yield from _targets(config, plan)
    yield from _excluded(config, base, budget)
    saved = PathEnds(config.modules_to_save or ()).paths(plan.saved)
    for index, name in enumerate(config.modules_to_save or ()):
        yield EntryMatch(f"/{SAVED}/{index}", False, SAVED, tuple(saved.get(name, ())))
    parameters = _by_end(f"{one.path}.{one.parameter}" for one in plan.modules if one.parameter)
    for index, name in enumerate(config.target_parameters or ()):
        paths = tuple(parameters.get(name, ()))
        yield EntryMatch(f"/{PARAMETERS}/{index}", False, PARAMETERS, paths)
    yield from _patterns(config, plan)
    yield from _layers(config, plan, budget)


def _targets(config: ConfigValues, plan: Plan) -> Iterator[EntryMatch]:
    field, targets = "target_modules", config.target_modules
    matched = plan.selection.matched
    if isinstance(targets, str):
        yield EntryMatch(f"/{field}", False, field, tuple(matched))
    elif targets is not None:
        by_entry: dict[str, list[str]] = {}
        for path, entry in matched.items():
            by_entry.setdefault(entry, []).append(path)
        for index, entry in enumerate(targets):
            paths = tuple(by_entry.get(entry, ()))
            yield EntryMatch(f"/{field}/{index}", False, field, paths)


def _excluded(
    config: ConfigValues, base: Architecture, budget: PatternBudget
) -> Iterator[EntryMatch]:
    field, excluded = "exclude_modules", config.exclude_modules
    own = [path for path, one in base.modules.items() if one.kind is not Kind.OTHER]
    if isinstance(excluded, str):
        (found,) = budget.match([Pattern(excluded, whole=True)], own) if excluded else ({},)
        yield EntryMatch(f"/{field}", False, field, tuple(found))
        return
    by_end = _by_end(own) if excluded else {}
    for index, entry in enumerate(excluded or ()):
        paths = tuple(by_end.get(entry, ()))
        yield EntryMatch(f"/{field}/{index}", False, field, paths)


def _by_end(paths: Iterable[str]) -> dict[str, list[str]]:
    """Return the paths that end with each of their last steps."""
    by_end: dict[str, list[str]] = {}
    for path in paths:
        for end in suffixes(path):
            by_end.setdefault(end, []).append(path)
    return by_end


def _patterns(config: ConfigValues, plan: Plan) -> Iterator[EntryMatch]:
    """Yield the modules for which each key counts: the first that matches."""
    ranks = {one.path: one.settings.rank_keys for one in plan.modules}
    alphas = {one.path: one.settings.alpha_keys for one in plan.modules}
    for field, keys, hits in (
        ("rank_pattern", config.rank_pattern, ranks),
        ("alpha_pattern", config.alpha_pattern, alphas),
    ):
        by_key: dict[str, list[str]] = {}
        for path, matching in hits.items():
            for key in matching[:1]:
                by_key.setdefault(key, []).append(path)
        for key in keys:
            paths = tuple(by_key.get(key, ()))
            yield EntryMatch(f"/{field}/{escape(key)}", True, field, paths)


def _layers(config: ConfigValues, plan: Plan, budget: PatternBudget) -> Iterator[EntryMatch]:
    layers = config.layers_to_transform
    if layers is None:
        return
    paths = list(plan.selection.matched)
    numbers = layer_numbers(config, paths, budget)
    by_layer: dict[int | None, list[str]] = {}
    for path in paths:
        by_layer.setdefault(numbers.get(path), []).append(path)
    single = isinstance(layers, int)
    for index, layer in enumerate([layers] if isinstance(layers, int) else layers):
        pointer = f"/{LAYERS}" if single else f"/{LAYERS}/{index}"
        yield EntryMatch(pointer, False, LAYERS, tuple(by_layer.get(layer, ())))


def _distinct(
    settings: dict[str, LayerSettings], paths: Iterable[str]
) -> tuple[LayerSettings, ...]:
    """Return the different settings of modules, without the keys that they come from."""
    found = (settings[path] for path in paths if path in settings)
    plain = (one._replace(rank_keys=(), alpha_keys=()) for one in found)
    return tuple(dict.fromkeys(plain))


def span_words(paths: Sequence[str]) -> str:
    """Return the first and the last of several paths."""
    if len(paths) < 2:
        return "".join(f"`{path}`" for path in paths)
    return f"`{paths[0]}` … `{paths[-1]}`"
