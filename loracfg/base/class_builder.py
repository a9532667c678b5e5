"""The interface of sources that build architectures from a `config.json`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, Protocol

from loracfg.base.architecture import Architecture
from loracfg.errors import LoracfgError

MAX_COUNT: Final = 100_000
"""The maximum number of layers, blocks and experts in a config, added up."""
MAX_LISTED: Final = 10_000
"""The maximum length of a list with an item for each layer, block or stage."""
MAX_VALUES: Final = 100_000
"""The maximum number of values in a config. A list or an object counts twice. A mapping of 22,000
labels and its inverse have 44,000 values."""
MAX_CLASSES: Final = 16
"""The maximum number of names in `architectures` that are read; transformers writes one."""

_SIZE: Final = re.compile(r"vocab|size|token|length")
_COUNT: Final = re.compile(r"layer|depth|block|expert|stage")


class CannotBuildError(LoracfgError):
    """A class cannot be built from a config. The message gives the reason in one clause."""


class ClassBuilder(Protocol):
    """A source of architectures by class name. The module `from_library/built.py` is one."""

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
        """Return the other classes of the config's model type."""
        ...

    def build(self, config: Mapping[str, object], class_name: str) -> Architecture:
        """Return the module tree of a class, or raise `CannotBuildError`."""
        ...


def named_classes(config: Mapping[str, object]) -> list[str]:
    """Return the first classes in a config's `architectures`."""
    named = config.get("architectures")
    first = named[:MAX_CLASSES] if isinstance(named, list) else ()
    return [name for name in first if isinstance(name, str)]


def refuse_huge(config: Mapping[str, object]) -> None:
    """Quickly reject a config with a model that would take too long to build.

    Raises:
        CannotBuildError: if it has more than `MAX_COUNT` layers, blocks and experts, or more than
            `MAX_VALUES` values.
    """
    left, counted = MAX_VALUES, 0
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
                    f"the config lists {len(value)} items in `{key}`, more than {MAX_LISTED}"
                )
            waiting.extend((key, part) for part in value)
        elif isinstance(value, int) and value > 0 and _counts(key):
            if value > MAX_COUNT:
                raise CannotBuildError(f"the config sets `{key}` to {value}, more than {MAX_COUNT}")
            counted += value
            if counted > MAX_COUNT:
                raise CannotBuildError(
                    f"the config has more than {MAX_COUNT} layers, blocks and experts"
                )


def _counts(key: str) -> bool:
    return bool(_COUNT.search(key)) and not _SIZE.search(key)
