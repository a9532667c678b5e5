"""Targets that select nothing, seen by the modules of the tensors and the base."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final, NamedTuple

from loracfg.adapter.tensor_names import FACTORS
from loracfg.analysis.factor_pairs import is_stack
from loracfg.analysis.phrases import listed
from loracfg.analysis.subject import Subject
from loracfg.base.architecture import Architecture, Kind
from loracfg.config.model.regexes import compile_pattern
from loracfg.plan.experts import LAYOUTS
from loracfg.plan.patterns import worst_steps
from loracfg.plan.targets import Targets, named_targets, suffixes

_NAME: Final = re.compile(r"[\w.-]*")
NO_TARGET: Final = "no-target-matches"
"""What a plan fails with if no module of the base is a target."""
_MAX_STEPS: Final = 5_000_000
"""Worst-case steps up to which the entries of a list are tried as patterns."""


def pattern_of_list(subject: Subject) -> str | None:
    """Return the pattern that was meant, where a list of patterns selects no module.

    It matches every module that has factors. PEFT takes entries of a list for names.
    """
    config, paths = subject.config, trained_modules(subject)
    if config is None or not isinstance(config.target_modules, list) or not paths:
        return None
    if config.layers_to_transform is not None or config.layers_pattern:
        return None  # PEFT refuses them with a pattern
    pattern = "|".join(config.target_modules)
    if _NAME.fullmatch(pattern.replace("|", "")) or worst_steps(pattern, paths) > _MAX_STEPS:
        return None
    try:
        compiled = compile_pattern(pattern)
    except re.error:
        return None
    return pattern if all(map(compiled.fullmatch, paths)) else None


class IntendedTargets(NamedTuple):
    """What `target_modules` has to be for the modules that have tensors: names, or a pattern.

    `is_exact` says that the pattern selects these modules of the base alone; names may not do so.
    """

    targets: str | tuple[str, ...]
    is_exact: bool = False


def intended_targets(subject: Subject) -> IntendedTargets | None:
    """Return what selects the modules that have tensors, None if the base lacks some of them."""
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
    """Entries that stand for a set of modules, the last names of those with tensors, and these."""

    entries: tuple[str, ...]
    ends: tuple[str, ...]
    meant: IntendedTargets | None


class UntargetedModules(NamedTuple):
    """Modules with tensors that a field of the config leaves out.

    `added` selects those that `target_modules` lacks, where the base has all, and `beside` are the
    targets there are.
    """

    field: str
    modules: tuple[str, ...]
    added: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


def find_untargeted(subject: Subject, modules: Iterable[str]) -> UntargetedModules:
    """Return modules that `target_modules` does not name, with the names that would add all."""
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
    return found._replace(added=tuple(shortest_names(subject, paths)), beside=tuple(targets))


def dead_targets(subject: Subject) -> tuple[str, ...] | str | None:
    """Return `target_modules` if they select no module that is known, else None.

    Known are the modules that the tensors name and, with a base, its modules. What is returned
    may still select something where neither tells a module.
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
    """Return the entries of the list that select nothing, where others do."""
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
    # Those with tensors are reported as modules that the base does not have.
    open_names = frozenset(config.target_modules) - ends
    held = {end for path in subject.adapter.module_paths for end in suffixes(path)}
    return [name for name in config.target_modules if name in open_names - held]


def targets_of(subject: Subject) -> Targets | None:
    """Return the targets of the config, for null those of PEFT for the base's model type."""
    return named_targets(subject.config, subject.base) if subject.config else None


def linear_names(base: Architecture) -> list[str]:
    """Return the names of linear layers, the most frequent first."""
    names = Counter(
        path.rpartition(".")[2]
        for path, module in base.modules.items()
        if module.kind in (Kind.LINEAR, Kind.CONV1D_GPT2)
    )
    return [name for name, _ in names.most_common()]


def shown_targets(subject: Subject) -> str:
    """Return the targets as messages give them."""
    targets = targets_of(subject) or ()
    return f"`{targets}`" if isinstance(targets, str) else listed(targets)


def trained_modules(subject: Subject) -> list[str]:
    """Return the modules that have factors, in file order."""
    layers = subject.adapter.table.layers.values()
    return [layer.module for layer in layers if FACTORS & layer.parts.keys()]


def shortest_names(subject: Subject, paths: list[str]) -> list[str]:
    """Return the shortest names that select these modules of the base and no others.

    Without a base, any other module may have the same name at its end, so whole paths are given.
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
    """Return the tensors of all adapter layers, with those that are missing.

    Where nothing is targeted, these are what the cause accounts for. On a base without any target
    PEFT raises, and there is no model in which the other tensors could have a place either.
    """
    return _of_layers(subject) | tensors_without_target(subject) | frozenset(subject.missing)


def _of_layers(subject: Subject) -> frozenset[str]:
    return frozenset(name for name, taken in subject.open_names.items() if taken.is_adapter)


def tensors_of_modules(subject: Subject, modules: Iterable[str]) -> frozenset[str]:
    """Return the tensors that are lost where PEFT does not adapt some modules.

    With their factors, those are the weights and biases of the base that are saved beside these;
    and all tensors, if PEFT then raises.
    """
    paths = frozenset(modules)
    found = (name for name, taken in subject.open_names.items() if taken.module in paths)
    return frozenset(found) | tensors_without_target(subject)


def tensors_without_target(subject: Subject) -> frozenset[str]:
    """Return all tensors if PEFT raises since no module of the base is a target, else none.

    A file without any factor has another fault.
    """
    failures = subject.plan.failures if subject.plan and subject.certain else ()
    if not subject.adapter.table.layers:
        return frozenset()
    raises = any(failure.kind == NO_TARGET for failure in failures)
    return frozenset(subject.open_shapes) if raises else frozenset()
