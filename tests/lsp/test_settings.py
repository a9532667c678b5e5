"""A project's choices hold while they are edited, and findings can be ignored from the editor."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import pytest
from lsprotocol import types

from loracfg.config import CONFIG_NAME
from loracfg.settings.project import read_settings
from tests.cli.running import write_adapter, write_base
from tests.lsp.editor import Editor, edited, place_of

WRONG_RANK: Final = 'config {"r": 8}'
OWN: Final = "loracfg.toml"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("settings")


@pytest.fixture
def project(root: Path) -> Path:
    """A project of its own for each test, in the folder that the editor has open."""
    folder = root / f"p{len(list(root.iterdir()))}"
    write_base(folder / "base")
    write_adapter(folder / "adapters" / "a", WRONG_RANK)
    (folder / OWN).write_text('base = "base"\n')
    return folder


@pytest.fixture
def adapter(project: Path) -> Path:
    return project / "adapters" / "a" / CONFIG_NAME


def codes(found: list[types.Diagnostic]) -> set[str]:
    return {str(one.code) for one in found}


@pytest.mark.parametrize(
    ("text", "part", "message"),
    [
        ('bse = "x"\n', "bse", "unknown key `bse`\nhelp: write `base`"),
        ('\n[policy]\n"max-rank" = 0\n', "0", "`max-rank` is `0`, not a positive integer"),
        ('base = "é😀"\nfor = ["😀"]\n', '"😀"]', "`😀`"),
        ('base = "x\n', "\n", "not valid TOML"),
    ],
)
def test_mistakes_in_settings_have_places(
    editor: Editor, project: Path, text: str, part: str, message: str
) -> None:
    uri = editor.open(project / OWN, text)
    (found,) = editor.diagnostics(uri)
    assert message in found.message
    assert found.range.start == place_of(text, part)
    editor.change(uri, 'base = "base"\n')
    assert editor.diagnostics(uri) == []


def test_settings_count_as_they_are_in_the_editor(
    editor: Editor, project: Path, adapter: Path
) -> None:
    config, settings = editor.open(adapter), editor.open(project / OWN)
    assert "LC503" in codes(editor.diagnostics(config))
    editor.published.clear()
    editor.change(settings, 'base = "base"\nignore = ["LC503"]\n')
    assert "LC503" not in codes(editor.diagnostics(config))
    editor.published.clear()
    editor.change(settings, 'base = "base"\nignore = ["LC503", "LC7"')  # the last right one
    assert "LC503" not in codes(editor.diagnostics(config))
    editor.published.clear()
    editor.close(settings)  # what is on disk counts again
    assert "LC503" in codes(editor.diagnostics(config))


def test_a_wrong_file_that_is_not_open_is_shown_at_the_config(
    editor: Editor, project: Path, adapter: Path
) -> None:
    (project / OWN).write_text('\nbse = "x"\n')
    found = editor.diagnostics(editor.open(adapter))
    (problem,) = (one for one in found if one.code is None)
    assert problem.message == "unknown key `bse`\nhelp: write `base`"
    assert problem.related_information
    (there,) = problem.related_information
    assert there.location.uri == (project / OWN).as_uri()
    assert there.location.range.start == types.Position(1, 0)


@pytest.mark.slow
def test_engines_and_variables_count_as_for_validate(
    root: Path, project: Path, adapter: Path
) -> None:
    write_adapter(adapter.parent, 'made with {"use_dora": true}')
    (project / OWN).write_text('base = "base"\nfor = ["vllm==0.33"]\nonline = true\ndata = true\n')
    with Editor(root) as editor:
        assert {"LC801"} <= codes(editor.diagnostics(editor.open(adapter)))
    with Editor(root, "--isolated") as editor:
        assert "LC801" not in codes(editor.diagnostics(editor.open(adapter)))


def test_baselines_hide_what_they_accept(
    editor: Editor, project: Path, adapter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.cli.running import call

    monkeypatch.chdir(project)
    assert call("validate", "adapters/a", "--write-baseline", "b.json").status == 0
    (project / OWN).write_text('base = "base"\nbaseline = "b.json"\n')
    assert editor.diagnostics(editor.open(adapter)) == []


@pytest.mark.parametrize(
    "before",
    [
        'base = "base"\n',
        'base = "base"\n[paths]\n"adapters/b" = { ignore = ["LC7"] }\n',
        'base = "base"\n[paths]\n"adapters/a" = { ignore = ["LC7"] }  # why\n',
        'base = "base"\n[paths."adapters/a"]\nignore = [\n  "LC7",\n]\n\n[policy]\nmax-rank = 64\n',
        'base = "base"\r\n[paths]\r\n"adapters/b" = { class = "x" }\r\n',
        "",
    ],
)
def test_ignoring_changes_the_settings(
    editor: Editor, project: Path, adapter: Path, before: str
) -> None:
    settings = project / OWN
    settings.write_bytes(before.encode())
    uri = editor.open(adapter)
    shown = editor.diagnostics(uri)
    code = "LC503" if "LC503" in codes(shown) else str(shown[0].code)
    action = ignore_action(editor, uri, code)
    after = edited(before, action, settings.as_uri())
    settings.write_bytes(after.encode())
    editor.published.clear()
    editor.save(uri)
    assert code not in codes(editor.diagnostics(uri))
    options = read_settings(settings).options_for(adapter.parent)
    assert code in options.ignore
    if "LC7" in before and "adapters/a" in before:
        assert "LC7" in options.ignore
    assert all(line in after for line in before.splitlines() if "LC7" not in line)


@pytest.mark.slow
def test_ignoring_makes_a_file_if_there_is_none(project: Path, adapter: Path) -> None:
    settings = project / OWN
    settings.unlink()
    with Editor(project) as editor:
        uri = editor.open(adapter)
        (first, *_) = editor.diagnostics(uri)
        action = ignore_action(editor, uri, str(first.code))
        assert action.edit
        created, _ = action.edit.document_changes or ()
        assert isinstance(created, types.CreateFile)
        assert created.uri == settings.as_uri()
        settings.write_text(edited("", action, created.uri))
        editor.published.clear()
        editor.save(uri)
        assert first.code not in codes(editor.diagnostics(uri))
    with Editor(project, abilities=types.ClientCapabilities()) as editor:
        settings.unlink()
        uri = editor.open(adapter)
        assert not [a for a in editor.actions(uri) if a.title.startswith("Ignore ")]


def ignore_action(editor: Editor, uri: str, code: str) -> types.CodeAction:
    (action,) = (a for a in editor.actions(uri) if a.title.startswith(f"Ignore {code} "))
    return action


def test_ignoring_edits_settings_that_are_open(
    editor: Editor, project: Path, adapter: Path
) -> None:
    text = 'base = "base"\npeft = "0.17"\n'
    config, settings = editor.open(adapter), editor.open(project / OWN, text)
    after = edited(text, ignore_action(editor, config, "LC503"), settings)
    editor.published.clear()
    editor.change(settings, after)
    assert "LC503" not in codes(editor.diagnostics(config))
    assert after.startswith(text)


def test_nothing_is_ignored_where_no_way_of_writing_it_is_known(
    editor: Editor, project: Path, adapter: Path
) -> None:
    (project / OWN).write_text("base = \"base\"\npaths.'adapters/a'.class = 'LlamaForCausalLM'\n")
    uri = editor.open(adapter)
    assert "LC503" in codes(editor.diagnostics(uri))
    assert not [a for a in editor.actions(uri) if a.title.startswith("Ignore ")]


@pytest.mark.slow
def test_nothing_is_ignored_where_no_file_is_read(root: Path, project: Path, adapter: Path) -> None:
    with Editor(root, "--isolated") as editor:
        uri = editor.open(adapter)
        assert not [a for a in editor.actions(uri) if a.title.startswith("Ignore ")]


@pytest.mark.slow
def test_settings_of_another_file_count_if_it_is_named(
    root: Path, project: Path, adapter: Path
) -> None:
    other = project / "other.toml"
    other.write_text('base = "base"\nignore = ["LC5"]\n')
    with Editor(root, "--config", os.fspath(other)) as editor:
        assert "LC503" not in codes(editor.diagnostics(editor.open(adapter)))


def test_keys_are_explained(editor: Editor, project: Path) -> None:
    text = 'base = "base"\n[policy]\nmax-rank = 3\n'
    uri = editor.open(project / OWN, text)
    found = editor.hover(uri, place_of(text, "max-rank", 2))
    assert found == "**policy.max-rank** = `64`\n\nThe largest allowed rank."
    assert editor.hover(uri, place_of(text, '"base"', 2)) is None
    editor.change(uri, 'bse = "base"\n')
    assert editor.hover(uri, types.Position(0, 1)) is None


@pytest.mark.slow
def test_other_tables_of_pyproject_are_left_to_others(editor: Editor, project: Path) -> None:
    uri = editor.open(project / "pyproject.toml", "[project]\nname = \n")
    assert editor.diagnostics(uri) == []
    editor.change(uri, '[project]\nname = "x"\n')
    assert editor.diagnostics(uri) == []
    editor.change(uri, '[tool.loracfg]\nbse = "x"\n')
    (found,) = editor.diagnostics(uri)
    assert found.range.start == types.Position(1, 0)
