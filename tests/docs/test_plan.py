"""The commands in docs/plan.md print what the page shows."""

from __future__ import annotations

import re
import shlex
from typing import Final

import pytest

from tests.cli.running import ROOT, call

PAGE: Final = (ROOT / "docs/plan.md").read_text("utf-8")
SHOWN: Final = re.findall(r"(?ms)^```sh\nloracfg (.*?)\n```\n\n```text\n(.*?)^```$", PAGE)


@pytest.mark.parametrize(("command", "shown"), SHOWN, ids=["plan", "targets"])
def test_output_is_real(command: str, shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    out = call(*shlex.split(command)).out
    assert out == shown, f"show on the page what `loracfg {command}` prints"
