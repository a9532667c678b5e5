"""The routes of the service that there are so far."""

from __future__ import annotations

import pytest

from loracfg.rules.registry import all_rules

pytest.importorskip("fastapi", reason="the service needs the extra `api`")

from fastapi.testclient import TestClient  # after the check above
from loracfg_api.app import create_app

CLIENT = TestClient(create_app())


def test_health() -> None:
    assert CLIENT.get("/healthz").json() == {"status": "ok"}


def test_rules_are_those_of_the_command_line() -> None:
    listed = CLIENT.get("/rules").json()
    assert listed == [rule.summary() for rule in all_rules()]


def test_rule_by_code_and_by_name() -> None:
    page = CLIENT.get("/rules/LC503").json()
    assert page["name"] == "rank-mismatch"
    assert "Repair:" in page["page"]
    assert CLIENT.get("/rules/rank-mismatch").json() == page


def test_unknown_rule() -> None:
    answer = CLIENT.get("/rules/LC999")
    assert answer.status_code == 404
    assert answer.json() == {"detail": "there is no rule `LC999`"}
