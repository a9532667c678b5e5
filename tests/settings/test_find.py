"""Which file is found for a folder."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from loracfg.errors import LoracfgError
from loracfg.settings.find import find_file


def write(path: Path, text: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_the_nearest_file_is_found(tmp_path: Path) -> None:
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    assert find_file(below) is None
    top = write(tmp_path / "loracfg.toml")
    assert find_file(below) == top
    near = write(tmp_path / "a" / "pyproject.toml", "[tool.loracfg]\n")
    assert find_file(below) == near
    assert find_file(tmp_path) == top
    own = write(tmp_path / "a" / "loracfg.toml")
    assert find_file(below) == own


@pytest.mark.parametrize("kind", ["a folder", "a link to nothing", "a named pipe"])
def test_what_is_no_file_is_not_passed_over(kind: str, tmp_path: Path) -> None:
    own = tmp_path / "loracfg.toml"
    if kind == "a folder":
        own.mkdir()
    elif kind == "a link to nothing":
        own.symlink_to("nowhere")
    else:
        os.mkfifo(own)
    (tmp_path / "a").mkdir()
    with pytest.raises(LoracfgError, match=rf"loracfg.toml` is {kind}") as raised:
        find_file(tmp_path / "a")
    assert raised.value.help == "correct it, or pass `--isolated`"


@pytest.mark.parametrize(
    "text",
    [
        "[tool.loracfg]",
        '[ tool . "loracfg" ]',
        '["tool".loracfg]',
        "[tool.loracfg.paths]",
        "tool.loracfg.strict = true",
        "tool = { loracfg = {} }",
        "[tool]\nloracfg = {}",
        "[tool]\nloracfg.strict = true",
    ],
)
def test_pyproject_with_the_table(tmp_path: Path, text: str) -> None:
    path = write(tmp_path / "pyproject.toml", text)
    assert find_file(tmp_path) == path


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[tool.other]",
        '[project]\ndependencies = ["loracfg"]',
        "[tool]\nother = 'loracfg'",
        "# [tool.loracfg]",
        "[tool.loracfg2]",
        "[tool.other]\nloracfg = 1",
        "this is not TOML",
    ],
)
def test_pyproject_without_the_table_is_passed_over(tmp_path: Path, text: str) -> None:
    write(tmp_path / "a" / "pyproject.toml", text)
    assert find_file(tmp_path / "a") is None
    top = write(tmp_path / "loracfg.toml")
    assert find_file(tmp_path / "a") == top


def test_a_broken_pyproject_with_the_table_is_an_error(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml", "[tool.loracfg]\nbase = [")
    with pytest.raises(LoracfgError, match=r"pyproject\.toml:2:9: not valid TOML"):
        find_file(tmp_path)


def test_a_huge_pyproject_is_not_read_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text("[tool.other]\n" + "# loracfg\n" * 100_000)
    assert find_file(tmp_path) != path
    path.write_text("[tool.loracfg]\n" + "# loracfg\n" * 100_000)
    with pytest.raises(LoracfgError, match="has more than 1,000,000 bytes; shorten it"):
        find_file(tmp_path)


def test_a_long_line_is_read_quickly(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml", f"# loracfg\n{' ' * 200_000}x\n")
    start = time.process_time()
    assert find_file(tmp_path) is None
    assert time.process_time() - start < 1
