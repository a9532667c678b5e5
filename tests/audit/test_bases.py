"""Bases that the Hub delivers, or does not."""

from __future__ import annotations

import json
import shutil
from datetime import datetime
from pathlib import Path

import pytest
from pyarrow import parquet

from loracfg.testing.llama import BASE, base_config
from tests.cli.running import run, write_adapter
from tests.hub_server import Hub, Repo, serving


def _audit(hub: Hub, folder: Path) -> tuple[datetime, list[str]]:
    """Run an audit; return when its row was judged, and what it asked the Hub for."""
    hub.requests.clear()
    fleet, out = str(folder / "fleet"), folder / "out"
    command = ("audit", "run", fleet, "--output", str(out), "--online", "--jobs", "1")
    outcome = run(*command, env=hub.surroundings(folder / "cache/hub", HF_HUB_OFFLINE="0"))
    assert outcome.status == 0, outcome
    (judged,) = parquet.read_table(out / "results")["judged_at"].to_pylist()
    return judged, [path for _, path, _ in hub.requests]


@pytest.mark.slow
def test_a_base_that_was_not_delivered_is_asked_for_again(tmp_path: Path) -> None:
    named = json.dumps({"base_model_name_or_path": "org/base"})
    write_adapter(tmp_path / "fleet/a", f"config {named}")
    with serving({}) as hub:
        first, _ = _audit(hub, tmp_path)
        second, asked = _audit(hub, tmp_path)
        assert (second, len(asked)) == (first, 1), asked
        hub.repos["org/base"] = Repo({"config.json": json.dumps(base_config(BASE)).encode()})
        third, _ = _audit(hub, tmp_path)
        assert third > second
        assert _audit(hub, tmp_path) == (third, [])


@pytest.mark.slow
def test_a_cache_that_is_filled_again_changes_no_base(tmp_path: Path) -> None:
    named = json.dumps({"base_model_name_or_path": "org/base"})
    write_adapter(tmp_path / "fleet/a", f"config {named}")
    content = json.dumps(base_config(BASE)).encode()
    with serving({"org/base": Repo({"config.json": content})}) as hub:
        first, _ = _audit(hub, tmp_path)
        shutil.rmtree(tmp_path / "cache")
        again, asked = _audit(hub, tmp_path)
        assert asked
        assert again == first
