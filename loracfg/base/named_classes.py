"""The classes that the adapter and the base name, and those that inference engines build."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from loracfg.base.architecture import Architecture
from loracfg.base.class_builder import CannotBuildError
from loracfg.base.finding.base_folder import BaseFiles
from loracfg.base.search import ResolvedBase, Search, fit_of

if TYPE_CHECKING:
    from loracfg.base.catalogue.work import Work

_MOST_CLASSES: Final = 8
"""The maximum number of classes of a config that are used; published configs name up to three."""
_OF_TEXT: Final = (None, "CAUSAL_LM", "SEQ_2_SEQ_LM")
"""Tasks with a head that the class in the config already has."""


def set_aside_other_model(files: BaseFiles, search: Search) -> None:
    """Ignore the class that the adapter was saved from if it belongs to a different model."""
    from loracfg.base.catalogue import lookup

    request = search.request
    saved, config = request.saved_class, files.config
    if saved is None or config is None or files.facts or request.class_name:
        return
    if lookup.is_of_other_model(config, saved, search.work):
        search.other_model = saved
        search.request = request._replace(saved_class=None)


def with_class_of_weights(resolved: ResolvedBase, search: Search) -> ResolvedBase:
    """Add the class that the base was saved from, if it has none of the adapter's modules.

    Loading the base by its config gives that class, whatever class the adapter names. If only some
    modules are missing from it, they are a head that is added for a task.
    """
    tree, request = resolved.architecture, search.request
    if tree is None or resolved.default_class or request.class_name or not resolved.saved_as:
        return resolved
    if tree.class_name != request.saved_class or tree.class_name in resolved.saved_as:
        return resolved
    other = tree_of(resolved, resolved.saved_as[0], search.work)
    fit = fit_of(other, request.paths) if other else None
    if fit is None or fit.matched or not fit_of(tree, request.paths).is_full:
        return resolved
    return resolved._replace(default_class=fit)


def tree_of(
    resolved: ResolvedBase, name: str | None, work: Work | None = None
) -> Architecture | None:
    """Return the tree of a different class for the base's config.

    None if it is the class of the tree that was found, or if it is unknown.
    """
    tree = resolved.architecture
    if tree is None or name in (None, tree.class_name):
        return None
    from loracfg.base.catalogue import lookup

    try:
        return lookup.build(dict(resolved.config), f"{name}", work=work)
    except CannotBuildError:
        return None


def classes_of(resolved: ResolvedBase, task_type: str | None) -> tuple[str, ...]:
    """Return the classes that inference engines may build, or none if none are known.

    These are the classes in the config, unless the adapter is for a task other than text
    generation.
    """
    own = resolved.architecture.class_name if resolved.architecture else None
    named = resolved.saved_as[:_MOST_CLASSES]
    if named and (own is None or task_type in _OF_TEXT):
        return named
    return (own,) if own else ()
