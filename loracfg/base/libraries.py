"""Combines the sources of architectures for a `config.json`: the catalogue and transformers.

The catalogue comes first. For what it declines, the installed transformers is used: its
constructors are followed without torch if that release may know more than the catalogue; otherwise
the model is built with torch.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from loracfg.base import facts_file
from loracfg.base.architecture import Architecture
from loracfg.base.catalogue import lookup
from loracfg.base.catalogue.evaluation.refusals import SpentError
from loracfg.base.class_builder import CannotBuildError, ClassBuilder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loracfg.base.catalogue.index import Layout
    from loracfg.base.catalogue.work import Work

GIVE_CHECKPOINT: Final = "pass the folder with the checkpoint"
INSTALL: Final = f"install `loracfg[transformers]`, or {GIVE_CHECKPOINT}"
INSTALL_TORCH: Final = f"install `loracfg[torch,transformers]`, or {GIVE_CHECKPOINT}"


class ClassSources:
    """The `ClassBuilder` that combines all sources for one request.

    Args:
        work: the work of the catalogue for this request, and its budget.
        isolated: whether only the catalogue is used, because no code of other libraries may run.
        facts: the user's own facts, which take precedence.
    """

    def __init__(self, work: Work, *, isolated: bool = False, facts: Layout | None = None) -> None:
        self._work = work
        self._isolated = isolated
        self._facts = facts

    def unavailable(self) -> str | None:
        """Return None: the catalogue is always available."""
        return None

    def trusted_classes(
        self,
        config: Mapping[str, object],
        task_type: str | None = None,
        explicit: str | None = None,
        saved_class: str | None = None,
    ) -> list[str]:
        """Return the classes of the adapter, its task and the config, in this order."""
        named = task_type, explicit, saved_class
        if own := self._own_facts(config):
            return lookup.trusted_classes(config, *named, own)
        if lookup.diffusers_class(config) is None and not lookup.knows(config):
            layout = self._followed(config)
            if layout is not None:
                return lookup.trusted_classes(config, *named, layout)
            source = self._transformers()
            if source is not None:
                return source.trusted_classes(config, *named)
        return lookup.trusted_classes(config, *named)

    def other_classes(self, config: Mapping[str, object]) -> list[str]:
        """Return the other classes of the config's model type."""
        if own := self._own_facts(config):
            return lookup.other_classes(config, own)
        if lookup.knows(config):
            return lookup.other_classes(config)
        layout = self._followed(config)
        if layout is not None:
            return lookup.other_classes(config, layout)
        source = self._transformers()
        return source.other_classes(config) if source else []

    def build(self, config: Mapping[str, object], class_name: str) -> Architecture:
        """Return the module tree of a class, from the catalogue or from transformers.

        If the catalogue has the class but not the config's model type, the installed release comes
        first: it may have both and read such a config differently.

        Raises:
            CannotBuildError: if neither can build it.
        """
        if own := self._own_facts(config):
            return facts_file.build(own, config, class_name, self._work)
        if lookup.knows(config) or self._followed(config) is None:
            try:
                return lookup.build(config, class_name, work=self._work)
            except CannotBuildError as error:
                return self._build_otherwise(config, class_name, error)
        declined = CannotBuildError("the catalogue does not have the config's model type")
        return self._build_otherwise(config, class_name, declined)

    def _build_otherwise(
        self, config: Mapping[str, object], class_name: str, declined: CannotBuildError
    ) -> Architecture:
        """Return the tree of a class that the catalogue declined, if other code may run."""
        if self._isolated:
            raise CannotBuildError(declined.message, GIVE_CHECKPOINT) from declined
        return self._build_with_library(config, class_name, declined)

    def _build_with_library(
        self, config: Mapping[str, object], class_name: str, declined: CannotBuildError
    ) -> Architecture:
        """Return the tree that the installed transformers has for a class and a config."""
        from loracfg.base.from_library import built as transformers
        from loracfg.base.from_library import followed as from_library

        layout = self._followed(config)
        if layout is not None and not isinstance(declined.__cause__, SpentError):
            try:
                return from_library.build(layout, config, class_name, self._work)
            except CannotBuildError as error:
                declined = error
        if isinstance(declined.__cause__, SpentError):
            raise declined
        if lookup.diffusers_class(config) is not None:
            raise CannotBuildError(declined.message, GIVE_CHECKPOINT) from declined
        missing = transformers.unavailable()
        if missing:
            help_text = INSTALL_TORCH if layout or lookup.knows(config) else INSTALL
            raise CannotBuildError(f"{declined.message}, and {missing}", help_text) from declined
        found = from_library.installed()
        tree = transformers.build(config, class_name)
        return replace(tree, library=found.library if found else None)

    def _own_facts(self, config: Mapping[str, object]) -> Layout | None:
        """Return the user's own facts, if they cover the config's model type."""
        return self._facts if self._facts and lookup.has_type(config, self._facts) else None

    def _followed(self, config: Mapping[str, object]) -> Layout | None:
        """Return the facts of the installed library, if they may add to the catalogue."""
        if self._isolated:
            return None
        from loracfg.base.from_library import followed as from_library

        return from_library.layout_for(config)

    def _transformers(self) -> ClassBuilder | None:
        from loracfg.base.from_library import built as transformers

        if self._isolated or transformers.unavailable() is not None:
            return None
        return transformers
