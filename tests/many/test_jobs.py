"""Several processes give what one gives, whatever happens to them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

import loracfg
from loracfg.errors import LoracfgError
from loracfg.report.formats import FORMATS
from tests.cli.running import ROOT, call, run, start, write_adapter

WRONG_RANK = 'config {"r": 4, "lora_alpha": 9}'
RULE = """
import os, signal, sys, time
from loracfg.report.report import Location
from loracfg.rules.rule import Finding, Rule

class Odd(tuple):
    def _asdict(self):
        return {}
    def __reduce__(self):
        raise TypeError("has no pickle")

def check(subject):
    '''Do what the config asks for.'''
    value = subject.adapter.document.value.get("note", "") if subject.adapter.document else ""
    if value == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if value == "exit":
        os._exit(7)
    if value == "print":
        print("noise " * 10_000, flush=True)
    if value == "odd":
        yield Finding("odd", Location(""), data=Odd())
    if value.startswith("wait"):
        time.sleep(float(value.split()[1]))

RULE = Rule("XX101", "asked-for", "warning", check, __name__)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "all"
    for number in range(30):
        lines = (WRONG_RANK,) if number % 7 == 3 else ()
        write_adapter(root / f"adapter-{number}", *lines)
    (root / "adapter-5/adapter_config.json").write_text("{")
    (root / "adapter-6/adapter_config.json").unlink()
    return root


@pytest.fixture
def own_rule(tmp_path: Path) -> dict[str, str]:
    """Install a rule that does what an adapter's config asks for."""
    home = tmp_path / "site"
    info = home / "own_rules-1.dist-info"
    info.mkdir(parents=True)
    (home / "own_rules.py").write_text(RULE)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: own-rules\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[loracfg.rules]\nown = own_rules:RULE\n")
    return {"PYTHONPATH": os.pathsep.join([str(ROOT), str(home)])}


def note(folder: Path, text: str) -> None:
    path = folder / "adapter_config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"note": text}))


@pytest.mark.slow
@pytest.mark.parametrize("format_name", FORMATS)
def test_every_format_is_the_same(folder: Path, format_name: str) -> None:
    arguments = ("validate", folder, folder.parent / "absent", "--format", format_name)
    one, two = run(*arguments), run(*arguments, "-j", "2")
    assert two == one
    assert one.status == 2
    assert run(*arguments, "-j", "3", "--quiet") == run(*arguments, "-q")


@pytest.mark.slow
def test_statistics_are_the_same(folder: Path) -> None:
    arguments = ("validate", folder, "--statistics")
    assert run(*arguments, "-j", "auto") == run(*arguments, "-j", "0") == run(*arguments)


@pytest.mark.slow
def test_the_library_has_the_same_reports(folder: Path) -> None:
    alone = loracfg.validate(folder)
    together = loracfg.validate(folder, jobs=2)
    assert together == alone
    assert [one.sources for one in together.adapters] == [one.sources for one in alone.adapters]
    some = loracfg.Engine().reports(folder, jobs=2)
    assert next(some) == alone.adapters[0]
    del some  # which ends it
    assert not own_children()


def own_children() -> list[psutil.Process]:
    """Return the workers of this process that still run."""
    found = []
    for child in psutil.Process().children(recursive=True):
        try:
            if "loracfg.engine.worker" in child.cmdline():
                found.append(child)
        except psutil.Error:
            continue
    return found


def test_jobs_that_are_no_number() -> None:
    with pytest.raises(LoracfgError, match="`-1` is not a number of processes"):
        loracfg.validate(".", jobs=-1)


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="there are no such signals")
@pytest.mark.parametrize(
    ("text", "how"), [("die", "was killed by SIGKILL"), ("exit", "ended with status 7")]
)
def test_a_process_that_dies(folder: Path, own_rule: dict[str, str], text: str, how: str) -> None:
    for number in (0, 11, 29):
        note(folder / f"adapter-{number}", text)
    outcome = run("validate", folder, "-j", "2", "--format", "json", env=own_rule)
    reports = json.loads(outcome.out)["adapters"]
    assert (outcome.status, len(reports)) == (2, 30)
    dead = {
        one["path"]: one["diagnostics"][0]
        for one in reports
        if any(found["code"] == "LC901" for found in one["diagnostics"])
    }
    assert list(dead) == [str(folder / f"adapter-{number}") for number in (0, 11, 29)]
    assert {one["status"] for one in reports if one["path"] in dead} == {"error"}
    for found in dead.values():
        assert found["message"] == f"the process that validated it {how}"
        assert found["help"].startswith("validate it alone")


@pytest.mark.slow
def test_what_rules_print_is_no_answer(folder: Path, own_rule: dict[str, str]) -> None:
    note(folder / "adapter-1", "print")
    outcome = run("validate", folder, "-j", "2", "--format", "json", env=own_rule)
    assert len(json.loads(outcome.out)["adapters"]) == 30
    assert outcome.err.startswith("noise ")


@pytest.mark.slow
def test_values_without_a_pickle_are_left_out(folder: Path, own_rule: dict[str, str]) -> None:
    note(folder / "adapter-1", "odd")
    arguments = ("validate", folder, "--format", "sarif")
    assert run(*arguments, "-j", "2", env=own_rule).out == run(*arguments, env=own_rule).out


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="there are no such signals")
@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupt_ends_at_once(folder: Path, own_rule: dict[str, str], jobs: str) -> None:
    for number in range(2, 30):
        if number not in (5, 6):
            note(folder / f"adapter-{number}", "wait 60")
    process = start(
        "validate", folder, "-j", jobs, env=own_rule, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout
    assert process.stdout.readline()  # the first results are there
    time.sleep(0.5)
    workers = psutil.Process(process.pid).children()
    assert len(workers) == (2 if jobs == "2" else 0)
    sent = time.monotonic()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert time.monotonic() - sent < 5
    assert (process.returncode, err) == (130, b"")
    assert b"Traceback" not in out
    assert not any(worker.is_running() for worker in workers)


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="there are no such signals")
def test_workers_end_with_their_parent(folder: Path, own_rule: dict[str, str]) -> None:
    for number in range(2, 30):
        if number not in (5, 6):
            note(folder / f"adapter-{number}", "wait 2")
    process = start("validate", folder, "-j", "2", env=own_rule, stdout=subprocess.PIPE)
    assert process.stdout
    assert process.stdout.readline()
    workers = psutil.Process(process.pid).children()
    process.kill()
    process.communicate()
    _, alive = psutil.wait_procs(workers, timeout=20)
    assert not alive


@pytest.mark.slow
def test_results_come_before_the_end(folder: Path, own_rule: dict[str, str]) -> None:
    note(folder / "adapter-29", "wait 60")
    for arguments in ((), ("-j", "2"), ("--format", "json"), ("--format", "concise", "-j", "2")):
        process = start("validate", folder, *arguments, env=own_rule, stdout=subprocess.PIPE)
        assert process.stdout
        assert process.stdout.readline()
        assert process.poll() is None
        process.kill()
        process.communicate()


def test_a_reader_that_leaves_ends_the_work(folder: Path, own_rule: dict[str, str]) -> None:
    note(folder / "adapter-29", "wait 60")
    for jobs in ("1", "2"):
        process = start(
            "validate",
            folder,
            "-j",
            jobs,
            env=own_rule,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.wait(20) in (0, 1)  # of those that were validated
        assert process.stderr.read() == b""
        process.stderr.close()


def test_standard_input_is_read_by_this_process(folder: Path) -> None:
    text = (folder / "adapter-0/adapter_config.json").read_bytes()
    command = [sys.executable, "-m", "loracfg", "validate", "-", str(folder), "-j", "2", "-q"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, input=text, capture_output=True, check=False, env=environment)
    assert (done.returncode, done.stderr) == (1, b"")


def test_a_process_that_cannot_start(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    outcome = call("validate", folder, "-j", "2")
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err.startswith("loracfg: cannot start a process for validation: ")
    assert outcome.err.endswith("; use `-j 1`\n")


@pytest.fixture(autouse=True)
def _nothing_is_left_running() -> Iterator[None]:
    yield
    assert not own_children()
