"""The reports in README.md are what its commands print."""

from __future__ import annotations

import re
from typing import Final

import pytest

from tests.cli.running import ROOT, call

PAGE: Final = (ROOT / "README.md").read_text("utf-8")
SHOWN: Final = re.findall(r"(?ms)^```text\n(.*?)^```$", PAGE)
BASE: Final = ("--base", "docs/examples/base")


@pytest.mark.parametrize(
    ("adapter", "shown"), [("edited-adapter", SHOWN[0]), ("adapter", SHOWN[1])]
)
def test_report_is_real(adapter: str, shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    command = ("validate", f"docs/examples/{adapter}", *BASE)
    said = f"show in README.md what `loracfg {' '.join(command)}` prints"
    assert shown in call(*command).out, said
