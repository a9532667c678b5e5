"""Writing the page: folders, digests, and what the command says."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest
from loracfg_api.static_page.locked import PYODIDE_DIGESTS
from loracfg_api.static_page.other_projects import pyodide_folder, wheel_files
from loracfg_api.static_page.page_files import OFFLINE, write_page

from loracfg.errors import LoracfgError
from tests.cli.running import call

FILES = {"index.html": b"new", "page/a.js": b"1", OFFLINE: b"x"}


def test_a_page_takes_the_place_of_an_earlier_one(tmp_path: Path) -> None:
    output = tmp_path / "deep" / "site"
    write_page({**FILES, "old.js": b"0"}, output)
    write_page(FILES, output)
    found = {path.relative_to(output).as_posix() for path in output.rglob("*") if path.is_file()}
    assert found == set(FILES)
    assert list(output.parent.iterdir()) == [output]


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(LoracfgError, match="not of an earlier page"):
        write_page(FILES, tmp_path)
    assert (tmp_path / "thesis.tex").read_text() == "years of work"


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LoracfgError, match="cannot be written"):
        write_page(FILES, tmp_path / "file")


def test_files_with_other_digests_are_refused(tmp_path: Path) -> None:
    for name in PYODIDE_DIGESTS:
        (tmp_path / name).write_bytes(b"something else")
    with pytest.raises(LoracfgError, match=r"pyodide\.mjs.*is missing or not of Pyodide 314"):
        pyodide_folder(tmp_path)
    with pytest.raises(LoracfgError) as caught:
        wheel_files(tmp_path)
    assert "pip download" in caught.value.help


def test_package_as_npm_unpacks_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "package"
    package.mkdir()
    digests = {}
    for name in PYODIDE_DIGESTS:
        (package / name).write_text(name)
        digests[name] = hashlib.sha256(name.encode()).hexdigest()
    monkeypatch.setattr("loracfg_api.static_page.other_projects.PYODIDE_DIGESTS", digests)
    assert pyodide_folder(tmp_path) == package
    assert pyodide_folder(package) == package


def test_command_without_npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert shutil.which("npm") is None
    said = call("page", "--output", tmp_path / "site")
    assert said.status == 2
    assert "install node, or pass `--no-compile`" in said.err
    said = call("page", "--output", tmp_path / "site", "--no-compile")
    assert said.status == 2
    assert "npm is not installed" in said.err
    assert not (tmp_path / "site").exists()
