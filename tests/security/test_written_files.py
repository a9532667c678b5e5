"""What commands write while strangers have put links and other traps where they write."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from loracfg.config import CONFIG_NAME
from loracfg.config.model.lora_config import LoraConfig
from tests.cli.running import call, run, write_adapter

WEIGHTS: Final = "adapter_model.safetensors"
CAST: Final = ("--dtype", "BF16", "--output")


@pytest.fixture
def adapter(tmp_path: Path) -> Path:
    return write_adapter(tmp_path / "adapter")


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    file = tmp_path / "home/secret"
    file.parent.mkdir()
    file.write_text("mine")
    return file


def _migrate(folder: Path) -> None:
    assert call("migrate", folder / "adapter", "--to", "0.12", "--write").status == 0


def _report(folder: Path) -> None:
    call("validate", folder / "adapter", "--format", "sarif", "--output", folder / "out")
    assert (folder / "out").is_file()


def _baseline(folder: Path) -> None:
    call("validate", folder / "adapter", "--write-baseline", folder / "out")
    assert (folder / "out").is_file()


def _editor(folder: Path) -> None:
    assert call("editor", "vscode", "--write", "--directory", folder).status == 0


def _audit(folder: Path) -> None:
    audit = ("audit", folder / "adapter", "--output", folder / "audit", "--isolated", "-q")
    assert call(*audit, "--metrics", folder / "out.prom").status == 0


def _save(folder: Path) -> None:
    LoraConfig(target_modules=["q_proj"]).save_pretrained(folder / "adapter")


WRITERS: Final[dict[str, tuple[Callable[[Path], None], str]]] = {
    "migrate": (_migrate, f"adapter/{CONFIG_NAME}.{os.getpid()}.new"),
    "the backup of migrate": (_migrate, f"adapter/{CONFIG_NAME}.orig"),
    "a report": (_report, f"out.{os.getpid()}.new"),
    "a baseline": (_baseline, f"out.{os.getpid()}.new"),
    "editor": (_editor, f".vscode/settings.json.{os.getpid()}.new"),
    "metrics": (_audit, f".out.prom.{os.getpid()}"),
    "save_pretrained": (_save, f"adapter/{CONFIG_NAME}"),
}
"""What writes, and a name beside its file that links have been put at."""


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("target", ["home/secret", "home/absent"])
def test_no_link_of_a_stranger_is_followed(
    writer: str, target: str, adapter: Path, victim: Path, tmp_path: Path
) -> None:
    write, name = WRITERS[writer]
    trap = tmp_path / name
    trap.parent.mkdir(exist_ok=True)
    trap.unlink(missing_ok=True)
    trap.symlink_to(tmp_path / target)
    write(tmp_path)
    assert {path.name: path.read_text() for path in victim.parent.iterdir()} == {"secret": "mine"}
    assert adapter.is_dir()


def test_a_private_file_is_never_readable_by_others(tmp_path: Path, adapter: Path) -> None:
    config = adapter / CONFIG_NAME
    config.chmod(0o600)
    _migrate(tmp_path)
    for name in (CONFIG_NAME, f"{CONFIG_NAME}.orig"):
        assert stat.S_IMODE((adapter / name).stat().st_mode) == 0o600


@pytest.mark.parametrize("command", [("fix", *CAST), ("migrate", "--to", "0.12", "--output")])
def test_only_contents_are_copied(command: tuple[str, ...], adapter: Path, tmp_path: Path) -> None:
    """What runs as somebody else, and what a system reads into attributes, stays behind."""
    program, folder = adapter / "program", adapter / "open"
    program.write_text("#!/bin/sh")
    folder.mkdir()
    (folder / "file").write_text("text")
    try:
        os.setxattr(program, "user.trap", b"1")
    except OSError:
        pytest.skip("this file system has no attributes")
    program.chmod(0o6777)
    folder.chmod(0o2777)
    (folder / "file").chmod(0o600)
    old = os.umask(0o022)
    try:
        outcome = call(command[0], adapter, *command[1:], tmp_path / "out")
    finally:
        os.umask(old)
    assert outcome.status == 0, outcome.err
    modes = {
        path.relative_to(tmp_path / "out").as_posix(): stat.S_IMODE(path.stat().st_mode)
        for path in (tmp_path / "out").rglob("*")
    }
    assert modes == {
        CONFIG_NAME: 0o644,
        WEIGHTS: 0o644,
        "open": 0o755,
        "open/file": 0o600,
        "program": 0o644,
    }
    assert os.listxattr(tmp_path / "out/program") == []
    assert (tmp_path / "out/program").read_text() == "#!/bin/sh"


def test_folders_in_themselves_are_copied_once(adapter: Path, tmp_path: Path) -> None:
    """Followed, these links would make 2^40 folders."""
    for name in "ab":
        (adapter / name).symlink_to(".")
    outcome = run("fix", adapter, *CAST, tmp_path / "out")
    assert outcome.status == 0, outcome.err
    assert (tmp_path / "out/a").resolve() == tmp_path / "out"


def test_links_inside_stay_links(
    adapter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are read relative to their folder, wherever the command runs."""
    monkeypatch.chdir(tmp_path)
    (adapter / "sub").mkdir()
    (adapter / "sub/file").write_text("text")
    (adapter / "again").symlink_to("sub")
    (adapter / "sub/up").symlink_to("../card")
    (adapter / "card").write_text("card")
    (adapter / "absolute").symlink_to(adapter / "sub/file")
    assert call("fix", "adapter", *CAST, "out").status == 0
    out = tmp_path / "out"
    assert [(out / name).read_text() for name in ("again/file", "sub/up", "absolute")] == [
        "text",
        "card",
        "text",
    ]
    for path in (out / "again", out / "sub/up", out / "absolute"):
        assert path.is_symlink()
        assert path.resolve().is_relative_to(out)


@pytest.mark.parametrize("target", ["../home/secret", "../home", "/dev/zero"])
def test_a_link_out_of_the_folder_is_not_copied(
    target: str, adapter: Path, victim: Path, tmp_path: Path
) -> None:
    (adapter / "notes").symlink_to(target)
    outcome = run("fix", adapter, *CAST, tmp_path / "out")
    assert outcome.status == 2
    assert f"cannot copy `{adapter / 'notes'}`: it is a link out of the folder" in outcome.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["adapter", "home"]
    assert victim.read_text() == "mine"


@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_what_is_no_file_is_refused(kind: str, adapter: Path, tmp_path: Path) -> None:
    if kind == "pipe":
        os.mkfifo(adapter / "odd")
    else:
        try:
            os.mknod(adapter / "odd", stat.S_IFCHR | 0o666, os.makedev(1, 5))
        except OSError:
            pytest.skip("only root may create devices")
    outcome = run("fix", adapter, *CAST, tmp_path / "out")
    assert outcome.status == 2
    assert f"cannot copy `{adapter / 'odd'}`: it is a " in outcome.err
    assert [path.name for path in tmp_path.iterdir()] == ["adapter"]


def test_folders_have_a_depth(adapter: Path, tmp_path: Path) -> None:
    (adapter / "/".join("x" * 300)).mkdir(parents=True)
    outcome = run("fix", adapter, *CAST, tmp_path / "out")
    assert outcome.status == 2
    assert "has folders more than 100 levels deep" in outcome.err
    assert [path.name for path in tmp_path.iterdir()] == ["adapter"]


def test_files_of_the_cache_are_copied_once(tmp_path: Path) -> None:
    """A repository may list a large file often; the cache has it once, and so has the copy."""
    repo = tmp_path / "hub/models--org--name"
    snapshot, blobs = write_adapter(repo / "snapshots/1"), repo / "blobs"
    blobs.mkdir()
    (blobs / "large").write_text("text")
    for path in [*snapshot.iterdir()]:
        path.rename(blobs / path.name)
        path.symlink_to(f"../../blobs/{path.name}")
    for number in range(3):
        (snapshot / f"file{number}").symlink_to("../../blobs/large")
    assert call("fix", snapshot, *CAST, tmp_path / "out").status == 0
    copies = [tmp_path / f"out/file{number}" for number in range(3)]
    assert [path.read_text() for path in copies] == ["text"] * 3
    assert len({path.stat().st_ino for path in copies}) == 1
    assert not copies[0].is_symlink()
    assert {path.resolve().parent for path in copies} == {tmp_path / "out"}


def test_folders_of_a_repository_are_neither_opened_nor_removed(
    adapter: Path, tmp_path: Path
) -> None:
    """Those that look like what an interrupted run left; a pipe would block."""
    for name, make in {"1": os.mkfifo, "2": os.mknod}.items():
        left = tmp_path / f"out.{name}.new"
        left.mkdir()
        make(left / ".loracfg-unfinished")
    outcome = run("fix", adapter, *CAST, tmp_path / "out")
    assert outcome.status == 0, outcome.err
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "adapter",
        "out",
        "out.1.new",
        "out.2.new",
    ]


def test_what_is_in_the_place_of_a_saved_config_is_replaced(tmp_path: Path) -> None:
    LoraConfig(r=4).save_pretrained(tmp_path)
    LoraConfig(r=8).save_pretrained(tmp_path)
    assert json.loads((tmp_path / CONFIG_NAME).read_text())["r"] == 8
    assert [path.name for path in tmp_path.iterdir()] == [CONFIG_NAME]
