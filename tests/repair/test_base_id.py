"""If the user passes a base by id, the repair writes the id to the config."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from loracfg.engine.fixing import fix
from loracfg.engine.options import Options
from tests.cli.running import write_adapter, write_base

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def cached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Put the base of the examples into a cache, under an id."""
    folder = tmp_path / "hub/models--org--llama"
    write_base(folder / "snapshots" / COMMIT)
    (folder / "refs").mkdir()
    (folder / "refs/main").write_text(COMMIT)
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    return "org/llama"


@pytest.mark.parametrize(
    ("given", "code"), [("null", "LC703"), ('""', "LC703"), ('"/home/me/llama"', "LC702")]
)
def test_the_id_is_written(given: str, code: str, cached: str, tmp_path: Path) -> None:
    line = f'config {{"base_model_name_or_path": {given}}}'
    adapter = write_adapter(tmp_path / "adapter", line)
    repaired = fix(adapter, Options(base=cached))
    assert [(step.code, step.safe) for step in repaired.steps] == [(code, True)]
    repaired.write(tmp_path / "fixed")
    config = json.loads((tmp_path / "fixed/adapter_config.json").read_text())
    assert config["base_model_name_or_path"] == cached


def test_a_folder_tells_no_id(tmp_path: Path) -> None:
    adapter = write_adapter(tmp_path / "adapter", 'config {"base_model_name_or_path": null}')
    base = write_base(tmp_path / "base")
    assert fix(adapter, Options(base=str(base)), unsafe=True).steps == ()
