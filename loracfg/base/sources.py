"""The sources of architectures that work from a `config.json`, as one: the catalogue, transformers.

The catalogue answers first. What it declines is built with transformers where that is installed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from loracfg.base.architecture import Architecture
from loracfg.base.builder import Builder, CannotBuildError
from loracfg.base.catalogue import lookup
from loracfg.base.catalogue.evaluation.errors import SpentError

if TYPE_CHECKING:
    from loracfg.base.catalogue.work import Work

GIVE_CHECKPOINT: Final = "give the folder that holds the checkpoint"
INSTALL: Final = f"install `loracfg[transformers]`, or {GIVE_CHECKPOINT}"


class Sources:
    """The sources for one request, a `Builder`.

    Args:
        work: what the request has made of the catalogue, and may still cost.
        isolated: whether no code of another library may run, so that the catalogue is alone.
    """

    def __init__(self, work: Work, *, isolated: bool = False) -> None:
        self._work = work
        self._isolated = isolated

    def unavailable(self) -> str | None:
        """Return None: the catalogue is always there."""
        return None

    def trusted_classes(
        self,
        config: dict[str, Any],
        task_type: str | None = None,
        explicit: str | None = None,
        saved_class: str | None = None,
    ) -> list[str]:
        """Return the classes that adapter, task and config name, in this order, each once."""
        if lookup.diffusers_class(config) is None and not lookup.knows(config):
            source = self._transformers()
            if source is not None:
                return source.trusted_classes(config, task_type, explicit, saved_class)
        return lookup.trusted_classes(config, task_type, explicit, saved_class)

    def other_classes(self, config: dict[str, Any]) -> list[str]:
        """Return the further classes that exist for the config's model type."""
        if lookup.knows(config):
            return lookup.other_classes(config)
        source = self._transformers()
        return source.other_classes(config) if source else []

    def build(self, config: dict[str, Any], class_name: str) -> Architecture:
        """Return the module tree of a class: the catalogue's, or what transformers builds.

        Raises:
            CannotBuildError: if neither has an answer.
        """
        try:
            return lookup.build(config, class_name, work=self._work)
        except CannotBuildError as error:
            if lookup.diffusers_class(config) is not None or self._isolated:
                raise CannotBuildError(error.message, GIVE_CHECKPOINT) from error
            if isinstance(error.__cause__, SpentError):
                raise
            source = self._transformers()
            if source is None:
                why = f"{error.message}, and `transformers` is not installed"
                raise CannotBuildError(why, INSTALL) from error
            return source.build(config, class_name)

    def _transformers(self) -> Builder | None:
        from loracfg.base import transformers

        if self._isolated or transformers.unavailable() is not None:
            return None
        return transformers
