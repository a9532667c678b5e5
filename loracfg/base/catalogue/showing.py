"""Shows what the catalogue knows about a model type: `loracfg base show`, `GET /bases/...`."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from loracfg.base.architecture import Architecture
from loracfg.base.catalogue import lookup
from loracfg.base.catalogue.index import DIFFUSERS, LAYOUTS
from loracfg.base.class_builder import CannotBuildError
from loracfg.errors import LoracfgError
from loracfg.named_tuple import NamedTuple
from loracfg.report.audience import advice_for_all
from loracfg.urls import visible_url

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loracfg.base.catalogue.index import Layout
    from loracfg.base.catalogue.program_data import ProgramData

_LISTED: Final = 12
"""The maximum number of names in a message."""
_TASKS: Final = ("CAUSAL_LM", "SEQ_2_SEQ_LM")
"""Tasks with a class that is shown for a config without one."""


class ModelType(NamedTuple):
    """A model type of the catalogue.

    Attributes:
        model_type: its name, or the class of diffusers.
        layout: the layout that has it.
        classes: its classes, the preferred one first; empty if it is only a nested config.
    """

    model_type: str
    layout: str
    classes: list[str]

    @property
    def library(self) -> str:
        """The library that the type belongs to."""
        return DIFFUSERS if self.layout == DIFFUSERS else "transformers"


def find(model_type: str) -> ModelType:
    """Return a model type of the newest layout that has it, or a class of diffusers.

    Raises:
        LoracfgError: if there is none.
    """
    for layout in (*LAYOUTS, DIFFUSERS):
        if model_type in lookup.model_types(layout):
            return ModelType(model_type, layout, lookup.classes(model_type, layout))
    if later := lookup.newer_type_note({"model_type": model_type}):
        raise LoracfgError(later, "a later release of loracfg may have it")
    names = [one for layout in (*LAYOUTS, DIFFUSERS) for one in lookup.model_types(layout)]
    near = get_close_matches(model_type[:100], sorted(set(names)), 3)
    listed = advice_for_all("docs/architectures.md lists all", "see the list of all model types")
    advice = f"did you mean {_either(near)}?" if near else listed
    shown = visible_url(model_type)[:100]
    raise LoracfgError(f"the catalogue has no model type `{shown}`", advice)


def facts(known: ModelType, class_name: str | None = None, layout: Layout | None = None) -> str:
    """Return the facts about a model type as text, in the format of `docs/facts.md`.

    Args:
        known: the model type.
        class_name: a class; by default all classes and the config class.
        layout: the layout with the type; by default that of the catalogue.

    Raises:
        LoracfgError: if the type has no such class, or there are no facts about the class.
    """
    from loracfg.base.catalogue.index import layout_of
    from loracfg.base.catalogue.printing.facts import facts_text

    if class_name is not None:
        _check_class(known, class_name)
    own = layout or layout_of(known.layout)
    programs: dict[str, ProgramData] = {}
    if class_name is None:
        programs[known.model_type] = own.program(known.model_type)
    declined = []
    for name in known.classes if class_name is None else [class_name]:
        try:
            home, program = own.program_of(name)
            programs[home] = program
        except KeyError:
            declined.append(f"declined {name}: {own.declined(name) or 'unknown reason'}\n")
    if class_name is not None and declined:
        why = declined[0].partition(": ")[2].strip()
        raise LoracfgError(f"the catalogue has no facts about `{class_name}`: {why}")
    texts = [facts_text(program, class_name) for program in programs.values()]
    return "\n".join([*texts, *(["".join(declined)] if declined else [])])


def sizes(known: ModelType, config: Mapping[str, object], class_name: str | None = None) -> str:
    """Return the modules of a class for a config as text, with their sizes.

    Args:
        known: the model type.
        config: the value of a `config.json` of that type.
        class_name: the class; by default the one in the config.

    Raises:
        LoracfgError: if the config has a different type, or the catalogue declines it.
    """
    from loracfg.base.outline import outline

    return outline(_built(known, config, class_name))


def _built(known: ModelType, config: Mapping[str, object], class_name: str | None) -> Architecture:
    key = "_class_name" if known.layout == DIFFUSERS else "model_type"
    if not known.classes:
        raise LoracfgError(
            f"`{known.model_type}` has no model class", "use a type that contains it"
        )
    config = {key: known.model_type, **config}
    named = config[key]
    if named != known.model_type:
        raise LoracfgError(
            f"the config is for `{str(named)[:100]}`, not `{known.model_type}`",
            "use the type of the config",
        )
    if class_name is not None:
        _check_class(known, class_name)
    wanted = [
        name
        for task in (None, *_TASKS)
        for name in lookup.trusted_classes(config, task, class_name, layout=known.layout)
    ]
    name = next((one for one in wanted if one in known.classes), known.classes[0])
    try:
        return lookup.build(config, name, known.layout)
    except CannotBuildError as error:
        raise LoracfgError(f"`{name}` cannot be shown for this config: {error}") from error


def _check_class(known: ModelType, class_name: str) -> None:
    if class_name not in known.classes:
        few = known.classes[:_LISTED]
        more = len(known.classes) - len(few)
        listed = ", ".join(f"`{one}`" for one in few) or "none"
        raise LoracfgError(
            f"`{class_name[:100]}` is not a class of `{known.model_type}`",
            f"it has {listed}" + f" and {more} more" * bool(more),
        )


def _either(names: list[str]) -> str:
    quoted = [f"`{name}`" for name in names]
    return " or ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)
