"""Annotations that tell the history of a field of `adapter_config.json`.

They stand in `Annotated[...]` beside the type that the newest release has; `derive.py` reads them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

SAME: Final = object()
"""What an annotation does not speak of."""

NO_DEFAULT: Final = object()
"""The release had no default that could be saved."""


@dataclass(frozen=True, slots=True)
class Since:
    """The first PEFT release whose LoraConfig has the field."""

    release: str


@dataclass(frozen=True, slots=True)
class Until:
    """The first PEFT release whose LoraConfig no longer has the field."""

    release: str


@dataclass(frozen=True, slots=True)
class Before:
    """What was different before a release: the default, or the type.

    A field may have several, the latest release first.
    """

    release: str
    default: Any = SAME
    type: Any = SAME


@dataclass(frozen=True, slots=True)
class ByRelease:
    """The type depends on the release in more than one step: `type_at(release)` gives it."""

    type_at: Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Literals:
    """The wheels' annotation names the permitted strings since a release; before, it was `str`.

    PEFT took the same strings before.
    """

    since: str


class Affects(Enum):
    """What is lost with a field's value when a release that lacks the field drops it."""

    NOTHING = "nothing"
    """Nothing that a loaded adapter does."""

    TRAINING = "training"
    """How training starts or goes on, but not what a trained adapter computes."""

    RESULT = "result"
    """Which layers are adapted, which tensors they have, or what they compute."""
