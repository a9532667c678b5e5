"""Where audits write: output folders and files of metrics."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.running import call


def test_a_folder_with_other_files_is_refused(fleet: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/notes").write_text("mine")
    outcome = call("audit", fleet, "--output", tmp_path / "mine", "--isolated", "-q")
    assert (outcome.status, outcome.out) == (2, "")
    assert "has files that no audit wrote" in outcome.err


PLANTED = ("results", "runs/x", "judges", "known.sqlite", "known.sqlite-wal")


@pytest.mark.parametrize("kind", ["link", "dead link", "pipe"])
@pytest.mark.parametrize("name", PLANTED)
def test_nothing_is_written_through_what_others_planted(
    name: str, kind: str, fleet: Path, tmp_path: Path
) -> None:
    output, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    (output / "runs").mkdir(parents=True)
    elsewhere.mkdir()
    planted = output / name
    if kind == "pipe":
        os.mkfifo(planted)
    else:
        planted.symlink_to(elsewhere if kind == "link" else elsewhere / "none")
    outcome = call("audit", fleet, "--output", output, "--isolated", "-q")
    assert (outcome.status, outcome.out) == (2, "")
    assert f"`{planted}` is a link or a device, which no audit writes" in outcome.err
    assert not list(elsewhere.iterdir())


@pytest.mark.parametrize("content", ["[" * 100_000, "[]", "{"])
def test_a_damaged_run_is_no_defect(content: str, fleet: Path, tmp_path: Path) -> None:
    run = tmp_path / "out/runs/20250101T000000.000000Z"
    run.mkdir(parents=True)
    (run / "run.json").write_text(content)
    outcome = call("audit", fleet, "--output", tmp_path / "out", "--isolated", "-q")
    assert "Traceback" not in outcome.err
    assert "bug" not in outcome.err


def test_an_output_folder_without_a_name(
    fleet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    outcome = call("audit", fleet, "--output", "", "--isolated", "-q")
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err == "loracfg: `--output` has an empty value; pass one\n"
    assert list(Path.cwd().iterdir()) == []


def test_an_output_folder_behind_a_dead_link(fleet: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "gone")
    outcome = call("audit", fleet, "--output", link, "--isolated", "-q")
    assert (outcome.status, outcome.out) == (2, "")
    assert f"`{link}` is a link to `{tmp_path / 'gone'}`, which does not exist" in outcome.err
    (tmp_path / "gone").mkdir()
    assert call("audit", fleet, "--output", link, "--isolated", "-q").status == 0


@pytest.mark.parametrize("name", ["-", "metrics.txt", "folder.prom", "pipe.prom"])
def test_metrics_take_the_place_of_nothing_else(
    name: str, fleet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder.prom").mkdir()
    os.mkfifo("pipe.prom")
    said = call("audit", fleet, "--output", tmp_path / "out", "--metrics", name)
    assert said.status == 2
    assert name in said.err
    assert {path.name for path in tmp_path.iterdir()} == {"folder.prom", "pipe.prom", "fleet"}


def test_metrics_that_cannot_be_written(fleet: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    metrics = tmp_path / "file/x.prom"
    said = call("audit", fleet, "--output", tmp_path / "out", "--metrics", metrics, "-q")
    assert said.status == 2
    assert said.err.startswith(f"loracfg: cannot write `{metrics}`: Not a directory; ")
    (tmp_path / "out.txt").touch()
    said = call("audit", fleet, "--output", tmp_path / "out.txt/out", "-q")
    assert said.err.startswith(f"loracfg: cannot write `{tmp_path}/out.txt/out`: Not a directory")


def test_metrics_follow_a_link(fleet: Path, tmp_path: Path) -> None:
    link, file = tmp_path / "link.prom", tmp_path / "file.prom"
    link.symlink_to(file)
    said = call("audit", fleet, "--output", tmp_path / "out", "--metrics", link)
    assert said.status == 0
    assert link.is_symlink()
    assert "loracfg_audit_requests" in file.read_text()


def test_numbers_that_no_column_can_have_stop_no_audit(fleet: Path, tmp_path: Path) -> None:
    """A pickle of a few bytes may have more parameters than 64 bits count."""
    torch = pytest.importorskip("torch", reason="it writes pickles")
    from pyarrow import parquet

    module = "base_model.model.model.layers.{}.self_attn.q_proj.lora_{}.weight"
    tensors = {
        module.format(layer, factor): torch.zeros(1).expand(shape)
        for layer in range(2)
        for factor, shape in (("A", (8, 2**59)), ("B", (2**59, 8)))
    }
    (fleet / "a0/adapter_model.safetensors").unlink()
    torch.save(tensors, fleet / "a0/adapter_model.bin")
    said = call("audit", fleet, "--output", tmp_path / "out", "--isolated", "-q")
    assert (said.status, said.err) == (0, "")
    (path,) = (tmp_path / "out/results").iterdir()
    rows = {row["source"]: row for row in parquet.read_table(path).to_pylist()}
    assert len(rows) == 9
    row = rows[f"{fleet}/a0"]
    assert (row["parameters"], row["tensors"], row["ranks"]) == (None, 4, [8])
