"""`loracfg editor --schema`: what it prints and writes, and what it does not change."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from loracfg.config.schema.schema_files import EDITOR, URL
from loracfg.editors.schema_setups import SCHEMA_SETUPS
from tests.cli.running import ROOT, Outcome, call, hashes

EDITORS = {name: setup(False) for name, setup in SCHEMA_SETUPS.items()}
NAMES = tuple(EDITORS)
SCHEMA = ROOT / "schema" / EDITOR
PATTERN = "**/adapter_config.json"
VSCODE = {"fileMatch": [PATTERN], "url": f"./.vscode/{EDITOR}"}
ZED = {"fileMatch": [PATTERN], "url": f"./.zed/{EDITOR}"}
OTHERS = """\
<?xml version="1.0" encoding="UTF-8"?>
<project version="4">
  <component name="JsonSchemaMappingsProjectConfiguration">
    <state>
      <map>
        <entry key="other">
          <value>
            <SchemaInfo>
              <option name="name" value="other" />
              <option name="relativePathToSchema" value="other.json" />
            </SchemaInfo>
          </value>
        </entry>
      </map>
    </state>
  </component>
</project>
"""


def schema_of(editor: str) -> str:
    copy = EDITORS[editor].schema
    assert copy
    return copy


def printed(editor: str, *options: str) -> Outcome:
    return call("editor", editor, "--schema", *options)


def write(folder: Path, editor: str, *options: str) -> Outcome:
    return call("editor", editor, "--schema", "--write", "--directory", folder, *options)


def place(folder: Path, editor: str, text: str) -> Path:
    path = folder / EDITORS[editor].settings.path
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.encode())
    return path


def parsed(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text)  # noqa: S314  # our own


def in_zed(settings: Any) -> Any:
    return settings["lsp"]["json-language-server"]["settings"]["json"]["schemas"]


@pytest.mark.parametrize("editor", NAMES)
def test_what_is_printed_is_what_is_written(tmp_path: Path, editor: str) -> None:
    outcome = printed(editor)
    assert (outcome.status, list(tmp_path.iterdir())) == (0, [])
    assert f"`{EDITORS[editor].settings.path}`" in outcome.err
    written = write(tmp_path, editor)
    assert (written.status, written.out) == (0, "")
    assert (tmp_path / EDITORS[editor].settings.path).read_text() == outcome.out
    assert (tmp_path / schema_of(editor)).read_bytes() == SCHEMA.read_bytes()
    assert len(hashes(tmp_path)) == 2


@pytest.mark.parametrize("editor", NAMES)
def test_url(tmp_path: Path, editor: str) -> None:
    assert write(tmp_path, editor, "--url").status == 0
    text = (tmp_path / EDITORS[editor].settings.path).read_text()
    assert URL + EDITOR in text
    assert text == printed(editor, "--url").out
    assert not (tmp_path / schema_of(editor)).exists()


@pytest.mark.parametrize("options", [(), ("--url",)])
@pytest.mark.parametrize("editor", NAMES)
def test_second_time_changes_nothing(tmp_path: Path, editor: str, options: tuple[str, ...]) -> None:
    write(tmp_path, editor, *options)
    before = hashes(tmp_path)
    again = write(tmp_path, editor, *options)
    assert (again.status, again.out) == (0, "")
    assert "wrote" not in again.err
    assert hashes(tmp_path) == before


def test_vscode_and_zed_settings(tmp_path: Path) -> None:
    assert json.loads(printed("vscode").out) == {"json.schemas": [VSCODE]}
    assert in_zed(json.loads(printed("zed").out)) == [ZED]


def test_jetbrains_settings() -> None:
    project = parsed(printed("jetbrains").out)
    assert (project.tag, project.attrib) == ("project", {"version": "4"})
    (component,) = project
    assert component.attrib == {"name": "JsonSchemaMappingsProjectConfiguration"}
    (entry,) = component.findall("./state/map/entry")
    options = {o.get("name"): o.get("value") for o in entry.findall("./value/SchemaInfo/option")}
    assert options["relativePathToSchema"] == f".idea/{EDITOR}"
    assert options["schemaVersion"] == "JSON Schema version 7"
    items = entry.findall("./value/SchemaInfo/option/list/Item")
    assert [[(o.get("name"), o.get("value")) for o in item] for item in items] == [
        [("pattern", "true"), ("path", "adapter_config.json"), ("mappingKind", "Pattern")]
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_other_settings_do_not_change(tmp_path: Path, newline: str) -> None:
    text = '{\n    "editor.rulers": [100, 120],\n    "files.eol": "\\n"\n}\n'
    path = place(tmp_path, "vscode", text.replace("\n", newline))
    assert write(tmp_path, "vscode").status == 0
    after = path.read_bytes().decode()
    assert after.startswith(text.replace("\n", newline)[:-3].rstrip())
    assert after.count("\n") == after.count(newline)
    assert json.loads(after) == json.loads(text) | {"json.schemas": [VSCODE]}


def test_other_schemas_stay(tmp_path: Path) -> None:
    other = {"fileMatch": ["other.json"], "url": "./other.schema.json"}
    path = place(tmp_path, "vscode", json.dumps({"json.schemas": [other], "a": 1}))
    assert write(tmp_path, "vscode").status == 0
    assert json.loads(path.read_text()) == {"json.schemas": [other, VSCODE], "a": 1}


def test_settings_of_other_servers_stay(tmp_path: Path) -> None:
    settings: dict[str, Any] = {
        "lsp": {"ruff": {}, "json-language-server": {"initialization_options": {}}}
    }
    path = place(tmp_path, "zed", json.dumps(settings))
    assert write(tmp_path, "zed").status == 0
    after = json.loads(path.read_text())
    assert in_zed(after) == [ZED]
    del after["lsp"]["json-language-server"]["settings"]
    assert after == settings


@pytest.mark.parametrize("editor", ["vscode", "zed", "jetbrains"])
def test_the_url_takes_the_place_of_the_copy(tmp_path: Path, editor: str) -> None:
    write(tmp_path, editor)
    assert write(tmp_path, editor, "--url").status == 0
    text = (tmp_path / EDITORS[editor].settings.path).read_text()
    assert text == printed(editor, "--url").out


def test_other_mappings_of_an_ide_stay(tmp_path: Path) -> None:
    path = place(tmp_path, "jetbrains", OTHERS)
    assert write(tmp_path, "jetbrains").status == 0
    entries = parsed(path.read_text()).findall(".//entry")
    assert [entry.get("key") for entry in entries] == ["other", "loracfg"]
    before, after = OTHERS.split("      </map>")
    assert path.read_text().startswith(before)
    assert path.read_text().endswith("      </map>" + after)


def test_empty_settings_are_filled(tmp_path: Path) -> None:
    for number, text in enumerate(["", "\n", "{}", "{\n}\n"]):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = place(folder, "vscode", text)
        assert write(folder, "vscode").status == 0
        assert json.loads(path.read_text()) == {"json.schemas": [VSCODE]}


@pytest.mark.parametrize(
    ("editor", "text", "reason"),
    [
        ("vscode", '{\n  // ours\n  "a": 1\n}\n', "has comments or trailing commas"),
        ("vscode", '{"a": "/* no comment */", /* one */ "b": 1}', "has comments or trailing"),
        ("zed", '{"lsp": {"ruff": {},},}', "has comments or trailing commas"),
        ("vscode", "{", "is not JSON"),
        ("vscode", "[]", "is not a JSON object"),
        ("vscode", '{"json.schemas": {}}', "has a `json.schemas` that is not a list"),
        (
            "zed",
            '{"lsp": {"json-language-server": null}}',
            "has a `lsp/json-language",
        ),
        (
            "jetbrains",
            OTHERS.replace("<map>", "<map/>").replace("</map>", ""),
            "does not have the layout",
        ),
        ("jetbrains", "<project/>", "does not have the layout that the IDE writes"),
        ("neovim", "vim.o.number = true\n", "already has Lua code"),
    ],
)
def test_what_cannot_be_merged_is_printed(
    tmp_path: Path, editor: str, text: str, reason: str
) -> None:
    path = place(tmp_path, editor, text)
    outcome = write(tmp_path, editor)
    assert outcome.status == 2
    assert f"`{path}` {reason}" in outcome.err
    assert outcome.out == printed(editor).out
    assert path.read_bytes() == text.encode()
    assert (tmp_path / schema_of(editor)).exists()


@pytest.mark.parametrize("editor", ["vscode", "neovim"])
def test_what_was_added_by_hand_counts(tmp_path: Path, editor: str) -> None:
    comment = "-- ours" if editor == "neovim" else "// ours"
    path = place(tmp_path, editor, f"{comment}\n{printed(editor).out}")
    before = path.read_bytes()
    outcome = write(tmp_path, editor)
    assert (outcome.status, outcome.out) == (0, "")
    assert path.read_bytes() == before


def test_older_copy_of_the_schema_is_renewed(tmp_path: Path) -> None:
    copy = tmp_path / schema_of("vscode")
    copy.parent.mkdir()
    copy.write_text(json.dumps({"$id": URL + EDITOR}))
    assert write(tmp_path, "vscode").status == 0
    assert copy.read_bytes() == SCHEMA.read_bytes()


@pytest.mark.parametrize(
    "text", ['{"$id": "https://example.com/other"}', "{}", "[]", "no JSON", "[" * 100_000]
)
def test_other_file_in_the_place_of_the_schema_stays(tmp_path: Path, text: str) -> None:
    copy = tmp_path / schema_of("vscode")
    copy.parent.mkdir()
    copy.write_text(text)
    outcome = write(tmp_path, "vscode")
    assert (outcome.status, outcome.out) == (2, "")
    assert f"`{copy}` exists and is not a copy of the schema" in outcome.err
    assert copy.read_text() == text
    assert len(hashes(tmp_path)) == 1


def test_settings_that_are_a_link_stay_one(tmp_path: Path) -> None:
    (tmp_path / "project" / ".vscode").mkdir(parents=True)
    settings = tmp_path / "project" / "settings.json"
    settings.write_text("{}")
    settings.chmod(0o640)
    link = tmp_path / "project" / ".vscode" / "settings.json"
    link.symlink_to(settings)
    assert write(tmp_path / "project", "vscode").status == 0
    assert link.is_symlink()
    assert json.loads(link.read_text()) == {"json.schemas": [VSCODE]}
    assert settings.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("link", [".vscode", ".vscode/settings.json"])
@pytest.mark.parametrize("is_there", [True, False])
def test_no_link_out_of_the_project_is_followed(link: str, is_there: bool, tmp_path: Path) -> None:
    project, other = tmp_path / "project", tmp_path / "other"
    (project / link).parent.mkdir(parents=True)
    (project / link).symlink_to(other)
    if is_there and link == ".vscode":
        other.mkdir()
    elif is_there:
        other.write_text("{}")
    outcome = write(project, "vscode")
    assert outcome.status == 2
    assert "outside of the project" in outcome.err
    assert list(other.iterdir()) == [] if other.is_dir() else True
    assert other.read_text() == "{}" if other.is_file() else True
    assert other.exists() == is_there


def test_file_in_the_place_of_a_folder_gives_a_message(tmp_path: Path) -> None:
    (tmp_path / ".vscode").write_text("")
    outcome = write(tmp_path, "vscode")
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err.startswith(f"loracfg: cannot read `{tmp_path}/.vscode/")


def test_pydantic_is_not_imported(tmp_path: Path) -> None:
    place(tmp_path, "vscode", "{}")
    code = (
        "import sys\n"
        "from loracfg.cli import loracfg\n"
        "loracfg(sys.argv[1:], standalone_mode=False)\n"
        "assert 'pydantic' not in sys.modules\n"
    )
    subprocess.run(
        [
            sys.executable,
            "-c",
            code,
            "editor",
            "vscode",
            "--schema",
            "--write",
            "--directory",
            str(tmp_path),
        ],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=True,
    )
    assert json.loads((tmp_path / EDITORS["vscode"].settings.path).read_text()) == {
        "json.schemas": [VSCODE]
    }


def test_help_fits() -> None:
    outcome = call("editor", "--help")
    assert outcome.status == 0
    assert max(map(len, outcome.out.splitlines())) <= 100
    assert all(name in outcome.out for name in NAMES)
    assert "\n    loracfg editor neovim --write\n" in outcome.out


@pytest.mark.parametrize("arguments", [("nano",), ("vscode", "--directory", "nowhere")])
def test_wrong_usage(arguments: tuple[str, ...]) -> None:
    outcome = call("editor", *arguments)
    assert (outcome.status, outcome.out) == (2, "")
