"""Other engines than the local one: what workers do, and what is said if a package is missing.

Real clusters are in `tests/audit/test_clusters.py`.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow
import pytest

from loracfg.audit.audit import AuditRequest, audit
from loracfg.audit.job import AuditJob
from loracfg.audit.job_runner import RunnerSetup
from loracfg.audit.judging.judge_state import own_state
from loracfg.audit.listing.folders import listed_below
from loracfg.audit.ray import Auditor
from loracfg.audit.ray_worker import JobWorker, packed, results_in
from loracfg.audit.reading.limiter import ReadLimits
from loracfg.audit.result_schema import COLUMNS, TIMES, arrow_schema
from loracfg.audit.spark import SCHEMA, FrameAuditor
from loracfg.audit.tables import table_of
from loracfg.engine.options import Options
from loracfg.errors import LoracfgError
from loracfg.sources.excluded import Excluded
from tests.audit.environments import python_with_ray
from tests.audit.fleet import ROOT, rows_of
from tests.cli.running import call


def sorted_rows(table: pyarrow.Table) -> list[dict[str, Any]]:
    """Return rows in the order of their sources, without times."""
    assert table.schema.equals(arrow_schema())
    found = table.drop_columns(list(TIMES)).to_pylist()
    return sorted(found, key=lambda row: str(row["source"]))


def names_in(fleet: Path) -> list[str]:
    return sorted(map(str, fleet.iterdir()))


def local_rows(fleet: Path, base: Path, tmp_path: Path) -> list[dict[str, Any]]:
    listed = tmp_path / "names.txt"
    listed.write_text("".join(f"{name}\n" for name in names_in(fleet)))
    options = Options(base=str(base))
    audit(AuditRequest((str(listed),), tmp_path / "local", lambda _: options, jobs=1))
    return rows_of(tmp_path / "local")


@pytest.mark.slow
def test_batches_have_the_rows_of_an_audit(fleet: Path, base: Path, tmp_path: Path) -> None:
    auditor = Auditor(Options(base=str(base)))
    names: list[str | None] = [*names_in(fleet)]
    found = pyarrow.concat_tables(
        auditor(pyarrow.table({"other": [1] * len(some), "source": some}))
        for some in (names[:4], [None, "", *names[4:]])
    )
    assert sorted_rows(found) == local_rows(fleet, base, tmp_path)


def test_frames_have_the_rows_of_an_audit(fleet: Path, base: Path, tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    frames = iter([pandas.DataFrame({"path": names_in(fleet)})])
    (frame,) = FrameAuditor(Options(base=str(base)), column="path")(frames)
    found = pyarrow.Table.from_pandas(frame, arrow_schema(), preserve_index=False)
    assert sorted_rows(found) == local_rows(fleet, base, tmp_path)


def test_workers_have_the_rows_of_an_audit(fleet: Path, base: Path, tmp_path: Path) -> None:
    options = Options(base=str(base))
    jobs = [AuditJob(one, options) for one in listed_below(fleet, Excluded(()))]
    worker = JobWorker(RunnerSetup(own_state().digest, 1), ReadLimits(), None, ".")
    batches = [results_in(worker(packed(some))) for some in (jobs[:5], jobs[5:])]
    rows = [
        judged.row for (done,) in batches for result in done.results for judged in result.rows or ()
    ]
    assert [done.requests for (done,) in batches] == [0, 0]
    assert sorted_rows(table_of(rows)) == local_rows(fleet, base, tmp_path)


def test_a_worker_with_another_loracfg_does_nothing(fleet: Path) -> None:
    jobs = [AuditJob(one, Options()) for one in listed_below(fleet, Excluded(()))]
    (done,) = results_in(JobWorker(RunnerSetup("another"), ReadLimits(), None, ".")(packed(jobs)))
    assert done.results == []
    with pytest.raises(LoracfgError, match="is not the loracfg"):
        done.check()


@pytest.mark.parametrize("type_", [pyarrow.string(), pyarrow.binary()], ids=str)
def test_a_revision_of_each(type_: pyarrow.DataType) -> None:
    names = pyarrow.array(["org/a", "org/b", "org/c"]).cast(type_)
    table = pyarrow.table({"id": names, "revision": ["v1", None, "a/b"]})
    found = Auditor(Options(isolated=True), column="id")(table).to_pylist()
    assert sorted(row["source"] for row in found) == ["org/a@v1", "org/b", "org/c@a%2Fb"]
    assert {row["status"] for row in found} == {"error"}


@pytest.mark.parametrize("has_rows", [False, True])
def test_a_batch_without_the_column(has_rows: bool) -> None:
    table = pyarrow.table({"a": ["x"] * has_rows, "b": ["y"] * has_rows})
    with pytest.raises(LoracfgError, match="no column `source`: it has `a`, `b`"):
        Auditor()(table)


def test_a_batch_without_text() -> None:
    with pytest.raises(LoracfgError, match="the column `source` of the batch has the type `int64`"):
        Auditor()(pyarrow.table({"source": [1]}))


def test_nothing_has_no_rows() -> None:
    found = Auditor()(pyarrow.table({"source": pyarrow.array([], pyarrow.string())}))
    assert (found.num_rows, found.schema.equals(arrow_schema())) == (0, True)


def test_sparks_schema_has_all_columns() -> None:
    columns = [f"`{column.name}` " for column in COLUMNS]
    places = [SCHEMA.index(name) for name in columns]
    assert places == sorted(places)
    assert SCHEMA.startswith("`source` string, ")
    assert "`ranks` array<bigint>, `scale_min` double, " in SCHEMA
    assert "`not_checked` array<struct<what: string, why: string>>, " in SCHEMA


def test_a_frame_without_the_column() -> None:
    pandas = pytest.importorskip("pandas", reason="makes the frame")
    frame = pandas.DataFrame({"a": ["x"], "b": ["y"]})
    with pytest.raises(LoracfgError, match="the frame has no column `id`: it has `a`, `b`"):
        next(FrameAuditor(column="id")(iter([frame])))


@pytest.mark.skipif(importlib.util.find_spec("ray") is not None, reason="Ray is installed")
def test_without_ray(fleet: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    outcome = call("audit", fleet, "--output", out, "--engine", "ray", "--isolated")
    assert (outcome.status, outcome.out) == (2, "")
    assert "`ray` is not installed" in outcome.err
    assert "pip install 'loracfg[ray]'" in outcome.err
    assert not out.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="arguments are text there")
def test_ray_with_a_name_that_is_not_utf_8(fleet: Path, tmp_path: Path) -> None:
    command = [str(python_with_ray()), "-m", "loracfg", "audit", str(fleet), "a\udcff"]
    command += ["--output", str(tmp_path / "out"), "--engine", "ray", "--isolated"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "which is not UTF-8; write such names to a list, and pass that" in done.stderr
    assert not (tmp_path / "out").exists()
