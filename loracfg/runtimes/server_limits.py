"""The settings that an engine's server may be started with, and how values are given for them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any, Final, NamedTuple

from loracfg.errors import LoracfgError
from loracfg.runtimes.versions import NUMBER, Word, words_of

Value = bool | int | float | str | tuple[str, ...]
"""What a setting is set to; 0, no text and no words mean that there is no such limit."""

WITH: Final = "with "
WITHOUT: Final = "without "
"""How conditions begin that ask for a setting."""
_DECIMAL: Final = rf"{NUMBER}(\.{NUMBER})?"
_WORDS: Final = r"[A-Za-z0-9_]{1,100}(\+[A-Za-z0-9_]{1,100}){0,99}"
_TEXT: Final = r"[^,\x00-\x1f]{1,1000}"
_FLAG: Final = "[Tt]rue|[Ff]alse"


class Limit(NamedTuple):
    """A setting: what it is if nobody gives it, which tells its kind, and what it may be given.

    Without `choices` it takes any value of its kind. It is one of the `versions` only.
    """

    default: Value
    choices: tuple[Word, ...] = ()
    versions: str = ""

    @property
    def is_flag(self) -> bool:
        """Whether its name alone turns it on."""
        return isinstance(self.default, bool) or any(one.text == "true" for one in self.choices)

    @property
    def form(self) -> str:
        """A regular expression of the values that it takes."""
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
        """A value that it takes."""
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
        """Return the value that a text gives, None if it gives none."""
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
    """Return a setting of the facts: its default, or a table with its `default` and more."""
    if not isinstance(data, dict):
        return Limit(_value(data))
    choices = tuple(words_of(data.get("choices", "")))
    return Limit(_value(data["default"]), choices, data.get("versions", ""))


def _value(data: Any) -> Value:
    value: Value = tuple(data) if isinstance(data, list) else data
    return value


def named(engine: str, text: str, known: Iterable[str]) -> str:
    """Return the name of a setting that is written as on a command line, or as in facts.

    Raises:
        LoracfgError: if the engine has no such setting.
    """
    name, known = text.strip().removeprefix("--").replace("-", "_"), tuple(known)
    if name in known:
        return name
    if not known:
        raise LoracfgError(f"`{engine}` has no setting `{text}`", "leave it out")
    meant = "".join(f"; did you mean `{one}`?" for one in get_close_matches(name, known, 1))
    listed = ", ".join(f"`{one}`" for one in known)
    raise LoracfgError(f"`{engine}` has no setting `{text}`{meant}", f"give one of {listed}")


def read(name: str, limit: Limit, text: str | None) -> Value:
    """Return the value that is given for a setting; its name alone turns a flag on.

    Raises:
        LoracfgError: if it takes no such value.
    """
    given = "true" if text is None and limit.is_flag else text
    value = None if given is None else limit.read(given)
    if value is None:
        written = f"`{name}` is given no value" if text is None else f"`{text}` is no `{name}`"
        if limit.choices:
            choices = ", ".join(f"`{one.text}`" for one in limit.choices)
            raise LoracfgError(written, f"give one of {choices}")
        raise LoracfgError(written, f"give it as in `{name}={limit.example}`")
    return value


def pattern(limits: Iterable[tuple[str, Limit]]) -> str:
    """Return a regular expression of the settings that may stand behind an engine's name."""
    forms = [_form(name, limit) for name, limit in limits]
    return f"(,({'|'.join(forms)}))*" if forms else ""


def _form(name: str, limit: Limit) -> str:
    value = f"=({limit.form})"
    return f"{name}({value})?" if limit.is_flag else f"{name}{value}"
