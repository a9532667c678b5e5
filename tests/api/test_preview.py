"""Rules in preview run if a request or `--server --preview` asks for them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from loracfg_api.app import create_app
from loracfg_api.examples import VALIDATION
from loracfg_api.settings import Settings

from loracfg.rules import registry, runner
from loracfg.rules.registry import own_rules, rules_to_run
from tests.api.forms import post
from tests.cli.running import call, write_adapter, write_base
from tests.service.serving import serving_here

pytestmark = pytest.mark.usefixtures("rank_mismatch_in_preview")


@pytest.fixture
def rank_mismatch_in_preview(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    changed = tuple(r._replace(stage="preview") if r.code == "LC503" else r for r in own_rules())
    monkeypatch.setattr(registry, "all_rules", lambda: changed)
    _clear_caches()
    yield
    monkeypatch.undo()
    _clear_caches()


def _clear_caches() -> None:
    rules_to_run.cache_clear()
    runner._cached_candidates.cache_clear()


@pytest.mark.parametrize("preview", [True, False])
def test_in_json(preview: bool, client: TestClient) -> None:
    body = {**VALIDATION["wrong rank"], "options": {"preview": preview}}
    assert ("LC503" in post(client, body).text) == preview


@pytest.mark.parametrize("preview", ["true", "false"])
def test_in_a_form(preview: str, client: TestClient, place: Path) -> None:
    write_adapter(Path("adapter"), 'config {"r": 8}')
    files = [("file", (path.name, path.read_bytes())) for path in Path("adapter").iterdir()]
    answer = client.post("/validate", files=files, data={"preview": preview})
    assert ("LC503" in answer.text) == (preview == "true")


def test_what_is_neither_true_nor_false_in_a_form(client: TestClient) -> None:
    answer = client.post("/validate", files=[("file", ("a", b""))], data={"preview": "yes"})
    assert answer.status_code == 422


@pytest.mark.parametrize("preview", [(), ("--preview",)])
def test_on_a_server(preview: tuple[str, ...], tmp_path: Path) -> None:
    adapter = write_adapter(tmp_path / "adapter", 'config {"r": 8}')
    base = write_base(tmp_path / "base")
    here = call("validate", adapter, "--base", base, *preview)
    with serving_here(create_app(Settings(access_log=False))) as address:
        there = call("validate", adapter, "--base", base, *preview, "--server", address)
    assert there == here
    assert ("LC503" in here.out) == bool(preview)
