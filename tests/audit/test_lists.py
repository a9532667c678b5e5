"""Lists of adapters: their columns, types and encodings."""

from __future__ import annotations

import resource
import sys
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from pyarrow import parquet

from loracfg.audit.listing.lists import names_in_list, names_on_input
from loracfg.errors import LoracfgError


def test_csv(tmp_path: Path) -> None:
    path = tmp_path / "ids.csv"
    path.write_text("likes,repo_id,revision\n3,org/a,\n4,org/b,v1\n5,,\n6,org/c@x,y\n7,org/d,a/b\n")
    assert list(names_in_list(path)) == ["org/a", "org/b@v1", "org/c@x", "org/d@a%2Fb"]


def test_parquet(tmp_path: Path) -> None:
    path = tmp_path / "ids.parquet"
    table = pyarrow.table({"id": ["org/a", None, "org/b"], "revision": [None, "x", "v1"]})
    parquet.write_table(table, path)
    assert list(names_in_list(path)) == ["org/a", "org/b@v1"]


def written(path: Path, /, **columns: Any) -> Path:
    parquet.write_table(pyarrow.table(columns), path)
    return path


TEXTS = ["org/a", None, "org/b"]


@pytest.mark.parametrize(
    "type_",
    [
        pyarrow.binary(),
        pyarrow.large_binary(),
        pyarrow.large_string(),
        pyarrow.string_view(),
        pyarrow.dictionary(pyarrow.int32(), pyarrow.string()),
    ],
    ids=str,
)
def test_text_of_any_type(type_: pyarrow.DataType, tmp_path: Path) -> None:
    path = written(tmp_path / "a.parquet", id=pyarrow.array(TEXTS).cast(type_))
    assert list(names_in_list(path)) == ["org/a", "org/b"]


@pytest.mark.parametrize(
    "column",
    [
        pyarrow.array([1, 2]),
        pyarrow.array([["org/a"]]),
        pyarrow.array([{"name": "org/a"}]),
        pyarrow.array([1.5]),
        pyarrow.array([1], pyarrow.timestamp("s")),
    ],
    ids=lambda column: str(column.type),
)
def test_columns_without_text(column: pyarrow.Array, tmp_path: Path) -> None:
    path = written(tmp_path / "a.parquet", id=column)
    with pytest.raises(LoracfgError, match="the column `id` of the list") as caught:
        list(names_in_list(path))
    assert f"has the type `{str(column.type).partition('[')[0].partition('<')[0]}" in str(
        caught.value
    )
    path = written(tmp_path / "a.parquet", id=column, url=["org/a"] * len(column))
    assert list(names_in_list(path)) == ["org/a"] * len(column)


@pytest.mark.parametrize("type_", [pyarrow.int64(), pyarrow.uint8(), pyarrow.binary()], ids=str)
def test_revisions_of_other_types(type_: pyarrow.DataType, tmp_path: Path) -> None:
    revisions = pyarrow.array(["1", None, "3"]).cast(type_)
    path = written(tmp_path / "a.parquet", id=TEXTS, revision=revisions)
    assert list(names_in_list(path)) == ["org/a@1", "org/b@3"]


def test_revisions_that_are_none(tmp_path: Path) -> None:
    path = written(tmp_path / "a.parquet", id=TEXTS, revision=[1.0, None, 2.0])
    with pytest.raises(LoracfgError, match=r"the column `revision` .* the type `double`"):
        list(names_in_list(path))


def test_a_row_is_named_by_its_first_text(tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    table.write_text("path,source\nb,a\nc,\n , \n")
    assert list(names_in_list(table)) == ["a", "c"]
    path = written(tmp_path / "a.parquet", path=["b", "c", None], source=["a", None, ""])
    assert list(names_in_list(path)) == ["a", "c"]


@pytest.mark.parametrize(
    ("name", "revised"),
    [
        ("folder", "folder"),
        ("./folder", "./folder"),
        ("org/folder", "org/folder"),
        ("org/a/inside", "org/a@v1/inside"),
        ("hf://org/a", "hf://org/a@v1"),
        ("hf://org/a@v0/inside", "hf://org/a@v0/inside"),
        ("https://huggingface.co/org/a", "hf://org/a@v1"),
        ("https://example.org/a", "https://example.org/a"),
        ("s3://bucket/a", "s3://bucket/a"),
        ("hf://", "hf://"),
    ],
)
def test_only_repositories_have_revisions(
    name: str, revised: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("org/folder").mkdir(parents=True)
    Path("folder").mkdir()
    Path("a.csv").write_text(f"source,revision\n{name},v1\n")
    assert list(names_in_list(Path("a.csv"))) == [revised]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encodings(
    encoding: str, end: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines, table = tmp_path / "a.txt", tmp_path / "a.csv"
    lines.write_bytes(f"ä{end}b{end}".encode(encoding))
    table.write_bytes(f"id,revision{end}ä,{end}b,{end}".encode(encoding))
    assert list(names_in_list(lines)) == list(names_in_list(table)) == ["ä", "b"]
    with lines.open(encoding="utf-8") as stream:
        monkeypatch.setattr(sys, "stdin", stream)
        assert list(names_on_input()) == ["ä", "b"]


def test_names_of_any_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"a\xff\n")
    assert list(names_in_list(path)) == ["a\udcff"]
    with path.open(encoding="utf-8") as stream:
        monkeypatch.setattr(sys, "stdin", stream)
        assert list(names_on_input()) == ["a\udcff"]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.csv", b"likes\n3\n", "no column that names adapters"),
        ("a.csv", b'id\n"org/a\norg/b\n', "is not CSV"),
        ("a.txt", "a\n".encode("utf-16") + b"\n", "is not UTF-16"),
        ("a.parquet", b"PAR1", "is not a Parquet file, or is damaged; "),
        ("a.csv", b"id\n\x00\n", None),
    ],
)
def test_lists_that_cannot_be_read(
    name: str, data: bytes, words: str | None, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    if words is None:
        list(names_in_list(path))
        return
    with pytest.raises(LoracfgError, match=words):
        list(names_in_list(path))


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is one of Linux")
def test_a_list_that_unpacks_to_gigabytes(tmp_path: Path) -> None:
    long = pyarrow.array(["a" * 2**20])
    names = pyarrow.DictionaryArray.from_arrays(pyarrow.array([0] * 4096, pyarrow.int32()), long)
    path = tmp_path / "a.parquet"
    parquet.write_table(pyarrow.table({"id": names}), path, compression="zstd")
    assert path.stat().st_size < 10_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(LoracfgError, match="takes more than 512 MiB of memory to read"):
        list(names_in_list(path))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < before + 64 * 1024


def test_names_in_parquet_are_as_long_as_in_csv(tmp_path: Path) -> None:
    long = 128 * 1024
    assert list(names_in_list(written(tmp_path / "a.parquet", id=["a" * long]))) == ["a" * long]
    with pytest.raises(LoracfgError, match="has a name of 131,073 characters"):
        list(names_in_list(written(tmp_path / "a.parquet", id=["a" * (long + 1)])))


def test_only_what_is_wanted_of_a_list_is_read(tmp_path: Path) -> None:
    assert next(names_in_list(written(tmp_path / "a.parquet", id=["a"] * 1_000_000))) == "a"
