"""Data is copied in as few ranges as possible, with the same result."""

from __future__ import annotations

import os
from contextlib import ExitStack
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loracfg.errors import LoracfgError
from loracfg.repair import copied_folder
from loracfg.repair import written_folder as write
from loracfg.repair.compute import compute
from loracfg.repair.draft import Draft
from loracfg.repair.tensor_data import (
    Cast,
    Concatenation,
    RowSlice,
    Scale,
    StoredTensor,
    TensorSource,
    Transpose,
    Zeros,
    is_computed,
    transposed,
)
from loracfg.testing.memory_files import MemoryFiles

pytest.importorskip("numpy", reason="tensors are computed with numpy")

DATA: Final = {name: bytes(range(first, first + 64)) for name, first in (("a", 0), ("b", 128))}
MATRIX: Final = StoredTensor("a", 0, "F16", (4, 2))


def read(stored: StoredTensor) -> bytes:
    size = len(DATA[stored.file][stored.begin :][: write._size(stored)])
    return DATA[stored.file][stored.begin : stored.begin + size]


def written(*tensors: TensorSource) -> bytes:
    target = BytesIO()
    draft = Draft(MemoryFiles(DATA), None, {str(i): one for i, one in enumerate(tensors)})
    write.write_weights(draft, target)
    return target.getvalue()[len(draft.head) :]


stored = st.builds(
    lambda file, begin, rows: StoredTensor(file, begin * 4, "F32", (rows,)),
    st.sampled_from(["a", "b"]),
    st.integers(0, 8),
    st.integers(1, 4),
)
rows = st.builds(lambda one: RowSlice(one, 1, one.shape[0]), stored)
zeros = st.builds(lambda count: Zeros("F32", (count,)), st.integers(1, 3))
joined = st.lists(stored, min_size=1, max_size=3).map(lambda ones: Concatenation(tuple(ones)))
sources: st.SearchStrategy[TensorSource] = st.one_of(stored, rows, zeros, joined)


@given(st.lists(sources, max_size=8))
def test_what_is_written_is_what_each_tensor_is(tensors: list[TensorSource]) -> None:
    assert written(*tensors) == b"".join(compute(one, read) for one in tensors)


@given(st.lists(sources, max_size=8))
def test_what_follows_in_a_file_is_one_piece(tensors: list[TensorSource]) -> None:
    for one, other in pairwise(write._pieces(tensors)):
        if isinstance(one, StoredTensor) and isinstance(other, StoredTensor):
            end = one.begin + write._size(one)
            assert (one.file, end) != (other.file, other.begin)


def test_runs_end_at_gaps_at_files_and_at_what_is_computed() -> None:
    def run(file: str, begin: int, size: int) -> StoredTensor:
        return StoredTensor(file, begin, "U8", (size,))

    zeros = Zeros("U8", (1,))
    tensors: list[TensorSource] = [run("a", 0, 4), run("a", 4, 4), run("a", 9, 1), run("b", 10, 2)]
    tensors += [zeros, zeros, run("b", 12, 1), run("b", 13, 1)]
    expected = [run("a", 0, 8), run("a", 9, 1), run("b", 10, 2), zeros, zeros, run("b", 12, 2)]
    assert list(write._pieces(tensors)) == expected


@pytest.mark.parametrize("block", [8, 16, 64, 1 << 20])
def test_casts_go_block_by_block(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write, "_BLOCK_BYTES", block)
    for rows in (1, 2, 7, 8):
        cast = Cast(StoredTensor("b", 0, "F16", (rows, 2)), "F32")
        assert written(cast, MATRIX) == compute(cast, read) + read(MATRIX)


def test_rows_of_a_computed_tensor() -> None:
    turned = transposed(MATRIX)
    whole = compute(turned, read)
    first, second = RowSlice(turned, 0, 1), RowSlice(turned, 1, 2)
    other = RowSlice(transposed(StoredTensor("b", 0, "F16", (4, 2))), 0, 1)
    assert written(first, second) == whole
    assert written(second, other, first) == whole[8:] + compute(other, read) + whole[:8]


class Watched(MemoryFiles):
    """Files that note which were opened."""

    def __init__(self) -> None:
        super().__init__(DATA)
        self.opened: list[str] = []

    def open(self, name: str) -> BinaryIO:
        self.opened.append(name)
        return super().open(name)


def test_each_file_is_opened_once() -> None:
    files = Watched()
    runs: list[TensorSource] = [
        StoredTensor(file, begin, "U8", (2,)) for begin in (0, 9) for file in "ab"
    ]
    tensors = {str(i): one for i, one in enumerate([*runs, transposed(MATRIX)])}
    write.write_weights(Draft(files, None, tensors), BytesIO())
    assert files.opened == ["a", "b"]


def test_stored_tensors_are_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write, "compute", None)
    rows = RowSlice(StoredTensor("b", 8, "U8", (8, 2)), 1, 4)
    assert written(MATRIX, rows, Concatenation((MATRIX, rows))) == 2 * (
        read(MATRIX) + DATA["b"][10:16]
    )


def test_a_tensor_is_computed_once_for_rows_that_follow_each_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    turned, other = transposed(MATRIX), transposed(StoredTensor("b", 0, "F16", (4, 2)))
    computed: list[TensorSource] = []

    def noting(source: TensorSource, read: Any) -> bytes:
        computed.append(source)
        return compute(source, read)

    monkeypatch.setattr(write, "compute", noting)
    written(*(RowSlice(one, row, row + 1) for one in (turned, other) for row in range(2)))
    assert computed == [turned, other]


def test_a_cast_takes_an_eighth_of_a_block_of_numbers_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(write, "_BLOCK_BYTES", 57)
    with ExitStack() as stack:
        sources = write.OpenFiles(MemoryFiles(DATA), stack)
        parts = list(write._computed(Cast(MATRIX, "F32"), sources))
    assert [len(part) for part in parts] == [4 * 7, 4 * 1]


def test_a_cast_of_what_is_computed() -> None:
    cast = Cast(transposed(MATRIX), "F32")
    assert written(cast) == compute(cast, read)


def test_computed_data_may_not_end_early() -> None:
    assert written(transposed(StoredTensor("a", 32, "F32", (2, 4))))
    with pytest.raises(LoracfgError, match="`a` ends before the data of its tensors"):
        written(transposed(StoredTensor("a", 33, "F32", (2, 4))))


@pytest.mark.parametrize("block", [1, 3, 10, 1 << 20])
def test_ranges_are_copied_without_the_system_call(
    block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copied_folder, "_BLOCK_BYTES", block)
    target = BytesIO(b"head")
    copied_folder.copy_range(BytesIO(DATA["a"]), 5, 10, target)
    assert target.getvalue() == b"head" + DATA["a"][5:15]
    with pytest.raises(LoracfgError, match="`a file` ends before the data of its tensors"):
        copied_folder.copy_range(BytesIO(DATA["a"]), 60, 5, target)


def test_ranges_are_copied_by_the_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: Any, **__: Any) -> int:
        raise OSError

    path = tmp_path / "source"
    path.write_bytes(DATA["a"])
    for _ in range(2):
        with path.open("rb") as source, (tmp_path / "target").open("wb") as target:
            target.write(b"head")
            copied_folder.copy_range(source, 5, 10, target)
            target.write(b"end")
        assert (tmp_path / "target").read_bytes() == b"head" + DATA["a"][5:15] + b"end"
        monkeypatch.setattr("os.copy_file_range", never, raising=False)


@pytest.mark.parametrize("calls", [0, 1, 2, 100])
def test_the_system_may_copy_a_range_bit_by_bit_and_give_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, calls: int
) -> None:
    at = [0]

    def some(out_of: int, into: int, count: int, *, offset_src: int) -> int:
        if at[0] == calls:
            raise OSError
        at[0] += 1
        return os.write(into, os.pread(out_of, min(count, 3), offset_src))

    monkeypatch.setattr("os.copy_file_range", some, raising=False)
    path = tmp_path / "source"
    path.write_bytes(DATA["a"])
    with path.open("rb") as source, (tmp_path / "target").open("wb") as target:
        copied_folder.copy_range(source, 5, 10, target)
        target.write(b"end")
    assert (tmp_path / "target").read_bytes() == DATA["a"][5:15] + b"end"
    assert at[0] == min(calls, 5)


@pytest.mark.parametrize(
    ("source", "computed"),
    [
        (MATRIX, False),
        (Zeros("F16", (1, 2)), False),
        (RowSlice(MATRIX, 0, 1), False),
        (Concatenation((MATRIX, Zeros("F16", (1, 2)))), False),
        (transposed(MATRIX), True),
        (Scale(MATRIX, 2.0), True),
        (Cast(MATRIX, "F32"), True),
        (RowSlice(Cast(MATRIX, "F32"), 0, 1), True),
        (Concatenation((MATRIX, Scale(MATRIX, 2.0))), True),
    ],
)
def test_what_takes_numpy(source: TensorSource, computed: bool) -> None:
    assert is_computed(source) is computed


def test_shapes_and_dtypes() -> None:
    assert (transposed(MATRIX).shape, transposed(MATRIX).dtype) == ((2, 4), "F16")
    assert Transpose(MATRIX, (2, 2, 2), (2, 0, 1), (8,)).shape == (8,)
    assert MATRIX.rows(1, 3) == StoredTensor("a", 4, "F16", (2, 2))
    assert (RowSlice(MATRIX, 1, 4).shape, RowSlice(MATRIX, 1, 4).dtype) == ((3, 2), "F16")
    assert (Scale(MATRIX, 2.0).shape, Cast(MATRIX, "F32").shape) == ((4, 2), (4, 2))
    joined = Concatenation((MATRIX, Zeros("F16", (1, 2))))
    assert (joined.shape, joined.dtype) == ((5, 2), "F16")
