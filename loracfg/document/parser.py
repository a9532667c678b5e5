"""A JSON parser that keeps the position of every key and value.

Up to two limits, it accepts what Python's `json.loads` accepts, which PEFT uses, including NaN and
duplicate keys, and returns equal values. It notes what strict readers would reject.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from json import JSONDecodeError
from json.decoder import scanstring  # type: ignore[attr-defined]  # C, public since Python 2.6
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

from loracfg.document.display import printable
from loracfg.document.plain import MAX_DEPTH, MAX_NOTED, MAX_VALUES
from loracfg.document.pointer import escape, unescape

if TYPE_CHECKING:
    from loracfg.document.json_value import Json, JsonObject


T = TypeVar("T")

_BLANK: Final = re.compile(r"[ \t\n\r]*")
_NUMBER: Final = re.compile(r"(-?(?:0|[1-9][0-9]*))(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_WORDS: Final[JsonObject] = {"null": None, "true": True, "false": False}
_NON_FINITE: Final = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}
_WORD: Final = re.compile("|".join((*_WORDS, *_NON_FINITE)))
_CUT_NUMBER: Final = re.compile(r"\.|[eE][-+]?")
_CUT_ESCAPE: Final = re.compile(r"u[0-9a-fA-F]{0,4}")
_FOREIGN: Final = (
    ("'", "JSON strings use double quotes"),
    ("True", "JSON writes `true`, not `True`"),
    ("False", "JSON writes `false`, not `False`"),
    ("None", "JSON writes `null`, not `None`"),
    ("#", "JSON has no comments"),
    ("//", "JSON has no comments"),
    ("/*", "JSON has no comments"),
)


@dataclass(frozen=True, slots=True)
class Span:
    """The character offsets of a member's value and of its key (None in arrays and at the root).

    `inside` has the members of the value if it is an object or an array.
    """

    value: tuple[int, int]
    key: tuple[int, int] | None = None
    inside: dict[str, Span] | Sequence[Span] = field(default=(), compare=False, repr=False)


class Spans(Mapping[str, Span]):
    """The spans of all values in a text, by JSON pointer.

    They are stored as a tree, since the pointers of many values under a long key would be huge.
    """

    def __init__(self, root: Span) -> None:
        """Create a mapping from the root of the tree."""
        self._root = root

    def __getitem__(self, pointer: str) -> Span:
        """Return the span of a value."""
        span = self._root
        for step in pointer.split("/")[1:]:
            span = _member(span.inside, step)
        return span

    def __iter__(self) -> Iterator[str]:
        """Iterate over the pointers of all values, parents first."""
        waiting = [("", self._root)]
        while waiting:
            pointer, span = waiting.pop()
            yield pointer
            inside = span.inside
            steps = map(escape, inside) if isinstance(inside, dict) else range(len(inside))
            spans = inside.values() if isinstance(inside, dict) else inside
            waiting += [(f"{pointer}/{step}", one) for step, one in zip(steps, spans, strict=True)]

    def __len__(self) -> int:
        """Return the number of values."""
        return sum(1 for _ in self)


def _member(inside: dict[str, Span] | Sequence[Span], step: str) -> Span:
    if isinstance(inside, dict):
        return inside[unescape(step)]
    if not step.isdecimal() or str(int(step)) != step or int(step) >= len(inside):
        raise KeyError(step)
    return inside[int(step)]


@dataclass(frozen=True, slots=True)
class RepeatedKey:
    """A duplicate key of an object, with the spans of its members in order; the last one wins."""

    pointer: str
    spans: tuple[Span, ...]

    @property
    def first(self) -> Span:
        """The first member, which readers ignore."""
        return self.spans[0]

    @property
    def last(self) -> Span:
        """The last member, which readers use."""
        return self.spans[-1]

    @property
    def count(self) -> int:
        """How often the key appears."""
        return len(self.spans)


@dataclass(slots=True)
class ParsedText:
    """The value of a JSON text, its positions, and what strict readers would reject."""

    value: Any = None
    spans: Spans = field(default_factory=lambda: Spans(Span((0, 0))))
    repeated: list[RepeatedKey] = field(default_factory=list)
    non_finite: list[str] = field(default_factory=list)


class JsonSyntaxError(Exception):
    """The text is not JSON: what is wrong, where, and whether the text is just cut off."""

    def __init__(self, message: str, offset: int, *, truncated: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.truncated = truncated


class JsonLimitError(Exception):
    """The text may be JSON but exceeds a limit: which one, and at which offset."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


def parse(text: str) -> ParsedText:
    """Parse a JSON text.

    Raises:
        JsonSyntaxError: it is not JSON.
        JsonLimitError: it is nested deeper than `MAX_DEPTH`, has more than `MAX_VALUES` values, or
            has more to note than `MAX_NOTED`.
    """
    parser = _Parser(text)
    start = parser.skip(0)
    value, end, inside = parser.read(start, 0)
    rest = parser.skip(end)
    if rest != len(text):
        raise parser.unexpected(rest, "the end of the file")
    return ParsedText(
        value,
        Spans(Span((start, end), None, inside)),
        list(_not_overwritten(parser.repeated, parser.overwritten)),
        list(_not_overwritten(parser.non_finite, parser.overwritten)),
    )


def _not_overwritten(
    noted: Iterable[tuple[int, T]], overwritten: Iterable[tuple[int, int]]
) -> Iterator[T]:
    """Yield what was noted, given with offsets, except inside overwritten values."""
    gone, covered = sorted(overwritten, reverse=True), 0
    for at, one in sorted(noted, key=lambda pair: pair[0]):
        while gone and gone[-1][0] <= at:
            covered = max(covered, gone.pop()[1])
        if at >= covered:
            yield one


_Inside: TypeAlias = "dict[str, Span] | Sequence[Span]"


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.count = 0
        self.steps: list[str | int] = [""] * MAX_DEPTH
        self.repeated: list[tuple[int, RepeatedKey]] = []
        self.non_finite: list[tuple[int, str]] = []
        self.overwritten: list[tuple[int, int]] = []
        self.noted = 0

    def skip(self, at: int) -> int:
        match = _BLANK.match(self.text, at)
        return match.end() if match else at

    def read(self, at: int, depth: int) -> tuple[Json, int, _Inside]:
        """Return a value at this depth, its end, and the spans inside."""
        char = self.text[at : at + 1]
        self.count += 1
        if self.count > MAX_VALUES:
            raise JsonLimitError(
                f"the file has more than {MAX_VALUES} values, which is the limit", at
            )
        if char == '"':
            return *self.string(at), ()
        if char == "{":
            return self.object(at, self.deeper(at, depth))
        if char == "[":
            return self.array(at, self.deeper(at, depth))
        word = _WORD.match(self.text, at)
        if word:
            if word[0] in _WORDS:
                return _WORDS[word[0]], word.end(), ()
            self.note_number(at, depth)
            return _NON_FINITE[word[0]], word.end(), ()
        number = _NUMBER.match(self.text, at)
        if number:
            return self.number(number, depth), number.end(), ()
        raise self.unexpected(at, "a value")

    def note_number(self, at: int, depth: int) -> None:
        self.non_finite.append((at, self.pointer(at, depth)))

    def pointer(self, at: int, depth: int) -> str:
        """Return the pointer for a note."""
        pointer = "".join(f"/{escape(str(step))}" for step in self.steps[:depth])
        self.noted += len(pointer)
        if self.noted > MAX_NOTED:
            raise JsonLimitError("the file has too many oddities", at)
        return pointer

    def deeper(self, at: int, depth: int) -> int:
        if depth == MAX_DEPTH:
            raise JsonLimitError(
                f"the file is nested deeper than {MAX_DEPTH} levels, which is the limit", at
            )
        self.count += 1
        return depth + 1

    def number(self, match: re.Match[str], depth: int) -> int | float:
        whole, fraction, exponent = match.groups()
        if fraction is None and exponent is None:
            try:
                return int(whole)
            except ValueError:
                raise JsonSyntaxError("a number with too many digits", match.start()) from None
        value = float(match[0])
        if value in (float("inf"), float("-inf")):
            self.note_number(match.start(), depth)
        return value

    def string(self, at: int) -> tuple[str, int]:
        try:
            value, end = scanstring(self.text, at + 1, True)
        except JSONDecodeError as error:
            raise self.bad_string(at, error) from None
        return value, end

    def bad_string(self, start: int, error: JSONDecodeError) -> JsonSyntaxError:
        """Return an error in our own words, at the right place, for one of the C scanner."""
        at = error.pos
        if error.msg.startswith("Unterminated") or _CUT_ESCAPE.fullmatch(self.text, at):
            return JsonSyntaxError("a string is not closed", start, truncated=True)
        if error.msg.startswith("Invalid control"):
            if self.text[at] in "\r\n":
                return JsonSyntaxError("a line ends inside a string", start)
            char = printable(self.text[at])
            return JsonSyntaxError(f"a string contains the control character `{char}`", at)
        if error.msg.startswith("Invalid \\u"):
            return JsonSyntaxError("`\\u` is not followed by four hexadecimal digits", at - 1)
        escaped = printable(self.text[at + 1 : at + 2])
        return JsonSyntaxError(f"`\\{escaped}` is not a JSON escape", at)

    def object(self, at: int, depth: int) -> tuple[JsonObject, int, _Inside]:
        result: JsonObject = {}
        spans: dict[str, Span] = {}
        repeated: dict[str, list[Span]] = {}
        at = self.skip(at + 1)
        if self.text[at : at + 1] == "}":
            return result, at + 1, ()
        while True:
            if self.text[at : at + 1] != '"':
                raise self.unexpected(at, "a key in double quotes")
            key_start = at
            key, at = self.string(at)
            key_end = at
            at = self.skip(at)
            if self.text[at : at + 1] != ":":
                raise self.unexpected(at, "`:`")
            start = self.skip(at + 1)
            earlier = spans.get(key)
            self.steps[depth - 1] = key
            result[key], at, inside = self.read(start, depth)
            spans[key] = Span((start, at), (key_start, key_end), inside)
            if earlier:
                self.overwritten.append(earlier.value)
                repeated.setdefault(key, [earlier]).append(spans[key])
            at, ended = self.next_member(at, "}")
            if ended:
                for key, members in repeated.items():
                    self.steps[depth - 1] = key
                    self.note_repeat(members, depth)
                return result, at, spans

    def note_repeat(self, members: list[Span], depth: int) -> None:
        at, _ = members[1].key or members[1].value
        self.repeated.append((at, RepeatedKey(self.pointer(at, depth), tuple(members))))

    def array(self, at: int, depth: int) -> tuple[list[Json], int, _Inside]:
        result: list[Json] = []
        spans: list[Span] = []
        at = self.skip(at + 1)
        if self.text[at : at + 1] == "]":
            return result, at + 1, ()
        while True:
            start = at
            self.steps[depth - 1] = len(result)
            value, at, inside = self.read(at, depth)
            result.append(value)
            spans.append(Span((start, at), None, inside))
            at, ended = self.next_member(at, "]")
            if ended:
                return result, at, spans

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
            raise JsonSyntaxError(f"trailing comma before `{closing}`", comma)
        return at, False

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
        """Tell whether the rest of the text is the beginning of a word or a number."""
        if any(word.startswith(self.text[at : at + 10]) for word in (*_WORDS, *_NON_FINITE)):
            return True
        return self.text[at - 1 : at].isdecimal() and bool(_CUT_NUMBER.fullmatch(self.text, at))
