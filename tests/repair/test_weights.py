"""Convert pickles and several weight files to one sound file."""

from __future__ import annotations

from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pytest

from loracfg.adapter.directory import PICKLE_NAME
from loracfg.adapter.header.tensor import Shape, Tensor
from loracfg.adapter.pickle.torch_pickle import PickledTensor, Storage
from loracfg.config import CONFIG_NAME
from loracfg.repair.change import Change
from loracfg.repair.draft import PEFT_METADATA, Draft
from loracfg.repair.tensor_data import StoredTensor, Transpose
from loracfg.repair.weights import _source, convert_pickle, join_shards
from loracfg.report.report import Location
from loracfg.rules.rule import Finding
from loracfg.testing.memory_files import MemoryFiles, safetensors_bytes, torch_bytes
from tests.repair.single import changed

FINDING: Final = Finding("", Location(""), "")


def pickled(dtype: str, shape: Shape, strides: Shape, begin: int = 8) -> PickledTensor:
    storage = Storage("0", dtype, 96, typed=True)
    return PickledTensor(dtype, shape, "strided", storage, 96, begin, strides)


@pytest.mark.parametrize(
    ("shape", "strides"),
    [
        ((2, 3), (3, 1)),
        ((2, 3, 4), (12, 4, 1)),
        ((5,), (1,)),
        ((), ()),
        ((1, 3), (7, 1)),  # along one element, a stride says nothing
        ((3, 1), (1, 7)),
        ((0, 3), (7, 7)),
        ((2, 0), (7, 7)),
    ],
)
def test_data_in_order_are_taken_as_they_stand(shape: Shape, strides: Shape) -> None:
    assert _source(pickled("F32", shape, strides), {"0": 100}) == StoredTensor(
        PICKLE_NAME, 108, "F32", shape
    )


@pytest.mark.parametrize(
    ("shape", "strides", "block", "axes"),
    [
        ((2, 3), (1, 2), (3, 2), (1, 0)),
        ((2, 3, 4), (1, 8, 2), (3, 4, 2), (2, 0, 1)),
        ((2, 3, 4), (3, 1, 6), (4, 2, 3), (1, 2, 0)),
        ((2, 1, 3), (1, 1, 2), (3, 2, 1), (1, 2, 0)),
    ],
)
def test_axes_in_another_order_are_turned(
    shape: Shape, strides: Shape, block: Shape, axes: Shape
) -> None:
    found = _source(pickled("F16", shape, strides), {"0": 100})
    assert found == Transpose(StoredTensor(PICKLE_NAME, 108, "F16", block), block, axes, shape)


@pytest.mark.parametrize(
    ("dtype", "shape", "strides", "is_taken"),
    [
        ("I8", (2, 3), (3, 1), True),
        ("F6_E2M3", (2, 3), (3, 1), False),
        ("F4", (2, 3), (3, 1), False),
        ("quint8", (2, 3), (3, 1), False),
        ("F32", (2, 3), (4, 1), False),  # some of a wider matrix
        ("F32", (2, 3), (0, 1), False),  # one row, twice
        ("F32", (2, 3), (1, 1), False),
        ("F32", (2, 3), (1, 3), False),
    ],
)
def test_data_that_are_no_block(dtype: str, shape: Shape, strides: Shape, is_taken: bool) -> None:
    assert (_source(pickled(dtype, shape, strides), {"0": 0}) is not None) == is_taken


def test_a_tensor_without_storage_has_no_data() -> None:
    assert _source(PickledTensor("F32", (2, 3)), {"0": 0}) is None


def test_a_pickle_becomes_safetensors() -> None:
    change = changed(lambda s, d: convert_pickle(s, FINDING, d), "weights pickled")
    assert change is not None
    assert change.safe
    assert change.draft.left_out == {PICKLE_NAME}
    assert len(change.draft.tensors or {}) == 8
    assert change.draft.metadata == PEFT_METADATA
    assert change.title == "write 8 tensors of `adapter_model.bin` to `adapter_model.safetensors`"


@pytest.mark.parametrize(
    "lines",
    [
        (),  # there is no pickle
        ("weights pickled without data",),
        ("weights none", f"raw {PICKLE_NAME} no archive"),
        (f"file {PICKLE_NAME} beside the sound file",),
    ],
)
def test_what_is_no_sound_pickle_stays(lines: tuple[str, ...]) -> None:
    assert changed(lambda s, d: convert_pickle(s, FINDING, d), *lines) is None


def test_a_pickle_with_a_compressed_tensor_stays() -> None:
    tensors = [Tensor(name, "F32", (8,)) for name in "ab"]

    def converted(compressed: str | None) -> Change | None:
        packed = BytesIO()
        with ZipFile(BytesIO(torch_bytes(tensors))) as sound, ZipFile(packed, "w") as archive:
            for name in sound.namelist():
                method = ZIP_DEFLATED if name == compressed else ZIP_STORED
                archive.writestr(ZipInfo(name), sound.read(name), method)
        draft = Draft(MemoryFiles({PICKLE_NAME: packed.getvalue()}))
        return changed(lambda s, _: convert_pickle(s, FINDING, draft))

    assert converted(None) is not None
    assert converted("archive/data/1") is None


NAMES: Final = [f"adapter_model-0000{number}-of-00002.safetensors" for number in (1, 2)]


def joined(*contents: bytes, names: list[str] = NAMES, config: bool = True) -> Draft | None:
    files = dict(zip(names, contents, strict=False)) | ({CONFIG_NAME: b"{}"} if config else {})
    files["adapter_model.safetensors.index.json"] = b"{}"
    change = changed(lambda s, _: join_shards(s, FINDING, Draft(MemoryFiles(files))))
    assert change is None or change.safe
    return change.draft if change else None


def file_of(*names: str) -> bytes:
    return safetensors_bytes([Tensor(name, "F32", (2,)) for name in names])


def test_tensors_of_several_files_are_put_into_one() -> None:
    draft = joined(file_of("a", "b"), file_of("c"))
    assert draft is not None
    assert {
        n: one.file for n, one in (draft.tensors or {}).items() if isinstance(one, StoredTensor)
    } == {
        "a": NAMES[0],
        "b": NAMES[0],
        "c": NAMES[1],
    }
    assert draft.left_out == {*NAMES, "adapter_model.safetensors.index.json"}
    assert draft.metadata == PEFT_METADATA


def test_files_that_do_not_make_one() -> None:
    whole = file_of("a")
    assert joined(whole, file_of("b")) is not None
    assert joined(whole, whole) is None  # which of the two is it?
    assert joined(whole, file_of("b")[:-1]) is None
    assert joined(whole, b"no header") is None
    assert joined(file_of(), file_of()) is None
    assert joined(whole, file_of("b"), config=False) is None
    assert joined() is None


@pytest.mark.parametrize(
    ("numbers", "are_all"),
    [
        (["1-of-2", "2-of-2"], True),
        (["00001-of-2", "2-of-00002"], True),
        (["1-of-2", "01-of-2"], False),
        (["1-of-2", "2-of-3"], False),
        (["0-of-2", "1-of-2"], False),
        (["9" * 5000 + "-of-2", "2-of-2"], False),
    ],
)
def test_numbers_of_files(numbers: list[str], are_all: bool) -> None:
    names = [f"adapter_model-{number}.safetensors" for number in numbers]
    assert (joined(file_of("a"), file_of("b"), names=names) is not None) == are_all
