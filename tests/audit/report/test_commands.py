"""`loracfg audit report` and `loracfg audit diff`, as a user runs them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.audit.report.fleets import write_fleet
from tests.audit.report.rows import FIRST, row, unreadable, write_run, write_runs
from tests.audit.report.test_own_query import SLOW
from tests.cli.running import call, start, write_adapter


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_fleet(tmp_path_factory.mktemp("fleet"))


def test_report(fleet: Path) -> None:
    outcome = call("audit", "report", fleet)
    assert (outcome.status, outcome.err) == (0, "")
    assert "Invalid adapters, and why" in outcome.out


@pytest.mark.parametrize("format_name", ["text", "markdown", "json", "html"])
def test_formats_and_files(fleet: Path, tmp_path: Path, format_name: str) -> None:
    file = tmp_path / "report"
    outcome = call("audit", "report", fleet, "--format", format_name, "--output", file)
    assert (outcome.status, outcome.out, outcome.err) == (0, "", "")
    assert file.read_text("utf-8") == call("audit", "report", fleet, "--format", format_name).out


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="limits of files are those of POSIX")
def test_a_full_disk_leaves_the_older_file(fleet: Path, tmp_path: Path) -> None:
    import resource

    file = tmp_path / "report.html"
    file.write_text("the older one")
    file.chmod(0o640)
    arguments = ("audit", "report", str(fleet), "--format", "html", "--output", str(file))

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4_000, 4_000))

    full = start(*arguments, stderr=subprocess.PIPE, preexec_fn=limit)
    _, err = full.communicate(timeout=300)
    expected = f"loracfg: cannot write `{file}`: File too large\n"
    assert (full.returncode, err.decode()) == (2, expected)
    assert [*tmp_path.iterdir()] == [file]
    assert file.read_text() == "the older one"
    assert call(*arguments).status == 0
    assert file.read_text().startswith("<!doctype html>")
    assert file.stat().st_mode & 0o777 == 0o640


def test_files_that_are_links_and_devices(fleet: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "file")
    for _ in range(2):
        assert call("audit", "report", fleet, "--output", tmp_path / "link").status == 0
        assert (tmp_path / "link").is_symlink()
        assert (tmp_path / "file").read_text().startswith("Audit in")
    assert call("audit", "report", fleet, "--output", os.devnull).status == 0
    assert not Path(os.devnull).is_file()


def test_without_arguments_it_shows_its_help() -> None:
    bare = call("audit")
    assert (bare.status, bare.out) == (2, "")
    assert bare.err == call("audit", "--help").out
    assert "'hf://models?filter=peft&author=org'" in bare.err


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("limit=abc", "`limit=abc` in `hf://models?limit=abc` is not a number of adapters"),
        ("author=", "`author` in a query of the Hub is empty"),
        (
            "x=1",
            "`x` in a query of the Hub is not understood; use `author`, `filter`, `limit`,",
        ),
    ],
)
def test_queries_that_are_not_understood(query: str, message: str, tmp_path: Path) -> None:
    outcome = call("audit", f"hf://models?{query}", "--output", tmp_path / "out")
    assert outcome.status == 2
    assert message in outcome.err


def test_only_what_is_asked_for(fleet: Path) -> None:
    options = ("--only", "codes", "--peft", "0.21.1", "--for", "vllm==0.34")
    outcome = call("audit", "report", fleet, *options, "--format", "json")
    assert list(json.loads(outcome.out)["tables"]) == [
        "codes",
        "peft_0.21.1",
        "fails_in_peft_0.21.1",
        "vllm_0.34.0",
        "fails_in_vllm_0.34.0",
    ]


def test_own_query(fleet: Path) -> None:
    sql = "SELECT status, count(*) AS n FROM results GROUP BY ALL ORDER BY ALL"
    outcome = call("audit", "report", fleet, "--sql", sql, "--format", "json")
    (table,) = json.loads(outcome.out)["tables"].values()
    assert table["rows"][0] == {"status": "error", "n": 2}
    limited = call("audit", "report", fleet, "--sql", sql, "--limit", "1")
    assert "and more; pass a larger `--limit`" in limited.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("report", "{fleet}", "--only", "x"), "`x` is not one of statuses, invalid, codes"),
        (("report", "{fleet}", "--only", "codes", "--sql", "x"), "--sql cannot be combined"),
        (("report", "{fleet}", "--sql", "x"), "the query fails: Parser Error"),
        (("report", "{fleet}", "--sql", "DROP TABLE rules"), "takes one `SELECT` statement"),
        (("report", "{fleet}", "--peft", "0.99"), "`0.99` is not a known release of PEFT"),
        (("report", "{fleet}", "--for", "x"), "`x` is not a known runtime"),
        (("report", "{fleet}", "--limit", "0"), "x>=1"),
        (("report", "{fleet}", "--sql", "SELECT 1", "--timeout", "nan"), "`nan` is not a finite"),
        (("report", "{fleet}", "--sql", "SELECT 1", "--timeout", "inf"), "0<x<=604800"),
        (("report", "{fleet}", "--sql", "SELECT 1", "--timeout", "1e300"), "0<x<=604800"),
        (("report", "{fleet}", "--sql", "SELECT 1", "--timeout", "0"), "0<x<=604800"),
        (("run", "{fleet}", "--output", "{fleet}", "--rate", "nan"), "`nan` is not a finite"),
        (("run", "{fleet}", "--output", "{fleet}", "--rate", "inf"), "`inf` is not a finite"),
        (("run", "{fleet}", "--output", "{fleet}", "--rate", "1e-300"), "x>=0.001"),
        (("report", "{fleet}", "--output", "{fleet}"), "cannot write"),
        (("report", "{fleet}/nothing"), "has no results of an audit"),
        (("diff", "{fleet}/nothing"), "has no results of an audit"),
        (("diff", "{fleet}", "{fleet}/nothing"), "has no results of an audit"),
        (("report", "https://host/fleet"), "must be a path on this machine"),
    ],
)
def test_errors(fleet: Path, arguments: tuple[str, ...], message: str) -> None:
    outcome = call("audit", *(one.format(fleet=fleet) for one in arguments))
    assert outcome.status == 2
    assert message in outcome.err
    assert "Traceback" not in outcome.err


def test_diff_fails_if_something_is_newly_broken(fleet: Path) -> None:
    outcome = call("audit", "diff", fleet)
    assert (outcome.status, outcome.err) == (1, "")
    assert "Newly broken" in outcome.out
    markdown = call("audit", "diff", fleet, "--format", "markdown")
    assert (markdown.status, markdown.out[:15]) == (1, "## Changes in `")
    data = json.loads(call("audit", "diff", fleet, "--format", "json").out)
    assert data["tables"]["changes"]["rows"][0] == {"kind": "broken", "adapters": 2}


def test_diff_of_runs_that_are_alike(tmp_path: Path) -> None:
    rows = [row("hf://a/b")]
    outcome = call("audit", "diff", write_runs(tmp_path, rows, rows))
    assert (outcome.status, outcome.err) == (0, "")


def test_an_unreadable_adapter_fails_only_if_strict(tmp_path: Path) -> None:
    folder = write_runs(tmp_path, [row("hf://a/b")], [unreadable("hf://a/b")])
    assert call("audit", "diff", folder).status == 0
    assert call("audit", "diff", folder, "--strict").status == 1


def test_an_adapter_that_is_gone_fails_only_if_strict(tmp_path: Path) -> None:
    one, other = row("hf://a/b"), row("hf://a/c")
    folder = write_runs(tmp_path / "gone", [one, other], [one])
    assert call("audit", "diff", folder).status == 0
    assert call("audit", "diff", folder, "--strict").status == 1
    folder = write_runs(tmp_path / "was-unreadable", [one, unreadable("hf://a/c")], [one])
    assert call("audit", "diff", folder, "--strict").status == 0


@pytest.mark.slow
def test_a_source_that_is_gone_fails_only_if_strict(tmp_path: Path) -> None:
    source, output = tmp_path / "source", tmp_path / "out"
    command = ("audit", source, "--output", output, "--isolated", "-q", "-j", "1")
    write_adapter(source / "a")
    call(*command)
    source.rename(tmp_path / "other")
    source.mkdir()  # as where a volume is not mounted
    assert call(*command).status == 0
    assert call("audit", "diff", output).status == 0
    assert call("audit", "diff", output, "--strict").status == 1


def test_diff_of_one_run(tmp_path: Path) -> None:
    outcome = call("audit", "diff", write_run(tmp_path, [row("hf://a/b")]))
    assert outcome.status == 2
    assert "has only one run; audit again" in outcome.err
    outcome = call("audit", "report", tmp_path, "--only", "changes")
    assert "there is only one run" in outcome.err


def test_a_run_that_has_not_finished(tmp_path: Path) -> None:
    write_run(tmp_path, [row("hf://a/b")], FIRST, finished=False)
    assert "which has not finished, 1 adapter" in call("audit", "report", tmp_path).out


@pytest.mark.parametrize("package", ["duckdb", "pyarrow"])
def test_a_missing_package_is_named(
    fleet: Path, monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    outcome = call("audit", "report", fleet)
    assert outcome.status == 2
    assert f"`{package}` is not installed; run `pip install 'loracfg[audit]'`" in outcome.err


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_stops_a_query(fleet: Path) -> None:
    """The process is interrupted once it computes, which its time shows."""
    arguments = ("audit", "report", str(fleet), "--sql", SLOW)
    process = start(*arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        until = time.monotonic() + 120
        while time.monotonic() < until and not _has_threads(process.pid):
            time.sleep(0.1)
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    assert (process.returncode, out, err) == (130, b"", b"")


def _has_threads(pid: int) -> bool:
    """Whether a process runs a query, for which it starts threads."""
    try:
        return len([*Path(f"/proc/{pid}/task").iterdir()]) > 2
    except OSError:
        return True


def test_ctrl_c_before_the_work_stands_for_no_findings(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("loracfg.cli.choices.project_settings", interrupt)
    outcome = call("audit", ".", "--output", "out")
    assert (outcome.status, outcome.err) == (130, "")


def test_help_imports_neither_package() -> None:
    code = """import sys; from loracfg.cli import main
try: main()
finally: print(*sys.modules, file=sys.stderr)"""
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    for command in ("report", "diff"):
        argv = [sys.executable, "-c", code, "audit", command, "--help"]
        err = subprocess.run(argv, capture_output=True, text=True, env=env, check=True).stderr
        assert {"duckdb", "pyarrow", "numpy"} & set(err.split()) == set()
