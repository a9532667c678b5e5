"""What is printed of many adapters, and how a run ends."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import suppress
from io import FileIO
from pathlib import Path
from typing import Final

import pytest

from tests.cli.running import CODE, ROOT, Outcome, call, write_adapter


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(3):
        write_adapter(tmp_path / f"wrong-{number}", 'config {"r": 8, "fan_in_fan_out": null}')
    write_adapter(tmp_path / "fine")
    write_adapter(tmp_path / "other", "drop q_proj.lora_B")
    return tmp_path


def test_statistics(folder: Path) -> None:
    outcome = call("validate", folder, "--statistics")
    *rows, last = outcome.out.splitlines()
    assert outcome.status == 1
    counts = [int(row.split()[0]) for row in rows if "fixable" not in row]
    assert counts == sorted(counts, reverse=True)
    assert re.search(r"^3  LC503 {7}rank-mismatch$", outcome.out, re.MULTILINE)
    assert last.startswith("5 adapters: ")
    assert call("validate", folder, "--statistics", "--format", "concise") == outcome


def test_statistics_as_json(folder: Path) -> None:
    data = json.loads(call("validate", folder, "--statistics", "--format", "json").out)
    assert {"code": "LC503", "name": "rank-mismatch", "count": 3, "fixable": 0} in data


def test_statistics_follow_the_filters(folder: Path) -> None:
    outcome = call("validate", folder, "--statistics", "--select", "LC104")
    assert [row.split()[1] for row in outcome.out.splitlines()[:-1]] == ["LC104"]


def test_statistics_of_nothing(tmp_path: Path) -> None:
    write_adapter(tmp_path / "a")
    outcome = call("validate", tmp_path, "--statistics")
    assert (outcome.status, outcome.out) == (0, "1 adapter: 1 undetermined\n")
    assert call("validate", tmp_path, "--statistics", "--format", "json").out == "[]\n"


@pytest.mark.parametrize("name", ["sarif", "github", "gitlab", "junit", "markdown"])
def test_statistics_in_other_formats(folder: Path, name: str) -> None:
    outcome = call("validate", folder, "--statistics", "--format", name)
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err.startswith(f"loracfg: `--statistics` has no format {name}; use ")


def test_only_findings(folder: Path) -> None:
    full, quiet = (call("validate", folder, *more) for more in ((), ("--quiet",)))
    assert quiet.status == full.status == 1
    assert quiet.out.count("error[LC503]") == 3
    assert "adapters:" not in quiet.out
    assert "undetermined" not in quiet.out
    assert set(quiet.out.splitlines()) < set(full.out.splitlines())
    concise = call("validate", folder, "-q", "--format", "concise").out
    assert all(" LC" in line for line in concise.splitlines())
    assert call("validate", folder / "fine", "-q") == Outcome(0, "", "")


def test_findings_may_pass(folder: Path) -> None:
    assert call("validate", folder, "--exit-zero").status == 0
    assert call("validate", folder, "--exit-zero", "--strict").status == 0
    assert call("validate", folder, "--exit-zero", "--fail-on", "warning").status == 0
    assert call("validate", folder, folder / "absent", "--exit-zero").status == 2
    assert call("validate", folder, "--exit-zero", "--select", "nonsense").status == 2


def on_terminal(*arguments: str | Path, code: str = CODE) -> tuple[Outcome, str]:
    """Run with a terminal as standard error, and return what it shows."""
    pty = pytest.importorskip("pty", reason="there are no terminals to open here")
    leader, follower = pty.openpty()
    with os.fdopen(leader, "rb", buffering=0) as terminal:
        try:
            outcome = run_code(code, *arguments, stderr=follower)
        finally:
            os.close(follower)
        return outcome, b"".join(_shown(terminal)).decode()


def _shown(terminal: FileIO) -> Iterator[bytes]:
    """Yield what a terminal shows, to its end: it may come later than the process ends."""
    with suppress(OSError):  # how Linux says that there is no more
        while part := terminal.read(65536):
            yield part


SLOWLY: Final = (
    "import time; from loracfg.engine.engine import Engine; at = Engine.reports_at; "
    "Engine.reports_at = lambda *given: (time.sleep(0.2), at(*given))[1]"
)
"""Code that makes each adapter take a while."""


def test_a_short_run_has_no_progress_bar(folder: Path) -> None:
    code = f"import loracfg.cli.progress as p; p._PATIENCE = 1000; {CODE}"
    outcome, shown = on_terminal("validate", folder, "--format", "json", code=code)
    assert json.loads(outcome.out)["summary"]["error"] == 0
    assert shown == ""


@pytest.mark.slow
def test_a_longer_run_has_a_progress_bar(folder: Path) -> None:
    """The bar hardly waits here, since tests should not, and adapters take longer."""
    code = f"import loracfg.cli.progress as p; p._PATIENCE = p._REDRAWN = 0.01; {SLOWLY}; {CODE}"
    for arguments in (("--format", "sarif"), ("--format", "json"), ("--statistics", "-j", "2")):
        outcome, shown = on_terminal("validate", folder, *arguments, code=code)
        assert outcome.status == 1
        assert re.search(r"Validating .*#.* [1-5]/5", shown)
    assert on_terminal("validate", folder, "--format", "json", "-q", code=code)[1] == ""


def test_the_bar_does_not_wait_for_the_first_result(folder: Path) -> None:
    code = f"import loracfg.cli.progress as p; p._PATIENCE = 0.01; {SLOWLY}; {CODE}"
    _, shown = on_terminal("validate", folder / "fine", "--format", "json", code=code)
    assert re.search(r"Validating .* 0/1", shown)
    assert re.search(r"Validating .*#.* 1/1", shown)


def test_there_may_be_more_than_were_counted(folder: Path) -> None:
    with tarfile.open(folder / "many.tar", "w") as archive:
        for name in ("fine", "other"):
            archive.add(folder / name, name)
    code = f"import loracfg.cli.progress as p; p._PATIENCE = 0.01; {SLOWLY}; {CODE}"
    _, shown = on_terminal("validate", folder / "many.tar", "--format", "json", code=code)
    assert re.search(r"Validating .* 0/1", shown)
    assert re.search(r"Validating .*#.* 2/2", shown)


@pytest.mark.slow
def test_memory_does_not_grow(tmp_path: Path) -> None:
    """The pieces of a report are written and forgotten."""
    if not Path("/proc/self/status").exists():
        pytest.skip("memory is not measured here")
    code = (
        "import sys; from pathlib import Path; from loracfg.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "text = Path('/proc/self/status').read_text()\n"
        "print(text.partition('VmHWM:')[2].split()[0], file=sys.stderr)"
    )
    peaks = []
    for number in (20, 1_000):
        root = tmp_path / str(number)
        for at in range(number):
            write_adapter(root / f"a-{at}", f'config {{"r": 8, "lora_alpha": {at + 1}}}')
        outcome = run_code(code, "validate", root)
        peaks.append(int(outcome.err))
    assert peaks[1] < peaks[0] * 1.15


def run_code(code: str, *arguments: str | Path, stderr: int = subprocess.PIPE) -> Outcome:
    """Run a program in a process of its own."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "TERM": "xterm"}
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=stderr, text=True, check=False, env=environment
    )
    return Outcome(done.returncode, done.stdout, done.stderr or "")
