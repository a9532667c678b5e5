"""What `--peft` and `--for` ask is answered, and changes nothing else that a row says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from loracfg.config.history.releases import PEFT_RELEASE
from tests.audit.conftest import WRONG_RANK
from tests.audit.fleet import rows_of
from tests.cli.running import call, write_adapter

ENGINES = ("--for", "mlx-lm", "--for", "vllm")
"""The first one raises on the names of PEFT, the second one loads them."""


def audited(fleet: Path, base: Path, output: Path, *options: str) -> list[dict[str, Any]]:
    common = ("--base", base, "--output", output, "--isolated", "-q", "-j", "1")
    assert call("audit", fleet, *common, *options).status == 0
    return rows_of(output)


@pytest.fixture
def fleet(tmp_path: Path) -> Path:
    """A good adapter, one with a key that PEFT 0.12 rejects, one with a wrong rank, and no JSON."""
    write_adapter(tmp_path / "fleet/good")
    write_adapter(tmp_path / "fleet/newer", 'config {"corda_config": null}')
    write_adapter(tmp_path / "fleet/wrong", WRONG_RANK)
    (tmp_path / "fleet/unreadable").mkdir()
    (tmp_path / "fleet/unreadable/adapter_config.json").write_text("{")
    return tmp_path / "fleet"


@pytest.mark.slow
@pytest.mark.parametrize("options", [ENGINES, ("--peft", "0.12"), ("--peft", "0.12", *ENGINES)])
def test_only_codes_and_answers_depend_on_what_is_asked(
    options: tuple[str, ...], fleet: Path, base: Path, tmp_path: Path
) -> None:
    plain = audited(fleet, base, tmp_path / "plain")
    asked = audited(fleet, base, tmp_path / "asked", *options)
    same = ("source", "status", "reason", "loads_in", "written_by", "applied", "not_checked")
    assert [[row[name] for name in same] for row in asked] == [
        [row[name] for name in same] for row in plain
    ]
    assert [row["status"] for row in asked] == ["valid", "valid", "invalid", "invalid"]
    assert {len(row["loads_in"] or ()) > 0 for row in asked[:2]} == {True}
    assert any(code["code"][:3] in ("LC2", "LC8") for row in asked for code in row["codes"])


@pytest.mark.slow
def test_answers_are_null_if_no_engine_is_asked(fleet: Path, base: Path, tmp_path: Path) -> None:
    rows = audited(fleet, base, tmp_path / "plain")
    assert [row["answers"] for row in rows] == [None] * 4
    said = call("audit", "report", tmp_path / "plain", "--only", "engines")
    assert "Not known: no engine was asked" in said.out
    rows = audited(fleet, base, tmp_path / "asked", *ENGINES)
    found = {one["runtime"]: one["answer"] for one in rows[0]["answers"]}
    assert found == {"mlx-lm": "raises", "vllm": "loads"}
    assert rows[2]["answers"] is None  # its config cannot be read


def test_reports_tell_what_is_broken_from_what_an_engine_rejects(
    fleet: Path, base: Path, tmp_path: Path
) -> None:
    audited(fleet, base, tmp_path / "out", "--peft", "0.12", *ENGINES)
    options = ("--for", "mlx-lm", "--for", "vllm", "--peft", PEFT_RELEASE, "--only", "invalid")
    said = call("audit", "report", tmp_path / "out", *options, "--format", "json")
    tables = json.loads(said.out)["tables"]
    shares = {
        name: {row["answer"]: row["adapters"] for row in table["rows"]}
        for name, table in tables.items()
        if table["rows"] and "share" in table["rows"][0]
    }
    in_mlx, in_vllm, in_peft = (
        next(found for name, found in shares.items() if name.startswith(start))
        for start in ("mlx", "vllm", "peft")
    )
    assert in_mlx == {"raises": 2, "broken": 2}
    assert in_vllm == {"loads": 2, "broken": 2}
    assert in_peft == {"loads": 2, "broken": 2}
    (rejected,) = (table for name, table in tables.items() if name.startswith("fails_in_mlx"))
    names = [Path(row["source"]).name for row in rejected["rows"]]
    assert names == ["good", "newer"]
    errors = {Path(row["source"]).name: row["code"] for row in tables["invalid"]["rows"]}
    assert errors["wrong"] == "LC503"
