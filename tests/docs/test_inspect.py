"""The commands in docs/inspect.md print what the page shows."""

from __future__ import annotations

import re
import shlex
from difflib import unified_diff
from typing import Final

import pytest

from tests.cli.running import ROOT, call

PAGE: Final = (ROOT / "docs/inspect.md").read_text("utf-8")
SHOWN: Final = re.findall(r"(?ms)^```sh\nloracfg (.*?)\n```\n\n```text\n(.*?)^```$", PAGE)


@pytest.mark.parametrize(("command", "shown"), SHOWN, ids=["inspect", "diff"])
def test_output_is_real(command: str, shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    pattern = ".*".join(map(re.escape, shown.split("…")))
    out = call(*shlex.split(command)).out
    changed = "\n".join(
        unified_diff(shown.splitlines(), out.splitlines(), "page", "now", lineterm="")
    )
    assert re.fullmatch(pattern, out), f"show what `loracfg {command}` prints:\n{changed}"
