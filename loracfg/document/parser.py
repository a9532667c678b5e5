"""A JSON parser that keeps the position of every key and value.

It accepts what Python's `json.loads` accepts (NaN and repeated keys included, since PEFT reads with
it) up to two limits, and gives equal values; what strict readers would refuse is noted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from json import JSONDecodeError
from json.decoder import scanstring  # type: ignore[attr-defined]  # C, public since Python 2.6
from typing import TYPE_CHECKING, Any, Final

from loracfg.document.plain import MAX_DEPTH, MAX_VALUES
from loracfg.document.pointer import escape
from loracfg.document.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLANK: Final = re.compile(r"[ \t\n\r]*")
_NUMBER: Final = re.compile(r"(-?(?:0|[1-9][0-9]*))(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_WORDS: Final[dict[str, Any]] = {"null": None, "true": True, "false": False}
_NON_FINITE: Final = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}
_WORD: Final = re.compile("|".join((*_WORDS, *_NON_FINITE)))
_CUT_NUMBER: Final = re.compile(r"\.|[eE][-+]?")
_CUT_ESCAPE: Final = re.compile(r"u[0-9a-fA-F]{0,4}")
_FOREIGN: Final = (
    ("'", "JSON strings take double quotes"),
    ("True", "JSON writes `true`, not `True`"),
    ("False", "JSON writes `false`, not `False`"),
    ("None", "JSON writes `null`, not `None`"),
    ("#", "JSON has no comments"),
    ("//", "JSON has no comments"),
    ("/*", "JSON has no comments"),
)


@dataclass(frozen=True, slots=True)
class Span:
    """Character offsets of a member: of its key (None in arrays and at the root) and its value."""

    value: tuple[int, int]
    key: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class RepeatedKey:
    """A key that an object names more than once, at `spans` in their order; the last value wins."""

    pointer: str
    spans: tuple[Span, ...]

    @property
    def first(self) -> Span:
        """The member that readers overlook."""
        return self.spans[0]

    @property
    def last(self) -> Span:
        """The member whose value is in force."""
        return self.spans[-1]

    @property
    def count(self) -> int:
        """How often the key stands."""
        return len(self.spans)


@dataclass(slots=True)
class Parsed:
    """The value of a JSON text and the places in it, by JSON pointer."""

    value: Any = None
    spans: dict[str, Span] = field(default_factory=dict)
    repeated: list[RepeatedKey] = field(default_factory=list)
    non_finite: list[str] = field(default_factory=list)


class JsonSyntaxError(Exception):
    """The text is not JSON: what is wrong, where, and whether the text just ends there."""

    def __init__(self, message: str, offset: int, *, truncated: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.truncated = truncated


class JsonLimitError(Exception):
    """The text may be JSON, but is more than is read: which limit, and at which offset."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


def parse(text: str) -> Parsed:
    """Parse a JSON text.

    Raises:
        JsonSyntaxError: if it is not JSON.
        JsonLimitError: if it nests deeper than `MAX_DEPTH` or holds more than `MAX_VALUES` values.
    """
    parser = _Parser(text)
    start = parser.skip(0)
    value, end = parser.read(start, "", 0)
    parser.spans[""] = Span((start, end))
    rest = parser.skip(end)
    if rest != len(text):
        raise parser.unexpected(rest, "the end of the file")
    repeated = [RepeatedKey(pointer, tuple(spans)) for pointer, spans in parser.repeated.items()]
    return Parsed(value, parser.spans, repeated, list(parser.non_finite))


def _inside(pointer: str, value: Any) -> Iterator[str]:
    """Walk the pointers of all values inside a value."""
    if isinstance(value, dict):
        steps = [(escape(key), item) for key, item in value.items()]
    elif isinstance(value, list):
        steps = [(str(index), item) for index, item in enumerate(value)]
    else:
        return
    for step, item in steps:
        child = f"{pointer}/{step}"
        yield child
        yield from _inside(child, item)


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.count = 0
        self.spans: dict[str, Span] = {}
        self.repeated: dict[str, list[Span]] = {}
        self.non_finite: dict[str, None] = {}

    def skip(self, at: int) -> int:
        match = _BLANK.match(self.text, at)
        return match.end() if match else at

    def read(self, at: int, pointer: str, depth: int) -> tuple[Any, int]:
        char = self.text[at : at + 1]
        self.count += 1
        if self.count > MAX_VALUES:
            raise JsonLimitError(
                f"the file holds more than the {MAX_VALUES} values that are read", at
            )
        if char == '"':
            return self.string(at)
        if char == "{":
            return self.object(at, pointer, self.deeper(at, depth))
        if char == "[":
            return self.array(at, pointer, self.deeper(at, depth))
        word = _WORD.match(self.text, at)
        if word:
            if word[0] in _WORDS:
                return _WORDS[word[0]], word.end()
            self.non_finite[pointer] = None
            return _NON_FINITE[word[0]], word.end()
        number = _NUMBER.match(self.text, at)
        if number:
            return self.number(number, pointer), number.end()
        raise self.unexpected(at, "a value")

    def deeper(self, at: int, depth: int) -> int:
        if depth == MAX_DEPTH:
            raise JsonLimitError(
                f"the file nests deeper than the {MAX_DEPTH} levels that are read", at
            )
        return depth + 1

    def number(self, match: re.Match[str], pointer: str) -> int | float:
        whole, fraction, exponent = match.groups()
        if fraction is None and exponent is None:
            try:
                return int(whole)
            except ValueError:
                raise JsonSyntaxError("a number with too many digits", match.start()) from None
        value = float(match[0])
        if value in (float("inf"), float("-inf")):
            self.non_finite[pointer] = None
        return value

    def string(self, at: int) -> tuple[str, int]:
        try:
            value, end = scanstring(self.text, at + 1, True)
        except JSONDecodeError as error:
            raise self.bad_string(at, error) from None
        return value, end

    def bad_string(self, start: int, error: JSONDecodeError) -> JsonSyntaxError:
        """Say in our own words, and at the place to look at, what the C scanner found."""
        at = error.pos
        if error.msg.startswith("Unterminated") or _CUT_ESCAPE.fullmatch(self.text, at):
            return JsonSyntaxError("a string is not closed", start, truncated=True)
        if error.msg.startswith("Invalid control"):
            if self.text[at] in "\r\n":
                return JsonSyntaxError("a line ends inside a string", start)
            char = printable(self.text[at])
            return JsonSyntaxError(f"a string holds the control character `{char}`", at)
        if error.msg.startswith("Invalid \\u"):
            return JsonSyntaxError("`\\u` stands without four hexadecimal digits", at - 1)
        escaped = printable(self.text[at + 1 : at + 2])
        return JsonSyntaxError(f"`\\{escaped}` is no escape of JSON", at)

    def object(self, at: int, pointer: str, depth: int) -> tuple[dict[str, Any], int]:
        result: dict[str, Any] = {}
        spans = self.spans
        at = self.skip(at + 1)
        if self.text[at : at + 1] == "}":
            return result, at + 1
        while True:
            if self.text[at : at + 1] != '"':
                raise self.unexpected(at, "a key in double quotes")
            key_start = at
            key, at = self.string(at)
            key_span = (key_start, at)
            at = self.skip(at)
            if self.text[at : at + 1] != ":":
                raise self.unexpected(at, "`:`")
            at = self.skip(at + 1)
            child = f"{pointer}/{escape(key)}"
            earlier = spans.get(child) if key in result else None
            if earlier:
                self.forget(child, result[key])
            start = at
            result[key], at = self.read(at, child, depth)
            spans[child] = Span((start, at), key_span)
            if earlier:
                self.repeated.setdefault(child, [earlier]).append(spans[child])
            at, ended = self.next_member(at, "}")
            if ended:
                return result, at

    def array(self, at: int, pointer: str, depth: int) -> tuple[list[Any], int]:
        result: list[Any] = []
        at = self.skip(at + 1)
        if self.text[at : at + 1] == "]":
            return result, at + 1
        while True:
            child = f"{pointer}/{len(result)}"
            start = at
            value, at = self.read(at, child, depth)
            result.append(value)
            self.spans[child] = Span((start, at))
            at, ended = self.next_member(at, "]")
            if ended:
                return result, at

    def next_member(self, at: int, closing: str) -> tuple[int, bool]:
        at = self.skip(at)
        char = self.text[at : at + 1]
        if char == closing:
            return at + 1, True
        if char != ",":
            raise self.unexpected(at, f"`,` or `{closing}`")
        comma = at
        at = self.skip(at + 1)
        if self.text[at : at + 1] == closing:
            raise JsonSyntaxError(f"a comma stands before `{closing}`", comma)
        return at, False

    def forget(self, pointer: str, value: Any) -> None:
        """Drop what an overwritten member left behind."""
        self.non_finite.pop(pointer, None)
        for stale in _inside(pointer, value):
            self.spans.pop(stale, None)
            self.non_finite.pop(stale, None)
            self.repeated.pop(stale, None)

    def unexpected(self, at: int, wanted: str) -> JsonSyntaxError:
        if at >= len(self.text):
            message = f"the text ends where {wanted} is expected"
            return JsonSyntaxError(message, at, truncated=True)
        if self.cut_off(at):
            return JsonSyntaxError("the text ends inside a value", at, truncated=True)
        for start, hint in _FOREIGN:
            if self.text.startswith(start, at):
                return JsonSyntaxError(hint, at)
        return JsonSyntaxError(f"expected {wanted}, got `{printable(self.text[at])}`", at)

    def cut_off(self, at: int) -> bool:
        """Tell whether the text from here to its end is the start of a word or of a number."""
        if any(word.startswith(self.text[at : at + 10]) for word in (*_WORDS, *_NON_FINITE)):
            return True
        return self.text[at - 1 : at].isdecimal() and bool(_CUT_NUMBER.fullmatch(self.text, at))
