"""What `loracfg editor` writes, given to the language service as VS Code and Zed give it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import call
from tests.editor.service import Service

WRONG = '{"peft_type": "LORA", "bias": "some"}'


def schemas(folder: Path, editor: str) -> list[dict[str, Any]]:
    """Return what the editor tells the server when this folder is open.

    Both resolve a `url` that begins with `.` from the folder: VS Code to a URI (`getSchemaId` in
    json-language-features), Zed to a path (its pull request 44794).
    """
    if editor == "vscode":
        settings = json.loads((folder / ".vscode" / "settings.json").read_text())["json.schemas"]
        base = folder.as_uri()
    else:
        lsp = json.loads((folder / ".zed" / "settings.json").read_text())["lsp"]
        settings = lsp["json-language-server"]["settings"]["json"]["schemas"]
        base = str(folder)
    return [
        {
            "fileMatch": entry["fileMatch"],
            "uri": f"{base}/{entry['url']}" if entry["url"][0] == "." else entry["url"],
        }
        for entry in settings
    ]


@pytest.mark.parametrize("editor", ["vscode", "zed"])
def test_written_mapping_is_used(tmp_path: Path, packages: Path, editor: str) -> None:
    assert call("editor", editor, "--schema", "--write", "--directory", tmp_path).status == 0
    with Service(packages, schemas(tmp_path, editor)) as service:
        for name in ("adapter_config.json", "adapters/one/adapter_config.json"):
            (found,) = service.diagnostics(WRONG, (tmp_path / name).as_uri())
            assert found.startswith("Value is not accepted. Valid values: ")
        assert service.diagnostics(WRONG, (tmp_path / "config.json").as_uri()) == []
