from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loracfg.document.json_document import MAX_BYTES, Document, read_document
from loracfg.document.plain import MAX_DEPTH, MAX_VALUES
from loracfg.report.report import Location, Region
from tests.document.strategies import OBJECTS, TEXTS

if TYPE_CHECKING:
    from loracfg.report.fault import Fault

FILE = "adapter_config.json"


def document_of(text: str) -> Document:
    document, faults = read_document(text.encode(), FILE)
    assert document is not None
    assert faults == []
    return document


def only_fault(data: bytes | str) -> Fault:
    """Return the one fault of a file that gives no document."""
    document, faults = read_document(data.encode() if isinstance(data, str) else data, FILE)
    assert document is None
    (fault,) = faults
    assert fault.help
    return fault


def region_of(fault: Fault) -> tuple[int, int, int, int]:
    assert fault.location.file == FILE
    region = fault.location.region
    assert region is not None
    return (region.line, region.column, region.end_line, region.end_column)


@given(st.binary())
def test_no_bytes_raise(data: bytes) -> None:
    document, faults = read_document(data, FILE)
    assert document is not None or faults


@given(TEXTS)
def test_valid_json_gives_a_document(text: str) -> None:
    document, faults = read_document(text.encode(), FILE)
    assert document is not None
    assert repr(document.value) == repr(json.loads(text))
    assert {fault.kind for fault in faults} <= {"duplicate-key", "non-finite-number"}


@given(TEXTS, st.data())
def test_truncated_text_never_raises(text: str, data: st.DataObject) -> None:
    cut = text[: data.draw(st.integers(0, len(text) - 1))]
    document, faults = read_document(cut.encode(), FILE)
    if document is None:
        assert faults[-1].kind in {"truncated-json", "json-syntax", "empty-file"}
    else:
        json.loads(cut)


@given(OBJECTS, st.data())
def test_truncated_object_is_called_truncated(text: str, data: st.DataObject) -> None:
    cut = text[: data.draw(st.integers(1, len(text) - 1))]
    fault = only_fault(cut)
    assert fault.kind == "truncated-json"
    assert fault.message.startswith("the file ends in the middle: ")
    assert fault.help == "the file was cut off: copy or save it again"


PLACES = """{
\t"r": 8,\r
  "ключ/~": ["😀", {"": true}],
  "last": "ü"
}
"""


@pytest.mark.parametrize(
    ("pointer", "value", "key"),
    [
        ("", (1, 1, 5, 2), (1, 1, 5, 2)),
        ("/r", (2, 7, 2, 8), (2, 2, 2, 5)),
        ("/ключ~1~0", (3, 13, 3, 30), (3, 3, 3, 11)),
        ("/ключ~1~0/0", (3, 14, 3, 17), (3, 14, 3, 17)),
        ("/ключ~1~0/1", (3, 19, 3, 29), (3, 19, 3, 29)),
        ("/ключ~1~0/1/", (3, 24, 3, 28), (3, 20, 3, 22)),
        ("/last", (4, 11, 4, 14), (4, 3, 4, 9)),
    ],
)
def test_positions_count_lines_and_characters(
    pointer: str, value: tuple[int, int, int, int], key: tuple[int, int, int, int]
) -> None:
    document = document_of(PLACES)
    assert document.location(pointer) == Location(FILE, pointer, Region(*value))
    assert document.location(pointer, key=True) == Location(FILE, pointer, Region(*key))


def test_missing_value_is_at_the_opening_bracket_of_its_parent() -> None:
    document = document_of('{\n  "eva_config": {"rho": 2.0}\n}')
    absent = "/eva_config/tau"
    assert document.location(absent) == Location(FILE, absent, Region(2, 17, 2, 18))
    assert document.location("/r") == Location(FILE, "/r", Region(1, 1, 1, 2))


@pytest.mark.parametrize("data", [b"", b" \r\n\t", b"\xef\xbb\xbf", b"\xef\xbb\xbf \n"])
def test_empty_file(data: bytes) -> None:
    fault = only_fault(data)
    assert (fault.kind, fault.message) == ("empty-file", "the file is empty")
    assert fault.location == Location(FILE)


def test_git_lfs_pointer() -> None:
    fault = only_fault(
        "version https://git-lfs.github.com/spec/v1\n"
        "oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\n"
        "size 12345\n"
    )
    assert fault.kind == "git-lfs-pointer"
    assert fault.message == "the file is a Git LFS pointer, not the file itself"
    assert fault.location == Location(FILE)
    assert fault.help == "run `git lfs pull` in the repository"


def test_byte_order_mark_is_reported_and_takes_no_column() -> None:
    document, faults = read_document(b'\xef\xbb\xbf{"r": 8}', FILE)
    assert document is not None
    assert document.value == {"r": 8}
    assert document.location("/r").region == Region(1, 7, 1, 8)
    (fault,) = faults
    assert fault.kind == "byte-order-mark"
    assert (
        fault.message == "the file begins with a byte order mark, which PEFT's JSON reader rejects"
    )
    assert region_of(fault) == (1, 1, 1, 1)


@pytest.mark.parametrize(
    ("data", "message", "place"),
    [
        (b'{\n "\xc3\xa4": "\xff"}', "the file is not UTF-8: byte 10 is `0xff`", (2, 8, 2, 8)),
        (b'{"r": 8}\xc3', "the file is not UTF-8: byte 8 is `0xc3`", (1, 9, 1, 9)),
        ('{"r": 8}'.encode("utf-16"), "the file is UTF-16, not UTF-8", (1, 1, 1, 1)),
        ("\ufeff{}".encode("utf-16-be"), "the file is UTF-16, not UTF-8", (1, 1, 1, 1)),
    ],
)
def test_not_utf8(data: bytes, message: str, place: tuple[int, int, int, int]) -> None:
    fault = only_fault(data)
    assert (fault.kind, fault.message) == ("not-utf8", message)
    assert region_of(fault) == place
    assert fault.help == "save the file as UTF-8"


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("{'r': 8}", "JSON strings use double quotes", (1, 2, 1, 3)),
        ("{\"a\": 'b'}", "JSON strings use double quotes", (1, 7, 1, 8)),
        ('{\n "a": True}', "JSON writes `true`, not `True`", (2, 7, 2, 8)),
        ('{"a": False}', "JSON writes `false`, not `False`", (1, 7, 1, 8)),
        ('{"a": [None]}', "JSON writes `null`, not `None`", (1, 8, 1, 9)),
        ('{"a": 1, # rank\n}', "JSON has no comments", (1, 10, 1, 11)),
        ('{"a": 1 // rank\n}', "JSON has no comments", (1, 9, 1, 10)),
        ('/* rank */ {"a": 1}', "JSON has no comments", (1, 1, 1, 2)),
        ('{"a": 1,\n}', "trailing comma before `}`", (1, 8, 1, 9)),
        ('{"a": [1, ]}', "trailing comma before `]`", (1, 9, 1, 10)),
        ('{"a": 1\n "b": 2}', 'expected `,` or `}`, got `"`', (2, 2, 2, 3)),
        ('{"a" 1}', "expected `:`, got `1`", (1, 6, 1, 7)),
        ("{a: 1}", "expected a key in double quotes, got `a`", (1, 2, 1, 3)),
        ('{"a": }', "expected a value, got `}`", (1, 7, 1, 8)),
        ('{"a": .5}', "expected a value, got `.`", (1, 7, 1, 8)),
        ('{"a": 01}', "expected `,` or `}`, got `1`", (1, 8, 1, 9)),
        ('{"a": \x1b[0m}', "expected a value, got `\\u001b`", (1, 7, 1, 8)),
        ('{"a": 1}\n{"b": 2}', "expected the end of the file, got `{`", (2, 1, 2, 2)),
        ('{"a": "b\n c"}', "a line ends inside a string", (1, 7, 1, 8)),
        ('{"a": "b\x00"}', "a string contains the control character `\\u0000`", (1, 9, 1, 10)),
        ('{"a": "\\q"}', "`\\q` is not a JSON escape", (1, 8, 1, 9)),
        ('{"a": "\\u12x4"}', "`\\u` is not followed by four hexadecimal digits", (1, 8, 1, 9)),
        ('{"a": ' + "1" * 5000 + "}", "a number with too many digits", (1, 7, 1, 8)),
    ],
)
def test_json_syntax(text: str, message: str, place: tuple[int, int, int, int]) -> None:
    fault = only_fault(text)
    assert (fault.kind, fault.message) == ("json-syntax", f"not valid JSON: {message}")
    assert region_of(fault) == place
    assert fault.help == "correct the JSON"


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("{", "the text ends where a key in double quotes is expected", (1, 2, 1, 2)),
        ('{"a"', "the text ends where `:` is expected", (1, 5, 1, 5)),
        ('{"a":\n', "the text ends where a value is expected", (2, 1, 2, 1)),
        ('{"a": 1', "the text ends where `,` or `}` is expected", (1, 8, 1, 8)),
        ('{"a": 1, ', "the text ends where a key in double quotes is expected", (1, 10, 1, 10)),
        ('{"a": [1', "the text ends where `,` or `]` is expected", (1, 9, 1, 9)),
        ('{"a": "b', "a string is not closed", (1, 7, 1, 8)),
        ('{"a": "\\u00', "a string is not closed", (1, 7, 1, 8)),
        ('{"a": "\\u00e4', "a string is not closed", (1, 7, 1, 8)),
        ('{"a": tr', "the text ends inside a value", (1, 7, 1, 8)),
        ('{"a": -', "the text ends inside a value", (1, 7, 1, 8)),
        ('{"a": 1e+', "the text ends inside a value", (1, 8, 1, 9)),
    ],
)
def test_truncated_json(text: str, message: str, place: tuple[int, int, int, int]) -> None:
    fault = only_fault(text)
    assert fault.kind == "truncated-json"
    assert fault.message == f"the file ends in the middle: {message}"
    assert region_of(fault) == place


def test_duplicate_key() -> None:
    document, faults = read_document(b'{"r": 8,\n "\\u0072": 16, "a/b": 1, "a/b": 2}', FILE)
    assert document is not None
    assert document.value == {"r": 16, "a/b": 2}
    first, second = faults
    assert first.kind == second.kind == "duplicate-key"
    assert first.message == "the key `r` appears twice; PEFT uses the last value"
    assert second.message == "the key `a/b` appears twice; PEFT uses the last value"
    assert region_of(first) == (2, 2, 2, 10)
    (related,) = first.related
    assert related.message == "first given here"
    assert related.location == Location(FILE, "/r", Region(1, 2, 1, 5))


def test_key_that_appears_three_times_is_one_fault() -> None:
    _, (fault,) = read_document(b'{"r": 1, "r": 2, "r": 3}', FILE)
    assert fault.message == "the key `r` appears 3 times; PEFT uses the last value"
    assert region_of(fault) == (1, 18, 1, 21)
    assert fault.related[0].location.region == Region(1, 2, 1, 5)


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e999", "-1e999"])
def test_non_finite_number(number: str) -> None:
    document, (fault,) = read_document(f'{{"a": [0, {number}]}}'.encode(), FILE)
    assert document is not None
    assert fault.kind == "non-finite-number"
    assert fault.message == f"`{number}` is not a finite number"
    assert fault.location == Location(FILE, "/a/1", Region(1, 11, 1, 11 + len(number)))


def test_file_too_large() -> None:
    fault = only_fault(b'{"a": "' + b"x" * MAX_BYTES + b'"}')
    assert fault.kind == "file-too-large"
    assert (
        fault.message == f"the file has {MAX_BYTES + 9} bytes, more than the limit of {MAX_BYTES}"
    )
    assert fault.location == Location(FILE)


def test_deeply_nested_file_is_too_large() -> None:
    fault = only_fault("[\n" + "[" * 1_000_000)
    assert fault.kind == "file-too-large"
    assert fault.message == f"the file is nested deeper than {MAX_DEPTH} levels, which is the limit"
    assert region_of(fault) == (2, MAX_DEPTH, 2, MAX_DEPTH + 1)


def test_file_with_too_many_values_is_too_large() -> None:
    fault = only_fault("[" + "0," * MAX_VALUES + "0]")
    assert fault.kind == "file-too-large"
    assert fault.message == f"the file has more than {MAX_VALUES} values, which is the limit"


def read_at(frames: int, data: bytes) -> tuple[Document | None, list[Fault]]:
    return read_at(frames - 1, data) if frames else read_document(data, FILE)


def test_deepest_file_is_read_from_a_deep_stack() -> None:
    deep = b'{"a":' * MAX_DEPTH + b"1" + b"}" * MAX_DEPTH
    frames = 0
    frame = sys._getframe()
    while frame.f_back:
        frames, frame = frames + 1, frame.f_back
    document, faults = read_at(600 - frames, deep)
    assert document is not None
    assert faults == []
    document, faults = read_at(900 - frames, deep)
    if sys.version_info < (3, 12):  # newer releases do not count the frames of C
        assert [(one.kind, one.message) for one in faults] == [
            ("file-too-large", "the file is nested too deeply")
        ]
    else:
        assert document is not None
