"""Archives on the command line, which reads them like the service."""

from __future__ import annotations

import json
import shutil
import tarfile
import tempfile
import zipfile
from collections import UserDict
from collections.abc import ItemsView
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from loracfg import validate as validate_here
from loracfg.sources.archive.limits import MIB
from loracfg.sources.archive.member_names import adapters_in
from tests.cli.running import Outcome, call, hashes, write_adapter

CONFIG = "adapter_config.json"
WEIGHTS = "adapter_model.safetensors"


def zipped(path: Path, *folders: Path) -> Path:
    """Pack folders; one is the top of the archive, several stand in it by their names."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for folder in folders:
            for file in sorted(folder.iterdir()):
                home = f"{folder.name}/" if len(folders) > 1 else ""
                archive.write(file, f"{home}{file.name}")
    return path


def tarred(path: Path, folder: Path, mode: str) -> Path:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        archive.add(folder, folder.name)
    return path


def reports(outcome: Outcome) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(outcome.out)["adapters"]
    return found


def codes(report: dict[str, Any]) -> list[str]:
    return [diagnostic["code"] for diagnostic in report["diagnostics"]]


def judged(path: Path, base: Path, *more: str) -> list[dict[str, Any]]:
    return reports(call("validate", path, "--base", base, "--format", "json", *more))


def test_an_archive_is_validated_like_its_folder(tmp_path: Path, adapter: Path, base: Path) -> None:
    (of_folder,) = judged(adapter, base)
    (of_zip,) = judged(zipped(tmp_path / "my.zip", adapter), base)
    assert (of_zip["path"], of_zip["status"]) == (str(tmp_path / "my.zip"), "valid")
    assert of_zip | {"path": ""} == of_folder | {"path": ""}
    for name, mode in (("my.tar", "w"), ("my.tgz", "w:gz"), ("no-suffix", "w:gz")):
        (of_tar,) = judged(tarred(tmp_path / name, adapter, mode), base)
        assert (of_tar["path"], of_tar["status"]) == (f"{tmp_path / name}/adapter", "valid")


def test_each_adapter_of_an_archive_has_its_report(tmp_path: Path, base: Path) -> None:
    good = write_adapter(tmp_path / "good")
    bad = write_adapter(tmp_path / "bad", 'config {"r": 8}')
    path = zipped(tmp_path / "both.zip", good, bad)
    found = {report["path"]: report["status"] for report in judged(path, base)}
    assert found == {f"{path}/bad": "invalid", f"{path}/good": "valid"}
    lines = call("validate", path, "--base", base, "--format", "concise").out.splitlines()
    assert lines[0].startswith(f"{path}/bad/{CONFIG}:")


@pytest.mark.parametrize("folder", ["", "only/"])
def test_the_message_names_an_archive_without_files(
    tmp_path: Path, base: Path, folder: str
) -> None:
    with zipfile.ZipFile(tmp_path / "my.zip", "w") as archive:
        if folder:
            archive.writestr(folder, "")
    (report,) = judged(tmp_path / "my.zip", base)
    assert (report["status"], codes(report)) == ("error", ["LC002"])
    assert report["diagnostics"][0]["message"] == f"`{tmp_path}/my.zip` is an archive without files"


def test_an_archive_named_like_a_weight_file(tmp_path: Path, adapter: Path, base: Path) -> None:
    (report,) = judged(zipped(tmp_path / "my.safetensors", adapter), base)
    (found,) = report["diagnostics"]
    assert (found["code"], report["status"]) == ("LC410", "invalid")
    assert found["message"] == "the file is a zip archive, not a safetensors file"
    assert found["help"] == "unpack it and pass the folder of the adapter"


@pytest.mark.parametrize(
    "first", ["archive/data.pkl", "a/version", "a/.format_version", "a/data/0"]
)
def test_an_archive_of_torch_named_like_safetensors(tmp_path: Path, base: Path, first: str) -> None:
    with zipfile.ZipFile(tmp_path / "my.safetensors", "w") as archive:
        archive.writestr(first, b"")
    (report,) = judged(tmp_path / "my.safetensors", base)
    (found,) = report["diagnostics"]
    assert found["message"].startswith("the file is a zip archive from `torch.save`")
    assert found["help"].startswith("name it `adapter_model.bin`")


def test_an_archive_without_an_adapter(tmp_path: Path, base: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "my_lora.safetensors").write_bytes(b"x")
    (report,) = judged(zipped(tmp_path / "my.zip", tmp_path / "other"), base)
    assert (report["status"], codes(report)) == ("error", ["LC002"])
    assert "`my_lora.safetensors`, which PEFT does not look for" in str(report)
    message = report["diagnostics"][0]["message"]
    assert message.startswith("there is neither `adapter_config.json` nor `adapter_model.saf")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04 and no more", "the archive cannot be read: it was cut off"),
        (b"\x1f\x8b\x08 and no more", "the archive cannot be read: "),
        (bytes(257) + b"ustar" + bytes(250), "the archive cannot be read: "),
    ],
)
def test_a_broken_archive(tmp_path: Path, base: Path, data: bytes, words: str) -> None:
    (tmp_path / "my.zip").write_bytes(data)
    (report,) = judged(tmp_path / "my.zip", base)
    assert (report["status"], codes(report)) == ("error", ["LC008"])
    assert words in report["diagnostics"][0]["message"]


def test_a_bomb_is_not_unpacked(tmp_path: Path, base: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(WEIGHTS, bytes(64 * MIB))
    (report,) = judged(tmp_path / "bomb.zip", base)
    assert codes(report) == ["LC008"]
    assert "more than 100 times its size" in report["diagnostics"][0]["message"]
    assert report["diagnostics"][0]["help"] == "unpack it and pass the folder"


def test_a_name_that_leads_out(tmp_path: Path, base: Path) -> None:
    with zipfile.ZipFile(tmp_path / "my.zip", "w") as archive:
        archive.writestr("../adapter_config.json", b"{}")
    (report,) = judged(tmp_path / "my.zip", base)
    assert codes(report) == ["LC008"]
    assert "leads out of its folder" in report["diagnostics"][0]["message"]
    assert report["diagnostics"][0]["help"].endswith("without `..`")
    assert not (tmp_path.parent / CONFIG).exists()


def test_a_file_from_torch_save_is_not_an_archive(tmp_path: Path, base: Path) -> None:
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("archive/data.pkl", b"x")
    (tmp_path / "optimizer.pt").write_bytes(data.getvalue())
    (report,) = judged(tmp_path / "optimizer.pt", base)
    assert codes(report) == ["LC002"]
    assert "a zip or tar archive" in report["diagnostics"][0]["message"]


@pytest.mark.parametrize("name", ["my.tar.bz2", "my.tar.XZ", "my.7z"])
def test_the_help_for_other_archives_is_to_unpack_them(
    name: str, tmp_path: Path, base: Path
) -> None:
    (tmp_path / name).write_bytes(b"whatever is in it")
    (report,) = judged(tmp_path / name, base)
    assert codes(report) == ["LC002"]
    assert report["diagnostics"][0]["help"].startswith("unpack it first; ")


def test_values_are_not_kept(tmp_path: Path, adapter: Path, base: Path) -> None:
    path = zipped(tmp_path / "my.zip", adapter)
    assert judged(path, base)[0]["status"] == "valid"
    (report,) = judged(path, base, "--data")
    assert report["status"] == "undetermined"
    (gap,) = report["not_checked"]
    assert gap["what"] == "the values of the tensors"
    assert gap["why"].endswith("`.safetensors` files, not from pickles or archives")


def test_commands_that_only_read(tmp_path: Path, adapter: Path, base: Path) -> None:
    path = zipped(tmp_path / "my.zip", adapter)
    assert call("diff", adapter, path).status == 0
    for command in (["inspect"], ["compat"], ["migrate", "--to", "0.18.0"]):
        of_folder, of_zip = call(*command, adapter), call(*command, path)
        assert of_zip.status == of_folder.status == 0
        assert of_zip.out.replace(str(path), str(adapter)) == of_folder.out
    said = call("validate", path, "--base", base, "--trace", "LC503").out
    assert f"trace of LC503 rank-mismatch in {path}: did not run" in said


def test_an_archive_is_not_changed_in_place(tmp_path: Path, adapter: Path) -> None:
    path = zipped(tmp_path / "my.zip", adapter)
    before = hashes(tmp_path)
    said = call("migrate", "--to", "0.18.0", "--write", path)
    assert (said.status, said.out) == (2, "")
    assert "is in an archive, but `--write` needs a folder" in said.err
    assert hashes(tmp_path) == before


@pytest.mark.parametrize("kind", ["zip", "tar", "gztar"])
def test_an_adapter_in_an_archive_is_repaired_as_its_folder(
    kind: str, tmp_path: Path, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    changes = ("rename ^base_model.model. ->", "file README.md Some words", "file sub/notes.txt a")
    folder = write_adapter(tmp_path / "adapter", *changes)
    (folder / "empty").mkdir()
    path = shutil.make_archive(str(tmp_path / "my"), kind, folder)
    of_folder = call("fix", folder, "--base", base, "--output", tmp_path / "one")
    of_archive = call("fix", path, "--base", base, "--output", tmp_path / "two")
    assert of_folder.status == of_archive.status == 0
    assert of_archive.out.replace(path, str(folder)) == of_folder.out
    one, two = hashes(tmp_path / "one"), hashes(tmp_path / "two")
    assert [*one.values()] == [*two.values()]
    assert len(one) == 4
    assert list(temporary.iterdir()) == []


def test_an_adapter_in_an_archive_is_migrated_as_its_folder(tmp_path: Path, adapter: Path) -> None:
    path = zipped(tmp_path / "my.zip", adapter)
    for source, output in ((adapter, "one"), (path, "two")):
        said = call("migrate", source, "--to", "0.18.0", "--output", tmp_path / output)
        assert said.status == 0
    assert [*hashes(tmp_path / "one").values()] == [*hashes(tmp_path / "two").values()]


def test_a_repair_is_offered_for_an_archive(tmp_path: Path, base: Path) -> None:
    folder = write_adapter(tmp_path / "adapter", "rename ^base_model.model. ->")
    (of_folder,) = judged(folder, base)
    assert any(diagnostic["fix"] for diagnostic in of_folder["diagnostics"])
    (of_zip,) = judged(zipped(tmp_path / "my.zip", folder), base)
    assert of_zip["diagnostics"] == of_folder["diagnostics"]


def test_commands_for_one_adapter_take_no_archive_of_several(tmp_path: Path) -> None:
    folders = [write_adapter(tmp_path / name) for name in ("one", "two")]
    said = call("inspect", zipped(tmp_path / "both.zip", *folders))
    assert said.status == 2
    assert "both.zip` has 2 adapters; unpack it" in said.err


def test_archives_in_the_library(tmp_path: Path, adapter: Path) -> None:
    (report,) = validate_here(zipped(tmp_path / "my.zip", adapter)).adapters
    assert report.path == str(tmp_path / "my.zip")


class _Counted(UserDict[str, int]):
    """Files whose number of passes is counted."""

    passes = 0

    def items(self) -> ItemsView[str, int]:
        self.passes += 1
        return super().items()


def test_many_adapters_are_found_in_one_pass() -> None:
    names = [f"{folder}/{name}" for folder in "abc" for name in (CONFIG, "deep/er/x", "deep/")]
    files = _Counted(dict.fromkeys([*names, "README.md", "a/"], 0))
    found = adapters_in(files)
    assert files.passes == 1
    assert {home: [*inside] for home, inside in found.items()} == {
        home: [CONFIG, "deep/er/x", "deep/"] for home in "abc"
    }


def test_folders_in_an_adapter_belong_to_it(tmp_path: Path, base: Path) -> None:
    write_adapter(tmp_path / "run")
    write_adapter(tmp_path / "run" / "checkpoint-1", 'config {"r": 8}')
    (found,) = judged(tarred(tmp_path / "run.tar", tmp_path / "run", "w"), base)
    assert (found["path"], found["status"]) == (f"{tmp_path}/run.tar/run", "valid")
