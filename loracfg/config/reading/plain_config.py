"""The fast way to read a config: without pydantic, if every value is plainly valid.

It checks values against `field_table.py`, which is generated from the models. Anything else goes to
the models (`with_models.py`): unknown keys, nested configs, invalid values and rare ones.
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
"""The maximum length of a text that is read here; PEFT writes about a thousand characters."""

_MAX_INTEGER: Final = 2**53
_FLAGS: Final = r"\(\?[^:=!<]"
"""Flags and named groups. Flags can make a pattern slow to compile, as ranges then ignore case."""

_MUTABLE: Final = tuple(name for name, default in DEFAULTS.items() if isinstance(default, dict))
"""Fields with a mutable default, which each config gets a copy of."""


class PlainConfig(PlainValues):
    """A config of the newest release with plain values for all fields, from `plain_config`."""

    def __init__(self, values: Mapping[str, object]) -> None:
        """Store these values without checking them."""
        self.__dict__.update(values)

    def model_copy(self, *, update: Mapping[str, object]) -> Self:
        """Return a copy with some values replaced."""
        return type(self)({**self.__dict__, **update})

    @property
    def runtime_config(self) -> LoraRuntimeConfig:
        """The options for a single run, which are never in a file."""
        from loracfg.config.model.nested import LoraRuntimeConfig

        return LoraRuntimeConfig()


def plain_config(values: Mapping[str, object]) -> PlainConfig | None:
    """Return the config with these values, or None if the models have to validate them."""
    for name, value in values.items():
        if name in _UNSET and value is _UNSET[name]:  # most values in a file
            continue
        for kind, *bounds in ACCEPTED.get(name, ()):
            if _TESTS[kind](value, *bounds):
                break
        else:
            return None
    return PlainConfig({**DEFAULTS, **{name: default_of(name) for name in _MUTABLE}, **values})


def reading_of(document: Document) -> ConfigReading:
    """Read the JSON object of a document as a config."""
    return read_plainly(document) or read_with_models(document)


def read_plainly(document: Document) -> ConfigReading | None:
    """Read a config without faults; None if the models have to validate it."""
    config = plain_config(document.value) if len(document.text) <= MAX_CHARACTERS else None
    return ConfigReading.of(config, document.value) if config else None


def read_with_models(document: Document) -> ConfigReading:
    """Read any config with the models."""
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
    """Return whether a text has no lone surrogate, which the models reject."""
    try:
        return text.isascii() or bool(text.encode())
    except UnicodeEncodeError:
        return False


def _is_word(value: Any, *words: str) -> bool:
    return type(value) is str and value in words


def _is_init(value: Any) -> bool:
    return type(value) is str and find_init(value) is not None


def _is_pattern(value: Any, least: int, template: str) -> bool:
    """Return whether a text is a pattern that compiles, and is sure to compile quickly."""
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
    """Return whether an object only has simple values, like PEFT's `auto_mapping`."""
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
"""The test for each kind of value in `ACCEPTED`, which gives the other arguments."""

_UNSET: Final = {
    name: value
    for name, value in DEFAULTS.items()
    if (value is None or value is False) and any(_is(kind, value) for kind in ACCEPTED[name])
}
"""The defaults that are null or false, if the field accepts them."""
