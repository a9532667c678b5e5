"""What is left of a folder if the run that writes it is interrupted."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from loracfg.new_files import new_folder
from tests.cli.running import PROGRAM, write_adapter

SLOWLY = """
import sys, time
from loracfg.cli import run
from loracfg.repair import written_folder as write
def slow(draft, target):
    target.write(draft.head)
    target.flush()
    print("writing", file=sys.stderr, flush=True)
    time.sleep(60)
write.write_weights = slow
run()
"""
CAST = ("fix", "adapter", "--dtype", "BF16", "--output", "out")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_adapter(tmp_path / "adapter")
    return tmp_path


def _heed() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell has what runs behind it ignore it


def begun(folder: Path) -> subprocess.Popen[str]:
    """Return a run that is in the middle of writing."""
    command = (sys.executable, "-c", SLOWLY, *CAST)
    run = subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True, preexec_fn=_heed)
    assert run.stderr is not None
    assert run.stderr.readline() == "writing\n"
    run.stderr.close()
    return run


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_run_that_is_asked_to_end_leaves_nothing(number: int, folder: Path) -> None:
    run = begun(folder)
    run.send_signal(number)
    assert run.wait(30) != 0
    assert names(folder) == ["adapter"]


def test_a_killed_run_does_not_stop_the_next(folder: Path) -> None:
    run = begun(folder)
    run.kill()
    run.wait(30)
    (hidden, _) = names(folder)
    assert hidden.startswith(".loracfg-")
    subprocess.run((*PROGRAM, *CAST), cwd=folder, check=False)
    assert names(folder) == [hidden, "adapter", "out"]


def test_parents_are_made_and_stay(tmp_path: Path) -> None:
    with new_folder(tmp_path / "a/b/out") as new:
        (new / "file").touch()
    assert names(tmp_path / "a/b") == ["out"]
    assert names(tmp_path / "a/b/out") == ["file"]
