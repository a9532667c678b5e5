"""The settings of an engine's server, and how to parse their values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any, Final

from loracfg.errors import LoracfgError
from loracfg.named_tuple import NamedTuple
from loracfg.runtimes.versions import NUMBER, Word, words_of

Value = bool | int | float | str | tuple[str, ...]
"""The value of a setting; 0, an empty text or no words mean that there is no limit."""

WITH: Final = "with "
WITHOUT: Final = "without "
"""The prefixes of conditions that test a setting."""
_DECIMAL: Final = rf"{NUMBER}(\.{NUMBER})?"
_WORDS: Final = r"[A-Za-z0-9_]{1,100}(\+[A-Za-z0-9_]{1,100}){0,99}"
_TEXT: Final = r"[^,\x00-\x1f]{1,1000}"
_FLAG: Final = "[Tt]rue|[Ff]alse"


class Limit(NamedTuple):
    """A setting.

    Attributes:
        default: the default, which also sets the kind of value.
        choices: the values that it accepts; if empty, any value of its kind.
        versions: the versions that have it.
    """

    default: Value
    choices: tuple[Word, ...] = ()
    versions: str = ""

    @property
    def is_flag(self) -> bool:
        """Whether its name alone switches it on."""
        return isinstance(self.default, bool) or any(one.text == "true" for one in self.choices)

    @property
    def form(self) -> str:
        """A regular expression for the values that it accepts."""
        if self.choices:
            return "|".join(re.escape(one.text) for one in self.choices)
        match self.default:
            case bool():
                return _FLAG
            case int():
                return NUMBER
            case float():
                return _DECIMAL
            case str():
                return _TEXT
        return _WORDS

    @property
    def example(self) -> str:
        """A value that it accepts."""
        if self.choices:
            return self.choices[-1].text
        match self.default:
            case bool():
                return "true"
            case int() | float():
                return "64"
            case str():
                return "name"
        return "q_proj+v_proj"

    def read(self, text: str) -> Value | None:
        """Return the value of a text, or None if it is not valid."""
        if not re.fullmatch(self.form, text):
            return None
        match self.default:
            case bool():
                return text.lower() == "true"
            case int():
                return int(text)
            case float():
                return float(text)
            case str():
                return text
        return tuple(text.split("+"))


def limit_of(data: object) -> Limit:
    """Return a setting from the facts, which is its default or a table with `default` and more."""
    if not isinstance(data, dict):
        return Limit(_value(data))
    choices = tuple(words_of(data.get("choices", "")))
    return Limit(_value(data["default"]), choices, data.get("versions", ""))


def _value(data: Any) -> Value:
    value: Value = tuple(data) if isinstance(data, list) else data
    return value


def named(engine: str, text: str, known: Iterable[str]) -> str:
    """Return the name of a setting that is written as on the command line or as in facts.

    Raises:
        LoracfgError: if the engine has no such setting.
    """
    name, known = text.strip().removeprefix("--").replace("-", "_"), tuple(known)
    if name in known:
        return name
    if not known:
        raise LoracfgError(f"`{engine}` has no setting `{text}`", "leave it out")
    raise LoracfgError(f"`{engine}` has no setting `{text}`", advice(name, known))


def advice(name: str, known: Sequence[str]) -> str:
    """Return advice to use one of the known names, which suggests one if it is similar."""
    listed = ", ".join(f"`{one}`" for one in known)
    near = get_close_matches(name, known, 1)
    return f"did you mean `{near[0]}`? Use one of {listed}" if near else f"use one of {listed}"


def read(name: str, limit: Limit, text: str | None) -> Value:
    """Return the value that the user set for a setting. A flag is on without a value.

    Raises:
        LoracfgError: if the value is not valid.
    """
    given = "true" if text is None and limit.is_flag else text
    value = None if given is None else limit.read(given)
    if value is None:
        message = f"`{name}` has no value" if text is None else f"`{text}` is not a valid `{name}`"
        if limit.choices:
            choices = ", ".join(f"`{one.text}`" for one in limit.choices)
            raise LoracfgError(message, f"use one of {choices}")
        raise LoracfgError(message, f"write it as in `{name}={limit.example}`")
    return value


def pattern(limits: Iterable[tuple[str, Limit]]) -> str:
    """Return a regular expression for the settings after an engine's name."""
    forms = [_form(name, limit) for name, limit in limits]
    return f"(,({'|'.join(forms)}))*" if forms else ""


def _form(name: str, limit: Limit) -> str:
    value = f"=({limit.form})"
    return f"{name}({value})?" if limit.is_flag else f"{name}{value}"
