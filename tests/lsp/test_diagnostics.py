"""What the server shows is what `validate` and `plan` find."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from loracfg.config import CONFIG_NAME
from loracfg.lsp.buffers import Buffer
from loracfg.lsp.published import published
from loracfg.lsp.text_positions import TextPositions
from loracfg.report.report import AdapterReport
from loracfg.rules.registry import all_rules
from loracfg.rules.rule import Rule
from loracfg.settings.project import read_settings
from loracfg.testing.building.examples import examples
from loracfg.testing.building.judging import judged
from loracfg.training.planned import plan
from tests.lsp.editor import Editor
from tests.lsp.examples import RUN, ExampleFolder
from tests.lsp.expected import expected, shown

LEAST: Final = 470
"""How many examples are files that can be opened; 477 when this was written."""


@pytest.mark.slow
def test_examples_show_what_validate_finds(
    root: Path, folders: list[ExampleFolder], editor: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    assert len(folders) >= LEAST
    different = []
    for folder in folders:
        text = folder.document.read_bytes().decode("utf-8", "replace")
        uri = editor.open(folder.document)
        found = sorted(map(shown, editor.diagnostics(uri)))
        wanted = expected(report_of(folder), folder.document, text)
        if found != wanted:
            different.append((folder.name, found, wanted))
        editor.close(uri)
    assert not different, f"{len(different)}: {different[:3]}"
    assert not editor.messages


def report_of(folder: ExampleFolder) -> AdapterReport:
    """Return the report of the command line, without tensor values."""
    settings = read_settings(folder.settings)
    if folder.document.name == RUN:
        return plan(folder.document, settings.options_for(folder.adapter)).report
    return settings.validate([folder.adapter]).adapters[0]


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_examples_in_memory_are_converted_alike(rule: Rule, tmp_path: Path) -> None:
    """Those that cannot be files differ in what is found, not in how that is shown."""
    for example in examples(rule.page):
        report = judged(*example.lines)
        text = report.sources.get(CONFIG_NAME) or report.sources.get(RUN) or ""
        name = RUN if RUN in report.sources else CONFIG_NAME
        buffer = Buffer("file:///x", 1, text, tmp_path / name)
        found = published(report.diagnostics, buffer, TextPositions(text))
        assert sorted(map(shown, found)) == expected(report, tmp_path / name, text)
