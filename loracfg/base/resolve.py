"""Finds the module tree of the base that the user or the adapter names.

The catalogue and the checkpoint's headers come first, since they take milliseconds. If they leave
doubts (some of the adapter's modules are missing, or the class may name them differently), the
classes that the adapter may have been trained on are built, the most trusted first, until one has
every module.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from loracfg.base.architecture import Architecture
from loracfg.base.class_builder import CannotBuildError, ClassBuilder
from loracfg.base.class_names import TASK_CLASSES, is_bare, stem, wanted_instead
from loracfg.base.finding.base_folder import BaseFiles
from loracfg.base.from_checkpoint.as_loaded import (
    doubt,
    for_bare,
    for_head,
    names_single_experts,
    without_single_experts,
)
from loracfg.base.named_classes import set_aside_other_model, with_class_of_weights
from loracfg.base.search import BaseRequest, Fit, ResolvedBase, Search, files_of, fit_of
from loracfg.cache import Cache
from loracfg.report.fault import Fault
from loracfg.report.report import Location

if TYPE_CHECKING:
    from collections.abc import Mapping


_OWN_CODE: Final = (
    "the base has custom code, which loracfg does not run: if you trust it, create an architecture "
    "file with `loracfg base trace`"
)
_INSTALL: Final = "install `loracfg[transformers]`, or pass the folder with the checkpoint"


def resolve_base(
    request: BaseRequest,
    builders: Iterable[ClassBuilder] | None = None,
    tree_cache: Cache[Architecture] | None = None,
) -> ResolvedBase:
    """Find the module tree of an adapter's base. Never raises on the content of files.

    Args:
        request: what the user and the adapter say.
        builders: sources of classes, of which the first available one is used. The default is the
            catalogue, and transformers for what it declines.
        tree_cache: a cache of trees that other requests have built.
    """
    search = Search(request, tree_cache)
    files = files_of(search)
    if files is None:
        return search.result(None)
    search.files = files
    if files.architecture:
        return _from_architecture_file(files.architecture, files.name, search)
    set_aside_other_model(files, search)
    return with_class_of_weights(_from_config(files, search, builders), search)


def _from_config(
    files: BaseFiles, search: Search, builders: Iterable[ClassBuilder] | None
) -> ResolvedBase:
    if builders is None:
        quick = None if files.facts else _try_catalogue(files, search)
        if quick:
            return search.result(quick)
        builders = (_sources(search),)
    return _resolve(files, search, builders)


def _from_architecture_file(tree: Architecture, name: str, search: Search) -> ResolvedBase:
    """Return the tree of an architecture file, which has only one class."""
    request, own = search.request, str(tree.class_name)
    named, task, saved = request.class_name, request.task_type, request.saved_class
    other = wanted_instead(own, named, task, saved, fits=search.add(tree).is_full)
    if other is None:
        return search.result(tree)
    search.reasons.append(f"`{name}` describes `{own}`, not `{other}`")
    if named is None:
        return search.result(tree, certain=False)
    advice = "create one for that class with `loracfg base trace --class`"
    search.faults.append(Fault("base-class", search.reasons[-1], Location(name), advice))
    return search.result(None)


def _try_catalogue(files: BaseFiles, search: Search) -> Architecture | None:
    """Return the first trusted class with every module, which makes the checkpoint unnecessary."""
    from loracfg.base.catalogue import lookup

    if files.config is None or not lookup.knows(files.config):
        return None
    request = search.request
    trusted = lookup.trusted_classes(
        files.config, request.task_type, request.class_name, request.saved_class
    )
    first: Fit | None = None
    for name in trusted:
        try:
            tree = lookup.build(files.config, name, work=search.work)
        except CannotBuildError:
            continue
        fit = fit_of(tree, request.paths)
        if fit.is_full:
            search.tried.append((fit, tree))
            search.default_class = first
            return tree
        if name == trusted[0]:
            first = fit
    return None


def _sources(search: Search) -> ClassBuilder:
    from loracfg.base.libraries import ClassSources

    facts = search.files.facts if search.files else None
    request = search.request
    return ClassSources(search.work, isolated=request.isolated or not request.is_users, facts=facts)


def _resolve(files: BaseFiles, search: Search, builders: Iterable[ClassBuilder]) -> ResolvedBase:
    saved = _try_checkpoint(files, search)
    if saved and not search.reasons and fit_of(saved, search.request.paths).is_full:
        return search.result(saved)
    if files.config is None:
        return search.result(saved, certain=False)
    trusted = _try_classes(files.config, search, builders)
    built = [(fit, tree) for fit, tree in search.tried if tree is not saved]
    named = [(fit, tree) for fit, tree in built if fit.class_name in trusted]
    for fit, tree in named:
        if fit.is_full:
            first = named[0][0]
            search.default_class = (
                first if first.class_name == trusted[0] and first != fit else None
            )
            return search.result(tree)
    if saved and (not built or fit_of(saved, search.request.paths).is_full):
        return _from_checkpoint(saved, built, search)
    if not named:
        return _from_others(built, search)
    tree = _most_likely(named, search)
    if _has_unknown_code(files):
        search.reasons.append(_OWN_CODE)
        return search.result(tree, certain=False)
    return search.result(tree)


def _most_likely(named: list[tuple[Fit, Architecture]], search: Search) -> Architecture:
    """Return the tree with the most of the likely modules, and of several the most trusted."""
    likely = search.request.likely_paths
    first, best = named[0], max(named, key=lambda one: fit_of(one[1], likely).matched)
    search.default_class = None if best is first else first[0]
    return best[1]


def _from_others(built: list[tuple[Fit, Architecture]], search: Search) -> ResolvedBase:
    """Return a class that neither the config nor the adapter names, but that has every module."""
    for fit, tree in built:
        if fit.is_full:
            search.reasons.append(
                "neither the base's config nor the adapter names a known class; "
                f"`{fit.class_name}` was used because it has the adapter's modules"
            )
            return search.result(tree, certain=False)
    if search.files and _has_unknown_code(search.files):
        search.reasons.append(_OWN_CODE)
    elif built:
        best = max((fit for fit, _ in built), key=lambda fit: fit.matched)
        search.reasons.append(
            "neither the base's config nor the adapter names a class, and none that was tried has "
            f"the adapter's modules: `{best.class_name}` has {best.matched} of {best.total}"
        )
    return search.result(None)


def _has_unknown_code(files: BaseFiles) -> bool:
    """Return whether a base has custom code that there are no facts about."""
    from loracfg.base.catalogue import lookup

    config = files.config or {}
    has_facts = files.facts is not None and lookup.has_type(config, files.facts)
    return bool(config.get("auto_map")) and not has_facts


def _from_checkpoint(
    saved: Architecture, built: list[tuple[Fit, Architecture]], search: Search
) -> ResolvedBase:
    """Return the tree with the checkpoint's own names, which no class confirms."""
    fit = fit_of(saved, search.request.paths)
    if not fit.is_full:
        lacking = fit.total - fit.matched
        search.reasons.append(
            "1 of the adapter's modules is not in the checkpoint"
            if lacking == 1
            else f"{lacking} of the adapter's modules are not in the checkpoint"
        )
    if built:
        other = built[0][0]
        search.reasons.append(
            f"the checkpoint has the adapter's modules, but `{other.class_name}` has "
            f"{other.matched} of {other.total}"
        )
    return search.result(saved, certain=False)


def _try_checkpoint(files: BaseFiles, search: Search) -> Architecture | None:
    """Return the tree of the checkpoint as the adapter's class names it, and record doubts."""
    from loracfg.base.from_checkpoint.checkpoint import read_checkpoint, tree_of_checkpoint

    if files.folder is not None:
        tree, faults = read_checkpoint(files.folder, files.config, files.root)
    elif files.tensors:
        tree, faults = tree_of_checkpoint(files.tensors, files.config, files.name)
    else:
        return None
    if tree is not None or search.request.named is not None:
        search.faults += faults
    if tree is None:
        search.reasons += [fault.message for fault in faults]
        return None
    if not names_single_experts(search.request.paths):
        tree = without_single_experts(tree)
    elif names_single_experts(tree.modules):
        search.reasons.append("transformers 5 stacks the experts, which the checkpoint does not")
    tree, why = _as_class(tree, search.request)
    doubts = [doubt(files.config), why]
    doubts += [fault.message for fault in faults]
    search.reasons += [reason for reason in doubts if reason]
    search.add(tree)
    return tree


def _as_class(tree: Architecture, request: BaseRequest) -> tuple[Architecture, str | None]:
    """Return the tree as the adapter's class names it, and the doubt about that, if any."""
    own = tree.class_name
    named = request.class_name or request.saved_class
    if named is None and request.task_type in TASK_CLASSES:
        if own is None or not re.fullmatch(TASK_CLASSES[request.task_type], own):
            what = f"the checkpoint is for `{own}`" if own else "the config names no class"
            return for_head(tree), f"{what}, but the adapter is for `{request.task_type}`"
        return for_head(tree), None
    if named is None and request.task_type == "FEATURE_EXTRACTION":
        named = f"{stem(own)}Model" if own else None
    wanted = named or own
    if wanted is None:
        return tree, "the config names no class"
    view = for_bare(tree) if is_bare(wanted) else for_head(tree)
    view = replace(view, class_name=wanted)
    if own is not None and (wanted == own or (is_bare(wanted) and stem(wanted) == stem(own))):
        return view, None
    return view, f"the checkpoint may not be for `{wanted}`"


def _try_classes(
    config: Mapping[str, object], search: Search, builders: Iterable[ClassBuilder]
) -> list[str]:
    """Build classes until one has every module, and return the trusted classes."""
    from loracfg.base.catalogue import lookup
    from loracfg.base.catalogue.index import LAYOUTS

    builder = _usable(builders, search)
    if builder is None:
        return []
    request = search.request
    trusted = builder.trusted_classes(
        config, request.task_type, request.class_name, request.saved_class
    )
    others = [name for name in builder.other_classes(config) if name not in trusted]
    if not trusted and not others:
        search.reasons.append(_no_class(config))
    if _build_until_full(config, trusted, builder, search):
        return trusted
    if search.tried:
        search.older_fits = _older_fits(config, trusted, search)
    if search.older_fits or _build_until_full(config, others, builder, search):
        return trusted
    older = [n for n in lookup.other_classes(config, LAYOUTS[1]) if n not in trusted]
    names = [*(name for name in others if name in older), *older]
    search.older_fits = _older_fits(config, names, search)
    return trusted


def _build_until_full(
    config: Mapping[str, object], names: list[str], builder: ClassBuilder, search: Search
) -> bool:
    """Build classes until one has every module, and return whether one does."""
    for name in names:
        try:
            fit = search.add(builder.build(config, name))
        except CannotBuildError as error:
            _note_unbuildable(name, error, search)
            continue
        if fit.is_full:
            return True
    return False


def _older_fits(config: Mapping[str, object], names: list[str], search: Search) -> list[Fit]:
    """Return the first class that has every module with the names of transformers 4."""
    from loracfg.base.catalogue import lookup
    from loracfg.base.catalogue.index import LAYOUTS

    older = LAYOUTS[1]
    for name in dict.fromkeys(names):
        try:
            tree = lookup.build(config, name, older, search.work)
            fit = fit_of(tree, search.request.paths)
        except CannotBuildError:
            continue
        if fit.is_full:
            return [fit._replace(layout=older)]
    return []


def _usable(builders: Iterable[ClassBuilder], search: Search) -> ClassBuilder | None:
    for builder in builders:
        why = builder.unavailable()
        if why is None:
            return builder
        search.reasons.append(f"{why}: {_INSTALL}")
    return None


def _note_unbuildable(name: str, error: CannotBuildError, search: Search) -> None:
    if name == search.request.class_name:
        files = search.files
        where = Location(str(files.folder or files.name) if files else "")
        search.faults.append(Fault("base-class", error.message, where, error.help))
    search.reasons.append(error.message)


def _no_class(config: Mapping[str, object]) -> str:
    """Return why there is no class to try."""
    from loracfg.base.catalogue import lookup

    model_type = config.get("model_type")
    if later := lookup.newer_type_note(config):
        return later
    if config.get("auto_map"):
        return _OWN_CODE
    if not isinstance(model_type, str):
        return "the base's config has no `model_type`"
    if lookup.knows(config):
        return (
            f"no auto class of {lookup.library()} supports the model type `{model_type}`, and "
            "neither the config nor the adapter names a class"
        )
    return f"the model type `{model_type}` is unknown"
