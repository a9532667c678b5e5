"""What `diff` names as the cause of a change between two real runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from loracfg.audit.report.audit_documents import difference_of
from tests.audit.fleet import rows_of
from tests.audit.report.test_questions import objects
from tests.cli.running import call, write_adapter, write_base


def audited(sources: Path, output: Path, *options: str | Path) -> None:
    command = ("audit", sources, "--output", output, "--isolated", "-q", "-j", "1")
    assert call(*command, *options).status == 0


def causes(output: Path) -> list[list[str]]:
    """Return what changed for each adapter that is newly broken."""
    tables = {table.name: table for table in difference_of(output, None, 20).document.tables}
    return [one["because"] for one in objects(tables["broken"])] if "broken" in tables else []


@pytest.fixture
def fleet(tmp_path: Path) -> Path:
    write_adapter(tmp_path / "fleet/a")
    return tmp_path / "fleet"


def edited(base: Path, **values: Any) -> None:
    path = base / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


@pytest.mark.slow
def test_an_edited_base(fleet: Path, base: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    audited(fleet, out, "--base", base)
    edited(base, hidden_size=64)
    audited(fleet, out, "--base", base)
    assert causes(out) == [["base"]]


def test_options(fleet: Path, base: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    audited(fleet, out, "--base", base)
    audited(fleet, out, "--base", base, "--for", "mlx-lm")
    assert causes(out) == [["options"]]


def test_a_changed_adapter(fleet: Path, base: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    audited(fleet, out, "--base", base)
    write_adapter(fleet / "a", 'config {"r": 8}')
    audited(fleet, out, "--base", base)
    assert causes(out) == [["content"]]


@pytest.mark.slow
def test_another_spelling_of_the_base_is_no_cause(fleet: Path, base: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    audited(fleet, out, "--base", base / "config.json")
    write_adapter(fleet / "a", 'config {"r": 8}')
    audited(fleet, out, "--base", base)
    assert causes(out) == [["content"]]


@pytest.mark.slow
def test_digests_of_bases(fleet: Path, base: Path, tmp_path: Path) -> None:
    def digest(name: str, *options: str | Path) -> str | None:
        audited(fleet, tmp_path / name, *options)
        (row,) = rows_of(tmp_path / name)
        found: str | None = row["base_digest"]
        return found

    other = write_base(tmp_path / "copy")
    assert digest("one", "--base", base) == digest("two", "--base", other) is not None
    edited(other, hidden_size=64)
    assert digest("three", "--base", other) != digest("one", "--base", base)
    assert digest("four", "--base", tmp_path / "nothing") is None
