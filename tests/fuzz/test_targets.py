"""The first inputs of each target: readers agree, and the same seed draws the same."""

from __future__ import annotations

import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import pytest

from tests.fuzz.__main__ import CHUNKS, fuzz_target, replay
from tests.fuzz.chunks import CHUNK, COMPARED, draw, target_of
from tests.fuzz.target import Answer, Target


@pytest.mark.slow
@pytest.mark.parametrize("name", COMPARED)
def test_readers_agree_on_seeds_and_on_some_inputs(name: str) -> None:
    target = target_of(name)
    seeds = target.seeds()
    assert {data: target.judge(data).difference for data in seeds} == dict.fromkeys(seeds, "")
    drawn = draw(name, 0, 0, seeds, frozenset())
    assert drawn.different == []
    assert len(drawn.new) > 5
    assert draw(name, 0, 0, seeds, frozenset()).new == drawn.new
    assert draw(name, 1, 0, seeds, frozenset()).new != drawn.new


class Reader(Target):
    """A reader that takes `f` for nothing, and another that does not."""

    name = "reader"

    def seeds(self) -> list[bytes]:
        return [b"abc"]

    def judge(self, data: bytes) -> Answer:
        return Answer(str(len(data)), "there is an f" if b"f" in data else "")


def options(corpus: Path, generations: int) -> Namespace:
    return Namespace(corpus=corpus, seed=0, inputs=generations * CHUNK * CHUNKS, watch=False)


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.fuzz.chunks.target_of", lambda _: Reader())


def kept(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".json")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.mark.usefixtures("reader")
def test_a_run_that_was_stopped_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for folder in ("whole", "parts"):
        (tmp_path / folder).mkdir()
    found = fuzz_target("reader", options(tmp_path / "whole", 2), None)
    assert found
    for generations in (1, 2, 2):
        assert fuzz_target("reader", options(tmp_path / "parts", generations), None) <= found
    assert kept(tmp_path / "parts") == kept(tmp_path / "whole")
    assert "8,000 inputs (8,000 of them before)" in capsys.readouterr().out
    ways = (tmp_path / "whole" / "reader.jsonl").read_text().splitlines()
    assert len(ways) > 10


@pytest.mark.slow
def test_several_processes_draw(tmp_path: Path) -> None:
    command = ["tests.fuzz", "safetensors", "--inputs", "1", "--jobs", "2", "--corpus"]
    done = subprocess.run(
        [sys.executable, "-m", *command, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("safetensors: 4,000 inputs")


@pytest.mark.usefixtures("reader")
def test_what_was_kept_is_judged_again(tmp_path: Path) -> None:
    files = [tmp_path / "one", tmp_path / "other"]
    files[0].write_bytes(b"f")
    files[1].write_bytes(b"g")
    assert replay(files) == 1
