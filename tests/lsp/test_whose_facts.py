"""Opening a file in an editor brings no facts, and opens no connection."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from loracfg.config import CONFIG_NAME
from loracfg.lsp.buffer_judge import Judge, Surroundings
from loracfg.lsp.buffers import Buffer
from loracfg.lsp.project_lookup import ProjectLookup
from tests.base.opened_files import EVENTS, novel_adapter, novel_base, source_in

OWN: Final = "loracfg.toml"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the editor has open."""
    monkeypatch.chdir(tmp_path)
    novel_base(Path("novel"))
    novel_adapter("./novel")
    Path("train.yaml").write_text("base_model: ./novel\nadapter: lora\nlora_r: 4\n")
    return tmp_path


def source_of(name: str, lookup: ProjectLookup | None = None) -> str | None:
    """Open a document, and return where the tree of its base comes from."""
    path = Path(name).absolute()
    buffer = Buffer(path.as_uri(), 1, path.read_text(), path)
    with EVENTS.recording():
        report = Judge(lookup or ProjectLookup()).judge(buffer, Surroundings({})).report
    assert report is not None
    return source_in(report)


def test_the_adapter_brings_none() -> None:
    for name in (f"adapter/{CONFIG_NAME}", "train.yaml"):
        assert source_of(name) is None
        assert not EVENTS.has_opened_facts


def test_a_project_may_bring_some() -> None:
    Path(OWN).write_text('base = "novel"\n')
    assert source_of(f"adapter/{CONFIG_NAME}") == "facts"


def test_settings_that_came_with_the_adapter_bring_none() -> None:
    file = Path("adapter", OWN)
    file.write_text('base = "../novel"\n')
    assert source_of(f"adapter/{CONFIG_NAME}") is None
    assert not EVENTS.has_opened_facts
    assert source_of(f"adapter/{CONFIG_NAME}", ProjectLookup(file)) == "facts"


@pytest.mark.parametrize("folder", [".", "adapter"])
@pytest.mark.parametrize("base", ["https://127.0.0.1:9/base", "hf://org/base"])
def test_no_settings_open_a_connection(base: str, folder: str) -> None:
    Path(folder, OWN).write_text(f'base = "{base}"\nonline = true\n')
    assert source_of(f"adapter/{CONFIG_NAME}") is None
    assert EVENTS.others == []
