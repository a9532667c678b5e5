"""What the real Neovim shows in an adapter's config, set up by `loracfg editor neovim --write`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest
from lsprotocol.converters import get_converter
from lsprotocol.types import Diagnostic

from tests.editor.neovim import program, run_steps, set_up
from tests.editor.project import (
    CONFIG,
    WRONG,
    config_text,
    fixed,
    make_project,
    names_of_base,
    place_of,
    problems,
)
from tests.lsp.examples import write_examples
from tests.lsp.expected import expected
from tests.lsp.expected import shown as shown_by
from tests.lsp.test_diagnostics import report_of

SEVERITIES: Final = (None, "error", "warning", "info", "hint")
IN_OTHER_CODE_PAGES: Final = {"LC013-1"}
"""Examples that Neovim converts, so that the server sees no mistake in the text."""
JSON_SERVER: Final = """
vim.api.nvim_create_autocmd('FileType', {
  pattern = 'json',
  callback = function()
    vim.lsp.start({
      name = 'jsonls',
      cmd = { 'node', '%s', '--stdio' },
      root_dir = vim.fn.getcwd(),
      settings = { json = { validate = { enable = true } } },
      on_init = function(client)
        client.notify('workspace/didChangeConfiguration', { settings = client.settings })
      end,
    })
  end,
})
"""


def shown(diagnostics: list[dict[str, Any]]) -> list[tuple[str, str, int, int]]:
    """Return code, severity, line and column of what Neovim shows, which all is ours."""
    assert {one["source"] for one in diagnostics} <= {"loracfg"}
    found = [(d["code"], SEVERITIES[d["severity"]], d["line"], d["column"]) for d in diagnostics]
    return sorted((code, severity or "", line, column) for code, severity, line, column in found)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "project"
    make_project(path, **WRONG)
    set_up(path)
    return path


@pytest.mark.slow
def test_diagnostics_are_those_of_validate_and_follow_changes(folder: Path) -> None:
    fewer = config_text(target_modules=WRONG["target_modules"])
    broken = config_text().rstrip().removesuffix("}")
    steps = [("replace", {"text": text}) for text in (fewer, broken, config_text())]
    results = run_steps(
        program(),
        folder,
        CONFIG,
        ("diagnostics",),
        *(one for step in steps for one in (step, ("diagnostics",))),
        ("clients",),
    )
    first, _, second, _, third, _, fourth, clients = results
    assert {code for code, *_ in shown(first)} == {"LC106", "LC520"}
    assert shown(first) == problems(folder)
    assert shown(second) == problems(folder, fewer)
    assert {code for code, *_ in shown(third)} == {"LC012"}
    assert fourth == []
    assert clients == ["loracfg"]


@pytest.mark.slow
def test_completion_offers_the_names_of_the_base_and_keys(folder: Path) -> None:
    place = place_of((folder / CONFIG).read_text(), '"q_')
    without = "".join(x for x in config_text().splitlines(True) if '"bias"' not in x)
    typed = without.replace("{\n", '{\n  "bi\n', 1)
    names, _, keys = run_steps(
        program(),
        folder,
        CONFIG,
        ("complete", {"position": place}),
        ("replace", {"text": typed}),
        ("complete", {"position": place_of(typed, '"bi')}),
    )
    assert set(names) == names_of_base() - {"v_proj"}
    assert keys == ["bias"]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["quickfix", "source.fixAll.loracfg"])
def test_code_actions_repair_as_fix_does(folder: Path, tmp_path: Path, kind: str) -> None:
    make_project(folder / "other", target_modules=WRONG["target_modules"])
    path = f"other/{CONFIG}"
    titles, after, diagnostics = run_steps(
        program(), folder, path, ("act", {"kind": kind}), ("text",), ("diagnostics",)
    )
    assert titles
    if kind == "quickfix":
        assert "LC520" not in {code for code, *_ in shown(diagnostics)}
    else:
        assert after == fixed(folder / "other", tmp_path / "fixed")
        assert diagnostics == []


@pytest.mark.slow
def test_syntax_errors_are_shown_once(folder: Path, packages: Path) -> None:
    script = packages / "node_modules/vscode-json-languageserver/bin/vscode-json-languageserver"
    (folder / CONFIG).write_text('{"peft_type": "LORA", "r": 8,}\n')
    steps = ("clients", {"least": 2}), ("diagnostics",)
    clients, diagnostics = run_steps(program(), folder, CONFIG, *steps, init=JSON_SERVER % script)
    assert sorted(clients) == ["jsonls", "loracfg"]
    assert [code for code, *_ in shown(diagnostics)] == ["LC011"]


def test_other_files_are_left_alone(folder: Path) -> None:
    (folder / "package.json").write_text(json.dumps(WRONG))
    text, clients = run_steps(program(), folder, "package.json", ("text",), ("clients",))
    assert text == json.dumps(WRONG) + "\n"
    assert clients == ["loracfg"]


@pytest.mark.slow
def test_examples_of_all_rules_show_what_validate_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "examples"
    root.mkdir()
    (root / "README.md").write_text("")
    folders = list(write_examples(root))
    set_up(root)
    monkeypatch.chdir(root)
    paths = [str(one.document.relative_to(root)) for one in folders]
    (found,) = run_steps(program(), root, "README.md", ("tour", {"paths": paths}))
    different = {}
    converter = get_converter()
    for folder, diagnostics in zip(folders, found, strict=True):
        text = folder.document.read_bytes().decode("utf-8-sig", "replace")
        wanted = expected(report_of(folder), folder.document, text)
        seen = sorted(shown_by(converter.structure(one, Diagnostic)) for one in diagnostics)
        if seen != wanted:
            different[folder.name] = seen, wanted
    assert different.keys() == IN_OTHER_CODE_PAGES, different
