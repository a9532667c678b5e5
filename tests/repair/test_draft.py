"""A draft reads like the folder that is written from it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from loracfg.adapter.directory import SAFETENSORS_NAME, read_adapter
from loracfg.adapter.files import FOLDER
from loracfg.adapter.header.tensor import Tensor
from loracfg.config import CONFIG_NAME
from loracfg.document.edit import SetValue
from loracfg.repair.change import as_config_number, config_change, rename_change
from loracfg.repair.compute import compute
from loracfg.repair.draft import Draft, with_stored_tensors
from loracfg.repair.tensor_data import Cast, Concatenation, StoredTensor, Zeros
from loracfg.testing.building.examples import build
from loracfg.testing.memory_files import MemoryFiles, safetensors_bytes, with_header

CONFIG = b'{"r": 4}'


def folder(*tensors: Tensor, **contents: bytes) -> MemoryFiles:
    weights = {SAFETENSORS_NAME: safetensors_bytes(tensors)} if tensors else {}
    return MemoryFiles({CONFIG_NAME: CONFIG, **weights, **contents})


def draft_of(*tensors: Tensor) -> Draft:
    files = folder(*tensors)
    return with_stored_tensors(Draft(files), read_adapter(files))


def test_sizes_are_those_of_what_would_be_written() -> None:
    files = folder(Tensor("a", "F32", (4,)), README=b"x")
    assert Draft(files).sizes() == files.sizes()
    draft = Draft(files, "{}", {"a": Zeros("F16", (3,))}, left_out=frozenset({"README"}))
    assert draft.sizes() == {CONFIG_NAME: 2, SAFETENSORS_NAME: len(draft.head) + 6}


def test_files_that_are_replaced_are_not_those_of_the_folder() -> None:
    """A folder or a link under the name of a new file is gone."""
    names = (CONFIG_NAME, SAFETENSORS_NAME, "README")
    files = MemoryFiles({f"{name}/": b"" for name in names}, links=names)
    kept = Draft(files)
    assert [kept.kind_of(name) for name in names] == [FOLDER] * 3
    assert kept.links_out() == names
    config = Draft(files, "{}")
    assert [config.kind_of(name) for name in names] == [None, FOLDER, FOLDER]
    assert config.links_out() == names[1:]
    weights = Draft(files, None, {}, left_out=frozenset({"README"}))
    assert [weights.kind_of(name) for name in names] == [FOLDER, None, None]
    assert weights.links_out() == names[:1]


def test_new_files_are_opened_in_place_of_the_old() -> None:
    draft = Draft(folder(README=b"x", z=b"y"), '{"r": 8}', {"a": Zeros("F32", (1,))})
    assert draft.open(CONFIG_NAME).read() == b'{"r": 8}'
    assert draft.open(SAFETENSORS_NAME).read() == draft.head
    assert draft.open("README").read() == b"x"
    assert draft.open("z").read() == b"y"
    assert Draft(folder()).open(CONFIG_NAME).read() == CONFIG


@pytest.mark.parametrize("name", ["", "a", "ab", "abc", "abcdefgh"])
@pytest.mark.parametrize("metadata", [{}, {"format": "pt"}])
def test_data_begin_at_a_multiple_of_8_bytes(name: str, metadata: dict[str, str]) -> None:
    draft = Draft(folder(), None, {f"t{name}": Zeros("F32", (1,))}, metadata)
    size, text = int.from_bytes(draft.head[:8], "little"), draft.head[8:]
    assert size == len(text)
    assert size % 8 == 0
    header: dict[str, Any] = json.loads(text)
    assert ("__metadata__" in header) == bool(metadata)
    assert header.pop("__metadata__", {}) == metadata
    assert header == {f"t{name}": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}


def test_wide_tensors_come_first_so_that_all_are_aligned() -> None:
    tensors = {name: Zeros(name, (1,)) for name in ("I8", "F16", "F64", "F32", "BF16")}
    draft = Draft(folder()).with_tensors(tensors)
    assert list(draft.tensors or {}) == ["F64", "F32", "F16", "BF16", "I8"]


def test_metadata_are_kept_unless_others_are_given() -> None:
    draft = Draft(folder(), metadata={"format": "pt"})
    assert draft.with_tensors({}).metadata == {"format": "pt"}
    assert draft.with_tensors({}, {}).metadata == {}


def test_left_out_files_add_up() -> None:
    assert Draft(folder()).without_files(["a"]).without_files(["b"]).left_out == {"a", "b"}


def test_a_damaged_file_is_not_opened() -> None:
    whole = safetensors_bytes([Tensor("a", "F32", (4,))])
    for data, is_open in ((whole, True), (whole[:-1], False), (whole + b"x", False)):
        files = MemoryFiles({CONFIG_NAME: CONFIG, SAFETENSORS_NAME: data})
        assert (
            with_stored_tensors(Draft(files), read_adapter(files)).tensors is not None
        ) == is_open
    new = Draft(files, None, {})
    assert with_stored_tensors(new, read_adapter(files)) is new


@pytest.mark.parametrize(
    ("lines", "is_open"),
    [
        ((), True),
        (("config text no JSON",), True),
        (("file added_tokens.json no JSON",), True),
        (("weights append 00",), False),
        (("weights none",), False),
        (("weights pickled",), False),
    ],
)
@pytest.mark.parametrize("most", [25_000_000, 10])
def test_only_a_sound_file_of_safetensors_is_opened(
    lines: tuple[str, ...], is_open: bool, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is wrong with other files, and however long the header is."""
    monkeypatch.setattr("loracfg.adapter.header.safetensors_file.LARGE_HEADER_BYTES", most)
    files, _ = build(lines)
    assert (with_stored_tensors(Draft(files), read_adapter(files)).tensors is not None) == is_open


def test_tensors_stand_in_the_order_of_their_data() -> None:
    entries = {
        name: {"dtype": "F32", "shape": [1], "data_offsets": [at, at + 4]}
        for name, at in (("a", 8), ("b", 0), ("c", 4))
    }
    data = with_header(json.dumps(entries).encode()) + bytes(12)
    files = MemoryFiles({SAFETENSORS_NAME: data})
    tensors = with_stored_tensors(Draft(files), read_adapter(files)).tensors
    begin = len(data) - 12
    assert list((tensors or {}).items()) == [
        (name, StoredTensor(SAFETENSORS_NAME, begin + at, "F32", (1,)))
        for name, at in (("b", 0), ("c", 4), ("a", 8))
    ]


def test_tensors_are_left_out() -> None:
    draft = draft_of(Tensor("a", "F32", (1,)), Tensor("b", "F32", (1,)))
    assert list(draft.without_tensors(["a"]).tensors or {}) == ["b"]


def test_a_renaming_is_of_tensors_that_are_there_to_names_that_are_free() -> None:
    draft = draft_of(Tensor("a", "F32", (1,)), Tensor("b", "F32", (1,)))

    def renamed(**names: str) -> list[str] | None:
        change = rename_change(draft, names, "title", safe=True, why="why")
        return None if change is None else list(change.draft.tensors or {})

    assert renamed(a="c") == ["c", "b"]
    assert renamed(a="b", b="a") == ["b", "a"]
    assert renamed(a="c", b="b") == ["c", "b"]
    assert renamed(a="b") is None
    assert renamed(a="a") is None
    assert renamed(a="c", x="y") is None
    assert rename_change(Draft(folder()), {"a": "c"}, "title", safe=True, why="why") is None


def test_only_a_config_that_is_there_is_set() -> None:
    change = config_change(Draft(folder()), {"r": 8}, "title", safe=False, why="why")
    assert change is not None
    assert (change.draft.config, change.title, change.safe, change.why) == (
        '{"r": 8}',
        "title",
        False,
        "why",
    )
    assert config_change(Draft(MemoryFiles()), {"r": 8}, "title", safe=False, why="why") is None
    assert Draft(folder()).with_config_edits([SetValue("/r", 2)]).config == '{"r": 2}'


@pytest.mark.parametrize(("value", "text"), [(8, "8"), (8.0, "8"), (0.5, "0.5"), (-2.0, "-2")])
def test_whole_numbers_have_no_point(value: float, text: str) -> None:
    assert json.dumps(as_config_number(value)) == text


@pytest.mark.parametrize(
    ("bits", "rounded"),
    [
        *((0x3F800000, 0x3F80), (0x3F807FFF, 0x3F80), (0x3F808000, 0x3F80), (0x3F808001, 0x3F81)),
        *((0x3F818000, 0x3F82), (0x7F7FFFFF, 0x7F80), (0x7F800000, 0x7F80), (0xFF800000, 0xFF80)),
        *((0x7F800001, 0x7FC0), (0x7FA00000, 0x7FE0), (0xFFC12345, 0xFFC1), (0x80000000, 0x8000)),
    ],
)
def test_bfloat16_has_the_upper_half_of_the_bits(bits: int, rounded: int) -> None:
    """To the nearest, ties to even; NaN keeps its sign and becomes quiet."""
    pytest.importorskip("numpy")
    stored = StoredTensor("x", 0, "F32", (1,))
    found = compute(Cast(stored, "BF16"), lambda _: bits.to_bytes(4, "little"))
    assert hex(int.from_bytes(found, "little")) == hex(rounded)


def test_shapes_of_joined_tensors() -> None:
    joined = Concatenation((Zeros("F32", (2, 3)), Zeros("F32", (4, 3))))
    assert (joined.dtype, joined.shape) == ("F32", (6, 3))
    assert compute(joined, lambda _: b"") == bytes(72)
