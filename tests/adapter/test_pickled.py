from __future__ import annotations

import builtins
import collections
import contextlib
import copyreg
import io
import pickle
import pickletools
import struct
import subprocess
import sys
import tarfile
import time
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loracfg.adapter.header.tensor import Header, Tensor
from loracfg.adapter.pickle import pickle_machine, pickle_opcodes, torch_zip
from loracfg.adapter.pickle import pickled_header as pickled
from loracfg.adapter.pickle.pickle_machine import Global, Mapping, PickleError, PickleMachine
from loracfg.adapter.pickle.pickled_header import read_pickled, read_zipped
from loracfg.adapter.pickle.torch_pickle import allows
from loracfg.report.fault import Fault

torch = pytest.importorskip("torch", reason="writes the files that are read here")

pytestmark = pytest.mark.filterwarnings("ignore:Detected pickle protocol")

FILE = "adapter_model.bin"
FORMS = [True, False]
"""Values of `_use_new_zipfile_serialization`: the zip archive and the stream of pickles."""


def read(data: bytes) -> tuple[Header | None, list[Fault]]:
    return read_pickled(io.BytesIO(data), len(data), FILE)


def kinds(faults: list[Fault]) -> list[str]:
    return [fault.kind for fault in faults]


def saved(value: Any, *, zipped: bool = True, **options: Any) -> bytes:
    stream = io.BytesIO()
    torch.save(value, stream, _use_new_zipfile_serialization=zipped, **options)
    return stream.getvalue()


def loads_in_torch(data: bytes) -> bool:
    """Tell whether the loader that PEFT uses reads the file."""
    try:
        torch.load(io.BytesIO(data), weights_only=True)
    except Exception:  # it raises whatever its damaged input leads to
        return False
    return True


Records = list[tuple[str, bytes]]


def rezipped(
    data: bytes, change: Callable[[str, bytes], Records], method: int = zipfile.ZIP_STORED
) -> bytes:
    """Write an archive again, each record replaced by those that `change` returns."""
    stream = io.BytesIO()
    source = zipfile.ZipFile(io.BytesIO(data))
    with zipfile.ZipFile(stream, "w", method) as target:
        for name in source.namelist():
            for new_name, content in change(name, source.read(name)):
                target.writestr(new_name, content)
    return stream.getvalue()


def with_pickle(payload: bytes) -> bytes:
    """Return a sound archive of `torch.save` with another `data.pkl`."""
    whole = saved({"a": torch.zeros(2)})
    return rezipped(whole, lambda n, d: [(n, payload if n.endswith("/data.pkl") else d)])


def pickle_of(data: bytes) -> bytes:
    return zipfile.ZipFile(io.BytesIO(data)).read("archive/data.pkl")


# --- Files of torch.save ------------------------------------------------------------------------

DTYPES = {
    "float64": "F64",
    "float32": "F32",
    "float16": "F16",
    "bfloat16": "BF16",
    "float8_e4m3fn": "F8_E4M3",
    "float8_e5m2": "F8_E5M2",
    "float8_e4m3fnuz": "F8_E4M3FNUZ",
    "float8_e5m2fnuz": "F8_E5M2FNUZ",
    "float8_e8m0fnu": "F8_E8M0",
    "int64": "I64",
    "int32": "I32",
    "int16": "I16",
    "int8": "I8",
    "uint64": "U64",
    "uint32": "U32",
    "uint16": "U16",
    "uint8": "U8",
    "bool": "BOOL",
    "complex64": "C64",
    "complex128": "complex128",
}


@pytest.mark.parametrize("zipped", FORMS)
@pytest.mark.parametrize("container", [dict, collections.OrderedDict])
def test_reads_every_dtype(zipped: bool, container: type[dict[str, Any]]) -> None:
    state = container({d: torch.zeros(2, 3, dtype=getattr(torch, d)) for d in DTYPES})
    header, faults = read(saved(state, zipped=zipped))
    assert kinds(faults) == ([] if zipped else ["legacy-dtype"])
    assert header == Header.of(Tensor(d, spelled, (2, 3)) for d, spelled in DTYPES.items())


@pytest.mark.parametrize("zipped", FORMS)
@pytest.mark.parametrize("dtype", DTYPES)
def test_a_dtype_without_a_fault_is_one_that_torch_loads(dtype: str, zipped: bool) -> None:
    data = saved({"a": torch.zeros(2, 3, dtype=getattr(torch, dtype))}, zipped=zipped)
    assert loads_in_torch(data) == (read(data)[1] == [])


def test_spells_dtypes_as_safetensors_does() -> None:
    save = pytest.importorskip("safetensors.torch").save
    safetensors = pytest.importorskip("safetensors")
    names = [name for name in DTYPES if name != "complex128"]
    state = {name: torch.zeros(2, 4, dtype=getattr(torch, name)) for name in names}
    state["pairs"] = torch.zeros(2, 4, dtype=torch.uint8).view(torch.float4_e2m1fn_x2)
    header, _ = read(saved(state))
    expected = {
        name: Tensor(name, info["dtype"], tuple(info["shape"]))
        for name, info in safetensors.deserialize(save(state))
    }
    assert header is not None
    assert header.tensors == expected


class Holder(torch.nn.Module):  # type: ignore[misc, name-defined]
    def __init__(self) -> None:
        super().__init__()
        self.linear = torch.nn.Linear(3, 2)
        self.register_buffer("steps", torch.zeros(4, dtype=torch.int64))


def attributed(tensor: Any) -> Any:
    tensor.note = "an attribute of Python"
    return tensor


STATES: dict[str, Callable[[], dict[str, Any]]] = {
    "state_dict with its _metadata": lambda: Holder().state_dict(),
    "parameters": lambda: {"a": torch.nn.Parameter(torch.zeros(2, 3))},
    "parameters with attributes": lambda: {"a": attributed(torch.nn.Parameter(torch.zeros(2)))},
    "tensors with attributes": lambda: {"a": attributed(torch.zeros(2, 3))},
    "buffers": lambda: {"a": torch.nn.Buffer(torch.zeros(2, 3))},
    "transposed": lambda: {"a": torch.zeros(3, 4).t()},
    "slices of one storage": lambda: dict(zip("abc", torch.zeros(9, 4)[:6].split(2), strict=True)),
    "shared": lambda: dict.fromkeys("ab", torch.zeros(3)),
    "expanded": lambda: {"a": torch.zeros(1, 4).expand(5, 4)},
    "empty tensors": lambda: {"a": torch.zeros(0, 4), "b": torch.zeros(3)[3:]},
    "scalars": lambda: {"a": torch.tensor(1.0)},
    "conjugated": lambda: {"a": torch.zeros(2, dtype=torch.complex64).conj()},
    "quantised": lambda: {"a": torch.quantize_per_tensor(torch.zeros(2), 0.5, 0, torch.quint8)},
    "views of another dtype": lambda: {"a": torch.zeros(4).view(torch.int16)},
    "empty": dict,
    "counter": collections.Counter,
}


@pytest.mark.parametrize("zipped", FORMS)
@pytest.mark.parametrize("state", STATES)
@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")
def test_reads_what_torch_reads(state: str, zipped: bool) -> None:
    data = saved(STATES[state](), zipped=zipped)
    header, faults = read(data)
    expected = torch.load(io.BytesIO(data), weights_only=True)
    assert faults == []
    assert header is not None
    assert {n: t.shape for n, t in header.tensors.items()} == {
        n: tuple(tensor.shape) for n, tensor in expected.items()
    }


@pytest.mark.parametrize("zipped", FORMS)
def test_reads_an_adapter_of_peft(tmp_path: Path, zipped: bool) -> None:
    peft = pytest.importorskip("peft", reason="writes the adapter")
    model = peft.get_peft_model(Holder(), peft.LoraConfig(r=2, target_modules=["linear"]))
    model.save_pretrained(tmp_path, safe_serialization=False)
    path = tmp_path / FILE
    state = torch.load(path, weights_only=True)
    torch.save(state, path, _use_new_zipfile_serialization=zipped)
    with path.open("rb") as stream:
        header, faults = read_pickled(stream, path.stat().st_size, FILE)
    assert faults == []
    assert header is not None
    assert {n: t.shape for n, t in header.tensors.items()} == {
        "base_model.model.linear.lora_A.weight": (2, 3),
        "base_model.model.linear.lora_B.weight": (2, 2),
    }


@pytest.mark.parametrize("zipped", FORMS)
def test_reads_no_tensor_data(tmp_path: Path, zipped: bool) -> None:
    path = tmp_path / FILE
    torch.save({"a": torch.zeros(4_000_000)}, path, _use_new_zipfile_serialization=zipped)
    with path.open("rb", buffering=0) as stream:
        counted = Counting(stream)
        header, faults = read_pickled(counted, path.stat().st_size, FILE)  # type: ignore[arg-type]
    assert header is not None
    assert faults == []
    assert counted.bytes_read < 1_200_000


class Counting:
    """A stream that counts what is read of it."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.bytes_read = 0

    def read(self, count: int) -> bytes:
        data: bytes = self.stream.read(count)
        self.bytes_read += len(data)
        return data

    def seek(self, offset: int) -> int:
        return int(self.stream.seek(offset))


def test_a_pickle_longer_than_the_first_chunk_is_read() -> None:
    state = {f"layer.{i}.{'x' * 200}.weight": torch.zeros(1) for i in range(6000)}
    data = saved(state, zipped=False)
    assert data.index(b"layer.5999.") > 1024 * 1024
    header, faults = read(data)
    assert faults == []
    assert header is not None
    assert list(header.tensors) == list(state)


@pytest.mark.parametrize("layout", ["to_sparse", "to_sparse_csr", "meta"])
@pytest.mark.parametrize("zipped", FORMS)
@pytest.mark.filterwarnings("ignore:Sparse")
def test_tensors_that_peft_cannot_copy_are_faults(layout: str, zipped: bool) -> None:
    tensor = torch.eye(3)
    odd = tensor.to("meta") if layout == "meta" else getattr(tensor, layout)()
    a, b, c = (f"base_model.model.{name}.weight" for name in "abc")
    header, faults = read(saved({a: odd, b: odd, c: tensor}, zipped=zipped))
    assert kinds(faults) == ["tensor-not-dense"]
    assert f"`{a}`" in faults[0].message
    assert "2 tensors" in faults[0].message
    assert header is not None
    assert {t.shape for t in header.tensors.values()} == {(3, 3)}


@pytest.mark.parametrize("layout", ["to_sparse", "meta"])
def test_a_tensor_that_peft_passes_over_may_be_sparse(layout: str) -> None:
    tensor = torch.eye(3)
    odd = tensor.to("meta") if layout == "meta" else tensor.to_sparse()
    data = saved({"base_model.model.a.weight": tensor, "x": odd}, zipped=True)
    header, faults = read(data)
    assert faults == []
    assert header is not None
    assert header.shapes["x"] == (3, 3)
    # what has no data of its own is not written anew
    assert read_zipped(io.BytesIO(data), len(data), "adapter_model.bin") is None


@pytest.mark.parametrize("zipped", FORMS)
@pytest.mark.parametrize("protocol", [1, 2, 3, 4, 5])
def test_protocols_that_the_safe_loader_refuses_are_faults(protocol: int, zipped: bool) -> None:
    data = saved({"a": torch.zeros(2, 3)}, zipped=zipped, pickle_protocol=protocol)
    header, faults = read(data)
    assert header == Header.of([Tensor("a", "F32", (2, 3))])
    assert kinds(faults) == ([] if loads_in_torch(data) else ["pickle-protocol"])


def test_imports_nothing_heavy() -> None:
    code = (
        "import io, sys; from loracfg.adapter.pickle.pickled_header import read_pickled as read;"
        "data = sys.stdin.buffer.read(); header, faults = read(io.BytesIO(data), len(data), 'x');"
        "assert list(header.tensors) == ['a'] and faults == [];"
        "heavy = ('torch', 'numpy', 'pickle', 'zipfile', 'copyreg._extension_cache');"
        "print([m for m in heavy if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=saved({"a": torch.zeros(1)}), capture_output=True
    )
    assert (done.stdout, done.stderr) == (b"[]\n", b"")


# --- Files that hold something else -------------------------------------------------------------


@pytest.mark.parametrize("zipped", FORMS)
@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"model": {"a": torch.zeros(1)}, "epoch": 3}, ["`model` (a dict)", "`epoch` (an int)"]),
        ({f"k{i}": i for i in range(9)}, ["`k0` (an int)", "5 more"]),
        ({0: torch.zeros(1)}, ["not strings (1)"]),
        ([torch.zeros(1)], ["a list"]),
        ((torch.zeros(1),), ["a tuple"]),
        (torch.zeros(1), ["a tensor"]),
        (5, ["an int"]),
        (None, ["None"]),
        ("text", ["a string"]),
        ({"a": torch.zeros(1), 7: torch.zeros(1)}, ["not strings (1)"]),
    ],
)
def test_what_is_no_state_dict_is_named(value: Any, words: list[str], zipped: bool) -> None:
    header, faults = read(saved(value, zipped=zipped))
    assert kinds(faults) == ["pickle-not-state-dict"]
    assert [word for word in words if word not in faults[0].message] == []
    assert header is None or list(header.tensors) == ["a"]


@pytest.mark.parametrize("zipped", FORMS)
def test_values_next_to_tensors_are_ignored(zipped: bool) -> None:
    value = {"a": torch.zeros(1), "step": 3, "optimizer": {"b": torch.zeros(1)}}
    header, faults = read(saved(value, zipped=zipped))
    assert kinds(faults) == ["pickle-extra-values"]
    assert "`step` (an int), `optimizer` (a dict)" in faults[0].message
    assert header == Header.of([Tensor("a", "F32", (1,))])


@pytest.mark.parametrize("protocol", range(6))
def test_a_plain_pickle_is_not_torchs(protocol: int) -> None:
    header, faults = read(pickle.dumps({"a": [1, 2.5, None, True]}, protocol))
    assert header is None
    assert kinds(faults) == ["pickle-not-state-dict"]
    assert "a dict" in faults[0].message


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_torchscript_is_named() -> None:
    stream = io.BytesIO()
    torch.jit.save(torch.jit.trace(torch.nn.Linear(2, 2), torch.zeros(1, 2)), stream)
    header, faults = read(stream.getvalue())
    assert header is None
    assert kinds(faults) == ["pickle-not-state-dict"]
    assert "TorchScript" in faults[0].message


def zip_of(name: str, content: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(name, content)
    return stream.getvalue()


def tar_of(name: str) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        archive.addfile(tarfile.TarInfo(name))
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "kind", "words"),
    [
        (b"", "weights-empty-file", "empty"),
        (
            b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 59000\n",
            "git-lfs-pointer",
            "Git LFS pointer",
        ),
        (struct.pack("<Q", 2) + b"{}", "not-pickle", "safetensors"),
        (b"GGUF\x03\0\0\0" + bytes(64), "not-pickle", "GGUF"),
        (b"<!DOCTYPE html>\n<html></html>", "not-pickle", "HTML"),
        (b'{"error": "not found"}', "not-pickle", "JSON"),
        (b"Entry not found", "not-pickle", "`Entry not found`"),
        (zip_of("adapter/adapter_config.json", b"{}"), "not-pickle", "adapter_config.json"),
        (zip_of("data.pkl", b"N."), "not-pickle", "data.pkl"),
        (tar_of("storages"), "not-pickle", "tar"),
        (b"\x80\x02", "pickle-unreadable", "byte 2"),
        (b"\x80\x63N.", "pickle-unreadable", "protocol 99"),
        (b"\xff\xfe\xfd", "pickle-unreadable", "0xff"),
        (bytes(1000), "pickle-unreadable", "0x00"),
        (b"\x80\x09N.", "pickle-unreadable", "protocol 9"),
        (b"PK\x03\x04" + bytes(500), "pickle-unreadable", "504"),
        (b"PK\x03\x04", "pickle-unreadable", "byte 4"),
    ],
)
def test_other_files_are_named(data: bytes, kind: str, words: str) -> None:
    header, faults = read(data)
    assert header is None
    assert kinds(faults) == [kind]
    assert words in faults[0].message
    assert faults[0].help


def test_a_tar_archive_that_begins_like_a_pickle_is_no_pickle() -> None:
    """Older loaders try tar first: such a file would run another pickle than the one read here."""
    sound = saved({"a": torch.zeros(1)}, zipped=False)[:99]
    data = bytearray(tar_of("storages"))
    data[: len(sound)] = sound
    data[257:265] = bytes(8)  # no `ustar`: the checksum alone makes it tar
    data[148:156] = b" " * 8
    data[148:156] = b"%06o\0 " % sum(data[:512])
    assert tarfile.TarInfo.frombuf(bytes(data[:512]), "utf-8", "surrogateescape").size == 0
    assert kinds(read(bytes(data))[1]) == ["not-pickle"]


# --- Damaged archives, as torch judges them -----------------------------------------------------

Change = Callable[[str, bytes], Records]
OTHER_PICKLE = pickle_of(saved({"b": torch.ones(1)}))


def on(suffix: str, change: Callable[[bytes], bytes | None]) -> Change:
    def changed(name: str, data: bytes) -> Records:
        if not name.endswith(suffix):
            return [(name, data)]
        content = change(data)
        return [] if content is None else [(name, content)]

    return changed


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (on("nothing", bytes), None),
        (on("/data/0", lambda d: None), "storage-missing"),
        (on("/data/0", lambda d: d[:-4]), "storage-size"),
        (on("/data/0", lambda d: d + d), "storage-size"),
        (on("/data.pkl", lambda d: d.replace(b"K\x06\x85", b"K\x09\x85")), "size-mismatch"),
        (on("/data.pkl", lambda d: d[:-1]), "pickle-unreadable"),
        (on("/version", lambda d: None), "pickle-unreadable"),
        (lambda n, d: [(n.replace("data.pkl", "DATA.PKL"), d)], None),
        (lambda n, d: [("a/b/" + n, d)], "not-pickle"),
        (lambda n, d: [(n.partition("/")[2], d)], "not-pickle"),
    ],
)
@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_changed_archive_is_judged_as_torch_judges_it(
    change: Change, kind: str | None, method: int
) -> None:
    data = rezipped(saved({"a": torch.arange(6.0)}), change, method)
    header, faults = read(data)
    assert kinds(faults) == ([kind] if kind else [])
    assert loads_in_torch(data) == (kind is None)
    if kind in (None, "storage-missing", "storage-size"):
        assert header == Header.of([Tensor("a", "F32", (6,))])


@pytest.mark.parametrize(
    ("suffix", "sound"), [(b"", True), (bytes(10), True), (b"PK\x05\x06", True)]
)
def test_bytes_after_the_archive_are_as_harmless_as_to_torch(suffix: bytes, sound: bool) -> None:
    data = saved({"a": torch.arange(6.0)}) + suffix
    assert loads_in_torch(data) == sound
    assert (read(data)[1] == []) == sound


@pytest.mark.parametrize("missing", [1, 10, 22, 100, 600, 1000])
def test_a_truncated_archive_is_unreadable(missing: int) -> None:
    data = saved({"a": torch.arange(6.0)})[:-missing]
    assert not loads_in_torch(data)
    header, faults = read(data)
    assert header is None
    assert kinds(faults) == ["pickle-unreadable"]


@pytest.mark.parametrize("hidden", ["archive/data.pkl", "archive/Data.Pkl", "ARCHIVE/data.pkl"])
@pytest.mark.parametrize("first", [True, False])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_second_pickle_under_the_same_name_is_refused(hidden: str, first: bool) -> None:
    def doubled(name: str, data: bytes) -> Records:
        if name != "archive/data.pkl":
            return [(name, data)]
        both = [(hidden, OTHER_PICKLE), (name, data)]
        return both if first else both[::-1]

    header, faults = read(rezipped(saved({"a": torch.zeros(1)}), doubled))
    assert header is None
    assert kinds(faults) == ["pickle-unreadable"]
    assert "two records" in faults[0].message


def test_a_directory_away_from_its_end_is_refused() -> None:
    """Readers differ on it: some read where it says, others right before the end."""
    data = zip_of("archive/data.pkl", OTHER_PICKLE)
    at = data.index(b"PK\x05\x06")
    header, faults = read(data[:at] + bytes(8) + data[at:])
    assert header is None
    assert "directory" in faults[0].message


@pytest.mark.parametrize("missing", [1, 24, 30])
def test_truncated_data_of_the_old_form_leave_the_header(missing: int) -> None:
    whole = saved({"a": torch.arange(6.0)}, zipped=False)
    data = whole[:-missing]
    assert not loads_in_torch(data)
    header, faults = read(data)
    assert header == Header.of([Tensor("a", "F32", (6,))])
    assert kinds(faults) == ["data-truncated"]
    assert f"byte {len(whole)}" in faults[0].message
    assert f"byte {len(data)}" in faults[0].message


def test_the_old_form_cut_before_its_data_says_so() -> None:
    whole = saved({"a": torch.arange(6.0)}, zipped=False)
    keys_at = whole.rindex(b"\x80\x02]")
    header, faults = read(whole[: keys_at + 4])
    assert header is not None
    assert kinds(faults) == ["data-truncated"]


@pytest.mark.parametrize("zipped", FORMS)
@given(data=st.data())
def test_damaged_bytes_give_an_answer(zipped: bool, data: st.DataObject) -> None:
    whole = bytearray(saved({"a": torch.zeros(2), "b": torch.ones(1)}, zipped=zipped))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    read(bytes(whole[: data.draw(st.integers(0, len(whole)))]))


@given(st.binary(max_size=300))
def test_any_bytes_give_an_answer(data: bytes) -> None:
    header, faults = read(data)
    assert header is None
    assert len(faults) == 1


# --- Hostile pickles ----------------------------------------------------------------------------


@pytest.fixture
def sentinel(tmp_path: Path) -> Path:
    """A path at which each payload would make a folder."""
    return tmp_path / "sentinel"


@pytest.fixture
def extension() -> Iterator[int]:
    """The code of an extension that names `os.mkdir` and that the process has used before."""
    code = 0xF0
    copyreg.add_extension("os", "mkdir", code)
    assert pickle.loads(b"\x80\x02\x82" + bytes([code]) + b".")  # noqa: S301  # fills the cache
    yield code
    copyreg.remove_extension("os", "mkdir", code)


class Reduced:
    """An object whose pickle calls what it was made with."""

    def __init__(self, function: Any, *args: Any) -> None:
        self.function = function
        self.args = args

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        return self.function, self.args


def text(value: str | Path) -> bytes:
    """Return the opcode that pushes a string."""
    raw = str(value).encode()
    return b"X" + struct.pack("<I", len(raw)) + raw


def quoted(path: Path) -> bytes:
    return b"S'" + str(path).encode() + b"'\n"


PARTIAL = b"cfunctools\npartial\n"
MKDIR = b"cos\nmkdir\n"
HOSTILE: dict[str, tuple[Callable[[Path], bytes], str]] = {
    "REDUCE, protocol 0": (lambda p: MKDIR + b"(" + quoted(p) + b"tR.", "os.mkdir"),
    "REDUCE, protocol 2": (lambda p: b"\x80\x02" + MKDIR + text(p) + b"\x85R.", "os.mkdir"),
    "STACK_GLOBAL": (
        lambda p: b"\x80\x04" + text("os") + text("mkdir") + b"\x93" + text(p) + b"\x85R.",
        "os.mkdir",
    ),
    "STACK_GLOBAL of memoised and escaped parts": (
        lambda p: b"\x80\x04S'o\\x73'\n\x94S'mkd\\151r'\n\x940h\x00h\x01\x93" + text(p) + b"\x85R.",
        "os.mkdir",
    ),
    "dotted name, protocol 4": (
        lambda p: b"\x80\x04cshutil\nos.mkdir\n" + text(p) + b"\x85R.",
        "shutil.os.mkdir",
    ),
    "dotted name under an allowed module": (
        lambda p: (
            b"\x80\x04ctorch._utils\n__builtins__.get\n"
            + text("exec")
            + b"\x85R"
            # `__builtins__` is a dict in modules: its `get` returns the function.
            + text(f"import os; os.mkdir({str(p)!r})")
            + b"\x85R."
        ),
        "torch._utils.__builtins__.get",
    ),
    "INST": (lambda p: b"(" + quoted(p) + b"ios\nmkdir\n.", "os.mkdir"),
    "OBJ": (lambda p: b"(" + MKDIR + quoted(p) + b"o.", "os.mkdir"),
    "eval under Python 2's name": (
        lambda p: (
            b"\x80\x02c__builtin__\neval\n"
            + text(f"__import__('os').mkdir({str(p)!r})")
            + b"\x85R."
        ),
        "builtins.eval",
    ),
    "exec": (
        lambda p: pickle.dumps(Reduced(exec, f"import os; os.mkdir({str(p)!r})"), 4),
        "builtins.exec",
    ),
    "chain of getattr": (
        lambda p: (
            b"\x80\x02cbuiltins\ngetattr\ncbuiltins\n__import__\n"
            + text("os")
            + b"\x85R"
            + text("mkdir")
            + b"\x86R"
            + text(p)
            + b"\x85R."
        ),
        "builtins.getattr",
    ),
    "NEWOBJ, then BUILD by __setstate__": (
        lambda p: b"\x80\x02" + PARTIAL + MKDIR + b"\x85\x81(" + MKDIR + text(p) + b"\x85}}tb)R.",
        "functools.partial",
    ),
    "NEWOBJ_EX": (
        lambda p: b"\x80\x04" + PARTIAL + MKDIR + text(p) + b"\x86}\x92)R.",
        "functools.partial",
    ),
    "a call dropped by POP": (
        lambda p: b"\x80\x02" + MKDIR + text(p) + b"\x85R0}.",
        "os.mkdir",
    ),
    "no STOP after the call": (lambda p: b"\x80\x02" + MKDIR + text(p) + b"\x85R", "os.mkdir"),
    "broken after the call": (lambda p: b"\x80\x02" + MKDIR + text(p) + b"\x85R\xff", "os.mkdir"),
    "as a key": (lambda p: b"\x80\x02}" + MKDIR + text(p) + b"\x85RNs.", "os.mkdir"),
    "in a frame, protocol 5": (
        lambda p: pickle.dumps({"a": [Reduced(compile_and_run, str(p))]}, 5),
        f"{__name__}.compile_and_run",
    ),
    "an iterator consumed by deque": (
        lambda p: (
            b"\x80\x02ccollections\ndeque\ncbuiltins\nmap\n"
            + MKDIR
            + b"]"
            + text(p)
            + b"a\x86R\x85R."
        ),
        "collections.deque",
    ),
}


def compile_and_run(path: str) -> None:
    Path(path).mkdir()


def fires(payload: bytes, sentinel: Path) -> bool:
    """Tell whether Python's own unpickler runs the payload, and clean up."""
    with contextlib.suppress(pickle.UnpicklingError, EOFError, TypeError, AttributeError):
        pickle.loads(payload)  # noqa: S301  # it makes a folder, at most
    fired = sentinel.exists()
    if fired:
        sentinel.rmdir()
    return fired


def refused(data: bytes, sentinel: Path) -> str:
    """Read a hostile file, which must have no effect, and return the message."""
    header, faults = read(data)
    assert not sentinel.exists()
    assert header is None
    assert kinds(faults) == ["hostile-pickle"]
    return faults[0].message


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_pickle_is_named_and_not_run(name: str, sentinel: Path) -> None:
    make, callable_name = HOSTILE[name]
    payload = make(sentinel)
    assert fires(payload, sentinel)
    assert f"`{callable_name}`" in refused(payload, sentinel)
    assert f"`{callable_name}`" in refused(with_pickle(payload), sentinel)


def test_an_extension_code_is_hostile_even_if_the_process_knows_it(
    sentinel: Path, extension: int
) -> None:
    for opcode in (b"\x82%c", b"\x83%c\0", b"\x84%c\0\0\0"):
        payload = b"\x80\x02" + opcode % extension + text(sentinel) + b"\x85R."
        assert fires(payload, sentinel)
        assert "`copyreg.extension 240`" in refused(payload, sentinel)
        assert "`copyreg.extension 240`" in refused(with_pickle(payload), sentinel)


def test_an_import_alone_is_hostile(sentinel: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = sentinel.parent / "imported_by_pickle.py"
    module.write_text(f"import os; os.mkdir({str(sentinel)!r}); anything = 1")
    monkeypatch.syspath_prepend(str(sentinel.parent))
    payload = b"\x80\x02cimported_by_pickle\nanything\n."
    message = refused(payload, sentinel)
    assert "`imported_by_pickle.anything`" in message
    assert fires(payload, sentinel)


@pytest.mark.parametrize("zipped", FORMS)
@pytest.mark.parametrize("place", ["value", "nested", "attribute", "state"])
def test_a_payload_among_tensors_is_found(place: str, zipped: bool, sentinel: Path) -> None:
    payload = Reduced(compile_and_run, str(sentinel))
    state: dict[str, Any] = collections.OrderedDict(a=torch.zeros(2))
    match place:
        case "value":
            state["b"] = payload
        case "nested":
            state["b"] = [{"c": (payload,)}]
        case "attribute":
            state["a"].hook = payload
        case "state":
            state._metadata = payload  # type: ignore[attr-defined]
    data = saved(state, zipped=zipped)
    assert not sentinel.exists()
    assert "compile_and_run`" in refused(data, sentinel)
    torch.load(io.BytesIO(data), weights_only=False)
    assert sentinel.exists()


@pytest.mark.parametrize("index", range(5))
def test_each_pickle_of_the_old_form_is_searched(index: int, sentinel: Path) -> None:
    parts = []
    stream = io.BytesIO(saved({"a": torch.zeros(2)}, zipped=False))
    for _ in range(5):
        begin = stream.tell()
        for _op in pickletools.genops(stream):
            pass
        parts.append(stream.getvalue()[begin : stream.tell()])
    parts[index] = b"\x80\x02" + MKDIR + text(sentinel) + b"\x85R."
    assert "`os.mkdir`" in refused(b"".join(parts), sentinel)


@pytest.mark.parametrize(
    "identifier",
    [
        MKDIR + text("path") + b"\x85R",
        b"(" + text("storage") + MKDIR + text("0") + text("cpu") + b"K\x01t",
        b"(" + text("module") + MKDIR + b"NNt",
    ],
)
def test_a_payload_in_a_persistent_id_is_found(identifier: bytes, sentinel: Path) -> None:
    data = with_pickle(b"\x80\x02" + identifier + b"Q.")
    assert "`os.mkdir`" in refused(data, sentinel)


def test_a_call_through_torchs_own_functions_is_found(sentinel: Path) -> None:
    """`_rebuild_from_type_v2` calls what it is given; `_load_from_bytes` loads a second file."""
    through = (
        b"\x80\x02ctorch._tensor\n_rebuild_from_type_v2\n("
        + MKDIR
        + b"ctorch\nTensor\n"
        + text(sentinel)
        + b"\x85}tR."
    )
    assert fires(through, sentinel)
    assert "`os.mkdir`" in refused(with_pickle(through), sentinel)
    inner = saved(Reduced(compile_and_run, str(sentinel)))
    nested = pickle.dumps(Reduced(torch.storage._load_from_bytes, inner), 2)
    assert "`torch.storage._load_from_bytes`" in refused(nested, sentinel)


def test_several_callables_are_named() -> None:
    payload = b"\x80\x02" + b"".join(b"cmodule%d\nname\n" % i for i in range(9)) + b"."
    message = read(payload)[1][0].message
    assert "`module0.name`" in message
    assert "5 more" in message


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("torch", "load"),
        ("torch", "_utils._rebuild_tensor_v2"),
        ("torch._utils", "_rebuild_tensor_v2.__globals__"),
        ("torch._utils._rebuild_tensor_v2", ""),
        ("collections", "OrderedDict.fromkeys"),
        ("collections.OrderedDict", "fromkeys"),
        ("torch", "FloatStorage.from_file"),
        ("torch", "storage.UntypedStorage"),
        ("torch", "float32.__class__"),
        ("torch.hub", "load"),
        ("torch.serialization", "load"),
        ("builtins", "getattr"),
        ("os", "system"),
    ],
)
def test_names_near_the_allowed_ones_are_not_allowed(module: str, name: str) -> None:
    assert not allows(Global(module, name))


def test_exactly_what_torch_allows_is_allowed() -> None:
    unpickler = pytest.importorskip("torch._weights_only_unpickler")
    torchs = {name.rpartition(".")[::2] for name in unpickler._get_allowed_globals()}
    refused_here = {(m, n) for m, n in torchs if not allows(Global(m, n))}
    assert refused_here == set()
    candidates = {
        (module, name)
        for module, names in {
            "torch": dir(torch),
            "torch._utils": dir(torch._utils),
            "torch._tensor": dir(torch._tensor),
            "torch.storage": dir(torch.storage),
            "torch.serialization": dir(torch.serialization),
            "torch.nn.parameter": dir(torch.nn.parameter),
            "torch.cuda": dir(torch.cuda),
            "collections": dir(collections),
            "builtins": dir(builtins),
        }.items()
        for name in names
    }
    assert {(m, n) for m, n in candidates - torchs if allows(Global(m, n))} == set()
    assert len(candidates & torchs) > 80


@pytest.mark.parametrize(
    "payload",
    [
        b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\n}b.",
        b"\x80\x02ccollections\nOrderedDict\nN}X\x03\0\0\0foos\x86b.",
        b"\x80\x02}b.",
        b"\x80\x02ctorch._tensor\n_rebuild_from_type_v2\nq\0(h\0N)}tR.",
        b"\x80\x02K\x01)R.",
        b"\x80\x02]}b)R.",
        b"\x80\x02K\x01K\x02K\x03s.",
        b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\n)R.",
        b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\n(NK\0K\1\x85K\1\x85\x89}tR.",
        b"\x80\x02X\x04\0\0\0pathQ.",
        b"\x80\x05\x97.",
    ],
)
def test_what_torch_never_writes_is_unreadable(payload: bytes) -> None:
    data = with_pickle(payload)
    assert not loads_in_torch(data)
    header, faults = read(data)
    assert header is None
    assert kinds(faults) == ["pickle-unreadable"]


# --- Limits -------------------------------------------------------------------------------------


@contextlib.contextmanager
def peak_memory() -> Iterator[Callable[[], int]]:
    """Yield a function that returns the most bytes that the block had allocated at once."""
    tracemalloc.start()
    try:
        yield lambda: tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def timed(payload: bytes) -> tuple[list[Fault], float]:
    data = with_pickle(payload)
    begin = time.process_time()
    _, faults = read(data)
    return faults, time.process_time() - begin


@pytest.mark.slow
@pytest.mark.parametrize(
    "payload",
    [
        b"\x80\x02" + b"]" * 500_000 + b"a" * 499_999 + b".",
        b"\x80\x02N" + b"\x85" * 500_000 + b".",
        b"\x80\x02}N" + b"\x85" * 500_000 + b"Ns.",
        b"\x80\x02" + b"}N" * 400_000 + b"}" + b"s" * 400_000 + b".",
        b"\x80\x02" + b"(" * 500_000 + b"t" * 500_000 + b".",
        b"\x80\x02}N" + b"2\x86" * 200 + b"Ns.",
        b"\x80\x02]q\x00h\x00a.",
        b"\x80\x02}q\x00h\x00\x85Ns.",
    ],
    ids=["lists", "tuples", "key", "dicts", "marks", "exponential key", "cycle", "own key"],
)
def test_nesting_costs_neither_recursion_nor_time(payload: bytes) -> None:
    faults, seconds = timed(payload)
    assert kinds(faults) == ["pickle-not-state-dict"]
    assert seconds < 20


@pytest.mark.parametrize(
    "payload",
    [
        b"\x80\x02Nr\xff\xff\xff\xff.",
        b"\x80\x04\x8e" + b"\xff" * 8 + b".",
        b"\x80\x05\x96" + b"\xff" * 7 + b"\0.",
        b"\x80\x04\x95" + b"\xff" * 8 + b"N.",
        b"\x80\x02X\xff\xff\xff\xff.",
        b"\x80\x02\x8b\xff\xff\xff\x7f.",
        b"Np99999999999999999999\n.",
        b"I" + b"9" * 5000 + b"\n.",
    ],
)
def test_huge_numbers_reserve_no_memory(payload: bytes) -> None:
    data = with_pickle(payload)
    with peak_memory() as peak:
        read(data)
        assert peak() < 2_000_000


STORAGE = b"(" + text("storage") + b"ctorch\nFloatStorage\n" + text("0") + text("cpu") + b"K\x02tQ"


def repeated_calls(function: bytes, args: bytes) -> bytes:
    """Return many calls of a function with one tuple of 100,000 more arguments, made once."""
    args = b"(" + args + b"N" * 100_000 + b"tq\x000"
    return b"\x80\x02" + args + (function + b"h\x00R0") * 50_000 + b"N."


@pytest.mark.parametrize(
    "payload",
    [
        repeated_calls(b"ccollections\nOrderedDict\n", b""),
        repeated_calls(b"ctorch._utils\n_rebuild_tensor_v2\n", STORAGE + b"K\0K\x02\x85K\x01\x85"),
        b"\x80\x04X\x40\x42\x0f\x00"
        + b"x" * 1_000_000
        + b"\x940"
        + b"h\x00h\x00\x930" * 50_000
        + b"N.",
    ],
)
def test_work_grows_no_faster_than_the_file(payload: bytes) -> None:
    faults, seconds = timed(payload)
    assert len(faults) == 1
    assert seconds < 5


def test_too_many_opcodes_are_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pickle_opcodes, "MAX_OPCODES", 1000)
    assert kinds(read(with_pickle(b"\x80\x02" + b"N0" * 600 + b"N."))[1]) == ["pickle-too-large"]
    assert kinds(read(with_pickle(b"\x80\x02" + b"N0" * 400 + b"N."))[1]) == [
        "pickle-not-state-dict"
    ]


@pytest.mark.parametrize("opcodes", [b"]", b"}", b"(", b"N\x94", b"c__builtin__\nset\n)R"])
def test_values_that_take_memory_are_counted(
    opcodes: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pickle_machine, "MAX_VALUES", 100)
    few, many = (read(with_pickle(b"\x80\x02" + opcodes * n + b"N."))[1] for n in (40, 101))
    assert kinds(few) == ["pickle-not-state-dict"]
    assert kinds(many) == ["pickle-too-large"]


def test_a_declared_size_beyond_the_limit_is_refused_unread() -> None:
    bomb = rezipped(with_pickle(b"N" * (pickled.MAX_PICKLE_BYTES + 1)), lambda n, d: [(n, d)], 8)
    assert len(bomb) < 1_000_000
    header, faults = read(bomb)
    assert header is None
    assert kinds(faults) == ["pickle-too-large"]
    assert str(pickled.MAX_PICKLE_BYTES) in faults[0].message


def test_a_record_that_unpacks_to_far_more_than_it_has_is_refused() -> None:
    bomb = rezipped(with_pickle(b"N0" * 500_000 + b"N."), lambda n, d: [(n, d)], 8)
    assert len(bomb) < 20_000
    header, faults = read(bomb)
    assert header is None
    assert kinds(faults) == ["pickle-too-large"]
    assert "times its size" in faults[0].message


def test_a_record_that_unpacks_to_more_than_it_says_is_refused() -> None:
    data = rezipped(with_pickle(b"N." + bytes(50_000_000)), lambda n, d: [(n, d)], 8)
    lying = data.replace(struct.pack("<L", 50_000_002), struct.pack("<L", 2))
    with peak_memory() as peak:
        header, faults = read(lying)
        assert peak() < 2_000_000
    assert header is None
    assert kinds(faults) == ["pickle-unreadable"]


def test_a_large_directory_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch_zip, "MAX_DIRECTORY_BYTES", 100)
    assert kinds(read(saved({"a": torch.zeros(1)}))[1]) == ["pickle-too-large"]


def test_the_old_form_is_not_read_beyond_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pickled, "_LEGACY_CHUNK", 600)
    monkeypatch.setattr(pickled, "MAX_PICKLE_BYTES", 2400)
    state = {f"layer.{i}.weight": torch.zeros(1) for i in range(100)}
    assert kinds(read(saved(state, zipped=False))[1]) == ["pickle-too-large"]


# --- Against Python's own unpickler --------------------------------------------------------------

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.binary(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(
            st.text(st.characters(exclude_categories=["Cs"]), max_size=5), inner, max_size=4
        )
    ),
    max_leaves=20,
)


def plain(value: Any) -> Any:
    """Turn a machine's value into what the unpickler makes."""
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.entries.items()}
    if isinstance(value, list | tuple):
        return type(value)(map(plain, value))
    return value


@given(VALUES, st.integers(3, 5))
def test_plain_values_are_read_as_python_reads_them(value: Any, protocol: int) -> None:
    data = pickle.dumps(value, protocol)
    machine = PickleMachine(data, allows, lambda f, a: None, lambda i: None)
    found = plain(pickle_opcodes.run(machine))
    assert found == value
    assert type(found) is type(value)
    assert machine.at == len(data)
    assert machine.foreign == {}


@given(VALUES, st.integers(0, 2))
def test_the_old_protocols_are_read_as_python_reads_them(value: Any, protocol: int) -> None:
    data = pickle.dumps(value, protocol)
    machine = PickleMachine(data, lambda g: False, lambda f, a: None, lambda i: None)
    found = plain(pickle_opcodes.run(machine))
    if not machine.foreign:  # bytes were written as calls before protocol 3
        assert found == pickle.loads(data)  # noqa: S301  # made here
    assert machine.at == len(data)


class Recorder(pickle._Unpickler):
    """Python's unpickler, which stops at the first global that is not allowed and notes it."""

    asked: str | None = None

    def find_class(self, module: str, name: str) -> Any:
        if not allows(Global(module, name)):
            self.asked = f"{module}.{name}"
            raise pickle.UnpicklingError(self.asked)
        return Stand

    def persistent_load(self, identifier: Any) -> Any:
        return Stand()


class Stand:
    """Takes the place of whatever torch would build."""

    def __init__(self, *args: Any) -> None:
        pass

    def __setstate__(self, state: Any) -> None:
        pass

    def __setitem__(self, key: Any, value: Any) -> None:
        pass


SNIPPETS = st.sampled_from(
    [
        MKDIR,
        b"\x8c\x02os\x8c\x05mkdir\x93",
        b"(ios\nmkdir\n",
        b"cos\nmkdir\n)R",
        b"ctorch\nFloatStorage\n",
        *(bytes([code]) for code in range(0x80, 0x99) if code not in (0x82, 0x83, 0x84)),
        *(bytes([code]) for code in b"()012NR]abdehlostu}."),
        b"U\x03abc",
        b"X\x03\0\0\0abc",
        b"S'a'\n",
        b"K\x01",
        b"q\x05",
        b"h\x05",
        b"\x95\x04\0\0\0\0\0\0\0",
    ]
)
REAL = pickle_of(saved(collections.OrderedDict(a=torch.zeros(2, 3), b=torch.ones(1))))


@given(st.data())
def test_what_python_would_import_is_never_passed_over(data: st.DataObject) -> None:
    """Whatever the bytes: if Python's unpickler asks for a forbidden global, there is a fault."""
    if data.draw(st.booleans()):
        at = data.draw(st.integers(0, len(REAL)))
        inserted = b"".join(data.draw(st.lists(SNIPPETS, max_size=4)))
        payload = REAL[:at] + inserted + REAL[at + data.draw(st.integers(0, 3)) :]
    else:
        payload = b"".join(data.draw(st.lists(SNIPPETS, max_size=25))) + b"."
    recorder = Recorder(io.BytesIO(payload))
    with contextlib.suppress(Exception):  # damaged on purpose: any error will do
        recorder.load()
    machine = PickleMachine(payload, allows, lambda f, a: Mapping(), lambda i: Mapping())
    try:
        pickle_opcodes.run(machine)
        failed = False
    except PickleError:
        failed = True
    if recorder.asked:
        assert failed or recorder.asked in machine.foreign
