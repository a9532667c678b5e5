"""From what a user names as base to the module tree that the adapter is judged against.

Checkpoint headers come first, since they take milliseconds. Where they do not settle it (modules
that the adapter names are absent, or the class may name them otherwise), the classes that the
adapter may have been made for are built in order of trust, until one has every module.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from loracfg.base.architecture import Architecture
from loracfg.base.class_builder import CannotBuildError, ClassBuilder
from loracfg.base.class_names import TASK_CLASSES, is_bare, stem, wanted_instead
from loracfg.base.finding.base_folder import BaseFiles, exists
from loracfg.base.finding.hub import ID_FAULT, absent, parse_id
from loracfg.base.finding.pipeline import find_model
from loracfg.base.from_checkpoint.as_loaded import (
    doubt,
    for_bare,
    for_head,
    names_single_experts,
    without_single_experts,
)
from loracfg.base.named_classes import set_aside_other_model, with_class_of_weights
from loracfg.base.search import BaseRequest, Fit, ResolvedBase, Search, fit_of
from loracfg.cache import Cache
from loracfg.report.fault import Fault
from loracfg.report.report import Location

if TYPE_CHECKING:
    from collections.abc import Mapping


_OWN_CODE: Final = (
    "the base brings code of its own, which is not run: `loracfg base trace` makes a file of its "
    "modules, for those who trust it"
)
_INSTALL: Final = "install `loracfg[transformers]`, or give the folder that holds the checkpoint"


def resolve_base(
    request: BaseRequest,
    builders: Iterable[ClassBuilder] | None = None,
    kept: Cache[Architecture] | None = None,
) -> ResolvedBase:
    """Find the module tree of an adapter's base. Never raises on what the files hold.

    Args:
        request: what user and adapter say.
        builders: sources of classes, the first that can be used serves; by default the catalogue,
            with transformers for what it declines.
        kept: trees of the catalogue that other requests have built.
    """
    search = Search(request, kept)
    files = files_of(search)
    if files is None:
        return search.settled(None)
    search.files = files
    if files.architecture:
        return _of_file(files.architecture, files.name, search)
    set_aside_other_model(files, search)
    return with_class_of_weights(_of_config(files, search, builders), search)


def _of_config(
    files: BaseFiles, search: Search, builders: Iterable[ClassBuilder] | None
) -> ResolvedBase:
    if builders is None:
        quick = None if files.facts else _try_catalogue(files, search)
        if quick:
            return search.settled(quick)
        builders = (_sources(search),)
    return _resolve(files, search, builders)


def _of_file(tree: Architecture, name: str, search: Search) -> ResolvedBase:
    """Settle for the one class that an architecture file has the tree of."""
    request, own = search.request, str(tree.class_name)
    named, task, saved = request.class_name, request.task_type, request.saved_class
    other = wanted_instead(own, named, task, saved, fits=search.add(tree).is_full)
    if other is None:
        return search.settled(tree)
    search.reasons.append(f"`{name}` has the tree of `{own}`, and `{other}` is wanted")
    if named is None:
        return search.settled(tree, certain=False)
    advice = "make one of that class with `loracfg base trace --class`"
    search.faults.append(Fault("base-class", search.reasons[-1], Location(name), advice))
    return search.settled(None)


def _try_catalogue(files: BaseFiles, search: Search) -> Architecture | None:
    """Return the first trusted class that has every module: no checkpoint needs to be read then."""
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
    return ClassSources(search.work, isolated=search.request.isolated, facts=facts)


def files_of(search: Search) -> BaseFiles | None:
    """Return what the request names, with what is wrong with it in the search."""
    request = search.request
    if request.given or request.named is not None:
        files, search.faults = _named(search)
        search.reasons += [fault.message for fault in search.faults]
        return files
    fallback = request.fallback
    if not fallback:
        search.reasons.append("no base was given")
        return None
    model = parse_id(fallback)
    if model is None and (request.isolated or not exists(fallback)):
        search.reasons.append(f"no base was given, and `{fallback}` is not a folder here")
        return None
    if request.isolated and model:
        search.reasons.append(_why_not(absent(model), fallback))
        return None
    revision, online = request.revision, request.online
    work = search.lazy_work
    files, faults = find_model(fallback, request.paths, work, revision, online=online)
    search.reasons += [_why_not(fault, fallback) for fault in faults]
    return files


def _named(search: Search) -> tuple[BaseFiles | None, list[Fault]]:
    request = search.request
    if request.given:
        return request.given.files, list(request.given.faults)
    assert request.named is not None
    return find_model(request.named, request.paths, search.lazy_work, online=request.online)


def _why_not(fault: Fault, fallback: str) -> str:
    if fault.kind.startswith(ID_FAULT):
        return f"no base was given, and {fault.message}: {fault.help}"
    return f"`{fallback}`: {fault.message}"


def _resolve(files: BaseFiles, search: Search, builders: Iterable[ClassBuilder]) -> ResolvedBase:
    saved = _try_checkpoint(files, search)
    if saved and not search.reasons and fit_of(saved, search.request.paths).is_full:
        return search.settled(saved)
    if files.config is None:
        return search.settled(saved, certain=False)
    trusted = _try_classes(files.config, search, builders)
    built = [(fit, tree) for fit, tree in search.tried if tree is not saved]
    named = [(fit, tree) for fit, tree in built if fit.class_name in trusted]
    for fit, tree in named:
        if fit.is_full:
            first = named[0][0]
            search.default_class = (
                first if first.class_name == trusted[0] and first != fit else None
            )
            return search.settled(tree)
    if saved and (not built or fit_of(saved, search.request.paths).is_full):
        return _from_checkpoint(saved, built, search)
    if not named:
        return _from_others(built, search)
    if _lacks_code(files):
        search.reasons.append(_OWN_CODE)
        return search.settled(named[0][1], certain=False)
    return search.settled(named[0][1])


def _from_others(built: list[tuple[Fit, Architecture]], search: Search) -> ResolvedBase:
    """Take a class that nothing names, but that has every module."""
    for fit, tree in built:
        if fit.is_full:
            search.reasons.append(
                "no class that the config or the adapter names is known here; "
                f"`{fit.class_name}` was taken, since it has the adapter's modules"
            )
            return search.settled(tree, certain=False)
    if search.files and _lacks_code(search.files):
        search.reasons.append(_OWN_CODE)
    elif built:
        best = max((fit for fit, _ in built), key=lambda fit: fit.matched)
        search.reasons.append(
            "neither the base's config nor the adapter names a class, and none that was tried has "
            f"the adapter's modules: `{best.class_name}` has {best.matched} of {best.total}"
        )
    return search.settled(None)


def _lacks_code(files: BaseFiles) -> bool:
    """Tell whether a base brings code along of which nothing is known."""
    from loracfg.base.catalogue import lookup

    config = files.config or {}
    has_facts = files.facts is not None and lookup.has_type(config, files.facts)
    return bool(config.get("auto_map")) and not has_facts


def _from_checkpoint(
    saved: Architecture, built: list[tuple[Fit, Architecture]], search: Search
) -> ResolvedBase:
    """Settle for the checkpoint's own names, which the classes do not bear out."""
    fit = fit_of(saved, search.request.paths)
    if not fit.is_full:
        search.reasons.append(
            f"{fit.total - fit.matched} modules that the adapter names are not in the checkpoint"
        )
    if built:
        other = built[0][0]
        search.reasons.append(
            f"the adapter's modules are those of the checkpoint, but `{other.class_name}` has "
            f"{other.matched} of {other.total}"
        )
    return search.settled(saved, certain=False)


def _try_checkpoint(files: BaseFiles, search: Search) -> Architecture | None:
    """Return the tree of the checkpoint as the adapter's class has it, noting what is doubtful."""
    from loracfg.base.from_checkpoint.checkpoint import read_checkpoint, tree_of_checkpoint

    if files.folder is not None:
        tree, faults = read_checkpoint(files.folder, files.config)
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
        search.reasons.append("transformers 5 stacks the experts that the checkpoint has singly")
    tree, why = _as_class(tree, search.request)
    doubts = [doubt(files.config), why]
    doubts += [fault.message for fault in faults]
    search.reasons += [reason for reason in doubts if reason]
    search.add(tree)
    return tree


def _as_class(tree: Architecture, request: BaseRequest) -> tuple[Architecture, str | None]:
    """Return the tree as the adapter's class has it, and what speaks against it."""
    own = tree.class_name
    named = request.class_name or request.saved_class
    if named is None and request.task_type in TASK_CLASSES:
        if own is None or not re.fullmatch(TASK_CLASSES[request.task_type], own):
            what = f"the checkpoint is that of `{own}`" if own else "the config names no class"
            return for_head(tree), f"{what}, the adapter is for `{request.task_type}`"
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
    return view, f"the checkpoint is not known to be that of `{wanted}`"


def _try_classes(
    config: Mapping[str, object], search: Search, builders: Iterable[ClassBuilder]
) -> list[str]:
    """Build classes until one has every module, and return the trusted ones among them."""
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
        search.elsewhere = _older_fits(config, trusted, search)
    if search.elsewhere or _build_until_full(config, others, builder, search):
        return trusted
    older = [n for n in lookup.other_classes(config, LAYOUTS[1]) if n not in trusted]
    names = [*(name for name in others if name in older), *older]
    search.elsewhere = _older_fits(config, names, search)
    return trusted


def _build_until_full(
    config: Mapping[str, object], names: list[str], builder: ClassBuilder, search: Search
) -> bool:
    """Build classes, and tell whether one has every module; those after it are not built."""
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
    """Return the first class of transformers 4 that has every module under its name there."""
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
    """Return why no class can be tried."""
    from loracfg.base.catalogue import lookup

    model_type = config.get("model_type")
    if later := lookup.came_later(config):
        return later
    if config.get("auto_map"):
        return _OWN_CODE
    if not isinstance(model_type, str):
        return "the base's config has no `model_type`"
    if lookup.knows(config):
        return (
            f"no auto class of {lookup.library()} takes the model type `{model_type}`, and neither "
            "the config nor the adapter names a class"
        )
    return f"the model type `{model_type}` is not known here"
