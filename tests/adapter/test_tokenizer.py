"""Reading the added tokens from tokenizer files, including hostile ones."""

from __future__ import annotations

import json
from io import BytesIO

import pytest

from loracfg.adapter.tokenizer import MAX_BYTES, read_tokenizer
from loracfg.testing.memory_files import MemoryFiles

LISTED = {"version": "1.0", "truncation": None, "added_tokens": [{"id": 5, "content": "<a>"}]}


def added(**contents: bytes) -> dict[int, str] | None:
    found = read_tokenizer(MemoryFiles({f"{n}.json": data for n, data in contents.items()}))
    return None if found is None else dict(found.added)


def test_every_file_counts() -> None:
    decoder = {"added_tokens_decoder": {"7": {"content": "<b>", "special": True}}}
    files = {
        "added_tokens.json": json.dumps({"<c>": 9}).encode(),
        "tokenizer_config.json": json.dumps(decoder | {"pad_token": {"content": "<b>"}}).encode(),
        "tokenizer.json": json.dumps(LISTED, indent=2).encode(),
    }
    found = read_tokenizer(MemoryFiles(files))
    assert found is not None
    assert found.added == {5: "<a>", 7: "<b>", 9: "<c>"}
    assert found.padding == {"<b>"}


@pytest.mark.parametrize(
    ("files", "whole"),
    [
        ({"tokenizer.json": json.dumps(LISTED)}, True),
        ({"added_tokens.json": "{}"}, True),
        ({"tokenizer_config.json": '{"added_tokens_decoder": {}}'}, True),
        ({"tokenizer_config.json": "{}"}, False),
        ({"tokenizer_config.json": "{}", "tokenizer.json": json.dumps(LISTED)}, True),
        ({"added_tokens.json": "{}", "tokenizer.json": "version https://git-lfs"}, False),
    ],
)
def test_tokens_are_all_known_if_a_file_lists_them(files: dict[str, str], whole: bool) -> None:
    found = read_tokenizer(MemoryFiles({name: text.encode() for name, text in files.items()}))
    assert found is not None
    assert found.is_whole is whole


def test_no_file_is_no_tokenizer() -> None:
    assert read_tokenizer(MemoryFiles({"adapter_config.json": b"{}"})) is None


def test_only_the_beginning_of_a_large_file_is_read() -> None:
    class Counting(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            assert size is not None
            assert 0 <= size <= MAX_BYTES
            return super().read(size)

    class Large(MemoryFiles):
        def open(self, name: str) -> BytesIO:
            return Counting(self.contents[name])

    text = json.dumps(LISTED)[:-1] + ', "model": {"vocab": "' + "x" * 2 * MAX_BYTES + '"}}'
    found = read_tokenizer(Large({"tokenizer.json": text.encode()}))
    assert found is not None
    assert found.added == {5: "<a>"}


def test_a_file_that_cannot_be_opened_is_passed_over() -> None:
    files = MemoryFiles({"tokenizer.json": b"{}"}, frozenset({"tokenizer.json"}))
    assert read_tokenizer(files) is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"added_tokens": ' + b"[" * 100_000,
        b'{"added_tokens_decoder": ' + b'{"a":' * 100_000,
        b'{"added_tokens": [{"id": ' + b"9" * 5_000 + b"}]}",
        b'{"a": ' + b"9" * 5_000 + b"}",
    ],
    ids=lambda data: repr(data[:30]),
)
@pytest.mark.parametrize("name", ["added_tokens", "tokenizer_config", "tokenizer"])
def test_what_is_no_tokenizer(name: str, data: bytes) -> None:
    assert added(**{name: data}) in (None, {})


def test_ids_and_tokens_of_other_types_are_passed_over() -> None:
    entries: list[object] = [1, None, {}, {"id": True, "content": "x"}, {"id": "3", "content": "x"}]
    entries += [{"id": 3}, {"id": -1, "content": "x"}, {"id": 2**31, "content": "x"}]
    entries += [{"id": 1.5, "content": "x"}, {"id": 3, "content": ["x"]}]
    assert added(tokenizer=json.dumps({"added_tokens": entries}).encode()) == {}
    assert added(added_tokens=b'{"a": "1", "b": true, "c": 2.0, "d": null, "e": [1]}') == {}
    numbers = dict.fromkeys(["x", "-1", "1.0", "\u0663", " 4", "9" * 5_000], "x")
    config = {"added_tokens_decoder": numbers | {"5": 1, "6": None}, "pad_token": 3}
    assert added(tokenizer_config=json.dumps(config).encode()) == {}
    assert added(tokenizer_config=b'{"added_tokens_decoder": []}') == {}
