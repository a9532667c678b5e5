"""Annotations that describe the history of a field of `adapter_config.json`.

They go into `Annotated[...]`, next to the type in the newest release. `derived_models.py` reads
them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

SAME: Final = object()
"""The annotation does not change this."""

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
    """The type changed in more than one release; `type_at(release)` returns it."""

    type_at: Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Literals:
    """The release whose annotation first lists the permitted strings; before, it was `str`.

    Earlier releases accepted the same strings.
    """

    since: str


class Affects(Enum):
    """What is lost when a release does not have a field and drops its value."""

    NOTHING = "nothing"
    """Nothing that affects a loaded adapter."""

    TRAINING = "training"
    """How training starts or resumes, but not what a trained adapter computes."""

    RESULT = "result"
    """Which layers are adapted, which tensors they have, or what they compute."""
