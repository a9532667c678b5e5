"""Output folders of which something is damaged or missing."""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from loracfg.audit.report.audit_documents import (
    Wanted,
    difference_of,
    own_answer,
    report_on,
)
from loracfg.errors import LoracfgError
from tests.audit.report.rows import row, write_runs
from tests.cli.running import call, write_adapter

COUNT = "SELECT count(*) FROM results"


def only(*names: str) -> Wanted:
    return Wanted(names)


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """Two runs of an audit over two adapters, with one part each."""
    write_adapter(tmp_path / "fleet/a")
    write_adapter(tmp_path / "fleet/b")
    for _ in range(2):
        audit(tmp_path)
    return tmp_path / "out"


def audit(home: Path) -> None:
    command = ("audit", home / "fleet", "--output", home / "out", "--isolated", "-q", "-j", "1")
    outcome = call(*command)
    assert (outcome.status, outcome.err) == (0, "")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def part(output: Path) -> Path:
    (found,) = (output / "results").iterdir()
    return found


def kept(output: Path) -> Path:
    (found,) = output.glob("runs/*/*.rows")
    return found


def test_a_cut_part_is_named_and_the_next_run_repairs_it(output: Path, tmp_path: Path) -> None:
    path = part(output)
    cut(path)
    for wanted in (Wanted(), only("statuses"), only("changes")):
        with pytest.raises(LoracfgError, match=re.escape(f"`{path}`")) as raised:
            report_on(output, wanted)
        assert raised.value.help.startswith("audit again")
    audit(tmp_path)
    assert report_on(output, only("statuses")).facts[0].endswith(", judged by loracfg 0.1.0")
    assert own_answer(output, COUNT, 10, 60).tables[0].rows == ((2,),)
    document = report_on(output, Wanted())
    assert document.facts[1].startswith("not compared with the run before: the results cannot be")
    assert "changes" not in {table.name for table in document.tables}
    with pytest.raises(LoracfgError, match=f"{path.stem}.rows`"):
        report_on(output, only("changes"))
    with pytest.raises(LoracfgError, match=f"{path.stem}.rows`"):
        difference_of(output, None, 20)


def test_a_missing_part_is_no_empty_run(output: Path) -> None:
    part(output).unlink()
    with pytest.raises(LoracfgError, match="has 2 rows, but its files have 0"):
        report_on(output, Wanted())
    with pytest.raises(LoracfgError, match="has 2 rows, but its files have 0"):
        own_answer(output, COUNT, 10, 60)


def test_a_missing_part_of_the_run_before(output: Path) -> None:
    kept(output).unlink()
    assert "has 2 rows, but its files have 0" in report_on(output, Wanted()).facts[1]
    assert own_answer(output, COUNT, 10, 60).tables[0].rows == ((2,),)


@pytest.mark.parametrize("text", ["{", "[]", ""])
def test_a_damaged_run_file_is_named(output: Path, tmp_path: Path, text: str) -> None:
    first, second = sorted(output.glob("runs/*/run.json"))
    second.write_text(text)
    with pytest.raises(LoracfgError, match=re.escape(f"`{second}` is damaged; audit again")):
        report_on(output, Wanted())
    first.write_text(text)
    with pytest.raises(LoracfgError, match=r"run.json` is damaged; audit again"):
        report_on(output, Wanted())
    audit(tmp_path)
    assert "2 adapters" in report_on(output, Wanted()).facts[0]


def test_runs_without_their_files_are_no_results(output: Path) -> None:
    for path in output.glob("runs/*/run.json"):
        path.unlink()
    with pytest.raises(LoracfgError, match="has no results of an audit"):
        report_on(output, Wanted())
    with pytest.raises(LoracfgError, match="has no results of an audit"):
        own_answer(output, COUNT, 10, 60)


def test_damage_in_a_part_can_be_repaired(output: Path, tmp_path: Path) -> None:
    """The footer of the part is whole."""
    path = part(output)
    content = path.read_bytes()
    path.write_bytes(content[:4] + bytes(len(content) // 4) + content[4 + len(content) // 4 :])
    with pytest.raises(LoracfgError, match="the results cannot be read: ") as raised:
        report_on(output, only("statuses"))
    assert raised.value.help.startswith("audit again")
    audit(tmp_path)
    report_on(output, only("statuses"))


@pytest.mark.parametrize("name", ["runs", "results"])
def test_a_folder_without_permission_is_not_empty(
    output: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def refuse(path: Path) -> Iterator[Path]:
        if path == output / name:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return iter([Path(entry) for entry in os.scandir(path)])

    monkeypatch.setattr(Path, "iterdir", refuse)
    message = f"`{output / name}` cannot be read: Permission denied"
    with pytest.raises(LoracfgError, match=re.escape(message)):
        report_on(output, Wanted())


def test_a_folder_that_lost_its_runs_can_be_used_again(output: Path, tmp_path: Path) -> None:
    shutil.rmtree(output / "runs")
    audit(tmp_path)
    assert "2 adapters" in report_on(output, Wanted()).facts[0]


def test_a_damaged_database_is_no_lack_of_room(output: Path, tmp_path: Path) -> None:
    path = output / "known.sqlite"
    path.write_text("junk" * 1000)
    outcome = call("audit", tmp_path / "fleet", "--output", output, "--isolated", "-q")
    assert outcome.status == 2
    assert f"`{path}` is damaged: file is not a database; delete all `known.sqlite*`" in outcome.err
    path.unlink()
    audit(tmp_path)


def test_runs_without_a_number_of_rows(tmp_path: Path) -> None:
    """Those of a run that has not finished are not known."""
    folder = write_runs(tmp_path, [row("a")], [row("a")])
    assert "1 adapter" in report_on(folder, Wanted()).facts[0]
