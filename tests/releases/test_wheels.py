"""The cache of wheels, with a folder as the index, and without any index."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.releases import wheels as module
from tests.releases.wheels import cache_folder, released_versions, wheel, wheels

pytestmark = pytest.mark.slow

UNREACHABLE = "http://127.0.0.1:9/simple"
SKIPPED = pytest.skip.Exception
FAILED = pytest.fail.Exception


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty cache, and a pip without any setting but that of no reachable index."""
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", UNREACHABLE)
    monkeypatch.setenv("LORACFG_WHEELS", str(tmp_path / "cache"))
    module._listing.cache_clear()
    yield tmp_path / "cache"
    module._listing.cache_clear()


@pytest.fixture
def publish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Make a folder of wheels the index."""

    def make(*releases: str) -> None:
        index = tmp_path / "index"
        index.mkdir(exist_ok=True)
        monkeypatch.setenv("PIP_NO_INDEX", "1")
        monkeypatch.setenv("PIP_FIND_LINKS", str(index))
        for release in releases:
            info = f"peft-{release}.dist-info"
            with ZipFile(index / f"peft-{release}-py3-none-any.whl", "w") as archive:
                archive.writestr("peft/__init__.py", "")
                about = f"Name: peft\nVersion: {release}\nRequires-Python: >=9\n"
                archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\n{about}")
                archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
                archive.writestr(f"{info}/RECORD", "")

    return make


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_a_wheel_is_fetched_once(folder: Path, publish: Callable[..., None]) -> None:
    publish("0.7.0")
    path = wheel("0.7.0")
    assert path == folder / "peft-0.7.0-py3-none-any.whl"
    assert ZipFile(path).testzip() is None
    assert names_in(folder) == [path.name]
    before = path.stat()
    assert wheel("0.7.0") == path
    assert path.stat() == before


def test_a_wheel_in_the_cache_needs_no_index(folder: Path) -> None:
    folder.mkdir()
    (folder / "peft-0.7.0-py3-none-any.whl").touch()
    assert wheel("0.7.0").parent == folder


def test_several_wheels_come_in_order(publish: Callable[..., None]) -> None:
    publish("0.7.0", "0.7.1", "0.10.0")
    names = [path.name.split("-")[1] for path in wheels(["0.10.0", "0.7.0", "0.7.1"])]
    assert names == ["0.10.0", "0.7.0", "0.7.1"]


def test_many_may_ask_for_one_wheel_at_a_time(folder: Path, publish: Callable[..., None]) -> None:
    publish("0.7.0")
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(wheel, ["0.7.0"] * 4))
    assert len({*found}) == 1
    assert names_in(folder) == ["peft-0.7.0-py3-none-any.whl"]


def test_versions_are_all_but_pre_releases(publish: Callable[..., None]) -> None:
    publish("0.10.0", "0.9.0", "0.18.0rc0", "0.9.1.post1")
    assert released_versions() == ("0.9.0", "0.9.1.post1", "0.10.0")


def test_a_release_that_is_not_on_the_index_is_a_missing_wheel(
    folder: Path, publish: Callable[..., None]
) -> None:
    publish("0.7.0")
    with pytest.raises(FAILED) as failed:
        wheel("0.7.99")
    assert str(failed.value) == (
        f"missing wheel peft-0.7.99-py3-none-any.whl: it is not in {folder}, and the package index "
        "has no PEFT 0.7.99; copy it there, or set LORACFG_WHEELS to its folder"
    )
    assert not failed.value.pytrace, "a traceback would hide it"


def test_a_wheel_that_cannot_be_had_is_missing(folder: Path, publish: Callable[..., None]) -> None:
    publish("0.7.0")
    (folder.parent / "index" / "peft-0.7.0-py3-none-any.whl").write_text("no archive")
    with pytest.raises(FAILED, match=r"missing wheel peft-0.7.0-.*: .*pip fails: .*invalid"):
        wheel("0.7.0")
    assert names_in(folder) == []


def test_without_an_index_the_test_is_skipped_with_the_reason(folder: Path) -> None:
    with pytest.raises(SKIPPED) as skipped:
        wheel("0.7.0")
    reason = str(skipped.value)
    assert reason.startswith(
        f"missing wheel peft-0.7.0-py3-none-any.whl: it is not in {folder}, "
        "and no package index is reachable: "
    )
    assert "Connection refused" in reason
    with pytest.raises(SKIPPED, match=r"no package index is reachable: .*Connection refused"):
        released_versions()


def test_the_cache_is_in_the_users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder("wheels") == tmp_path / "loracfg" / "wheels"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache_folder("wheels") == Path.home() / ".cache" / "loracfg" / "wheels"
