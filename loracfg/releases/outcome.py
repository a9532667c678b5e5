"""What happens when a release of PEFT loads an adapter, as data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

from loracfg.config.model.constraints import Stage
from loracfg.named_tuple import NamedTuple


class Effect(IntEnum):
    """How bad the outcome is, from best to worst."""

    LOADS = 0
    """The adapter loads, and every key is known."""

    DROPS = 1
    """The adapter loads. Keys are dropped, but it computes the same."""

    DIFFERS = 2
    """The adapter loads, but computes something different."""

    RAISES = 3
    """The adapter does not load."""


class Reason(NamedTuple):
    """A problem with an adapter in a release.

    `message` is a clause without the release's name. `pointer` is the place in the config, `tensor`
    the place in the weights. `error` is the exception that PEFT raises, if any, and `stage` says
    when. `count` is the number of keys or tensors that are affected.
    """

    effect: Effect
    message: str
    pointer: str | None = None
    tensor: str | None = None
    error: str = ""
    stage: Stage = Stage.LAYERS
    count: int = 1  # type: ignore[assignment]  # in the place of `tuple.count`


@dataclass(frozen=True, repr=False)
class Outcome:
    """All problems with an adapter in a release."""

    reasons: tuple[Reason, ...] = ()

    @cached_property
    def effect(self) -> Effect:
        """The worst effect of all problems."""
        if not self.reasons:  # the most common case
            return Effect.LOADS
        return max(reason.effect for reason in self.reasons)
