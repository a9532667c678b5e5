"""Adapters at HTTP URLs, by the command line and the library."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import Any, Final

import pytest

from loracfg.comparison.compared import diff
from loracfg.engine.engine import Engine
from loracfg.engine.fixing import fix
from loracfg.engine.fronts import compat
from loracfg.engine.options import Options
from loracfg.errors import LoracfgError
from loracfg.inspection.inspected import inspect
from loracfg.sources.remote.ranged_file import FIRST_BYTES
from loracfg.testing.memory_files import safetensors_bytes
from tests.cli.running import call, hashes, write_adapter
from tests.sources.adapters import CONFIG, PICKLE, WEIGHTS, adapter, codes, packed, reports
from tests.web_server import WebServer, serving_web

pytest.importorskip("httpx2", reason="URLs are read with it")

LONG_NAME: Final = "x" * 200


def judged(
    *named: str | Path, base: Path | None = None, more: tuple[str, ...] = ()
) -> list[dict[str, Any]]:
    options = ("--base", base) if base else ()
    return reports(call("validate", *named, *options, *more, "--format", "json"))


@pytest.mark.parametrize("end", ["", "/", f"/{CONFIG}", f"/{WEIGHTS}"])
def test_a_folder(end: str, server: WebServer, base: Path) -> None:
    url = server.add_folder("a/b", adapter())
    (report,) = judged(url + end, base=base)
    assert report["status"] == "valid"
    assert report["path"].rstrip("/") == url
    assert [gap["what"] for gap in report["not_checked"]] == ["other files of the folder"]
    assert [asked.path for asked in server.asked] == [f"/a/b/{CONFIG}", f"/a/b/{WEIGHTS}"]
    assert {asked.headers["range"] for asked in server.asked} == {f"bytes=0-{FIRST_BYTES - 1}"}


def test_a_defect_is_found_and_can_be_repaired(server: WebServer, base: Path) -> None:
    url = server.add_folder("a", adapter("rename ^base_model.model. ->"))
    (report,) = judged(url, base=base)
    assert report["status"] == "invalid"
    assert codes(report) == ["LC502"]
    assert report["diagnostics"][0]["fix"]


def test_a_pickle_is_read_by_its_two_ends(server: WebServer, base: Path) -> None:
    files = adapter("weights pickled")
    files[PICKLE] = files[PICKLE]
    url = server.add_folder("a", files)
    (report,) = judged(url, base=base)
    assert "LC410" not in codes(report)
    assert report["coverage"]["tensors"] == 8
    assert [asked.path.rpartition("/")[2] for asked in server.asked][:3] == [
        CONFIG,
        WEIGHTS,
        PICKLE,
    ]
    assert len(server.asked) <= 4


def test_a_weight_file_alone(server: WebServer, base: Path) -> None:
    server.files["x/lora.safetensors"] = adapter()[WEIGHTS]
    (report,) = judged(f"{server.address}/x/lora.safetensors", base=base)
    assert "LC003" in codes(report)
    assert len(server.asked) == 1
    (gone,) = judged(f"{server.address}/x/other.safetensors")
    assert (gone["status"], codes(gone)) == ("error", ["LC026"])


@pytest.mark.parametrize("kind", ["zip", "tar", "tar.gz"])
def test_an_archive(kind: str, server: WebServer, base: Path) -> None:
    url = f"{server.address}/all.{kind}"
    one, two = adapter(), adapter('config {"r": 8}')
    both = {f"one/{n}": data for n, data in one.items()} | {f"two/{n}": d for n, d in two.items()}
    server.files[f"all.{kind}"] = packed(both, kind)
    found = judged(f"{url}?download=true", base=base)
    assert [(report["path"], report["status"]) for report in found] == [
        (f"{url}/one", "valid"),
        (f"{url}/two", "invalid"),
    ]
    assert len(server.asked) == 1


def test_nothing_is_there(server: WebServer) -> None:
    (report,) = judged(f"{server.address}/nothing")
    assert (report["status"], codes(report)) == ("error", ["LC002"])
    (finding,) = report["diagnostics"]
    assert f"has neither `{CONFIG}` nor `{WEIGHTS}`" in finding["message"]
    assert finding["help"]


def test_a_file_that_is_no_adapter(server: WebServer, tmp_path: Path) -> None:
    server.files["base/config.json"] = b"{}"
    (tmp_path / "config.json").write_bytes(b"{}")
    (here,) = judged(tmp_path / "config.json")
    (there,) = judged(f"{server.address}/base/config.json")
    own, other = here["diagnostics"][0], there["diagnostics"][0]
    assert other["code"] == own["code"] == "LC002"
    assert other["message"] == own["message"].replace(str(tmp_path), f"{server.address}/base")
    assert other["help"] == own["help"]


def test_a_folder_without_config_or_weights(server: WebServer) -> None:
    files = adapter()
    (no_weights,) = judged(server.add_folder("c", {CONFIG: files[CONFIG]}))
    assert "LC401" in codes(no_weights)
    (no_config,) = judged(server.add_folder("w", {WEIGHTS: files[WEIGHTS]}))
    assert "LC003" in codes(no_config)


def test_a_query_belongs_to_every_file(server: WebServer) -> None:
    url = server.add_folder("a", adapter())
    (report,) = judged(f"{url}?signature=s3cret")
    assert report["path"] == url
    assert {asked.path.partition("?")[2] for asked in server.asked} == {"signature=s3cret"}
    assert "s3cret" not in json.dumps(report)


def test_adapters_that_only_a_query_tells_apart_are_all_validated(server: WebServer) -> None:
    url = server.add_folder("a", adapter())
    found = judged(f"{url}?n=one", f"{url}?n=two", f"{url}/?n=two", url)
    assert [report["path"] for report in found] == [url, url, url]
    asked = [one.path.partition("?")[2] for one in server.asked if CONFIG in one.path]
    assert asked == ["n=one", "n=two", ""]


def test_a_user_and_password_are_sent_and_not_shown(server: WebServer) -> None:
    url = server.add_folder("a", adapter()).replace("http://", "http://me:s3cret@")
    (report,) = judged(url)
    assert {asked.headers["authorization"] for asked in server.asked} == {"Basic bWU6czNjcmV0"}
    assert "s3cret" not in json.dumps(report)
    assert "s3cret" not in call("validate", url).out


def test_a_long_header_takes_one_more_request(server: WebServer) -> None:
    files = adapter("metadata padded 300000")
    url = server.add_folder("a", files)
    (report,) = judged(url)
    assert report["coverage"]["tensors"] == 8
    starts = [asked.headers["range"] for asked in server.asked if WEIGHTS in asked.path]
    assert len(starts) == 2
    assert starts[1].startswith(f"bytes={FIRST_BYTES}-")
    assert sum(asked.sent for asked in server.asked) < 400_000


def test_a_large_config_is_not_downloaded(server: WebServer, tmp_path: Path) -> None:
    files = adapter() | {CONFIG: b"[" + b" " * (40 << 20)}
    (report,) = judged(server.add_folder("a", files))
    assert sum(asked.sent for asked in server.asked) < 20 << 20
    folder = tmp_path / "a"
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    assert report["diagnostics"] == judged(folder)[0]["diagnostics"]


def test_values_are_streamed(server: WebServer, base: Path) -> None:
    pytest.importorskip("numpy", reason="values are read with it")
    files = adapter("values . 0.1", "values layers.0 nan")
    url = server.add_folder("a", files)
    server.files["b/lora.safetensors"] = files[WEIGHTS]
    for named in (url, f"{server.address}/b/lora.safetensors"):
        (report,) = judged(named, base=base, more=("--data",))
        assert "LC431" in codes(report)
        assert all("values" not in gap["what"] for gap in report["not_checked"])


@pytest.mark.slow
def test_a_large_file_is_read_in_few_parts_and_little_memory(server: WebServer) -> None:
    pytest.importorskip("numpy", reason="values are read with it")
    psutil = pytest.importorskip("psutil", reason="it measures memory")
    from loracfg.adapter.header.tensor import Tensor

    name = "base_model.model.model.layers.{}.self_attn.q_proj.lora_{}.weight"
    tensors = [
        Tensor(name.format(layer, part), "F32", (1 << 10, 1 << 10))
        for layer in range(32)
        for part in "AB"
    ]
    url = server.add_folder("a", adapter() | {WEIGHTS: safetensors_bytes(tensors)})
    process, most, done = psutil.Process(), [0], threading.Event()

    def watch() -> None:
        while not done.wait(0.01):
            most[0] = max(most[0], process.memory_info().rss)

    Engine().validate(server.add_folder("b", adapter()))  # imports what it needs
    server.asked.clear()
    before = process.memory_info().rss
    watcher = threading.Thread(target=watch)
    watcher.start()
    (report,) = Engine(Options(data=True)).validate(url).adapters
    done.set()
    watcher.join()
    assert "LC432" in {diagnostic.code for diagnostic in report.diagnostics}
    assert len(server.asked) < 60
    assert sum(asked.sent for asked in server.asked) < 270 << 20
    assert most[0] - before < 150 << 20  # the server runs in this process, and the file has 256 MiB


def test_servers_without_ranges(base: Path) -> None:
    with serving_web(has_ranges=False) as server:
        url = server.add_folder("a", adapter())
        (report,) = judged(url, base=base)
        assert report["status"] == "valid"
        large = server.add_folder("b", adapter() | {WEIGHTS: bytes(65 << 20)})
        (refused,) = judged(large)
    assert (refused["status"], codes(refused)) == ("error", ["LC026"])
    (finding,) = refused["diagnostics"]
    assert "is 65.0 MiB, and the server does not support range requests" in finding["message"]
    assert "loracfg downloads at most 64.0 MiB" in finding["help"]


def test_a_large_config_is_not_downloaded_without_ranges() -> None:
    with serving_web(has_ranges=False) as server:
        (report,) = judged(server.add_folder("a", adapter() | {CONFIG: bytes(17 << 20)}))
    (finding,) = report["diagnostics"]
    assert finding["code"] == "LC026"
    assert "is 17.0 MiB, and the server does not support range requests" in finding["message"]
    assert "loracfg downloads at most 16.0 MiB" in finding["help"]


def test_a_file_url(tmp_path: Path, base: Path) -> None:
    folder = write_adapter(tmp_path / "an adapter")
    (report,) = judged(folder.as_uri(), base=base)
    assert (report["path"], report["status"]) == (str(folder), "valid")


def test_what_the_package_is_missing_for(
    server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "httpx2", None)
    (report,) = judged(server.add_folder("a", adapter()))
    (finding,) = report["diagnostics"]
    assert finding["code"] == "LC026"
    assert "`httpx2` is not installed" in finding["message"]
    assert finding["help"] == "run `pip install 'loracfg[remote]'`"


BROKEN: Final = "rename ^base_model.model. ->"


@pytest.mark.parametrize("kind", ["folder", "zip"])
def test_every_command_takes_a_url(
    kind: str, server: WebServer, base: Path, tmp_path: Path
) -> None:
    files = adapter(BROKEN)
    url = server.add_folder("a", files)
    here = write_adapter(tmp_path / "here", BROKEN)
    if kind == "zip":
        url += ".zip"
        server.files["a.zip"] = packed(files, "zip")
    for command in (
        ("inspect", "--base", base),
        ("inspect", "--format", "html"),
        ("compat", "--base", base),
        ("migrate", "--to", "0.12.0", "--allow-lossy"),
        ("fix", "--base", base),
        ("fix", "--base", base, "--diff"),
    ):
        there, mine = call(*command, url), call(*command, here)
        assert there.status == mine.status, command
        same = there.out.replace(url, str(here))
        if "--format" not in command:
            assert _without_gaps(same) == _without_gaps(mine.out)
    assert call("diff", url, here).status == 0


def _without_gaps(text: str) -> list[str]:
    return [line for line in text.splitlines() if "other files" not in line]


@pytest.mark.parametrize("command", [("fix",), ("migrate", "--to", "0.18.0")])
def test_a_copy_is_written(
    command: tuple[str, ...], server: WebServer, base: Path, tmp_path: Path
) -> None:
    url = server.add_folder("a", adapter(BROKEN))
    here = write_adapter(tmp_path / "here", BROKEN)
    more = ("--base", base) if command == ("fix",) else ()
    for named, output in ((url, "there"), (here, "mine")):
        said = call(*command, named, *more, "--output", tmp_path / output)
        assert said.status == 0, said.err
        told = "other files were not copied: the server does not list them" in said.err
        assert told == (named == url)
    there, mine = hashes(tmp_path / "there"), hashes(tmp_path / "mine")
    assert [*there.values()] == [*mine.values()]
    assert len(there) == 2


def test_a_weight_file_alone_is_converted(server: WebServer, base: Path, tmp_path: Path) -> None:
    layer = r"base_model.model.model.layers.(\d+).self_attn.(\w+)"
    theirs = r"lora_te_model_layers_\1_self_attn_\2"
    names = [
        rf"rename {layer}.lora_{part} -> {theirs}.lora_{way}"
        for part, way in (("A", "down"), ("B", "up"))
    ]
    server.files["lora.safetensors"] = adapter(*names)[WEIGHTS]
    url = f"{server.address}/lora.safetensors"
    said = call("fix", url, "--base", base, "--output", tmp_path / "new")
    assert said.status == 0, said.err
    assert call("validate", tmp_path / "new", "--base", base).status == 0


def test_nothing_is_changed_in_place(server: WebServer) -> None:
    url = server.add_folder("a", adapter())
    said = call("migrate", url, "--to", "0.18.0", "--write")
    assert said.status == 2
    assert "on another machine, but `--write` needs a folder" in said.err


def test_the_library(server: WebServer, base: Path, tmp_path: Path) -> None:
    url = server.add_folder("a", adapter(BROKEN))
    assert inspect(url, base=str(base)).report.path == url
    assert diff(url, url).is_alike
    with fix(url, base=str(base)) as repaired:
        assert repaired.steps
        repaired.write(tmp_path / "new")
    broken = server.add_folder("b", {CONFIG: b"{}"})
    with pytest.raises(LoracfgError, match="cannot read the config and weights"):
        compat(broken)


def test_the_environment_is_not_asked_for_passwords(
    server: WebServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".netrc").write_text("default login me password s3cret")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("HF_TOKEN", "hf_s3cret")
    judged(server.add_folder("a", adapter()))
    assert os.environ["HOME"] == str(tmp_path)
    assert all("authorization" not in asked.headers for asked in server.asked)
