"""Names of rows: unique in a run, the same in the next one, and without secrets."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from loracfg.audit.listing.listed import Listed
from loracfg.audit.report.audit_documents import difference_of
from loracfg.engine.options import Options
from loracfg.sources.address import parse_address
from tests.audit.conftest import WRONG_RANK
from tests.audit.fleet import rows_of
from tests.audit.test_runs import run
from tests.cli.running import write_adapter
from tests.sources.adapters import adapter, packed
from tests.web_server import WebServer, serving_web


def names(output: Path) -> list[str]:
    return [row["source"] for row in rows_of(output)]


@pytest.mark.skipif(sys.platform != "linux", reason="names there have to be Unicode")
def test_names_that_are_no_utf8(tmp_path: Path) -> None:
    fleet, out = tmp_path / "fleet", tmp_path / "out"
    odd = ("x\udcff", "x\udcfc", "x\udcfd", "x?")
    for name in odd:
        write_adapter(fleet / name)
    run(out, fleet)
    assert run(out, fleet).progress.judged == 0
    found = [Path(name).name for name in names(out)]
    assert sorted(found) == sorted(["x\\udcff", "x\\udcfc", "x\\udcfd", "x?"])
    write_adapter(fleet / odd[0], WRONG_RANK)
    run(out, fleet)
    assert sorted(Path(name).name for name in names(out)) == sorted(found)
    assert difference_of(out, None, 20).broken == 1


@pytest.mark.skipif(sys.platform != "linux", reason="names there have to be Unicode")
def test_tables_of_names_that_are_no_utf8(tmp_path: Path) -> None:
    from loracfg.audit.reading.limiter import ReadLimits
    from loracfg.audit.source_auditor import SourceAuditor

    path = write_adapter(tmp_path / "x\udcff")
    auditor = SourceAuditor(Options(), ReadLimits())
    try:
        table = auditor.table_of([str(path)])
    finally:
        auditor.close()
    assert table["source"].to_pylist() == [f"{tmp_path}/x\\udcff"]


def served(web: WebServer, *lines: str) -> str:
    return web.add_folder("p", adapter(*lines))


@pytest.mark.slow
def test_urls_that_differ_in_what_is_hidden(tmp_path: Path, base: Path) -> None:
    out = tmp_path / "out"
    with serving_web() as web:
        url = served(web)
        user = url.replace("://", "://someone:hunter2@")
        urls = (url, f"{url}?token=hunter2", f"{url}?v=2", user)
        run(out, *urls, base=str(base))
        first = rows_of(out)
        assert len({row["source"] for row in first}) == 4
        assert [row["source"] for row in first] == [row["listed_as"] for row in first]
        assert url in names(out)
        assert all(name.partition("#")[0] == url for name in names(out))
        assert not [path for path in out.rglob("*") if path.is_file() and has_secret(path)]
        served(web, WRONG_RANK)
        run(out, *reversed(urls), base=str(base))
    assert sorted(names(out)) == sorted(row["source"] for row in first)
    assert difference_of(out, None, 20).broken == 4


def has_secret(path: Path) -> bool:
    return b"hunter2" in path.read_bytes()


def test_adapters_in_archives_at_urls_that_differ_in_what_is_hidden(tmp_path: Path) -> None:
    with serving_web() as web:
        data = packed({f"a/{name}": data for name, data in adapter().items()}, "zip")
        url = f"{web.add_folder('all', {'all.zip': data})}/all.zip"
        run(tmp_path / "out", url, f"{url}?v=1")
    found = names(tmp_path / "out")
    assert len(set(found)) == 2
    assert {name.partition("#")[0] for name in found} == {f"{url}/a"}


def marks(*urls: str) -> list[str]:
    return [Listed(parse_address(url)).mark for url in urls]


def test_marks() -> None:
    assert (
        marks("https://h/p", "s3://b/p", "hf://org/name@main", "a?b", "s3://user@b/p") == [""] * 5
    )
    one, two, three = marks("https://h/p?a", "https://h/p?b", "s3://b/p?a")
    assert len({one, two, three, ""}) == 4
    assert marks("https://h/p/?a#x", "https://h/p?a") == [one, one]


@pytest.mark.slow
def test_the_name_of_a_path_is_the_first_and_stays(
    fleet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(fleet)
    out = tmp_path / "out"
    run(out, "a1", fleet / "a1")
    assert names(out) == ["a1"]
    for order in ((fleet / "a1", "a1"), (fleet / "a1",), (fleet,)):
        run(out, *order)
        assert names(out)[-1] == "a1"
        write_adapter(fleet / "a1", WRONG_RANK)  # with new times, so it is judged again
        run(out, *order)
        assert names(out)[-1] == "a1"
    assert {row["listed_as"] for row in rows_of(out)} == {row["source"] for row in rows_of(out)}


def test_a_name_that_means_something_else_now_does_not_stay(
    fleet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(fleet)
    out = tmp_path / "out"
    run(out, "a1")
    monkeypatch.chdir(tmp_path)
    run(out, "fleet/a1")
    assert names(out) == ["fleet/a1"]


def test_the_name_of_an_archive_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = packed({f"in/{name}": data for name, data in adapter().items()}, "zip")
    (tmp_path / "a.zip").write_bytes(data)
    monkeypatch.chdir(tmp_path)
    run(tmp_path / "out", "a.zip")
    run(tmp_path / "out", tmp_path / "a.zip", uses_known=False)
    assert names(tmp_path / "out") == ["a.zip/in"]


def test_a_password_names_nothing() -> None:
    one, two, other = (
        Listed(parse_address(url))
        for url in ("https://me:one@h/p", "https://me:two@h/p", "https://you:one@h/p")
    )
    assert (one.mark, one.key) == (two.mark, two.key)
    assert one.mark != other.mark
    assert one.key != other.key


@pytest.mark.parametrize(
    ("listed", "text", "is_taken"),
    [
        ("https://user:old@host/x.zip?token=1", "https://user:new@host/x.zip?token=1", True),
        ("https://host/x.zip?token=1", "https://host/x.zip?token=2", False),
        ("s3://box/a", "s3://box/a", True),
        ("s3://box/a", "s3://box/b", False),
        ("hf://org/a", "hf://org/b", False),
        ("/a/../b", "/b", True),
        ("/b", "/c", False),
    ],
)
def test_an_address_is_spelled_otherwise_if_it_is_the_same(
    listed: str, text: str, is_taken: bool
) -> None:
    one = Listed(parse_address(listed))
    other = Listed(parse_address(text))
    assert (one.spelled(text) == other) == is_taken
    assert (one.spelled(text) == one) == (not is_taken or listed == text)
