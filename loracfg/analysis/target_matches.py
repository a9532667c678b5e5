"""Compare the config's targets with the modules of the tensors and of the base."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

from loracfg.adapter.tensor_names import FACTORS
from loracfg.analysis.factor_pairs import is_stack
from loracfg.analysis.phrases import listed
from loracfg.analysis.subject import Subject
from loracfg.base.architecture import Architecture, Kind
from loracfg.config.model.regexes import compile_pattern
from loracfg.named_tuple import NamedTuple
from loracfg.planning.experts import LAYOUTS
from loracfg.planning.patterns import worst_steps
from loracfg.planning.targets import Targets, named_targets, suffixes

_NAME: Final = re.compile(r"[\w.-]*")
NO_TARGET: Final = "no-target-matches"
"""The failure of a plan if no module of the base is a target."""
_MAX_STEPS: Final = 5_000_000
"""The maximum worst-case steps for trying the entries of a list as patterns."""


def pattern_of_list(subject: Subject) -> str | None:
    """Return the intended pattern if a list contains patterns, which PEFT treats as names.

    The pattern must match every module that has factors.
    """
    config, paths = subject.config, trained_modules(subject)
    if config is None or not isinstance(config.target_modules, list) or not paths:
        return None
    if config.layers_to_transform is not None or config.layers_pattern:
        return None  # PEFT rejects them with a pattern
    pattern = "|".join(config.target_modules)
    if _NAME.fullmatch(pattern.replace("|", "")):
        return None
    if worst_steps(pattern, max(map(len, paths)), len(paths)) > _MAX_STEPS:
        return None
    try:
        compiled = compile_pattern(pattern)
    except re.error:
        return None
    return pattern if all(map(compiled.fullmatch, paths)) else None


class IntendedTargets(NamedTuple):
    """The value of `target_modules` that selects the modules with tensors: names or a pattern.

    `is_exact` says that the pattern selects only these modules of the base.
    """

    targets: str | tuple[str, ...]
    is_exact: bool = False


def intended_targets(subject: Subject) -> IntendedTargets | None:
    """Return targets that select the modules with tensors; None if some are not in the base."""
    if (pattern := pattern_of_list(subject)) is not None:
        base = subject.tree
        selected = filter(compile_pattern(pattern).fullmatch, base.paths() if base else ())
        return IntendedTargets(pattern, frozenset(selected) == frozenset(trained_modules(subject)))
    paths, config = trained_modules(subject), subject.config
    if not paths or config is None or config.target_parameters:
        return None
    if not subject.lost_paths.isdisjoint(paths):
        return None
    return IntendedTargets(tuple(shortest_names(subject, paths)))


class Placeholder(NamedTuple):
    """Placeholder entries, the last names of the modules with tensors, and the intended targets."""

    entries: tuple[str, ...]
    ends: tuple[str, ...]
    intended: IntendedTargets | None


class UntargetedModules(NamedTuple):
    """Modules with tensors that a config field does not select.

    `added` are names to add to `target_modules` if the base has all these modules, and `existing`
    are the targets in use.
    """

    field: str
    modules: tuple[str, ...]
    added: tuple[str, ...] = ()
    existing: tuple[str, ...] = ()


def find_untargeted(subject: Subject, modules: Iterable[str]) -> UntargetedModules:
    """Return the modules that `target_modules` does not select, with the names to add."""
    targets, selection = targets_of(subject) or (), subject.selection
    found = UntargetedModules("target_modules", tuple(modules))
    if isinstance(targets, str) or selection is None:
        return found
    paths = [
        p
        for p in trained_modules(subject)
        if p not in selection.matched and not is_stack(subject, p)
    ]
    if not paths or not subject.lost_paths.isdisjoint(paths):
        return found
    return found._replace(added=tuple(shortest_names(subject, paths)), existing=tuple(targets))


def dead_targets(subject: Subject) -> tuple[str, ...] | str | None:
    """Return `target_modules` if it selects no known module, else None.

    Known modules are those with tensors and, with a base, all of its modules. Without a base, the
    targets may still select other modules.
    """
    config = subject.config
    selection = subject.selection
    if config is None or selection is None or config.target_parameters:
        return None
    targets = config.target_modules
    if targets is None or selection.matched or selection.filtered:
        return None
    if subject.plan and not subject.plan.is_empty:
        return None
    return targets if isinstance(targets, str) else tuple(targets)


def unmatched_targets(subject: Subject) -> list[str]:
    """Return the entries of the list that match nothing, if other entries match."""
    plan, config = subject.plan, subject.config
    if plan is None or config is None or not subject.certain or plan.is_empty:
        return []
    if not isinstance(config.target_modules, list):
        return []
    selecting = frozenset(plan.selection.matched.values())
    if selecting.issuperset(config.target_modules):
        return []
    ends = {end for path in plan.base.paths() for end in suffixes(path)}
    renamed = LAYOUTS[plan.base.model_type].renamed if plan.base.model_type in LAYOUTS else {}
    ends |= renamed.keys()
    # Another rule reports those with tensors: their modules are not in the base.
    held = {end for path in subject.adapter.module_paths for end in suffixes(path)}
    known = ends | held
    return [name for name in config.target_modules if name not in known]


def targets_of(subject: Subject) -> Targets | None:
    """Return the targets of the config; for null, PEFT's defaults for the model type."""
    return named_targets(subject.config, subject.base) if subject.config else None


def linear_names(base: Architecture) -> list[str]:
    """Return the last names of linear layers, most frequent first."""
    names = Counter(
        path.rpartition(".")[2]
        for path, module in base.modules.items()
        if module.kind in (Kind.LINEAR, Kind.CONV1D_GPT2)
    )
    return [name for name, _ in names.most_common()]


def shown_targets(subject: Subject) -> str:
    """Return the targets as text for messages."""
    targets = targets_of(subject) or ()
    return f"`{targets}`" if isinstance(targets, str) else listed(targets)


def trained_modules(subject: Subject) -> list[str]:
    """Return the modules that have factors, in file order."""
    layers = subject.adapter.table.layers.values()
    return [layer.module for layer in layers if FACTORS & layer.parts.keys()]


def shortest_names(subject: Subject, paths: list[str]) -> list[str]:
    """Return the shortest names that select exactly these modules of the base.

    Without a base, another module may have the same last name, so whole paths are returned.
    """
    base = subject.tree
    if base is None:
        return paths
    wanted = frozenset(trained_modules(subject))
    ends = Counter(path.rpartition(".")[2] for path in paths)
    others = {end for path in base.paths() if path not in wanted for end in suffixes(path)}
    short = [end for end in ends if end not in others]
    return [*short, *(path for path in paths if path.rpartition(".")[2] in others)]


def adapter_tensors(subject: Subject) -> frozenset[str]:
    """Return the tensors of all adapter layers, including missing ones.

    If nothing is targeted, this explains all of them. If PEFT raises because the base has no
    target, it explains the other tensors too, since there is no model that could load them.
    """
    return _of_layers(subject) | tensors_without_target(subject) | frozenset(subject.missing)


def _of_layers(subject: Subject) -> frozenset[str]:
    return frozenset(name for name, taken in subject.open_names.items() if taken.is_adapter)


def tensors_of_modules(subject: Subject, modules: Iterable[str]) -> frozenset[str]:
    """Return the tensors that are lost if PEFT does not adapt some modules.

    These are their factors and the weights and biases of the base that are saved with them, or all
    tensors if PEFT raises.
    """
    paths = frozenset(modules)
    found = (name for name, taken in subject.open_names.items() if taken.module in paths)
    return frozenset(found) | tensors_without_target(subject)


def tensors_without_target(subject: Subject) -> frozenset[str]:
    """Return all tensors if PEFT raises because no module of the base is a target, else none.

    A file without factors has a different fault.
    """
    failures = subject.plan.failures if subject.plan and subject.certain else ()
    if not subject.adapter.table.layers:
        return frozenset()
    raises = any(failure.kind == NO_TARGET for failure in failures)
    return frozenset(subject.open_shapes) if raises else frozenset()
