"""Bytes outside all tensors are padding if they cannot be anything else."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Final

import pytest

from loracfg.adapter.header.tensor import Shape
from loracfg.repair import padding
from loracfg.repair.change import Change
from loracfg.repair.padding import _Gap, _gaps, _is_padding
from loracfg.repair.tensor_data import StoredTensor, TensorSource
from loracfg.report.report import Location
from loracfg.rules.rule import Finding
from loracfg.testing.memory_files import with_header
from tests.repair.single import changed

FINDING: Final = Finding("", Location(""), "")


def at(begin: int, dtype: str = "F32", shape: Shape = (2,)) -> StoredTensor:
    return StoredTensor("f", begin, dtype, shape)


FIRST, SECOND, LATE, EMPTY = at(10), at(18), at(20), at(14, shape=(0,))


@pytest.mark.parametrize(
    ("tensors", "size", "gaps"),
    [
        ([FIRST, SECOND], 26, []),
        ([FIRST, SECOND], 27, [_Gap(26, 27, SECOND, None)]),
        ([FIRST, LATE], 28, [_Gap(18, 20, FIRST, LATE)]),
        ([LATE], 30, [_Gap(10, 20, None, LATE), _Gap(28, 30, LATE, None)]),
        ([EMPTY, LATE], 28, [_Gap(10, 14, None, EMPTY), _Gap(10, 20, None, LATE)]),
        ([FIRST, at(18, shape=(0,))], 20, [_Gap(18, 20, FIRST, None)]),
        ([], 12, [_Gap(10, 12, None, None)]),
    ],
)
def test_gaps_are_between_and_after(
    tensors: list[TensorSource], size: int, gaps: list[_Gap]
) -> None:
    assert list(_gaps(tensors, 10, size)) == gaps


@pytest.mark.parametrize(
    ("data", "gap", "is_padding"),
    [
        (b"12340000abcd", (4, 8, "F32", "F32"), True),
        (b"10040000a00d", (4, 8, "F32", "F32"), True),
        (b"1234000abcd", (4, 7, "F32", "F32"), False),  # it is narrower than a value
        (b"12340000abcdefgh", (4, 8, "F32", "F64"), False),
        (b"12340000abcdefgh", (4, 8, "I8", "F64"), False),
        (b"123456780000abcd", (8, 12, "F64", "I8"), False),
        (b"123400000000abcdefgh", (4, 12, "F32", "F64"), True),
        (b"00000000abcd", (4, 8, "F32", "F32"), False),  # the value before is zero
        (b"123400000000", (4, 8, "F32", "F32"), False),
        (b"12340000000d", (4, 8, "F32", "F32"), True),
        (b"12340000000d", (4, 8, "F32", "I8"), False),
        (b"1234000xabcd", (4, 8, "F32", "F32"), False),
        (b"1234x000abcd", (4, 8, "F32", "F32"), False),
        (b"12340000", (4, 8, "F32", None), True),
        (b"0000abcd", (0, 4, None, "F32"), True),
        (b"00000000", (4, 8, "F32", None), False),
        (b"00000000", (0, 4, None, "F32"), False),
        (b"10a", (1, 2, "F4", "F4"), True),
        (b"00a", (1, 2, "F4", "F4"), False),
    ],
)
@pytest.mark.parametrize("block", [1, 3, 1 << 20])
def test_zeros_between_values_are_padding(
    data: bytes,
    gap: tuple[int, int, str | None, str | None],
    is_padding: bool,
    block: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(padding, "_BLOCK_BYTES", block)
    begin, end, before, after = gap
    sides = [None if dtype is None else at(0, dtype) for dtype in (before, after)]
    stream = BytesIO(data.replace(b"0", b"\0"))
    assert _is_padding(_Gap(begin, end, *sides), stream) is is_padding


def without(*lines: str) -> Change | None:
    return changed(lambda s, d: padding.remove_padding(s, FINDING, type(d)(d.files)), *lines)


def test_padding_is_dropped() -> None:
    change = without("weights append 0000000000000000", "values lora 1", 'metadata {"a": "b"}')
    assert change is not None
    assert change.safe
    assert change.title.startswith("drop 8 bytes outside all tensors")
    assert change.why.startswith("the bytes are padding")
    assert len(change.draft.tensors or {}) == 8
    assert change.draft.metadata == {"a": "b"}


@pytest.mark.parametrize("end", ["0000000000000001", "00"])
def test_what_may_be_data_is_dropped_only_if_asked_for(end: str) -> None:
    change = without(f"weights append {end}", "values lora 1")
    assert change is not None
    assert not change.safe
    assert change.why == "if an offset is wrong, the bytes belong to a tensor"


def test_each_gap_must_be_padding() -> None:
    """Zeros between two tensors, and other bytes at the end."""
    tensors = {"a": [0, 4], "b": [8, 12]}
    header = {n: {"dtype": "F32", "shape": [1], "data_offsets": at} for n, at in tensors.items()}
    files = with_header(json.dumps(header).encode()) + b"1234\0\0\0\x005678"
    safe = [without(f"weights bytes {(files + end).hex()}") for end in (b"", b"\0" * 4, b"9012")]
    assert [one and one.safe for one in safe] == [True, True, False]


@pytest.mark.parametrize(
    "lines", [("weights none",), ("weights cut 4",), ("weights pickled",), ("weights bytes 00",)]
)
def test_in_other_files_nothing_is_padding(lines: tuple[str, ...]) -> None:
    assert without(*lines) is None


def test_a_file_that_was_repaired_has_no_padding() -> None:
    assert changed(lambda s, d: padding.remove_padding(s, FINDING, d)) is None
    assert without() is not None  # of no bytes, to which no rule leads
