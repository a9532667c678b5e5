"""The language service of VS Code, Zed and Neovim: installed once, asked over a pipe."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any, Final, Self

HERE: Final = Path(__file__).resolve().parent


class Service:
    """A process of the language service; in texts, `|` marks the place of the cursor."""

    def __init__(self, packages: Path, schemas: list[dict[str, Any]]) -> None:
        """Start it with the `fileMatch` and `uri` of each schema."""
        self._process = subprocess.Popen(
            ["node", str(HERE / "service.mjs"), str(packages), json.dumps(schemas)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=10)

    def completions(self, text: str) -> dict[str, dict[str, Any]]:
        """Return what is offered at the cursor, by its label."""
        found = self._ask("complete", text)
        return {item["label"].strip('"'): item for item in found}

    def hover(self, text: str) -> str:
        """Return the text that is shown for what is at the cursor."""
        found = self._ask("hover", text)
        if found is None:
            return ""
        contents = found["contents"]
        assert isinstance(contents, dict | list)
        parts = [contents] if isinstance(contents, dict) else contents
        return "\n".join(part if isinstance(part, str) else part["value"] for part in parts)

    def diagnostics(self, text: str, uri: str = "file:///adapter_config.json") -> list[str]:
        """Return the messages for a text without a cursor."""
        return [found["message"] for found in self._ask("diagnose", text, uri, cursor=False)]

    def _ask(
        self, action: str, text: str, uri: str = "file:///adapter_config.json", cursor: bool = True
    ) -> Any:
        offset = 0
        if cursor:
            before, after = text.split("|")
            text, offset = before + after, len(before)
        job = {"action": action, "uri": uri, "text": text, "offset": offset}
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        reply = json.loads(self._process.stdout.readline())
        assert "error" not in reply, reply["error"]
        return reply["result"]
