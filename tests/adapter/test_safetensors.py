from __future__ import annotations

import copy
import io
import json
import struct
import subprocess
import sys
from math import prod
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loracfg.adapter.header.safetensors_file import (
    DTYPE_BITS,
    LARGE_HEADER_BYTES,
    MAX_HEADER_BYTES,
    read_safetensors,
)
from loracfg.adapter.header.tensor import Header, Tensor
from loracfg.report.fault import Fault

safetensors = pytest.importorskip("safetensors", reason="the oracle of these tests")

FILE = "adapter_model.safetensors"
HARMLESS = {"header-large", "duplicate-tensor"}
"""Kinds of faults with which the library loads the file."""


def read(data: bytes, size: int | None = None) -> tuple[Header | None, list[Fault]]:
    return read_safetensors(io.BytesIO(data), len(data) if size is None else size, FILE)


def kinds(faults: list[Fault]) -> list[str]:
    return [fault.kind for fault in faults]


def packed(header: str | bytes, data: bytes = b"") -> bytes:
    raw = header.encode() if isinstance(header, str) else header
    return struct.pack("<Q", len(raw)) + raw + data


def entry(dtype: str, shape: list[int], begin: int) -> dict[str, Any]:
    size = prod(shape) * DTYPE_BITS[dtype] // 8
    return {"dtype": dtype, "shape": shape, "data_offsets": [begin, begin + size]}


def oracle(data: bytes) -> dict[str, tuple[str, tuple[int, ...]]] | None:
    """Return what the library reads, None if it refuses the file."""
    try:
        tensors = safetensors.deserialize(data)
    except safetensors.SafetensorError:
        return None
    return {name: (info["dtype"], tuple(info["shape"])) for name, info in tensors}


def agrees(data: bytes) -> bool:
    """Tell whether the reader accepts exactly what the library does, and reads the same from it."""
    header, faults = read(data)
    expected = oracle(data)
    accepted = set(kinds(faults)) <= HARMLESS
    if expected is None or not accepted:
        return (expected is None) == (not accepted)
    assert header is not None
    return {name: (t.dtype, t.shape) for name, t in header.tensors.items()} == expected


# --- Files that the library writes --------------------------------------------------------------


def test_reads_what_the_library_writes(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch", reason="writes the file")
    save_file = pytest.importorskip("safetensors.torch").save_file
    dtypes = [torch.float32, torch.bfloat16, torch.float16, torch.int64, torch.uint8, torch.bool]
    dtypes += [torch.float8_e4m3fn, torch.float8_e5m2, torch.complex64, torch.uint16]
    tensors = {str(d): torch.zeros(2, i, dtype=d) for i, d in enumerate(dtypes)}
    path = tmp_path / FILE
    save_file(tensors | {"scalar": torch.tensor(1.0)}, path, metadata={"format": "pt"})
    with path.open("rb") as stream:
        header, faults = read_safetensors(stream, path.stat().st_size, FILE)
        assert stream.tell() < 1500
    assert faults == []
    assert header is not None
    assert header.metadata == {"format": "pt"}
    with safetensors.safe_open(path, "pt") as opened:
        expected = {
            name: Tensor(name, opened.get_slice(name).get_dtype(), tuple(tensor.shape))
            for name in opened.keys()  # noqa: SIM118  # it has no iterator
            for tensor in [opened.get_tensor(name)]
        }
    assert header.tensors == expected


def test_every_dtype_is_known_to_the_library() -> None:
    tensors: dict[str, Any] = {}
    end = 0
    for dtype in DTYPE_BITS:
        tensors[f"of {dtype}"] = entry(dtype, [8, 3], end)
        end = tensors[f"of {dtype}"]["data_offsets"][1]
    data = packed(json.dumps(tensors), bytes(end))
    assert oracle(data) is not None
    assert agrees(data)


def test_keeps_the_order_of_the_header() -> None:
    tensors = {"b": entry("F32", [1], 4), "a": entry("F32", [1], 0)}
    header, faults = read(packed(json.dumps(tensors), bytes(8)))
    assert header is not None
    assert list(header.tensors) == ["b", "a"]
    assert faults == []


def test_header_without_tensors_is_sound() -> None:
    assert read(packed("{}")) == (Header(), [])
    assert agrees(packed("{}"))


class Pipe(io.RawIOBase):
    """A stream that cannot seek and gives few bytes at a time."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.rest = data

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        count = min(size, 7) if size >= 0 else len(self.rest)
        part, self.rest = self.rest[:count], self.rest[count:]
        return part

    def seek(self, offset: int, whence: int = 0) -> int:
        raise io.UnsupportedOperation("seek")


def test_header_bytes_alone_will_do_on_a_stream_that_cannot_seek() -> None:
    whole = packed(json.dumps({"a": entry("F32", [300], 0)}), bytes(1200))
    pipe = Pipe(whole[:-1200])
    header, faults = read_safetensors(pipe, len(whole), FILE)  # type: ignore[arg-type]
    assert (header, faults) == read(whole)
    assert header is not None
    assert faults == []


def test_imports_nothing_heavy() -> None:
    code = (
        "import io, sys;"
        "from loracfg.adapter.header.safetensors_file import read_safetensors as read;"
        "data = b'\\2' + bytes(7) + b'{}'; assert read(io.BytesIO(data), 10, 'x')[1] == [];"
        "print([m for m in ('torch', 'numpy', 'safetensors', 'pickle') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


# --- Agreement with the library -----------------------------------------------------------------

ONE = '{"dtype":"F32","shape":[1],"data_offsets":[0,4]}'
EXTRA = '{"a":{"dtype":"F32","extra":%s,"shape":[1],"data_offsets":[0,4]}}'


@pytest.mark.parametrize(
    "header",
    [
        f'{{"a":{ONE}}}',
        f' \n{{"a":{ONE}}}\t ',
        f'{{"a":{ONE}}}\0',
        f'\ufeff{{"a":{ONE}}}',
        f'{{"a":{ONE},}}',
        f'{{"a":{ONE}',
        f'{{"":{ONE}}}',
        f'{{"a:b":{ONE}}}',
        f'{{"a\tb":{ONE}}}',
        f'{{"\\ud83d\\ude00":{ONE}}}',
        f'{{"\\ud83d":{ONE}}}',
        f'{{"a":{ONE},"a":{ONE}}}',
        f'{{"a":{{"dtype":"F32","shape":[1],"data_offsets":[4,8]}},"a":{ONE}}}',
        f'{{"a":{{"dtype":"F32","shape":[9],"data_offsets":[9,4]}},"a":{ONE}}}',
        f'{{"a":{{"dtype":"F99","shape":[1],"data_offsets":[0,4]}},"a":{ONE}}}',
        f'{{"a":{{}},"a":{ONE}}}',
        f'{{"a":{ONE},"\\u0061":{ONE}}}',
        f'{{"a":{ONE},"a" :{ONE}}}',
        f'{{"__metadata__":null,"a":{ONE}}}',
        f'{{"__metadata__":{{}},"a":{ONE}}}',
        f'{{"__metadata__":{{"k":"v","k":"w"}},"a":{ONE}}}',
        f'{{"__metadata__":{{"k":1}},"a":{ONE}}}',
        f'{{"__metadata__":{{"k":1,"k":"w"}},"a":{ONE}}}',
        f'{{"__metadata__":[],"a":{ONE}}}',
        f'{{"__metadata__":{{}},"__metadata__":{{}},"a":{ONE}}}',
        '{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
        '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"data_offsets":[0,4]}}',
        '{"a":{"shape":[1],"data_offsets":[0,4]}}',
        '{"a":{"dtype":"F32","data_offsets":[0,4]}}',
        '{"a":{"dtype":"F32","shape":[1]}}',
        '{"a":{"dtype":"f32","shape":[1],"data_offsets":[0,4]}}',
        '{"a":{"dtype":null,"shape":[1],"data_offsets":[0,4]}}',
        '{"a":{"dtype":17,"shape":[1],"data_offsets":[0,4]}}',
        '{"a":{"dtype":"F32","shape":null,"data_offsets":[0,4]}}',
        '{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}',
        '{"a":{"dtype":"F32","shape":[1e0],"data_offsets":[0,4]}}',
        '{"a":{"dtype":"F32","shape":[01],"data_offsets":[0,4]}}',
        '{"a":{"dtype":"F32","shape":[true],"data_offsets":[0,4]}}',
        '{"a":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}',
        '{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}',
        '{"a":{"dtype":"F32","shape":1,"data_offsets":[0,4]}}',
        '{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}',
        '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,4]}}',
        '{"a":{"dtype":"F32","shape":[1],"data_offsets":[4]}}',
        '{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}',
        '{"a":{"dtype":"F32","shape":[1],"data_offsets":{"0":0,"1":4}}}',
        '{"a":{"dtype":"F32","shape":[1],"data_offsets":[-0,4]}}',
        '{"a":{"dtype":"F4","shape":[8],"data_offsets":[0,4]}}',
        '{"a":{"dtype":"F4","shape":[7],"data_offsets":[0,4]}}',
        '{"a":null}',
        '{"a":"F32"}',
        "[]",
        "null",
        "",
        EXTRA % "1",
        EXTRA % '[{"dtype":1,"dtype":2}]',
        EXTRA % "NaN",
        EXTRA % "-Infinity",
        EXTRA % "1e999",
        EXTRA % "1e-999",
        EXTRA % ("1" + "0" * 100),
        EXTRA % ("1" + "0" * 5000),
        EXTRA % '"\\ud800"',
        EXTRA % '"[[[\\\\"',
        EXTRA % ("[" * 125 + "]" * 125),
        EXTRA % ("[" * 126 + "]" * 126),
        EXTRA % ("[" * 200 + "]" * 200),
        EXTRA % ('"' + "[" * 500 + '"'),
        EXTRA % ('"\\"' + "[" * 500 + '"'),
        EXTRA % ('"\\\\",' + '"more":' + "[" * 500 + "]" * 500),
    ],
)
def test_accepts_exactly_the_headers_that_the_library_accepts(header: str) -> None:
    assert agrees(packed(header, bytes(4)))


HUGE = 2**63


@pytest.mark.parametrize(
    "shape",
    [
        [0],
        [4, 0],
        [0, HUGE, 4],
        [HUGE, 4, 0],
        [2**60, 0],
        [2**61, 8, 0],
        [0, 2**64 - 1],
        [0, 2**64],
    ],
)
def test_shapes_multiply_as_the_library_multiplies(shape: list[int]) -> None:
    header = {"a": {"dtype": "F32", "shape": shape, "data_offsets": [0, 0]}}
    assert agrees(packed(json.dumps(header)))


@pytest.mark.parametrize(
    "data",
    [
        b"1234567",
        struct.pack("<Q", 0),
        struct.pack("<Q", HUGE),
        struct.pack("<Q", 2**64 - 1) + b"{}",
        struct.pack("<Q", MAX_HEADER_BYTES + 1),
        struct.pack("<Q", 100) + b"{}",
        packed("{}", b"more"),
        packed(b'{"\xff":1}'),
        packed(b"{\xed\xa0\x80}"),
    ],
)
def test_refuses_the_files_that_the_library_refuses(data: bytes) -> None:
    assert oracle(data) is None
    header, faults = read(data)
    assert len(faults) == 1
    assert header is None or faults[0].kind == "trailing-bytes"


NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
SHAPES = st.lists(st.integers(0, 4), max_size=3)


@st.composite
def sound_headers(draw: st.DrawFn) -> tuple[dict[str, Any], int]:
    """Return a header whose tensors lie in any order in the file, and the bytes of their data."""
    header: dict[str, Any] = {}
    end = 0
    for name in draw(
        st.lists(NAMES.filter(lambda n: n != "__metadata__"), unique=True, max_size=5)
    ):
        dtype = draw(st.sampled_from(sorted(DTYPE_BITS)))
        shape = draw(SHAPES)
        if prod(shape) * DTYPE_BITS[dtype] % 8:
            shape = [*shape, 8]
        header[name] = entry(dtype, shape, end)
        end = header[name]["data_offsets"][1]
    if draw(st.booleans()):
        header["__metadata__"] = draw(st.dictionaries(NAMES, NAMES, max_size=3))
    order = draw(st.permutations(list(header)))
    return {name: header[name] for name in order}, end


ODD_VALUES: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, -1, 1.0, "F32", "f32", [], [0, 4], [4, 0], [[]], {}, HUGE, 2 * HUGE, [1, HUGE, 4]]
)


@st.composite
def mutated_headers(draw: st.DrawFn) -> bytes:
    header, end = draw(sound_headers())
    header = copy.deepcopy(header)
    for _ in range(draw(st.integers(1, 2))):
        if not header:
            break
        name = draw(st.sampled_from(sorted(header)))
        value = header[name]
        match draw(
            st.sampled_from(["value", "drop", "offset", "shape", "dtype", "whole", "extra"])
        ):
            case "value" if isinstance(value, dict) and value and name != "__metadata__":
                key = draw(st.sampled_from(sorted(value)))
                value[key] = draw(ODD_VALUES)
            case "drop" if isinstance(value, dict) and value:
                del value[draw(st.sampled_from(sorted(value)))]
            case "offset" if isinstance(value, dict) and value.get("data_offsets"):
                index, step = draw(st.tuples(st.integers(0, 1), st.integers(-8, 8)))
                if isinstance(value["data_offsets"], list) and len(value["data_offsets"]) == 2:
                    value["data_offsets"][index] += step
            case "shape" if isinstance(value, dict):
                value["shape"] = draw(SHAPES)
            case "dtype" if isinstance(value, dict):
                value["dtype"] = draw(st.sampled_from(sorted(DTYPE_BITS)))
            case "whole":
                # An array of three is an entry to the library, and here it is not.
                header[name] = draw(ODD_VALUES)
            case _:
                header[name] = {"extra": 1, **value} if isinstance(value, dict) else value
    data = packed(json.dumps(header, ensure_ascii=draw(st.booleans())), bytes(end))
    return data[: len(data) + draw(st.sampled_from([0, 0, 0, -1]))]


@given(sound_headers())
def test_sound_files_have_no_faults(drawn: tuple[dict[str, Any], int]) -> None:
    header, end = drawn
    data = packed(json.dumps(header), bytes(end))
    assert oracle(data) is not None
    assert agrees(data)
    assert read(data)[1] == []


@given(mutated_headers())
def test_broken_files_are_refused_as_the_library_refuses_them(data: bytes) -> None:
    assert agrees(data)


@given(sound_headers(), st.data())
def test_damaged_bytes_are_judged_as_the_library_judges_them(
    drawn: tuple[dict[str, Any], int], data: st.DataObject
) -> None:
    header, end = drawn
    whole = bytearray(packed(json.dumps(header), bytes(end)))
    for _ in range(data.draw(st.integers(1, 3))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    assert agrees(bytes(whole))


@given(st.binary(max_size=200))
def test_any_bytes_give_an_answer(data: bytes) -> None:
    assert agrees(data)


@given(st.text('[]{}",:\\1a ', max_size=60))
def test_any_json_like_header_gives_the_librarys_answer(text: str) -> None:
    assert agrees(packed(text))


# --- What the faults say ------------------------------------------------------------------------


def two_tensors(**changes: Any) -> dict[str, Any]:
    return {"a": entry("F32", [4, 2], 0), "b": entry("BF16", [2, 4], 32) | changes}


@pytest.mark.parametrize(
    ("header", "extra", "kind", "words", "tensor", "known"),
    [
        (two_tensors(data_offsets=[36, 52]), 52, "offset-gap", ["32", "36", "`b`"], "b", True),
        (two_tensors(data_offsets=[28, 44]), 48, "offset-overlap", ["28", "32", "`b`"], "b", True),
        (
            two_tensors(shape=[2, 5]),
            48,
            "size-mismatch",
            ["`BF16`", "[2, 5]", "20", "16"],
            "b",
            True,
        ),
        (
            {"a": {"dtype": "F4", "shape": [7], "data_offsets": [0, 4]}},
            4,
            "size-mismatch",
            ["28 bits"],
            "a",
            True,
        ),
        (two_tensors(dtype="F33"), 48, "unknown-dtype", ["`b`", "`F33`"], "b", True),
        (two_tensors(shape=[-1]), 48, "header-invalid", ["`shape` of `b`", "`[-1]`"], "b", False),
        (two_tensors(dtype=3), 48, "header-invalid", ["`dtype` of `b`", "`3`"], "b", False),
        (two_tensors(data_offsets=[1]), 48, "header-invalid", ["`data_offsets` of `b`"], "b", True),
        (two_tensors(data_offsets=[9, 5]), 48, "header-invalid", ["`[9, 5]`"], "b", True),
        ({"a": {"dtype": "F32"}}, 0, "header-invalid", ["`a`", "no `shape`"], "a", False),
        ({"a": 5}, 0, "header-invalid", ["`a`", "`5`"], "a", False),
        ({"__metadata__": {"k": 5}}, 0, "header-invalid", ["`k`", "`5`"], None, True),
        (two_tensors(), 47, "data-truncated", [], None, True),
        (two_tensors(), 49, "trailing-bytes", [], None, True),
    ],
)
def test_each_defect_is_one_fault_that_names_its_values(
    header: dict[str, Any], extra: int, kind: str, words: list[str], tensor: str | None, known: bool
) -> None:
    found, faults = read(packed(json.dumps(header), bytes(extra)))
    first = faults[0]
    assert first.kind == kind
    assert [word for word in words if word not in first.message] == []
    assert (first.location.file, first.location.tensor) == (FILE, tensor)
    assert first.help
    assert (found is not None) == known
    if kind not in ("header-invalid",):
        assert len(faults) == 1


def test_the_message_on_truncated_data_has_both_byte_numbers() -> None:
    whole = packed(json.dumps(two_tensors()), bytes(48))
    header, faults = read(whole[:-10])
    assert kinds(faults) == ["data-truncated"]
    assert f"byte {len(whole)}" in faults[0].message
    assert f"byte {len(whole) - 10}" in faults[0].message
    assert header == read(whole)[0]


def test_one_cause_is_one_fault_with_a_count() -> None:
    tensors = {f"t{i}": entry("F32", [1], 4 * i) | {"dtype": "FLOAT"} for i in range(40)}
    header, faults = read(packed(json.dumps(tensors), bytes(160)))
    assert kinds(faults) == ["unknown-dtype"]
    assert "`t0`" in faults[0].message
    assert "40 tensors" in faults[0].message
    assert header is not None
    assert len(header.tensors) == 40


def test_two_causes_are_two_faults() -> None:
    tensors = {"a": entry("F32", [1], 0) | {"shape": None}, "b": entry("F32", [1], 4)}
    del tensors["b"]["dtype"]
    _, faults = read(packed(json.dumps(tensors), bytes(8)))
    assert [(fault.kind, fault.location.tensor) for fault in faults] == [
        ("header-invalid", "a"),
        ("header-invalid", "b"),
    ]


def test_a_repeated_name_is_a_fault_but_the_last_entry_counts() -> None:
    again = '{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}'
    data = packed(f'{{"a":{ONE},"a":{again}}}', bytes(4))
    header, faults = read(data)
    assert kinds(faults) == ["duplicate-tensor"]
    assert header is not None
    assert header.tensors == {"a": Tensor("a", "BF16", (2,))}
    assert oracle(data) == {"a": ("BF16", (2,))}


def test_overlapping_tensors_are_refused() -> None:
    """The attack of many tensors over the same bytes, which would take far more memory to load."""
    tensors = {f"t{i}": entry("F32", [1000], 0) for i in range(100)}
    _, faults = read(packed(json.dumps(tensors), bytes(4000)))
    assert kinds(faults) == ["offset-overlap"]
    assert "99 tensors" in faults[0].message


@pytest.mark.parametrize("depth", [200, 100_000])
@pytest.mark.parametrize("bracket", ["[", '{"a":'])
def test_deep_nesting_is_refused_without_recursion(depth: int, bracket: str) -> None:
    header, faults = read(packed('{"a":' + bracket * depth))
    assert header is None
    assert kinds(faults) == ["header-not-json"]
    assert "127" in faults[0].message


def test_a_huge_header_is_refused_without_reading_it() -> None:
    stream = io.BytesIO(struct.pack("<Q", 150_000_000) + b"{" + bytes(10_000))
    header, faults = read_safetensors(stream, 200_000_000, FILE)
    assert header is None
    assert kinds(faults) == ["header-too-large"]
    assert "150000000" in faults[0].message
    assert "100000000" in faults[0].message
    assert stream.tell() <= 512


def test_a_large_header_is_read_with_a_warning() -> None:
    metadata = "x" * LARGE_HEADER_BYTES
    data = packed(f'{{"__metadata__":{{"k":"{metadata}"}},"a":{ONE}}}', bytes(4))
    header, faults = read(data)
    assert kinds(faults) == ["header-large"]
    assert header is not None
    assert list(header.tensors) == ["a"]
    assert oracle(data) == {"a": ("F32", (1,))}


@pytest.mark.parametrize("kept", [3, 8, 20])
def test_a_file_cut_in_its_header_is_named_so(kept: int) -> None:
    whole = packed(json.dumps(two_tensors()), bytes(48))
    header, faults = read(whole[:kept])
    assert header is None
    assert kinds(faults) == ["header-truncated"]
    assert str(kept if kept < 8 else kept - 8) in faults[0].message


@pytest.mark.parametrize(
    ("data", "kind", "words"),
    [
        (b"", "weights-empty-file", "empty"),
        (
            b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 59000\n",
            "git-lfs-pointer",
            "Git LFS pointer",
        ),
        (b"PK\x03\x04" + bytes(200), "not-safetensors", "zip archive"),
        (b"\x80\x02}q\x00." + bytes(20), "not-safetensors", "pickle"),
        (b"GGUF\x03\0\0\0" + bytes(100), "not-safetensors", "GGUF"),
        (b"<!DOCTYPE html>\n<html><body>404</body></html>", "not-safetensors", "HTML"),
        (b'{"error": "Repository not found"}', "not-safetensors", "JSON"),
        (b"Entry not found", "not-safetensors", "`Entry not found`"),
        (b"\x93NUMPY\x01\0v\0{'descr': '<f4'}" + bytes(50), "not-safetensors", "NumPy"),
        (b"\x1f\x8b\x08\0\0\0\0\0\0\x03" + bytes(30), "not-safetensors", "gzip"),
        (b"\x89HDF\r\n\x1a\n" + bytes(300), "not-safetensors", "HDF5"),
        (b"name" + bytes(253) + b"ustar\0" + bytes(700), "not-safetensors", "tar"),
        (bytes(4096), "header-not-json", "0 bytes"),
        (b"\xff" * 100, "header-too-large", "18446744073709551615"),
    ],
)
def test_other_files_are_named(data: bytes, kind: str, words: str) -> None:
    header, faults = read(data)
    assert header is None
    assert kinds(faults) == [kind]
    assert words in faults[0].message
    assert faults[0].help


def test_long_names_are_cut_in_messages() -> None:
    name = "n" * 10_000
    _, faults = read(packed(json.dumps({name: 5})))
    assert len(faults[0].message) < 300
    assert faults[0].location.tensor == name
