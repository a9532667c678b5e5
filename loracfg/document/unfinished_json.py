"""Find keys and values in JSON text that is being typed, and need not be JSON at any moment."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

from loracfg.document.plain import MAX_DEPTH
from loracfg.named_tuple import NamedTuple

MAX_CHARACTERS: Final = 1024 * 1024
"""How much of a text is scanned, which takes half a second."""

_TOKEN: Final = re.compile(r'"(?:[^"\\\r\n]|\\.)*\\?(?P<end>")?|[\[\]{}:,]|[^\s\[\]{}:,"]+')
"""A string, which ends with its line if it is not closed; a mark; or a word."""
_CLOSES: Final = {"}": "{", "]": "["}

Role = Literal["key", "value"]
Steps = tuple[str | int, ...]
"""The keys, and indices of lists, that lead to a value."""


class JsonToken(NamedTuple):
    """A key, or a value that is neither a list nor an object.

    Attributes:
        path: the keys and indices that lead to it; of a key, those to its value.
        role: whether it is a key or a value.
        start: the offset of its first character.
        end: the offset after its last one.
        text: the text of a string without quotes and escapes; the characters of anything else.
        is_string: whether it begins with a quote.
        is_closed: whether it ends with one.
    """

    path: Steps
    role: Role
    start: int
    end: int
    text: str
    is_string: bool = True
    is_closed: bool = True


class JsonCursor(NamedTuple):
    """Where a cursor is in a text.

    Attributes:
        path: the keys and indices that lead to the key or value there.
        role: whether there is, or could be, a key or a value; None if there must be a mark first.
        token: what the cursor is in or at the end of; None between others.
    """

    path: Steps
    role: Role | None
    token: JsonToken | None = None


@dataclass(slots=True)
class _Level:
    """An object or a list that is open."""

    kind: str
    count: int = 0
    key: str | None = None
    is_after_colon: bool = False
    steps: Steps = field(default=())

    @property
    def role(self) -> Role:
        return "key" if self.kind == "{" and not self.is_after_colon else "value"

    @property
    def path(self) -> Steps:
        """Return the path to what comes next."""
        step = self.count if self.kind == "[" else self.key or ""
        return (*self.steps, step)


class _Place(NamedTuple):
    """What comes next after an offset."""

    offset: int
    path: Steps
    role: Role | None


def json_tokens(text: str) -> list[JsonToken]:
    """Return the keys and plain values of a text, in order."""
    return [one for one in _scan(text) if isinstance(one, JsonToken)]


def json_cursor(text: str, offset: int) -> JsonCursor:
    """Return where a cursor is: in a key or value, or where one could be."""
    last = JsonCursor((), "value")
    for one in _scan(text):
        if (one.start if isinstance(one, JsonToken) else one.offset) > offset:
            break
        if isinstance(one, _Place):
            last = JsonCursor(one.path, one.role)
        elif _is_in(offset, one):
            return JsonCursor(one.path, one.role, one)
        elif one.start < offset:
            last = JsonCursor(one.path, None)
    return last


def _is_in(offset: int, token: JsonToken) -> bool:
    """Tell whether a cursor is between the quotes of a string, or in or after a word."""
    if token.is_string:
        return token.start < offset < token.end + (not token.is_closed)
    return token.start <= offset <= token.end


def _scan(text: str) -> Iterator[JsonToken | _Place]:
    """Yield tokens, and after each mark what can come next, up to `MAX_DEPTH` levels."""
    levels: list[_Level] = []
    for found in _TOKEN.finditer(text[:MAX_CHARACTERS]):
        part = found[0]
        top = levels[-1] if levels else None
        if part in "{[":
            if len(levels) == MAX_DEPTH:
                yield _Place(found.start(), (), None)
                return  # the paths would take memory and time in the square of the levels
            levels.append(_Level(part, steps=top.path if top else ()))
        elif part in "}]":
            _close(levels, _CLOSES[part])
        elif part in ":,":
            _separate(top, part)
        elif top:
            yield _token(found, top)
            continue
        if not levels:
            yield _Place(found.end(), (), None)
        else:
            is_end = part in "}]"
            yield _Place(found.end(), levels[-1].path, None if is_end else levels[-1].role)


def _close(levels: list[_Level], kind: str) -> None:
    """Close the innermost level of a kind, and those inside that were left open."""
    if all(one.kind != kind for one in levels):
        return
    while levels.pop().kind != kind:
        pass


def _separate(level: _Level | None, mark: str) -> None:
    """Go on to the value of a key, or to the next member."""
    if level is None:
        return
    level.is_after_colon = mark == ":"
    if mark == ",":
        level.count += 1
        level.key = None


def _token(found: re.Match[str], level: _Level) -> JsonToken:
    text, start, end = found[0], found.start(), found.end()
    is_string = text.startswith('"')
    is_closed = found["end"] is not None
    value = _unescaped(text, is_closed=is_closed) if is_string else text
    role = level.role
    if role == "key":
        level.key = value
    return JsonToken(level.path, role, start, end, value, is_string, is_closed)


def _unescaped(text: str, *, is_closed: bool) -> str:
    try:
        value = json.loads(text if is_closed else f'{text}"', strict=False)
    except ValueError:
        return text.strip('"')
    return value if isinstance(value, str) else text
