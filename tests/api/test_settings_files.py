"""The service reads no settings of a project: neither files nor variables of commands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

BODY = {"config": {"peft_type": "LORA", "r": 0, "target_modules": ["q_proj"]}}


def test_files_and_variables_have_no_effect(
    place: Path, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer() -> dict[str, Any]:
        found: dict[str, Any] = client.post("/validate", json=BODY).json()
        return found

    before = answer()
    assert before["summary"]["errors"]
    (place / "loracfg.toml").write_text('ignore = ["LC"]\n[policy]\nbases = []\n')
    monkeypatch.setenv("LORACFG_IGNORE", "LC")
    monkeypatch.setenv("LORACFG_FAIL_ON", "nonsense")
    assert answer() == before
