"""What an adapter can make loracfg read by the name of its base: a table of names and files.

The interpreter itself records which files are opened while an adapter is judged.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from loracfg import Engine, Options
from loracfg.config import CONFIG_NAME
from loracfg.report.render import render
from loracfg.report.report import AdapterReport, Report
from loracfg.serving.gate import Gate
from loracfg.version import __version__
from tests.base.headers import write_checkpoint
from tests.base.opened_files import COMMIT, EVENTS, NAME, judge, reasons, snapshot
from tests.base.test_facts_file import GOOD as FACTS
from tests.cli.running import write_adapter, write_base

PRIVATE: Final = "a-line-of-a-private-file"
LONGEST: Final = 20_000
"""The most characters that a report may have, whatever the adapter names."""
KINDS: Final = ("folder", "archive", "memory", "gate")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a base, a secret outside it, and an empty cache of the Hub."""
    folder = tmp_path / "here"
    write_base(folder / "base")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/secret").write_text(f'{{"model_type": "{PRIVATE}" {PRIVATE}')
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("HOME", str(tmp_path / "outside"))
    return folder


def adapter_on(named: str, folder: Path = Path("adapter")) -> Path:
    """Write an adapter that names this base."""
    write_adapter(folder)
    config = json.loads((folder / CONFIG_NAME).read_text())
    (folder / CONFIG_NAME).write_text(json.dumps(config | {NAME: named}))
    return folder


def text_of(report: AdapterReport) -> str:
    whole = Report(__version__, (report,))
    return render(whole, "json") + render(whole, "text")


# --- what works


def a_relative_path(here: Path) -> str:
    return "base"


def a_path_with_dots(here: Path) -> str:
    shutil.move(here / "base", here.parent / "elsewhere")
    return "../elsewhere"


def an_absolute_path(here: Path) -> str:
    return str(here / "base")


def a_link_to_a_folder(here: Path) -> str:
    shutil.move(here / "base", here.parent / "elsewhere")
    (here / "base").symlink_to(here.parent / "elsewhere")
    return "base"


def an_id_in_the_cache(here: Path) -> str:
    snapshot(here.parent / "hub")
    return "org/base"


def a_snapshot_in_the_cache(here: Path) -> str:
    return str(snapshot(here.parent / "hub"))


def a_linked_cache(here: Path) -> str:
    folder = snapshot(here.parent / "disk/hub")
    (here.parent / "hub").symlink_to(here.parent / "disk/hub")
    return str(here.parent / "hub" / folder.relative_to(here.parent / "disk/hub"))


def links_inside(here: Path) -> str:
    for name in ("config.json", "model.safetensors"):
        shutil.move(here / "base" / name, here / "base" / f"real-{name}")
        (here / "base" / name).symlink_to(f"real-{name}")
    return "base"


WORKS: Final = (
    a_relative_path,
    a_path_with_dots,
    an_absolute_path,
    a_link_to_a_folder,
    an_id_in_the_cache,
    a_snapshot_in_the_cache,
    a_linked_cache,
    links_inside,
)


@pytest.mark.parametrize("write", WORKS)
def test_a_local_base_is_found(write: Callable[[Path], str], here: Path) -> None:
    adapter_on(write(here))
    report = judge()
    assert report.status == "valid", reasons(report)
    assert report.base is not None
    assert report.base.source == "catalogue"
    assert EVENTS.others == []


@pytest.mark.parametrize("write", WORKS)
def test_a_checkpoint_is_read_where_its_config_is_not_enough(
    write: Callable[[Path], str], here: Path
) -> None:
    named = Path(write(here))
    folder = named if named.is_dir() else next((here.parent / "hub").glob("*/snapshots/*"))
    config = (folder / "config.json").resolve()
    config.write_text(json.dumps(json.loads(config.read_text()) | {"model_type": "novel"}))
    adapter_on(str(named))
    report = judge()
    assert report.base is not None, reasons(report)
    assert report.base.source == "checkpoint"


# --- what does not


def name_only(named: str) -> Callable[[Path], str]:
    return lambda _: named


def link_out(name: str) -> Callable[[Path], str]:
    def write(here: Path) -> str:
        (here / "base/config.json").write_text('{"model_type": "novel"}')
        (here / "base" / name).unlink(missing_ok=True)
        (here / "base" / name).symlink_to(here.parent / "outside/secret")
        return "base"

    return write


def to(name: str, target: str) -> Callable[[Path], str]:
    def write(here: Path) -> str:
        (here / "base" / name).unlink(missing_ok=True)
        (here / "base" / name).symlink_to(target)
        return "base"

    return write


def pipe(name: str) -> Callable[[Path], str]:
    def write(here: Path) -> str:
        (here / name).unlink(missing_ok=True)
        os.mkfifo(here / name)
        return "base" if name.startswith("base/") else name

    return write


def index(shard: str, folder: str = "") -> Callable[[Path], str]:
    """Write an index that names a shard outside the folder, maybe by a linked folder in it."""

    def write(here: Path) -> str:
        write_checkpoint(here.parent / "outside/model.safetensors", {f"{PRIVATE}.weight": (8, 8)})
        (here / "base/model.safetensors").unlink()
        if folder:
            (here / "base" / folder).symlink_to(here.parent / "outside")
        (here / "base/config.json").write_text('{"model_type": "novel"}')
        values = {"weight_map": {"head.weight": shard}}
        (here / "base/model.safetensors.index.json").write_text(json.dumps(values))
        return "base"

    return write


def pipeline(here: Path) -> str:
    shutil.rmtree(here / "base")
    (here / "base").mkdir()
    (here / "base/model_index.json").write_text('{"unet": ["diffusers", "UNet2DConditionModel"]}')
    (here / "base/unet").symlink_to(here.parent / "outside")
    (here.parent / "outside/config.json").write_text(f'{{"_class_name": "{PRIVATE}"}}')
    return "base"


def unix_socket(here: Path) -> str:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("pipe")
    return "pipe"


def architecture_file(here: Path) -> str:
    (here / "own.architecture.json").write_text('{"architecture_version": 1, "class": "X"}')
    return "own.architecture.json"


def facts_file(here: Path) -> str:
    (here / "base/novel.facts").write_text(FACTS)
    return "base/novel.facts"


HOSTILE: Final[dict[str, Callable[[Path], str]]] = {
    "a link for the config": link_out("config.json"),
    "a link for the checkpoint": link_out("model.safetensors"),
    "a link for the index": link_out("model.safetensors.index.json"),
    "a link for the tokenizer": link_out("tokenizer_config.json"),
    "a link to a link": to("config.json", "../../outside/secret"),
    "a link to a device": to("config.json", "/dev/zero"),
    "a link to a proc file": to("config.json", "/proc/self/environ"),
    "a loop of links": to("config.json", "config.json"),
    "an index that names a file above": index("../../outside/model.safetensors"),
    "an index that names a path": index("/etc/passwd"),
    "an index that names a linked folder": index("sub/model.safetensors", "sub"),
    "a linked part of a pipeline": pipeline,
    "a pipe": pipe("pipe"),
    "a pipe for the config": pipe("base/config.json"),
    "a pipe for the checkpoint": pipe("base/model.safetensors"),
    "a pipe for the pipeline": pipe("base/model_index.json"),
    "a socket": unix_socket,
    "a device": name_only("/dev/zero"),
    "a terminal": name_only("/dev/tty"),
    "a proc file": name_only("/proc/self/environ"),
    "a proc folder": name_only("/proc/self"),
    "a file": name_only("../outside/secret"),
    "the config itself": name_only("base/config.json"),
    "an architecture file": architecture_file,
    "a facts file": facts_file,
    "a folder that is above": name_only("../outside"),
    "the root": name_only("/"),
    "home": name_only("~"),
    "a folder at home": name_only("~/base"),
    "a share": name_only("\\\\server\\share"),
    "a share with slashes": name_only("//server/share"),
    "a mixed share": name_only("\\/server/share"),
    "a URL": name_only("https://example.org/base"),
    "a URL of the Hub": name_only("hf://org/base"),
    "a file URL": name_only("file:///etc/passwd"),
    "an id with dots": name_only("org/..base"),
    "an id that goes up": name_only("../models--org--base"),
    "an id with a revision that goes up": name_only("org/base@../../x"),
    "a null character": name_only("ba\0se"),
    "a line feed": name_only("base\n\x1b[31mred"),
    "a lone surrogate": name_only("base\udc80"),
    "a megabyte": name_only("a/" * 500_000),
    "a long name": name_only("a" * 300),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_nothing_else_is_read(kind: str, here: Path) -> None:
    adapter_on(HOSTILE[kind](here))
    report = judge()
    mine = (f"{here / 'adapter'}{os.sep}", f"{here / 'base'}{os.sep}")
    tested = (str(here.parent), "/dev/", "/proc/", "/sys/", "/etc/")
    opened = [path for path in EVENTS.opened if path.startswith(tested)]
    assert [path for path in opened if not path.startswith(mine)] == []
    assert not EVENTS.has_opened_facts
    assert EVENTS.others == []
    text = text_of(report)
    assert PRIVATE not in text
    assert len(text) < LONGEST
    assert report.status in ("valid", "undetermined")
    assert not report.has_crash


@pytest.mark.parametrize("kind", ["a link for the config", "a pipe for the config", "a file"])
def test_the_reason_says_what_was_not_read(kind: str, here: Path) -> None:
    adapter_on(HOSTILE[kind](here))
    expected = {
        "a link for the config": "`config.json` is a link out of the folder, not a file",
        "a pipe for the config": "`config.json` is a named pipe, not a file",
        "a file": "`../outside/secret`: it is not a folder",
    }
    assert expected[kind] in reasons(judge())


def test_a_link_of_the_checkpoint_counts_if_the_user_names_the_base(here: Path) -> None:
    (here / "base/config.json").write_text('{"model_type": "novel"}')
    shutil.move(here / "base/model.safetensors", here.parent / "outside/model.safetensors")
    (here / "base/model.safetensors").symlink_to(here.parent / "outside/model.safetensors")
    adapter_on("./base")
    report = judge()
    assert report.base is None
    note = "`model.safetensors`, a link out of it, was not used: pass `--base ./base`"
    assert note in reasons(report)
    assert str(here.parent / "outside/model.safetensors") not in EVENTS.opened
    users = judge(base="./base")
    assert users.base is not None
    assert users.base.source == "checkpoint"


def test_the_tokenizer_of_the_base_is_read_where_it_lies(here: Path) -> None:
    (here / "base/tokenizer_config.json").write_text("{}")
    (here / "base/added_tokens.json").symlink_to(here.parent / "outside/secret")
    adapter_on("base")
    for base, is_linked in ((None, False), ("base", True)):
        files = Engine(Options(base=base)).open("adapter").base.files
        assert files is not None
        assert "tokenizer_config.json" in files.sizes()
        assert ("added_tokens.json" in files.sizes()) == is_linked


# --- where the adapter is


def open_as(kind: str, named: str) -> Callable[[], AdapterReport | str]:
    folder = adapter_on(named)
    if kind == "gate":
        return lambda: " ".join(Gate(Options()).judge_folder(folder, "a").warnings)
    if kind == "folder":
        return lambda: Engine().open(folder).report
    if kind == "memory":
        contents = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
        return lambda: Engine().open_files(contents).report
    with zipfile.ZipFile("adapter.zip", "w") as archive:
        for path in folder.iterdir():
            archive.write(path, f"adapter/{path.name}")
    return lambda: Engine().open("adapter.zip").report


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("named", ["base", "absolute", "org/base"])
def test_only_an_adapter_in_a_folder_may_name_one(named: str, kind: str, here: Path) -> None:
    if named == "org/base":
        snapshot(here.parent / "hub")
    judged = open_as(kind, str(here / "base") if named == "absolute" else named)
    with EVENTS.recording():
        found = judged()
    read = [path for path in EVENTS.opened if path.startswith(str(here / "base"))]
    if kind == "folder" and named != "org/base":
        assert read
    else:
        assert read == []
    is_found = kind == "folder" or named == "org/base"
    text = found if isinstance(found, str) else reasons(found)
    assert ("no base was given" not in text) == is_found, text


def test_an_adapter_from_the_hub_may_not_name_a_folder(here: Path) -> None:
    folder = here.parent / "hub/models--org--adapter/snapshots" / COMMIT
    adapter_on(str(here / "base"), folder)
    report = judge(folder)
    assert "is not a local folder" in reasons(report)
    assert not any(path.startswith(str(here / "base")) for path in EVENTS.opened)
