"""The code on the page about the config in Python runs as it is written."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Final

import pytest

from tests.cli.running import ROOT, write_adapter

PAGE: Final = (ROOT / "docs/python.md").read_text("utf-8")


def test_findings_as_data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)[-1]
    config = {"base_model_name_or_path": None, "target_modules": "q_proj, v_proj"}
    adapter = write_adapter(tmp_path / "adapter", f"config {json.dumps(config)}")
    exec(code.replace("adapter/", str(adapter)), {})  # noqa: S102  # what the page has
    (line,) = capsys.readouterr().out.splitlines()
    assert line == "/target_modules is q_proj, v_proj, and should be ('q_proj', 'v_proj')"
