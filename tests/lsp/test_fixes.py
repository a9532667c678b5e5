"""Repairs as edits of the text give what `loracfg fix` writes."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from lsprotocol import types

from loracfg.config import CONFIG_NAME
from loracfg.engine.fixing import FixResult, fix
from loracfg.engine.options import Options
from loracfg.settings.project import read_settings
from tests.lsp.editor import Editor, edited, place_of
from tests.lsp.examples import RUN, ExampleFolder

QUICK: Final = "quickfix"
ALL: Final = "source.fixAll.loracfg"
LEAST: Final = (20, 20)
"""How many examples have safe and unsafe repairs that only edit the config."""


def options_of(folder: ExampleFolder) -> Options:
    return read_settings(folder.settings).options_for(folder.adapter)


def config_of(result: FixResult) -> str | None:
    """Return the config that a repair writes; None if it also changes other files."""
    draft = result.draft
    if not result.steps or draft.tensors is not None or draft.left_out or draft.config is None:
        return None
    return draft.config


def fixable(folders: list[ExampleFolder]) -> list[ExampleFolder]:
    """Return the examples in which something can be repaired."""
    found = []
    for folder in folders:
        if folder.document.name != RUN:
            report = read_settings(folder.settings).validate([folder.adapter]).adapters[0]
            found += [folder] if any(one.fix for one in report.diagnostics) else []
    return found


@pytest.mark.slow
def test_repairs_are_those_of_fix(
    root: Path, folders: list[ExampleFolder], editor: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    safe = unsafe = 0
    for folder in fixable(folders):
        text = folder.document.read_bytes().decode("utf-8", "replace")
        uri = editor.open(folder.document)
        after = {action.title: edited(text, action, uri) for action in editor.actions(uri, ALL)}
        result = fix(folder.adapter, options_of(folder))
        wanted = config_of(result)
        if wanted is not None:
            assert list(after.values()) == [wanted], folder.name
            safe += 1
        elif not result.steps:
            assert not after, folder.name
        quick = [one for one in editor.actions(uri, QUICK) if one.diagnostics and one.edit]
        for action in quick:
            if "unsafe" in action.title:
                assert not action.is_preferred
                unsafe += 1
            elif not action.title.startswith("Ignore "):
                assert action.is_preferred
        editor.close(uri)
    assert (safe, unsafe) >= LEAST


@pytest.mark.slow
def test_each_quick_fix_removes_its_finding(
    root: Path, folders: list[ExampleFolder], editor: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    for folder in fixable(folders):
        uri = editor.open(folder.document)
        text = folder.document.read_bytes().decode("utf-8", "replace")
        for action in editor.actions(uri, QUICK):
            if action.title.startswith("Ignore ") or not action.diagnostics:
                continue
            about = action.diagnostics[0]
            editor.change(uri, edited(text, action, uri))
            left = [(one.code, one.message) for one in editor.diagnostics(uri)]
            assert (about.code, about.message) not in left, (folder.name, action.title)
            editor.change(uri, text)
        editor.close(uri)


@pytest.mark.slow
@pytest.mark.usefixtures("folders")
def test_all_safe_repairs_leave_a_config_that_has_none(editor: Editor, root: Path) -> None:
    folder = root / "LC618-0"
    uri = editor.open(folder / "adapter" / CONFIG_NAME)
    text = (folder / "adapter" / CONFIG_NAME).read_text()
    (action,) = editor.actions(uri, ALL)
    editor.change(uri, edited(text, action, uri))
    assert not editor.actions(uri, ALL)
    assert not editor.actions(uri, "source")
    editor.close(uri)


@pytest.mark.usefixtures("folders")
def test_editors_that_ask_by_themselves_get_what_is_at_the_cursor(
    editor: Editor, root: Path
) -> None:
    path = root / "LC618-0" / "adapter" / CONFIG_NAME
    uri = editor.open(path)
    text = path.read_text()
    (finding,) = (one for one in editor.diagnostics(uri) if one.code == "LC618")
    automatic = types.CodeActionTriggerKind.Automatic
    titles = [one.title for one in editor.actions(uri, at=finding.range, trigger=automatic)]
    assert any("[LC618]" in title for title in titles)
    assert "Apply all safe repairs of the config" not in titles
    elsewhere = types.Range(place_of(text, '"r":'), place_of(text, '"r":'))
    titles = [one.title for one in editor.actions(uri, QUICK, at=elsewhere)]
    assert not any("[LC618]" in title for title in titles)
    editor.close(uri)
