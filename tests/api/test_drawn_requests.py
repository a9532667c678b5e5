"""Random requests find no bug, nor do the names of rules that they leave out."""

from __future__ import annotations

import subprocess
import sys

import pytest
from fastapi.testclient import TestClient
from loracfg_api.app import create_app
from loracfg_api.settings import Settings
from loracfg_api.submission import CODES

from tests.cli.running import ROOT


@pytest.mark.slow
def test_no_bug_is_found() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "0", "tests/api/drawn_requests.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("route", ["/modules", "/plan", "/validate"])
@pytest.mark.parametrize("option", ["ignore", "select"])
def test_every_name_of_a_rule_is_accepted(route: str, option: str) -> None:
    app = create_app(Settings(access_log=False))
    config = {"peft_type": "LORA", "r": 8, "target_modules": ["q_proj"]}
    body = {"config": config, "base": "llama", "options": {option: [*CODES]}}
    answer = TestClient(app).post(route, json=body)
    assert answer.status_code == 200
    refused = body | {"options": {option: ["LC000"]}}
    assert TestClient(app).post(route, json=refused).status_code == 422
