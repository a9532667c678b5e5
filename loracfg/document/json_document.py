"""Read a `Document` from the bytes of a file, with faults for what readers may stumble over."""

from __future__ import annotations

from bisect import bisect_right
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from loracfg.document.display import printable
from loracfg.document.plain import parse_plain
from loracfg.document.pointer import unescape
from loracfg.report.fault import Fault
from loracfg.report.report import Location, Region, Related

if TYPE_CHECKING:
    from loracfg.document.parser import JsonSyntaxError, ParsedText, RepeatedKey, Span
    from loracfg.document.translation import Translation

MAX_BYTES: Final = 16 * 1024 * 1024

_LFS_POINTER: Final = b"version https://git-lfs.github.com/spec/"


def is_lfs_pointer(data: bytes) -> bool:
    """Tell whether the first bytes of a file are those of a Git LFS pointer."""
    return data.startswith(_LFS_POINTER)


class Document:
    """A JSON file: its text, its value and the position of each part of the value."""

    def __init__(
        self,
        file: str,
        text: str,
        value: Any,
        parsed: ParsedText | None = None,
        translation: Translation | None = None,
    ) -> None:
        """Create a document from the text and value of a file.

        Args:
            file: the name of the file.
            text: its text.
            value: its value.
            parsed: the value with positions, if the text is not JSON.
            translation: where the values come from, if the text has others.
        """
        self.file = file
        self.text = text
        self.value = value
        self.translation = translation
        if parsed is not None:
            vars(self)["parsed"] = parsed

    @cached_property
    def parsed(self) -> ParsedText:
        """The value with positions, parsed on demand since few files need them."""
        from loracfg.document.parser import parse

        return parse(self.text)

    @cached_property
    def _line_starts(self) -> list[int]:
        return line_starts(self.text)

    def location(self, pointer: str, *, key: bool = False) -> Location:
        """Return the location of a value or its key, or of the nearest parent if it is missing."""
        if self.translation is not None:
            return Location(self.file, pointer, self.translation.place(pointer, key))
        span = self.parsed.spans.get(pointer)
        at = pointer
        while span is None and at:
            at = at.rpartition("/")[0]
            span = self.parsed.spans.get(at)
        if span is None:
            return Location(self.file, pointer=pointer)
        if at != pointer:  # missing: use the opening bracket of the parent
            start = span.value[0]
            return Location(self.file, pointer, self._region(start, start + 1))
        start, end = span.key if key and span.key else span.value
        return Location(self.file, pointer, self._region(start, end))

    def span_location(self, pointer: str, span: Span) -> Location:
        """Return the location of the key of a member, which may be a duplicate."""
        start, end = span.key or span.value
        return Location(self.file, pointer, self._region(start, end))

    def _region(self, start: int, end: int) -> Region:
        return region(self._line_starts, start, end)


def line_starts(text: str) -> list[int]:
    """Return the offset of each line; lines end with a line feed."""
    starts = [0]
    at = text.find("\n")
    while at != -1:
        starts.append(at + 1)
        at = text.find("\n", at + 1)
    return starts


def region(starts: list[int], start: int, end: int) -> Region:
    """Convert two offsets to lines and columns."""
    line = bisect_right(starts, start)
    end_line = bisect_right(starts, end)
    return Region(line, start - starts[line - 1] + 1, end_line, end - starts[end_line - 1] + 1)


def read_document(data: bytes, file: str, size: int = 0) -> tuple[Document | None, list[Fault]]:
    """Read a JSON file; return the document, or None if its value is unknown, and the faults.

    Args:
        data: the content; of a file with more than `MAX_BYTES`, the beginning is enough.
        file: its name.
        size: the size of the file, if the content may be only its beginning.
    """
    if not data.removeprefix(BOM_UTF8).strip():
        return None, [
            Fault("empty-file", "the file is empty", Location(file), "save the adapter again")
        ]
    if is_lfs_pointer(data):
        message = "the file is a Git LFS pointer, not the file itself"
        advice = "run `git lfs pull` in the repository"
        return None, [Fault("git-lfs-pointer", message, Location(file), advice)]
    if len(data) > MAX_BYTES:
        found = max(size, len(data))
        message = f"the file has {found} bytes, more than the limit of {MAX_BYTES}"
        return None, [_too_large(message, Location(file))]
    faults = []
    if data.startswith(BOM_UTF8):
        faults.append(_byte_order_mark(file))
        data = data.removeprefix(BOM_UTF8)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return None, [*faults, _not_utf8(error, data, file)]
    try:
        return Document(file, text, parse_plain(text)), faults
    except (ValueError, RecursionError):  # there may be something to report
        return _read_with_places(text, file, faults)


def _read_with_places(
    text: str, file: str, faults: list[Fault]
) -> tuple[Document | None, list[Fault]]:
    from loracfg.document.parser import JsonLimitError, JsonSyntaxError, parse

    try:
        parsed = parse(text)
    except JsonSyntaxError as error:
        return None, [*faults, _syntax_fault(error, text, file)]
    except JsonLimitError as error:
        place = Location(file, region=_character(text, error.offset))
        return None, [*faults, _too_large(error.message, place)]
    except RecursionError:  # the caller's stack is deep already
        return None, [*faults, _too_large("the file is nested too deeply", Location(file))]
    document = Document(file, text, parsed.value, parsed)
    return document, faults + _oddities(document)


def _byte_order_mark(file: str) -> Fault:
    return Fault(
        "byte-order-mark",
        "the file begins with a byte order mark, which PEFT's JSON reader rejects",
        Location(file, region=Region(1, 1, 1, 1)),
        "save the file as UTF-8 without a byte order mark",
    )


def _not_utf8(error: UnicodeDecodeError, data: bytes, file: str) -> Fault:
    before = data[: error.start].decode("utf-8")
    place = Location(file, region=region(line_starts(before), len(before), len(before)))
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        message = "the file is UTF-16, not UTF-8"
    else:
        message = f"the file is not UTF-8: byte {error.start} is `0x{data[error.start]:02x}`"
    return Fault("not-utf8", message, place, "save the file as UTF-8")


def _too_large(message: str, place: Location) -> Fault:
    return Fault("file-too-large", message, place, "save the adapter again")


def _syntax_fault(error: JsonSyntaxError, text: str, file: str) -> Fault:
    place = Location(file, region=_character(text, error.offset))
    if error.truncated:
        return Fault(
            "truncated-json",
            f"the file ends in the middle: {error.message}",
            place,
            "the file was cut off: copy or save it again",
        )
    return Fault("json-syntax", f"not valid JSON: {error.message}", place, "correct the JSON")


def _character(text: str, at: int) -> Region:
    at = min(at, len(text))
    return region(line_starts(text), at, min(at + 1, len(text)))


def _oddities(document: Document) -> list[Fault]:
    return [
        *(_repeated_key(document, repeat) for repeat in document.parsed.repeated),
        *(_non_finite(document, pointer) for pointer in document.parsed.non_finite),
    ]


def _repeated_key(document: Document, repeat: RepeatedKey) -> Fault:
    key = printable(unescape(repeat.pointer.rpartition("/")[2]))
    times = "twice" if repeat.count == 2 else f"{repeat.count} times"
    first = document.span_location(repeat.pointer, repeat.first)
    return Fault(
        "duplicate-key",
        f"the key `{key}` appears {times}; PEFT uses the last value",
        document.span_location(repeat.pointer, repeat.last),
        "keep one of them",
        (Related(first, "first given here"),),
    )


def _non_finite(document: Document, pointer: str) -> Fault:
    start, end = document.parsed.spans[pointer].value
    return Fault(
        "non-finite-number",
        f"`{printable(document.text[start:end])}` is not a finite number",
        document.location(pointer),
        "write a finite number",
    )
