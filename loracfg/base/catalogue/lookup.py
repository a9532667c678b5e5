"""Builds architectures from the catalogue in milliseconds, without torch and transformers.

For any config, the catalogue returns what transformers builds, or it declines.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from loracfg.base.architecture import Architecture
from loracfg.base.catalogue.index import DIFFUSERS, LAYOUTS, Layout, layout_of
from loracfg.base.class_builder import CannotBuildError, named_classes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loracfg.base.catalogue.work import Work

_MOST_PARTS: Final = 16
"""The maximum number of nested configs that are used; models have a handful."""
_LONGEST_KEPT: Final = 1 << 18
"""The maximum size in bytes of a config whose trees are cached."""
_MOST_KEPT: Final = 5_000
"""The maximum number of modules of a tree that is cached."""


def library(layout: str = LAYOUTS[0]) -> str:
    """Return the library and release that a layout describes, such as `transformers 5.23.0`."""
    return layout_of(layout).library


def newer_type_note(config: Mapping[str, object]) -> str | None:
    """Return a clause saying that a config's model type is newer than the catalogue, if it is."""
    from loracfg.base.catalogue import newer

    release = library().rpartition(" ")[2]
    return newer.newer_type_note(config.get("model_type"), f"the catalogue has {release}")


def model_types(layout: str = LAYOUTS[0]) -> list[str]:
    """Return the sorted model types of a layout, or the classes of diffusers."""
    return sorted(layout_of(layout).types)


def classes(model_type: str, layout: str = LAYOUTS[0]) -> list[str]:
    """Return the classes of a model type, or an empty list if it is unknown."""
    return layout_of(layout).classes_of(model_type)


def diffusers_class(config: Mapping[str, object]) -> str | None:
    """Return the class of a diffusers config, or None for other configs.

    Diffusers configs have no `model_type` (`to_json_string` in `configuration_utils.py`, 0.42).
    """
    name = config.get("_class_name")
    return name if isinstance(name, str) and "model_type" not in config else None


def knows(config: Mapping[str, object], layout: str = LAYOUTS[0]) -> bool:
    """Tell whether the catalogue has the model type of a config."""
    own = diffusers_class(config)
    if own is not None:
        return bool(classes(own, DIFFUSERS))
    model_type = config.get("model_type")
    return isinstance(model_type, str) and bool(classes(model_type, layout))


def has_type(config: Mapping[str, object], layout: Layout) -> bool:
    """Tell whether a layout has the model type of a config."""
    model_type = config.get("model_type")
    return isinstance(model_type, str) and bool(layout.classes_of(model_type))


def trusted_classes(
    config: Mapping[str, object],
    task_type: str | None = None,
    explicit: str | None = None,
    saved_class: str | None = None,
    layout: str | Layout = LAYOUTS[0],
) -> list[str]:
    """Return the classes of the adapter, its task and the config, in this order.

    Args:
        config: the value of the base's `config.json`.
        task_type: the adapter's task, such as `CAUSAL_LM`.
        explicit: the class that the user named, which is then the only one.
        saved_class: `auto_mapping.base_model_class` of the adapter, the class it was saved from.
        layout: the major release of transformers, or the facts about a different release.
    """
    if explicit:
        return [explicit]
    if one := diffusers_class(config):
        return [one]
    own = named_classes(config)
    chosen = layout if isinstance(layout, Layout) else layout_of(layout)
    mapped = _mapped(config.get("model_type"), task_type, chosen)
    first = [name for name in own if name in mapped] or mapped
    return list(dict.fromkeys(name for name in [saved_class, *first[:1], *own] if name))


def _mapped(model_type: Any, task_type: str | None, layout: Layout) -> list[str]:
    """Return the classes of a task type for a model type, the preferred one first."""
    if not isinstance(model_type, str):
        return []
    mapping, own = layout.task(task_type or ""), layout.config_of(model_type)
    if own is None:
        return []
    same = [model_type, *layout.types.keys_by_first_word(own)]
    return next((mapping[one] for one in same if one in mapping), [])


def other_classes(config: Mapping[str, object], layout: str | Layout = LAYOUTS[0]) -> list[str]:
    """Return the classes that auto classes select for the config's model type and nested configs.

    Classes that no auto class selects are never suggested for loading an adapter.
    """
    chosen = layout if isinstance(layout, Layout) else layout_of(layout)
    selected = (chosen.automatic(one) for one, _ in candidates(config))
    return list(dict.fromkeys(name for names in selected for name in names))


def is_of_other_model(config: Mapping[str, object], class_name: str, work: Work) -> bool:
    """Return whether a class is known to belong to a different model than a config.

    Such a class accepts neither the config nor one inside it, so they do not determine its sizes.
    """
    from loracfg.base.catalogue.evaluation.refusals import DeclinedError, RefusedError

    layout = layout_of(LAYOUTS[0])
    wanted = layout.config_class_of(class_name)
    if wanted is None or not has_type(config, layout):
        return False
    if any(layout.config_of(model_type) == wanted for model_type, _ in candidates(config)):
        return False
    if class_name in named_classes(config):
        return False
    try:
        return not work.is_for(layout, config, class_name)
    except (CannotBuildError, RefusedError, DeclinedError):
        return False


def candidates(config: Mapping[str, object]) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Yield the model types of a config and of the first nested configs, with their values."""
    model_type = config.get("model_type")
    if not isinstance(model_type, str):
        return
    yield model_type, config
    inside = (one for one in config.values() if isinstance(one, dict))
    typed = (one for one in inside if isinstance(one.get("model_type"), str))
    yield from ((one["model_type"], one) for one in islice(typed, _MOST_PARTS))


def build(
    config: Mapping[str, object],
    class_name: str,
    layout: str = LAYOUTS[0],
    work: Work | None = None,
) -> Architecture:
    """Return the module tree of a model class for a `config.json`.

    Args:
        config: the value of the `config.json`.
        class_name: the class.
        layout: the major release of transformers.
        work: the work for this request, and its budget; by default new.

    Raises:
        CannotBuildError: if the catalogue declines; the message says why.
    """
    from loracfg.base.catalogue.work import Work

    work = work or Work()
    content = work.content(config)
    within = layout, class_name, id(config)
    tree = work.trees.get(within)
    if tree is None:
        key = layout, class_name, content
        cache = work.tree_cache if len(content) <= _LONGEST_KEPT else None
        tree = cache.find(key) if cache else None
        if tree is None:
            tree = build_uncached(config, class_name, layout, work)
            if cache and len(tree.modules) <= _MOST_KEPT:
                cache.add(key, tree)
        work.trees[within] = tree
    return tree


def build_uncached(
    config: Mapping[str, object],
    class_name: str,
    layout: str = LAYOUTS[0],
    work: Work | None = None,
) -> Architecture:
    """Do the same as `build`, without the cache."""
    from loracfg.base.catalogue.evaluation.refusals import DeclinedError, RefusedError
    from loracfg.base.catalogue.work import Work

    is_diffusers = class_name == diffusers_class(config)
    chosen = layout_of(DIFFUSERS if is_diffusers else layout)
    if chosen.home_of(class_name) is None:
        of = " of diffusers" if is_diffusers else ""
        missing = f"the catalogue has no class `{class_name}`{of}"
        raise CannotBuildError(newer_type_note(config) or missing)
    try:
        tree = (work or Work()).build(chosen, config, class_name)
    except RefusedError as error:
        why = f"the constructor of `{class_name}` rejects this config: {error.message}"
        raise CannotBuildError(why) from error
    except DeclinedError as error:
        known = chosen.declined(class_name)
        message = (
            f"the catalogue has no facts about `{class_name}`: {known}"
            if known
            else f"the catalogue declines `{class_name}` for this config: {error.message}"
        )
        raise CannotBuildError(message) from error
    renames = chosen.renames(class_name)
    return replace(tree, renames=renames) if renames else tree
