"""What a source of architectures offers that works from a `config.json`, and how it declines."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, Protocol

from loracfg.base.architecture import Architecture
from loracfg.errors import LoracfgError

MAX_COUNT: Final = 100_000
"""Largest number of layers, blocks or experts that a config may ask for."""
MAX_LISTED: Final = 10_000
"""Longest list with something for each layer, block or stage."""
MAX_VALUES: Final = 100_000
"""Most values of a config; a list or an object counts twice. 22,000 labels by name and number are
44,000."""
MAX_CLASSES: Final = 16
"""Most names in `architectures` that are read; transformers writes one."""

_SIZE: Final = re.compile(r"vocab|size|token|length")
_COUNT: Final = re.compile(r"layer|depth|block|expert|stage")


class CannotBuildError(LoracfgError):
    """A class cannot be built from a config; the message says why in one clause."""


class ClassBuilder(Protocol):
    """A source of architectures by class name; `from_library/built.py` is one, as a module."""

    def unavailable(self) -> str | None:
        """Return why this source cannot be used here, or None if it can."""
        ...

    def trusted_classes(
        self,
        config: Mapping[str, object],
        task_type: str | None,
        explicit: str | None,
        saved_class: str | None,
    ) -> list[str]:
        """Return the classes that the adapter may have been made for, the most trusted first."""
        ...

    def other_classes(self, config: Mapping[str, object]) -> list[str]:
        """Return the further classes that exist for the config's model type."""
        ...

    def build(self, config: Mapping[str, object], class_name: str) -> Architecture:
        """Return the module tree of a class, or raise `CannotBuildError`."""
        ...


def named_classes(config: Mapping[str, object]) -> list[str]:
    """Return the first classes that a config says that its weights were saved from."""
    named = config.get("architectures")
    first = named[:MAX_CLASSES] if isinstance(named, list) else ()
    return [name for name in first if isinstance(name, str)]


def refuse_huge(config: Mapping[str, object]) -> None:
    """Refuse a config whose model would take forever to build, soon and before it is copied.

    Raises:
        CannotBuildError: if it asks for more than `MAX_COUNT` layers, blocks or experts, or has
            more than `MAX_VALUES` values.
    """
    left = MAX_VALUES
    waiting: list[tuple[str, Any]] = [("", config)]
    while waiting:
        key, value = waiting.pop()
        if isinstance(value, (dict, list)):
            left -= len(value) + 1
            if left < 0:
                raise CannotBuildError(f"the config has more than {MAX_VALUES} values")
        if isinstance(value, dict):
            waiting.extend(value.items())
        elif isinstance(value, list):
            if len(value) > MAX_LISTED and _counts(key):
                raise CannotBuildError(
                    f"the config lists {len(value)} by `{key}`, more than {MAX_LISTED}"
                )
            waiting.extend((key, part) for part in value)
        elif isinstance(value, int) and value > MAX_COUNT and _counts(key):
            raise CannotBuildError(f"the config asks for {value} by `{key}`, more than {MAX_COUNT}")


def _counts(key: str) -> bool:
    return bool(_COUNT.search(key)) and not _SIZE.search(key)
