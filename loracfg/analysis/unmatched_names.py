"""Find the names in a config that match nothing in the base, and the nearest names that it has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from loracfg.analysis.close_names import close_names
from loracfg.analysis.subject import Subject
from loracfg.analysis.trainer_options import UNMATCHED, options_noted
from loracfg.base.architecture import Architecture, Kind
from loracfg.config.model.default_targets import TASK_HEADS
from loracfg.named_tuple import NamedTuple
from loracfg.planning.experts import LAYOUTS
from loracfg.planning.path_ends import PathEnds
from loracfg.planning.targets import has_layer_filter, leaf_of, suffixes

if TYPE_CHECKING:
    from loracfg.document.json_value import JsonObject

PATTERNS: Final[Mapping[str, str]] = {"rank_pattern": "rank_keys", "alpha_pattern": "alpha_keys"}
"""The fields whose keys match modules, with the attribute of settings that has what matched."""
_LISTS: Final = re.compile(r"(?:^|(?<=\.))([^.]+)(?=\.\d+\.)")
"""The names of module lists in a module path, e.g. `layers` in `layers.0.mlp`."""
_MOST_NEAREST: Final = 3


class UnmatchedName(NamedTuple):
    """A name that matches nothing in the base.

    Attributes:
        field: the field of the config that has it.
        name: the name or pattern.
        nearest: the names of the base that are spelt most like it, nearest first.
    """

    field: str
    name: str
    nearest: tuple[str, ...] = ()

    def to_dict(self) -> JsonObject:
        """Return the name as JSON data."""
        return {"field": self.field, "name": self.name, "nearest": list(self.nearest)}


def unmatched_names(subject: Subject) -> tuple[UnmatchedName, ...]:
    """Return all names in a config before training that match nothing.

    There are none without a plan, or if a module that the tree lacks may be in the base.
    """
    plan, config = subject.plan, subject.config
    if plan is None or config is None or not subject.certain:
        return ()
    found = {
        "target_modules": _targets(subject),
        "exclude_modules": unmatched_exclusions(subject),
        "modules_to_save": unmatched_saved_modules(subject),
        "layers_pattern": unmatched_layer_patterns(subject),
        "target_parameters": unmatched_parameters(subject),
        **{field: unmatched_keys(subject, field) for field in PATTERNS},
    }
    return tuple(
        UnmatchedName(field, name, nearest)
        for field, names in found.items()
        if names
        for name, nearest in nearest_names(names, _names_for(field, plan.base)).items()
        if name not in _added(subject, field)
    )


def _added(subject: Subject, field: str) -> frozenset[str]:
    """Return the entries of a field that a trainer adds itself, which nobody can have misspelt."""
    document = subject.adapter.document
    translation = document.translation if document else None
    return translation.added.get(field, frozenset()) if translation else frozenset()


def names_of_trainer(subject: Subject) -> Iterator[UnmatchedName]:
    """Yield the names in a trainer's file that the trainer, by its own rules, finds nowhere."""
    for option, _ in options_noted(subject, UNMATCHED):
        yield UnmatchedName(option.field or option.option, option.name or "", option.nearest)


def nearest_names(names: Iterable[str], known: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Map each name to the known names that are spelt most like it, nearest first."""
    by_case: dict[str, str] = {}
    for one in known:
        by_case.setdefault(one.lower(), one)
    lower = {name: name.lower() for name in names}
    close = close_names(frozenset(lower.values()), by_case, _MOST_NEAREST)
    return {
        name: tuple(by_case[near] for near in close.get(key, ())) for name, key in lower.items()
    }


def unmatched_saved_modules(subject: Subject) -> list[str]:
    """Return the entries of `modules_to_save` that are no module, of the base or of a tensor."""
    plan, config = subject.plan, subject.config
    saved = config.modules_to_save if config else None
    if plan is None or config is None or not saved:
        return []
    paths = [*plan.base.paths(), *(one.module for one in subject.adapter.names.values())]
    matched = PathEnds(saved).paths(paths)
    unmatched = [name for name in saved if name not in matched]
    return [name for name in unmatched if not _is_task_head(name, config.task_type, plan.base)]


def unmatched_exclusions(subject: Subject) -> list[str]:
    """Return what in `exclude_modules` excludes nothing."""
    plan = subject.plan
    given = subject.config.exclude_modules if subject.config else None
    if not given or plan is None:
        return []
    if isinstance(given, str):
        return [] if plan.selection.excluded else [given]
    ends = _ends(plan.base)
    return [name for name in given if name not in ends]


def unmatched_layer_patterns(subject: Subject) -> list[str]:
    """Return the names in `layers_pattern` that are no list of layers."""
    config, plan = subject.config, subject.plan
    if config is None or plan is None or not has_layer_filter(config) or not config.layers_pattern:
        return []
    names = config.layers_pattern
    lists = {name for path in plan.base.paths() for name in _LISTS.findall(path)}
    plain = [name for name in ([names] if isinstance(names, str) else names) if name.isidentifier()]
    return [name for name in plain if name not in lists]


def unmatched_parameters(subject: Subject) -> list[str]:
    """Return the entries of `target_parameters` that are no parameter."""
    plan = subject.plan
    given = subject.config.target_parameters if subject.config else None
    if not given or subject.planning.unstacked or plan is None:
        return []
    ends = _parameter_ends(plan.base)
    return [name for name in given if name not in ends]


def unmatched_keys(subject: Subject, field: str) -> list[str]:
    """Return the keys of a field of `PATTERNS` that match no module of the adapter."""
    config = subject.config
    if config is None or config.target_parameters:
        return []
    planned = subject.plan.modules if subject.plan else ()
    settings = [*subject.settings.values(), *(module.settings for module in planned)]
    used = {key for one in settings for key in getattr(one, PATTERNS[field])}
    return [key for key in getattr(config, field) if key not in used]


def _targets(subject: Subject) -> list[str]:
    """Return the entries of `target_modules` that are the end of no path."""
    plan, config = subject.plan, subject.config
    targets = config.target_modules if config else None
    if plan is None or not isinstance(targets, list):
        return []
    if {*plan.selection.matched.values()}.issuperset(targets):
        return []
    ends = _ends(plan.base)
    if plan.base.model_type in LAYOUTS:
        ends |= LAYOUTS[plan.base.model_type].renamed.keys()
    return [name for name in targets if name not in ends]


def _ends(base: Architecture) -> set[str]:
    return {end for path in base.paths() for end in suffixes(path)}


def _parameter_ends(base: Architecture) -> set[str]:
    return {
        end
        for path, module in base.modules.items()
        for name in module.parameters
        for end in suffixes(f"{path}.{name}")
    }


def _names_for(field: str, base: Architecture) -> Iterator[str]:
    """Yield the names that a field may have, the usual ones first."""
    if field == "target_parameters":
        for path, module in base.modules.items():
            yield from (f"{leaf_of(path)}.{name}" for name in module.parameters)
        return
    if field == "layers_pattern":
        for path in base.paths():
            yield from _LISTS.findall(path)
        return
    of_all = field in ("exclude_modules", "modules_to_save")
    for path, module in base.modules.items():
        if path and (of_all or module.kind is not Kind.OTHER):
            yield leaf_of(path)


def _is_task_head(name: str, task_type: str | None, base: Architecture) -> bool:
    """Tell whether PEFT adds a name for the task, or together with a head that the base has."""
    return any(
        name in heads and (task_type == task or any(map(base.find, heads)))
        for task, heads in TASK_HEADS.items()
    )
