"""What a release of PEFT makes of an adapter, as data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import NamedTuple

from loracfg.config.model.constraints import Stage


class Effect(IntEnum):
    """How much is lost, least first."""

    LOADS = 0
    """The adapter loads, and every key is known."""

    DROPS = 1
    """It loads; keys are dropped, which changes nothing that the adapter computes."""

    DIFFERS = 2
    """It loads, but computes something else than it was saved for."""

    RAISES = 3
    """It does not load."""


class Reason(NamedTuple):
    """Why an adapter does not simply load in a release.

    `message` is a clause without the release's name. `pointer` is the place in the config, `tensor`
    the place in the weights. `error` is the exception that PEFT raises, if it does, and `stage`
    when it does so. `count` is how many keys or tensors show it.
    """

    effect: Effect
    message: str
    pointer: str | None = None
    tensor: str | None = None
    error: str = ""
    stage: Stage = Stage.LAYERS
    count: int = 1  # type: ignore[assignment]  # in the place of `tuple.count`


@dataclass(frozen=True)
class Outcome:
    """All reasons why an adapter does not simply load in a release."""

    reasons: tuple[Reason, ...] = ()

    @cached_property
    def effect(self) -> Effect:
        """The worst of them."""
        if not self.reasons:  # as of most releases
            return Effect.LOADS
        return max(reason.effect for reason in self.reasons)
