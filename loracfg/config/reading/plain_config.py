"""The short way to read a config: without pydantic, where every value is plainly right.

It answers by `field_table.py`, which is made of the models, and leaves to them (`with_models.py`)
whatever may need a word: unknown keys, nested configs, values that are refused or seldom seen.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from math import isfinite
from typing import TYPE_CHECKING, Any, Final, Self

from loracfg.config.history.field_facts import default_of
from loracfg.config.history.field_table import ACCEPTED, DEFAULTS
from loracfg.config.model.config_values import PlainValues
from loracfg.config.model.known_names import find_init
from loracfg.config.model.regexes import compile_error, is_plain
from loracfg.config.reading.config_reading import ConfigReading
from loracfg.document.json_document import Document

if TYPE_CHECKING:
    from loracfg.config.model.nested import LoraRuntimeConfig

MAX_CHARACTERS: Final = 65_536
"""The length of a text up to which it is read here; PEFT writes some thousand characters."""

_MAX_INTEGER: Final = 2**53
_FLAGS: Final = r"\(\?[^:=!<]"
"""What may make a pattern slow to compile: flags, by which ranges ignore case, and names."""

_NEW: Final = tuple(name for name, default in DEFAULTS.items() if isinstance(default, dict))
"""Fields whose default each config has for itself."""


class PlainConfig(PlainValues):
    """A config of the newest release as plain values; `plain_config` makes it of all of them."""

    def __init__(self, values: Mapping[str, object]) -> None:
        """Hold these values as they are."""
        self.__dict__.update(values)

    def model_copy(self, *, update: Mapping[str, object]) -> Self:
        """Return a copy in which some values are others."""
        return type(self)({**self.__dict__, **update})

    @property
    def runtime_config(self) -> LoraRuntimeConfig:
        """The choices for one run, which are never in a file."""
        from loracfg.config.model.nested import LoraRuntimeConfig

        return LoraRuntimeConfig()


def plain_config(values: Mapping[str, object]) -> PlainConfig | None:
    """Return the config of these values, None where the models must judge them."""
    for name, value in values.items():
        if name in _ABSENT and value is _ABSENT[name]:  # most values of a file
            continue
        for kind, *bounds in ACCEPTED.get(name, ()):
            if _TESTS[kind](value, *bounds):
                break
        else:
            return None
    return PlainConfig({**DEFAULTS, **{name: default_of(name) for name in _NEW}, **values})


def reading_of(document: Document) -> ConfigReading:
    """Return what the object of a document says as a config."""
    return read_plainly(document) or read_with_models(document)


def read_plainly(document: Document) -> ConfigReading | None:
    """Return the reading of a config without any fault, None where the models must judge it."""
    config = plain_config(document.value) if len(document.text) <= MAX_CHARACTERS else None
    return ConfigReading.of(config, document.value) if config else None


def read_with_models(document: Document) -> ConfigReading:
    """Return the reading of any config, as the models judge it."""
    from loracfg.config.model.lora_config import LoraConfig
    from loracfg.config.reading.with_models import read_config

    return read_config(document, LoraConfig)


def _is(kind: tuple[Any, ...], value: Any) -> bool:
    return _TESTS[kind[0]](value, *kind[1:])


def _is_null(value: Any) -> bool:
    return value is None


def _is_flag(value: Any) -> bool:
    return value is True or value is False


def _is_integer(value: Any, *bounds: _Bound) -> bool:
    return type(value) is int and abs(value) < _MAX_INTEGER and _is_within(value, bounds)


def _is_number(value: Any, *bounds: _Bound) -> bool:
    if type(value) is float:
        return isfinite(value) and _is_within(value, bounds)
    return _is_integer(value, *bounds)


def _is_within(value: float, bounds: Iterable[_Bound]) -> bool:
    return all(_COMPARISONS[name](value, bound) for name, bound in bounds)


def _is_text(value: Any, least: int) -> bool:
    return type(value) is str and len(value) >= least and _can_be_written(value)


def _can_be_written(text: str) -> bool:
    """Tell whether a text has no half of a surrogate pair, which the models refuse."""
    try:
        return text.isascii() or bool(text.encode())
    except UnicodeEncodeError:
        return False


def _is_word(value: Any, *words: str) -> bool:
    return type(value) is str and value in words


def _is_init(value: Any) -> bool:
    return type(value) is str and find_init(value) is not None


def _is_pattern(value: Any, least: int, template: str) -> bool:
    """Tell whether a text is a pattern that compiles, and surely in little time."""
    if not _is_text(value, least):
        return False
    if is_plain(value):
        return True
    return value.isascii() and not re.search(_FLAGS, value) and not compile_error(template, value)


def _is_list(value: Any, least: int, item: tuple[Any, ...]) -> bool:
    return type(value) is list and len(value) >= least and all(_is(item, one) for one in value)


def _is_map(value: Any, key: tuple[Any, ...], item: tuple[Any, ...]) -> bool:
    if type(value) is not dict:
        return False
    return all(_is(key, name) and _is(item, one) for name, one in value.items())


def _is_empty(value: Any) -> bool:
    return type(value) is dict and not value


def _is_object(value: Any) -> bool:
    """Tell whether an object holds simple values only, as PEFT's `auto_mapping` does."""
    if type(value) is not dict or not all(_is_text(name, 0) for name in value):
        return False
    return all(_is_null(v) or _is_flag(v) or _is_text(v, 0) for v in value.values())


_Bound = tuple[str, float]
_COMPARISONS: Final = {"ge": operator.ge, "gt": operator.gt, "le": operator.le, "lt": operator.lt}
_TESTS: Final[Mapping[str, Callable[..., bool]]] = {
    "null": _is_null,
    "flag": _is_flag,
    "integer": _is_integer,
    "number": _is_number,
    "text": _is_text,
    "word": _is_word,
    "init": _is_init,
    "pattern": _is_pattern,
    "list": _is_list,
    "map": _is_map,
    "empty": _is_empty,
    "object": _is_object,
}
"""The tests of the kinds of value that `ACCEPTED` names, with their arguments."""

_ABSENT: Final = {
    name: value
    for name, value in DEFAULTS.items()
    if (value is None or value is False) and any(_is(kind, value) for kind in ACCEPTED[name])
}
"""The defaults that are null or false, where these are accepted."""
