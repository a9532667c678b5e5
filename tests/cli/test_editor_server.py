"""`loracfg editor`: settings that start the language server, and no schema beside it."""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from loracfg.cli.editor import editor as command
from loracfg.editors.schema_setups import SCHEMA_SETUPS
from loracfg.editors.server_setups import SERVER_SETUPS
from tests.cli.running import Outcome, call, hashes

NAMES = tuple(SERVER_SETUPS)


def write(folder: Path, editor: str, *options: str) -> Outcome:
    return call("editor", editor, "--write", "--directory", folder, *options)


def settings(folder: Path, editor: str) -> Path:
    return folder / SERVER_SETUPS[editor].settings.path


def place(folder: Path, editor: str, text: str) -> Path:
    path = settings(folder, editor)
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text(text)
    return path


def test_every_editor_can_be_chosen() -> None:
    (choice,) = (one.type for one in command.params if one.name == "editor")
    assert set(getattr(choice, "choices", ())) == NAMES_OF_ALL


NAMES_OF_ALL = SERVER_SETUPS.keys() | SCHEMA_SETUPS.keys()


@pytest.mark.parametrize("editor", NAMES)
def test_what_is_printed_is_what_is_written(tmp_path: Path, editor: str) -> None:
    printed = call("editor", editor)
    assert (printed.status, list(tmp_path.iterdir())) == (0, [])
    assert f"`{SERVER_SETUPS[editor].settings.path}`" in printed.err
    written = write(tmp_path, editor)
    assert (written.status, written.out) == (0, "")
    assert settings(tmp_path, editor).read_text() == printed.out
    assert len(hashes(tmp_path)) == 1
    step = SERVER_SETUPS[editor].next_step
    assert step is None or (step in printed.err and step in written.err)


@pytest.mark.parametrize("editor", NAMES)
def test_second_time_changes_nothing(tmp_path: Path, editor: str) -> None:
    write(tmp_path, editor)
    before = hashes(tmp_path)
    again = write(tmp_path, editor)
    assert (again.status, again.out) == (0, "")
    assert "wrote" not in again.err
    assert hashes(tmp_path) == before


@pytest.mark.parametrize("options", [(), ("--url",)])
@pytest.mark.parametrize("editor", sorted(SERVER_SETUPS.keys() & SCHEMA_SETUPS.keys()))
def test_the_server_takes_the_place_of_the_schema(
    tmp_path: Path, editor: str, options: tuple[str, ...]
) -> None:
    assert write(tmp_path, editor, "--schema", *options).status == 0
    assert write(tmp_path, editor).status == 0
    path = tmp_path / SCHEMA_SETUPS[editor](False).settings.path
    assert "adapter_config.schema.json" not in path.read_text()
    assert settings(tmp_path, editor).read_text() == call("editor", editor).out


def test_the_schema_takes_the_place_of_the_server_in_neovim(tmp_path: Path) -> None:
    write(tmp_path, "neovim")
    assert write(tmp_path, "neovim", "--schema").status == 0
    assert settings(tmp_path, "neovim").read_text() == call("editor", "neovim", "--schema").out


def test_zed_always_gets_the_schema(tmp_path: Path) -> None:
    assert call("editor", "zed").out == call("editor", "zed", "--schema").out
    assert write(tmp_path, "zed", "--url").status == 0


def test_other_settings_of_vscode_stay(tmp_path: Path) -> None:
    other = {"fileMatch": ["other.json"], "url": "./other.schema.json"}
    before = {"a": 1, "json.schemas": [other], "loracfg.path": "tools/loracfg"}
    path = place(tmp_path, "vscode", json.dumps(before))
    assert write(tmp_path, "vscode", "--schema").status == 0
    assert len(json.loads(path.read_text())["json.schemas"]) == 2
    assert write(tmp_path, "vscode").status == 0
    assert json.loads(path.read_text()) == before


def test_comments_do_not_matter_if_there_is_nothing_to_change(tmp_path: Path) -> None:
    text = '{\n  // ours\n  "loracfg.path": "loracfg",\n}\n'
    path = place(tmp_path, "vscode", text)
    assert write(tmp_path, "vscode").status == 0
    assert path.read_text() == text


def test_template_of_an_ide() -> None:
    """What LSP4IJ requires: its deserializer of templates reads these keys."""
    template = json.loads(call("editor", "jetbrains").out)
    assert template["name"] == "loracfg"
    assert template["programArgs"] == {"default": "loracfg lsp"}
    mappings = template["fileTypeMappings"]
    assert all(one["fileType"]["patterns"] and one["languageId"] for one in mappings)
    assert mappings[0]["fileType"]["patterns"] == ["adapter_config.json"]


def test_languages_of_helix_are_added(tmp_path: Path) -> None:
    before: dict[str, Any] = {"language": [{"name": "python", "auto-format": True}]}
    path = place(tmp_path, "helix", '[[language]]\nname = "python"\nauto-format = true\n')
    assert write(tmp_path, "helix").status == 0
    after = tomllib.loads(path.read_text())
    assert after["language-server"] == {"loracfg": {"command": "loracfg", "args": ["lsp"]}}
    assert after["language"][0] == before["language"][0]
    assert {one["name"] for one in after["language"]} == {"python", "json", "toml", "yaml"}
    again = write(tmp_path, "helix")
    assert "is up to date" in again.err


@pytest.mark.parametrize(
    ("editor", "text", "reason"),
    [
        ("neovim", "vim.o.number = true\n", "already has Lua code"),
        ("emacs", "((nil . ((fill-column . 80))))\n", "already has settings"),
        ("jetbrains", "{}\n", "already has a template"),
        ("helix", "[language", "is not TOML"),
        ("helix", '[[language]]\nname = "json"\n', "already has settings for these languages"),
        ("helix", "language = []\n", "has other tables of the same names"),
        ("helix", "language = 1\n", "has other tables of the same names"),
        ("helix", "language-server = {}\n", "has other tables of the same names"),
        ("vscode", '{"a": 1, /* ours */}', "has comments or trailing commas"),
        ("vscode", '{"json.schemas": 1, "loracfg.path": ""}', "has a `json.schemas` that is not"),
    ],
)
def test_what_cannot_be_merged_is_printed(
    tmp_path: Path, editor: str, text: str, reason: str
) -> None:
    path = place(tmp_path, editor, text)
    outcome = write(tmp_path, editor)
    assert outcome.status == 2
    assert f"`{path}` {reason}" in outcome.err
    assert outcome.out == call("editor", editor).out
    assert path.read_text() == text


@pytest.mark.parametrize(
    "arguments", [("helix", "--schema"), ("emacs", "--schema"), ("vscode", "--url")]
)
def test_wrong_usage(arguments: tuple[str, ...]) -> None:
    outcome = call("editor", *arguments)
    assert (outcome.status, outcome.out) == (2, "")
    assert "`--schema`" in outcome.err


def test_a_server_that_is_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "not installed" not in call("editor", "emacs").err
    monkeypatch.setitem(sys.modules, "pygls", None)
    assert "`pip install 'loracfg[lsp]'`" in call("editor", "emacs").err
    assert "not installed" not in call("editor", "vscode", "--schema").err
    assert "not installed" not in call("editor", "vscode", "--schema", "--url").err
