"""Damaged `torch.save` files have a fault exactly if torch rejects them."""

from __future__ import annotations

import io
import pickle
import pickletools
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from loracfg.adapter.pickle.pickled_header import read_pickled
from loracfg.sources.archive.held import HeldFile
from tests.adapter.test_pickled import FILE, Change, kinds, on, read, rezipped, saved

torch = pytest.importorskip("torch", reason="writes the files that are read here")

pytestmark = pytest.mark.filterwarnings("ignore:Detected pickle protocol")

STATE = {
    "a": torch.arange(6.0).reshape(2, 3),
    "b": torch.ones(3, 2, dtype=torch.bfloat16),
}
NOT_AGREED = (
    "directory is not where its end says",  # readers differ on which end counts
    "has two records named",  # the same
    "is newer than 5",  # torch reads on, Python does not
    "gives its name",  # torch reads bytes beside the record's
    "is marked as a folder",  # torch leaves memory as it was
    "the file does not have the data",  # the same, where the old form does not list a storage
    "bytes in one place",  # torch 2.15 refuses it, 2.13 reads the bytes of the first
)
"""Words of faults of files that torch reads in spite of them."""


@pytest.fixture
def loaded(tmp_path: Path) -> Any:
    """Return what reads a file as PEFT does: its tensors, None if torch refuses it."""
    path = tmp_path / FILE

    def load(data: bytes) -> Any:
        is_zip = data.startswith(b"PK")
        if not is_zip:  # the old form is read in another way from memory
            path.write_bytes(data)
        try:
            return torch.load(
                io.BytesIO(data) if is_zip else path,
                map_location=torch.device("cpu"),
                weights_only=True,
            )
        except Exception:  # it raises whatever its damaged input leads to
            return None

    return load


def is_whole(value: Any) -> bool:
    if not isinstance(value, dict) or value.keys() != STATE.keys():
        return False
    return all(
        isinstance(found := value[name], torch.Tensor) and torch.equal(found, tensor)
        for name, tensor in STATE.items()
    )


def damaged(data: bytes) -> Iterator[bytes]:
    """Yield a file with each of its bytes changed, in several ways."""
    for at, byte in enumerate(data):
        for value in {0, 255, byte ^ 1, byte ^ 32} - {byte}:
            yield data[:at] + bytes([value]) + data[at + 1 :]


@pytest.mark.slow
@pytest.mark.parametrize("zipped", [True, False])
def test_a_damaged_byte_is_judged_as_torch_judges_it(zipped: bool, loaded: Any) -> None:
    for data in damaged(saved(STATE, zipped=zipped)):
        value, (_, faults) = loaded(data), read(data)
        if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
            assert faults, data
        elif is_whole(value):
            assert [f for f in faults if not any(w in f.message for w in NOT_AGREED)] == [], data


def with_record(name: str, content: bytes = b"1") -> Change:
    """Return a change that adds a record at the end."""

    def changed(old: str, data: bytes) -> list[tuple[str, bytes]]:
        added = [(name, content)] if old.endswith("serialization_id") else []
        return [(old, data), *added]

    return changed


REFUSED = {
    "outside": (with_record("other/x"), "`other/x` is outside its folder `archive/`"),
    "top": (with_record("x"), "`x` is outside its folder `archive/`"),
    "folder in capitals": (with_record("ARCHIVE/x"), "`ARCHIVE/x` is outside"),
    "byteorder": (on("/byteorder", lambda _: b"middle"), "`byteorder` is `middle`, not `little`"),
    "no byteorder": (on("/byteorder", lambda _: b""), "`byteorder` is ``"),
    "alignment": (on("/.storage_alignment", lambda _: b"64k"), "`64k`, not a number"),
    "version": (on("/version", lambda _: b"new"), "`version` is `new`"),
    "newer version": (on("/version", lambda _: b"11\n"), "not a number from 1 to 10"),
    "version 0": (on("/version", lambda _: b"0\n"), "not a number from 1 to 10"),
    "huge version": (on("/version", lambda _: b"9" * 5000), "not a number from 1 to 10"),
    "id": (on("/.data/serialization_id", lambda _: b"\xff"), "serialization_id` is not UTF-8"),
}
READ = {
    "inside": with_record("archive/x"),
    "big-endian": on("/byteorder", lambda _: b"big"),
    "no order": on("/byteorder", lambda _: None),
    "no alignment": on("/.storage_alignment", lambda _: None),
    "spaced alignment": on("/.storage_alignment", lambda _: b" 1_28 "),
    "version 1": on("/version", lambda _: b"1"),
    "version and more": on("/version", lambda _: b" 3x\xff"),
    "version in a folder": lambda n, d: [(n.replace("/version", "/.data/version"), d)],
    "no id": on("/.data/serialization_id", lambda _: b""),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_torch_refuses_of_an_archive_is_named(case: str, loaded: Any) -> None:
    change, words = REFUSED[case]
    data = rezipped(saved(STATE), change)
    header, faults = read(data)
    assert loaded(data) is None
    assert header is None
    assert kinds(faults) == ["pickle-unreadable"]
    assert words in faults[0].message


@pytest.mark.parametrize("case", READ)
def test_what_torch_reads_of_an_archive_has_no_fault(case: str, loaded: Any) -> None:
    data = rezipped(saved(STATE), READ[case])
    assert loaded(data) is not None
    assert read(data)[1] == []


def test_a_record_whose_name_is_not_utf8_is_named(loaded: Any) -> None:
    data = rezipped(saved(STATE), with_record("archive/name")).replace(b"/name", b"/n\xffme")
    assert loaded(data) is None
    assert kinds(read(data)[1]) == ["pickle-unreadable"]
    assert "is not UTF-8" in read(data)[1][0].message


def test_torch_ends_the_name_of_a_record_at_a_zero_byte(loaded: Any) -> None:
    data = rezipped(saved(STATE), with_record("archive/name")).replace(b"/name", b"/n\0\xffe")
    assert is_whole(loaded(data))
    assert read(data)[1] == []


def test_hooks_may_be_anything(loaded: Any) -> None:
    hooks = b"ccollections\nOrderedDict\nq\n)R"  # the empty dict that torch writes
    for other in (b"K\5", b")", b"ccollections\nOrderedDict\nq\n"):
        change = on("/data.pkl", lambda pickle: pickle.replace(hooks, other, 1))  # noqa: B023
        data = rezipped(saved({"a": STATE["a"]}), change)
        assert hooks not in data
        assert loaded(data)["a"].equal(STATE["a"])
        assert read(data)[1] == []


def test_a_kelvin_sign_is_no_k(loaded: Any) -> None:
    data = rezipped(saved(STATE), lambda n, d: [(n.replace(".pkl", ".p\u212al"), d)])
    assert loaded(data) is None
    assert kinds(read(data)[1]) == ["not-pickle"]


PARTS = {
    "this disk": ("<H", 4, b"PK\x05\x06"),
    "entries here": ("<H", 8, b"PK\x05\x06"),
    "disk of an entry": ("<H", 34, b"PK\x01\x02"),
}


@pytest.mark.parametrize("part", PARTS)
def test_a_part_of_several_is_named(part: str, loaded: Any) -> None:
    form, offset, magic = PARTS[part]
    data = bytearray(rezipped(saved(STATE), lambda n, d: [(n, d)]))
    struct.pack_into(form, data, data.index(magic) + offset, 3)
    assert loaded(bytes(data)) is None
    assert kinds(read(bytes(data))[1]) == ["pickle-unreadable"]
    assert "one part of several" in read(bytes(data))[1][0].message


def header_at(data: bytearray, name: str) -> int:
    return zipfile.ZipFile(io.BytesIO(data)).getinfo(name).header_offset


@pytest.mark.parametrize(("offset", "value"), [(0, b"X"), (26, b"\x40"), (29, b"\xff")])
def test_a_damaged_header_of_data_is_named(offset: int, value: bytes, loaded: Any) -> None:
    data = bytearray(saved(STATE))
    at = header_at(data, "archive/data/0") + offset
    data[at : at + 1] = value
    header, faults = read(bytes(data))
    assert not is_whole(loaded(bytes(data)))
    assert header is not None
    assert kinds(faults) == ["storage-missing"]
    assert faults[0].location.tensor == "a"
    assert "the data `0` cannot be read" in faults[0].message


@pytest.mark.parametrize("change", [lambda _: None, lambda d: d + d])
def test_data_of_no_tensor_at_the_top_are_needed_too(change: Any, loaded: Any) -> None:
    state = {"a": torch.zeros(2), "more": [torch.ones(3)]}
    data = rezipped(saved(state), on("/data/1", change))
    kind = "storage-missing" if change(b"") is None else "storage-size"
    assert loaded(data) is None
    assert kind in kinds(read(data)[1])


@pytest.mark.parametrize("count", [0, 5, 7, 2**40])
def test_a_wrong_count_in_the_old_form_is_named(count: int, loaded: Any) -> None:
    data = bytearray(saved({"a": torch.arange(6.0)}, zipped=False))
    struct.pack_into("<q", data, len(data) - 32, count)
    header, faults = read(bytes(data))
    assert loaded(bytes(data)) is None
    assert header is not None
    assert kinds(faults) == ["storage-size"]
    assert f"{count} elements, not 6" in faults[0].message


def test_a_list_of_other_data_in_the_old_form_is_named(loaded: Any) -> None:
    whole = saved({"a": torch.arange(6.0)}, zipped=False)
    at = whole.rindex(b"\x80\x02]")
    key = whole[at + 10 : whole.index(b"q", at + 10)]
    data = whole[:at] + whole[at:].replace(key, b"9" * len(key))
    assert loaded(data) is None
    assert kinds(read(data)[1]) == ["pickle-unreadable"]


@pytest.mark.parametrize("zipped", [True, False])
def test_missing_parts_of_a_file_are_not_checked(zipped: bool) -> None:
    """A service holds the ends of a file; what stands before data in its middle is not there."""
    data = saved({str(i): torch.zeros(200_000) for i in range(4)}, zipped=zipped)
    held = HeldFile(len(data), data[:1_100_000], data[-100_000:])
    header, faults = read_pickled(held.open(), len(data), FILE)
    assert header is not None
    assert faults == []


@pytest.mark.parametrize("container", [list, tuple, dict.fromkeys])
def test_keys_of_storages_are_whatever_torch_can_loop_over(loaded: Any, container: Any) -> None:
    data = saved(STATE, zipped=False)
    stream = io.BytesIO(data)
    for _ in range(4):  # magic number, version, sizes of types, the state dict
        list(pickletools.genops(stream))
    start = stream.tell()
    keys = pickle.load(stream)  # noqa: S301  # written here
    changed = data[:start] + pickle.dumps(container(keys), 2) + data[stream.tell() :]
    assert is_whole(loaded(changed))
    assert read(changed)[1] == []


@pytest.mark.parametrize(
    "filled", [b"X\x01\0\0\0aK\x02s", b"(X\x01\0\0\0aK\x02u", b"K\x02a", b"(K\x02e"]
)
def test_a_set_is_neither_filled_as_a_dict_nor_as_a_list(loaded: Any, filled: bytes) -> None:
    data = saved(STATE, zipped=False)
    start = data.index(b"\x80\x02}", 20)  # the sizes of types, which are a dict
    end = data.index(b"\x80\x02", start + 2)
    changed = data[:start] + b"\x80\x02\x8f" + filled + b"." + data[end:]
    assert loaded(changed) is None
    assert kinds(read(changed)[1]) == ["pickle-unreadable"]
    assert is_whole(loaded(data[:start] + b"\x80\x02\x8f." + data[end:]))


@pytest.mark.parametrize(("key", "words"), [(b"]", "a list"), (b"}", "a dict")])
def test_no_list_or_dict_is_a_key(loaded: Any, key: bytes, words: str) -> None:
    data = saved(STATE, zipped=False)
    start = data.index(b"M\xe9\x03X")  # after the key `protocol_version`
    changed = data[:start] + b"N" + key + data[start:]
    assert loaded(changed) is None
    (fault,) = read(changed)[1]
    assert fault.message == f"the file cannot be read: {words} is the key of a dict"


@pytest.mark.parametrize("zipped", [True, False])
def test_the_id_of_a_storage_has_the_parts_of_its_form(loaded: Any, zipped: bool) -> None:
    data = saved(STATE, zipped=zipped)
    count = b"K\x06" + (b"" if zipped else b"N") + b"t"  # six elements, and no view
    assert data.count(count) == len(STATE)
    other = b"K\x06" + (b"N" if zipped else b"") + b"t"

    def changed(name: str, content: bytes) -> list[tuple[str, bytes]]:
        return [(name, content.replace(count, other))]

    spoilt = rezipped(data, changed) if zipped else data.replace(count, other)
    assert loaded(spoilt) is None
    assert [fault.message for fault in read(spoilt)[1]] == [
        f"the file cannot be read: the id of a storage has {6 if zipped else 5} parts, not "
        f"{5 if zipped else 6}"
    ]
