"""What there is to judge: lists, stores, and their order."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import huggingface_hub
import pytest

from loracfg.audit.audit import AuditRequest, AuditResult, audit
from loracfg.audit.listed_jobs import _taken
from loracfg.audit.listing import hub_query
from loracfg.audit.listing.hub_query import is_query
from loracfg.audit.listing.listed import Listed
from loracfg.audit.listing.listing import FleetListing
from loracfg.engine.options import Options
from loracfg.errors import LoracfgError
from tests.audit.equality import ROOT
from tests.audit.fleet import rows_of
from tests.cli.running import call, write_adapter
from tests.sources.adapters import adapter, packed

fsspec = pytest.importorskip("fsspec", reason="stores are read with it")


def listed(*sources: str, exclude: tuple[str, ...] = ()) -> list[str]:
    listing = FleetListing(sources, exclude, lambda _: nullcontext())
    return [one.name for one in listing.listed()]


def test_lines(tmp_path: Path) -> None:
    path = tmp_path / "ids.txt"
    path.write_text("# a list\nhf://org/a\n\n  hf://org/b@v1  \nhf://org/b@refs/pr/1/sub\n")
    assert listed(str(path)) == ["hf://org/a", "hf://org/b@v1", "hf://org/b@refs/pr/1/sub"]


def test_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_adapter(tmp_path / "a")
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{folder}\n-\n"))
    outcome = call("audit", "-", "--output", tmp_path / "out", "--isolated", "-j", "1", "-q")
    assert (outcome.status, outcome.err) == (0, "")
    rows = {row["source"]: row["status"] for row in rows_of(tmp_path / "out")}
    assert rows == {str(folder): "undetermined", "-": "error"}


@pytest.mark.parametrize("suffix", [".txt", ".csv", ".parquet"])
def test_a_folder_is_no_list(suffix: str, tmp_path: Path) -> None:
    folder = write_adapter(tmp_path / f"a{suffix}")
    outcome = call("audit", folder, "--output", tmp_path / "out", "--isolated", "-q")
    assert (outcome.status, outcome.err) == (0, "")
    assert [row["source"] for row in rows_of(tmp_path / "out")] == [str(folder)]


def test_others_are_judged_if_a_list_or_query_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    a, b, c = (str(write_adapter(tmp_path / name)) for name in "abc")
    names = tmp_path / "names.txt"
    names.write_text(f"{a}\nhf://models?filter=peft\n{b}\n")
    damaged = tmp_path / "a.parquet"
    damaged.write_bytes(b"PAR1")
    sources = (tmp_path / "none.txt", names, damaged, c)
    more = ("--isolated", "-j", "1", "--metrics", tmp_path / "a.prom")
    outcome = call("audit", *sources, "--output", tmp_path / "out", *more)
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err.startswith("3 of 3 ")
    assert "3 lists or queries cannot be read: the list " in outcome.err
    for words in ("none.txt` does not exist; the Hub was not asked", "a.parquet` is not a Parquet"):
        assert words in outcome.err
    assert {row["source"] for row in rows_of(tmp_path / "out")} == {a, b, c}
    assert 'how="judged"} 3' in (tmp_path / "a.prom").read_text()
    assert "which has not finished" in call("audit", "report", tmp_path / "out").out


def test_a_listing_that_breaks_off_keeps_what_it_listed() -> None:
    def listed() -> Iterator[Listed]:
        yield Listed(Path("a"))
        raise LoracfgError("no more")

    found, error = _taken(listed(), 10)
    assert (found, str(error)) == ([Listed(Path("a"))], "no more")


def test_a_query_is_asked_as_it_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.audit.simulated_hub import HubOptions, running_hub

    with running_hub(HubOptions(adapters=30)) as hub:
        monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
        monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", hub.address)
        assert len(listed("hf://models?author=org&filter=peft,lora&limit=7")) == 7
        monkeypatch.setattr(hub_query, "_MOST", 7)
        assert len(listed("hf://models?limit=7")) == 7
        with pytest.raises(LoracfgError, match="finds more than 7 models"):
            listed("hf://models?limit=8")


def test_the_client_of_the_hub_prints_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    logger, printed = logging.getLogger("huggingface_hub"), Printed()

    def failing(*_: object, **__: object) -> list[object]:
        logging.getLogger("huggingface_hub.utils._http").warning("Retrying in 1s")
        raise OSError

    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    monkeypatch.setattr(huggingface_hub.HfApi, "list_models", failing)
    logger.addHandler(printed)
    try:
        with pytest.raises(LoracfgError, match="the Hub did not answer"):
            listed("hf://models?filter=peft")
        assert printed.lines == []
        logger.warning("This is printed again")
        assert len(printed.lines) == 1
    finally:
        logger.removeHandler(printed)


class Printed(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def test_a_query_is_checked_first(tmp_path: Path) -> None:
    outcome = call("audit", "hf://models?colour=red", tmp_path, "--output", tmp_path / "out")
    assert (outcome.status, outcome.out) == (2, "")
    assert "`colour` in a query" in outcome.err
    assert "red" not in outcome.err  # it may be a secret
    assert not (tmp_path / "out").exists()


def test_a_list_that_is_not_there(tmp_path: Path) -> None:
    outcome = call("audit", tmp_path / "ids.csv", "--output", tmp_path / "out", "--isolated")
    assert (outcome.status, outcome.out) == (2, "")
    assert "does not exist" in outcome.err
    assert not (tmp_path / "out").exists()


def test_queries() -> None:
    assert is_query("hf://models?filter=peft")
    assert not is_query("hf://models/name")
    for query, words in (
        ("hf://models?author=", "`author` in a query of the Hub is empty"),
        ("hf://models?limit=\u0663", "is not a number of adapters"),
        ("hf://models?colour=red", "`colour` in"),
        ("hf://models?limit=x", "limit"),
    ):
        with pytest.raises(LoracfgError, match=words):
            listed(query)


@pytest.fixture
def memory() -> Iterator[Any]:
    store = fsspec.filesystem("memory")
    for home in ("a", "a/checkpoint-1", "b/c", ".hidden/x", "old/z"):
        for name, data in adapter().items():
            store.makedirs(f"/box/{home}", exist_ok=True)
            store.pipe_file(f"/box/{home}/{name}", data)
    store.pipe_file("/box/README.md", b"words")
    yield store
    store.store.clear()
    store.pseudo_dirs[:] = [""]


def run(output: Path, *sources: str) -> AuditResult:
    return audit(AuditRequest(sources, output, lambda _: Options(), jobs=1))


def test_a_store_is_listed_with_what_distinguishes_files(memory: Any, tmp_path: Path) -> None:
    found = listed("memory://box", exclude=("old",))
    assert sorted(found) == [f"memory://box/{n}" for n in ("a", "a/checkpoint-1", "b/c")]
    assert listed("memory://box/a") == ["memory://box/a"]  # as of a folder, not what is below
    assert listed("memory://none") == ["memory://none"]
    out = tmp_path / "out"
    assert run(out, "memory://box").progress.judged == 4
    rows = rows_of(out)
    (same,) = (row for row in rows if row["source"] == "memory://box/b/c")
    assert (same["status"], same["codes"]) == ("undetermined", [])
    assert run(out, "memory://box").progress.judged == 0
    memory.pipe_file(
        "/box/b/c/adapter_config.json", adapter('config {"r": 8}')["adapter_config.json"]
    )
    assert run(out, "memory://box").progress.judged == 1


def test_a_store_may_have_archives(memory: Any, tmp_path: Path) -> None:
    memory.pipe_file("/zip/all.zip", packed({f"x/{n}": d for n, d in adapter().items()}, "zip"))
    run(tmp_path / "out", "memory://zip/all.zip", "memory://zip/none.zip")
    rows = {row["source"]: row["status"] for row in rows_of(tmp_path / "out")}
    assert rows == {"memory://zip/all.zip/x": "undetermined", "memory://zip/none.zip": "error"}


S3_LISTING = """
import json, sys
from contextlib import nullcontext
import s3fs
from loracfg.audit.listing.listing import FleetListing
store = s3fs.S3FileSystem()
store.mkdir("box")
for number in range(int(sys.argv[1])):
    for name in ("adapter_config.json", "adapter_model.safetensors"):
        store.pipe_file(f"box/all/a{number}/{name}", b"{}")
asked = []
def turn(host):
    asked.append(host)
    return nullcontext()
found = list(FleetListing(("s3://box/all",), (), turn).listed())
print(json.dumps([len(found), len(asked), [one.name for one in found][:2],
    len({one.version for one in found}), asked[0]]))
"""


@pytest.mark.slow
def test_s3_is_listed_by_pages(s3_server: dict[str, str]) -> None:
    import json
    import subprocess

    done = subprocess.run(
        [sys.executable, "-c", S3_LISTING, "520"],
        env=s3_server,
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    found, asked, names, versions, host = json.loads(done.stdout)
    assert (found, names) == (520, ["s3://box/all/a0", "s3://box/all/a1"])
    assert asked <= 3  # a thousand entries at a time
    assert (versions, host) == (1, "s3://box")


@pytest.fixture
def s3_server(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Run an S3 server, and return the environment to use it."""
    import os
    import subprocess

    from tests.sources.test_stores import S3

    pytest.importorskip("moto.server", reason="it is the S3 server")
    pytest.importorskip("s3fs", reason="S3 is read with it")
    env = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    env |= {"PYTHONPATH": os.pathsep.join([str(ROOT), env.get("PYTHONPATH", "")])}
    env |= {"HOME": str(tmp_path), "NO_PROXY": "127.0.0.1", "PYTHONWARNINGS": "ignore"}
    server = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", S3],
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert server.stdin is not None
    assert server.stdout is not None
    try:
        yield env | {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{int(server.stdout.readline())}",
            "AWS_ACCESS_KEY_ID": "me",
            "AWS_SECRET_ACCESS_KEY": "word",
            "AWS_DEFAULT_REGION": "us-east-1",
        }
    finally:
        server.stdin.close()
        server.wait(10)
        server.stdout.close()
