"""The server as a program: how it starts and ends, and what it agrees with editors."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Final

import pytest
from lsprotocol import types
from lsprotocol.types import PositionEncodingKind

from loracfg.config import CONFIG_NAME
from loracfg.lsp.buffer_judge import Judge, Judgement, Surroundings
from loracfg.lsp.buffers import Buffer
from loracfg.lsp.judging_queue import JudgingQueue
from loracfg.lsp.project_lookup import ProjectLookup
from tests.cli.running import ROOT, write_adapter, write_base
from tests.lsp.editor import Editor
from tests.lsp.latency import cpu_seconds

ENVIRONMENT: Final = {**os.environ, "PYTHONPATH": str(ROOT)}


def message(method: str, **rest: object) -> bytes:
    body = json.dumps({"jsonrpc": "2.0", "method": method, **rest}).encode()
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


def run(*messages: bytes) -> subprocess.CompletedProcess[bytes]:
    """Send messages to a server, and return how it ended."""
    return subprocess.run(
        [sys.executable, "-m", "loracfg", "lsp"],
        input=b"".join(messages),
        capture_output=True,
        env=ENVIRONMENT,
        timeout=120,
        check=False,
    )


START: Final = message("initialize", id=1, params={"processId": None, "capabilities": {}})


@pytest.mark.slow
def test_it_ends_as_the_protocol_says() -> None:
    done = run(START, message("shutdown", id=2), message("exit"))
    assert done.returncode == 0
    assert b'"name":"loracfg"' in done.stdout.replace(b" ", b"")
    assert run(START, message("exit")).returncode == 1


def test_it_ends_with_its_input() -> None:
    assert b"Traceback" not in run(START).stderr


def test_without_its_extra_it_says_what_to_install() -> None:
    program = "import sys; sys.modules['pygls'] = None; from loracfg.cli import run; run()"
    done = subprocess.run(
        [sys.executable, "-c", program, "lsp"],
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
        check=False,
    )
    assert done.returncode == 2
    wanted = "loracfg: `loracfg lsp` needs the extra `lsp`; run `pip install 'loracfg[lsp]'`\n"
    assert done.stderr == wanted


@pytest.mark.slow
@pytest.mark.parametrize(
    ("encoding", "column"),
    [
        (PositionEncodingKind.Utf8, 12),
        (PositionEncodingKind.Utf16, 10),
        (PositionEncodingKind.Utf32, 9),
    ],
)
def test_columns_are_in_the_units_of_the_editor(
    tmp_path: Path, encoding: PositionEncodingKind, column: int
) -> None:
    text = '{\n{"😀": 1, oops}'.replace("{\n{", "{\r\n")
    with Editor(tmp_path, encoding=encoding) as editor:
        assert editor.capabilities.position_encoding == encoding
        (found, *_) = editor.diagnostics(editor.open(tmp_path / CONFIG_NAME, text))
        assert (found.range.start.line, found.range.start.character) == (1, column - 1)


def test_lines_end_where_the_protocol_says(tmp_path: Path) -> None:
    with Editor(tmp_path) as editor:
        text = '{"a": "\u2028\x85",\r"b": 1,\r\n"c": x}'
        (found, *_) = editor.diagnostics(editor.open(tmp_path / CONFIG_NAME, text))
        assert (found.range.start.line, found.range.start.character) == (2, 5)


@pytest.mark.slow
def test_documents_that_are_no_files_are_judged_too(tmp_path: Path) -> None:
    with Editor(tmp_path) as editor:
        uri = editor.open_uri(f"untitled:{CONFIG_NAME}", '{"peft_type": "LORA", "lora_alpa": 8}')
        assert "LC101" in {one.code for one in editor.diagnostics(uri)}


def test_nothing_is_downloaded_and_no_values_are_read(tmp_path: Path) -> None:
    (tmp_path / "loracfg.toml").write_text("online = true\ndata = true\n")
    engine, problems = Judge(ProjectLookup()).engine_at(tmp_path, Surroundings({}))
    assert not problems
    assert not engine.options.online
    assert not engine.options.data


def test_headers_are_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    from loracfg.lsp import buffer_folder

    adapter, base = write_adapter(tmp_path / "adapter"), write_base(tmp_path / "base")
    (tmp_path / "loracfg.toml").write_text(f"base = {json.dumps(str(base))}\n")
    later = time.time_ns() + 10 * 10**9
    monkeypatch.setattr(buffer_folder, "time", type("Clock", (), {"time_ns": lambda: later}))
    opened: list[str] = []
    plain = Path.open

    def counting(path: Path, mode: str = "r", **rest: Any) -> object:
        opened.append(path.name)
        return plain(path, mode, **rest)

    judge = Judge(ProjectLookup())
    text = (adapter / CONFIG_NAME).read_text()

    def judged(number: int) -> Judgement:
        changed = text.replace('"r": 4', f'"r": {number}')
        buffer = Buffer("x", number, changed, adapter / CONFIG_NAME)
        return judge.judge(buffer, Surroundings({}))

    monkeypatch.setattr(Path, "open", counting)
    weights = "adapter_model.safetensors"
    assert judged(4).diagnostics == ()
    assert {one.code for number in (5, 6) for one in judged(number).diagnostics} == {"LC503"}
    assert opened.count(weights) == 1
    data = (adapter / weights).read_bytes()
    (adapter / weights).write_bytes(data[:-1])
    found = judged(7)
    assert any(one.code.startswith("LC4") for one in found.diagnostics), found
    assert opened.count(weights) > 1


@pytest.mark.slow
def test_changes_on_disk_are_seen(tmp_path: Path) -> None:
    adapter = write_adapter(tmp_path / "adapter")
    watching = types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True)
    workspace = types.WorkspaceClientCapabilities(did_change_watched_files=watching)
    abilities = types.ClientCapabilities(workspace=workspace)
    with Editor(tmp_path, abilities=abilities) as editor:
        uri = editor.open(adapter / CONFIG_NAME)
        assert "LC401" not in {one.code for one in editor.diagnostics(uri)}
        assert editor.registered == [types.WORKSPACE_DID_CHANGE_WATCHED_FILES]
        weights = adapter / "adapter_model.safetensors"
        weights.unlink()
        editor.published.clear()
        editor.files_changed(weights)
        assert "LC401" in {one.code for one in editor.diagnostics(uri)}


@pytest.mark.slow
def test_bases_in_the_cache_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache, commit = tmp_path / "hub", "0" * 40
    repo = cache / "models--org--name"
    write_base(repo / "snapshots" / commit)
    (repo / "refs").mkdir()
    (repo / "refs" / "main").write_text(commit)
    adapter = write_adapter(tmp_path / "a", 'made with {"base_model_name_or_path": "org/name"}')
    monkeypatch.setenv("HF_HUB_CACHE", str(cache))
    with Editor(tmp_path) as editor:
        uri = editor.open(adapter / CONFIG_NAME)
        assert editor.lenses(uri)[0] == "valid"
        missing = json.dumps({"peft_type": "LORA", "base_model_name_or_path": "org/other"})
        editor.change(uri, missing)
        assert any("org/other" in one for one in editor.lenses(uri))


class Judging:
    """A judge that waits until it is let go."""

    def __init__(self) -> None:
        self.judged: list[int] = []
        self.told: list[int] = []
        self.begun = threading.Semaphore(0)
        self.go = threading.Semaphore(0)

    def judge(self, buffer: Buffer) -> Judgement:
        self.judged.append(buffer.version or 0)
        self.begun.release()
        self.go.acquire()
        return Judgement(buffer)

    def tell(self, judgement: Judgement) -> None:
        self.told.append(judgement.buffer.version or 0)


def version(number: int) -> Buffer:
    return Buffer("x", number, "", None)


def test_only_the_newest_version_is_judged_and_told() -> None:
    async def edit() -> None:
        queue.add(version(1))
        await asyncio.to_thread(work.begun.acquire)
        for number in (2, 3, 4):
            queue.add(version(number))
        work.go.release(2)
        latest = await queue.latest("x")
        assert latest is not None
        assert latest.buffer.version == 4

    work = Judging()
    queue = JudgingQueue(work.judge, work.tell)
    asyncio.run(edit())
    assert work.judged == [1, 4]
    assert work.told == [4]


def test_closed_documents_are_told_nothing() -> None:
    async def close() -> None:
        queue.add(version(1))
        await asyncio.to_thread(work.begun.acquire)
        queue.forget("x")
        work.go.release()
        assert await queue.latest("x") is None
        queue.add(version(2))
        work.go.release()
        latest = await queue.latest("x")
        assert latest is not None

    work = Judging()
    queue = JudgingQueue(work.judge, work.tell)
    asyncio.run(close())
    assert work.told == [2]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads the CPU time of a process in /proc")
def test_a_key_takes_little(tmp_path: Path) -> None:
    """A tenth of a second of CPU would be felt; 13 ms when this was written."""
    from tests.lsp.latency import edits, make_project

    path = make_project(tmp_path)
    with Editor(tmp_path) as editor:
        uri = editor.open(path)
        text = path.read_text()
        for changed in edits(text):
            editor.change(uri, changed)
            editor.diagnostics(uri)
        before, count = cpu_seconds(editor.process_id), 0
        for changed in edits(text + " "):
            editor.change(uri, changed)
            editor.diagnostics(uri)
            count += 1
        assert cpu_seconds(editor.process_id) - before < 0.06 * count
