"""Verdicts of the gate, and when they are kept."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import BinaryIO

import pytest

from loracfg import Options
from loracfg.adapter.files import Folder
from loracfg.serving.gate import Gate, RefusedAdapterError, check_adapter
from loracfg.serving.identity import identity_of, is_settled
from tests.serving.folders import BASE, EXAMPLES, write_sound

HOUR = 3600 * 10**9


class CountedFolder(Folder):
    """A folder that counts how often a file is opened."""

    opened: list[str] = []  # noqa: RUF012  # a named tuple has no other place

    def open(self, name: str) -> BinaryIO:
        self.opened.append(name)
        return super().open(name)


def an_hour_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the files of a test be old."""
    now = time.time_ns()
    monkeypatch.setattr(time, "time_ns", lambda: now + HOUR)


@pytest.fixture
def opened() -> list[str]:
    CountedFolder.opened.clear()
    return CountedFolder.opened


def test_verdicts_are_kept_by_content(
    tmp_path: Path, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_sound(tmp_path / "sound")
    an_hour_later(monkeypatch)
    gate = Gate(Options(base=str(BASE)))
    for _ in range(5):
        assert gate.judge_folder(folder, "sound", CountedFolder(folder)).passed
    assert opened.count("adapter_config.json") == 2  # kept when it came up again
    (folder / "README.md").write_text("---\nlicense: mit\n---\n")
    assert gate.judge_folder(folder, "sound", CountedFolder(folder)).passed
    assert opened.count("adapter_config.json") == 3


def test_verdicts_on_files_that_were_just_written_are_not_kept(
    tmp_path: Path, opened: list[str]
) -> None:
    folder = write_sound(tmp_path / "sound")
    gate = Gate(Options(base=str(BASE)))
    for _ in range(4):
        gate.judge_folder(folder, "sound", CountedFolder(folder))
    assert opened.count("adapter_config.json") == 4


def test_verdicts_depend_on_the_base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_sound(tmp_path / "sound")
    base = tmp_path / "base"
    base.mkdir()
    config = json.loads((BASE / "config.json").read_text())
    (base / "config.json").write_text(json.dumps(config))
    an_hour_later(monkeypatch)
    gate = Gate(Options(base=str(base)))
    for _ in range(3):
        assert gate.judge_folder(folder, "sound").passed
    config["hidden_size"] *= 2
    (base / "config.json").write_text(json.dumps(config))
    assert gate.judge_folder(folder, "sound").answer == "refused"


def cached_base(hub: Path, commit: str, width: int) -> None:
    """Let the cache of the Hub have the example as `org/base`, with factors of another width."""
    repo = hub / "models--org--base"
    config = json.loads((BASE / "config.json").read_text())
    snapshot = repo / "snapshots" / commit
    snapshot.mkdir(parents=True)
    (snapshot / "config.json").write_text(json.dumps(config | {"hidden_size": width}))
    (repo / "refs").mkdir(exist_ok=True)
    (repo / "refs" / "main").write_text(commit)


@pytest.mark.parametrize("named", ["org/base", None])
def test_verdicts_depend_on_the_commit_of_the_base(
    named: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    folder = write_sound(tmp_path / "sound")
    config = folder / "adapter_config.json"
    values = json.loads(config.read_text()) | {"base_model_name_or_path": "org/base"}
    config.write_text(json.dumps(values))
    cached_base(tmp_path / "hub", "a" * 40, 32)
    an_hour_later(monkeypatch)
    gate = Gate(Options(base=named))
    for _ in range(3):
        assert gate.judge_folder(folder, "sound").passed
    cached_base(tmp_path / "hub", "b" * 40, 64)
    assert gate.judge_folder(folder, "sound").answer == "refused"


@pytest.mark.parametrize("file", ["config.json", "own.json"])
def test_verdicts_depend_on_the_file_of_the_base(
    file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_sound(tmp_path / "sound")
    base = tmp_path / file
    config = json.loads((BASE / "config.json").read_text())
    base.write_text(json.dumps(config))
    an_hour_later(monkeypatch)
    gate = Gate(Options(base=str(base)))
    for _ in range(3):
        assert gate.judge_folder(folder, "sound").passed
    base.write_text(json.dumps(config | {"hidden_size": 64}))
    assert gate.judge_folder(folder, "sound").answer == "refused"


def test_verdicts_on_a_base_of_the_hub_are_kept(
    tmp_path: Path, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    folder = write_sound(tmp_path / "sound")
    cached_base(tmp_path / "hub", "a" * 40, 32)
    an_hour_later(monkeypatch)
    gate = Gate(Options(base="org/base"))
    for _ in range(5):
        assert gate.judge_folder(folder, "sound", CountedFolder(folder)).passed
    assert opened.count("adapter_config.json") == 2


class ChangingFolder(Folder):
    """A folder whose config is written again each time that it is read."""

    def open(self, name: str) -> BinaryIO:
        stream = super().open(name)
        path = self.path / "adapter_config.json"
        path.write_text(path.read_text() + " ")
        return stream


def test_a_folder_that_changes_while_it_is_read_is_not_judged(tmp_path: Path) -> None:
    folder = write_sound(tmp_path / "sound")
    verdict = Gate(Options(base=str(BASE))).judge_folder(folder, "sound", ChangingFolder(folder))
    assert (verdict.answer, verdict.reason) == ("failed", "its files changed while they were read")


def test_an_unusable_base_does_not_excuse_a_broken_adapter(tmp_path: Path) -> None:
    gate = Gate(Options(base=str(tmp_path / "missing")))
    assert gate.judge_folder(write_sound(tmp_path / "sound"), "sound").code == "LC005"
    verdict = gate.judge_folder(EXAMPLES / "edited-adapter", "edited")
    assert (verdict.answer, verdict.code) == ("refused", "LC503")
    assert "LC005" not in verdict.reason


def test_a_crash_is_a_failure_and_no_refusal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("loracfg.engine.case.report_of", crash)
    verdict = Gate(Options(base=str(BASE))).judge_folder(write_sound(tmp_path / "sound"), "sound")
    assert verdict.answer == "failed"
    assert "secret" not in verdict.reason


def test_states_of_files_follow_links_and_replacements(tmp_path: Path) -> None:
    (tmp_path / "one").write_text("1")
    (tmp_path / "two").write_text("2")
    link = tmp_path / "folder" / "link"
    link.parent.mkdir()
    link.symlink_to(tmp_path / "one")
    before = identity_of(link.parent)
    assert before == identity_of(link.parent)
    link.unlink()
    link.symlink_to(tmp_path / "two")
    after = identity_of(link.parent)
    assert after not in (None, before)
    (tmp_path / "two").unlink()
    assert identity_of(link.parent) not in (None, after)
    assert identity_of(tmp_path / "missing") is None


def test_recent_states_are_not_settled(tmp_path: Path) -> None:
    (tmp_path / "one").write_text("1")
    identity = identity_of(tmp_path)
    assert identity is not None
    changed = (tmp_path / "one").stat().st_ctime_ns
    assert not is_settled(identity, changed + 10**9)
    assert is_settled(identity, changed + 3 * 10**9)


def test_a_call_before_loading_raises(tmp_path: Path) -> None:
    folder = write_sound(tmp_path / "sound")
    assert check_adapter(folder, Options(base=str(BASE))).passed
    (folder / "adapter_model.safetensors").unlink()
    with pytest.raises(RefusedAdapterError) as raised:
        check_adapter(str(folder), Options(base=str(BASE)))
    assert raised.value.verdict.code == "LC401"
    assert "adapter `sound` was refused: LC401" in raised.value.message


def test_impossible_paths_are_failures() -> None:
    with pytest.raises(RefusedAdapterError, match="cannot list") as raised:
        check_adapter("null\0character")
    assert raised.value.message.isprintable()


def test_the_current_folder_has_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RefusedAdapterError, match=r"^adapter `\.` was refused: LC002"):
        check_adapter(".")


def test_reasons_have_neither_control_characters_nor_secrets(tmp_path: Path) -> None:
    folder = write_sound(tmp_path / "sound")
    config = folder / "adapter_config.json"
    data = json.loads(config.read_text())
    data["target_modules"] = ["q\x1b[31m\nproj" + "x" * 5000, "s3://u:secret@host/p?token=secret"]
    config.write_text(json.dumps(data))
    verdict = Gate(Options(base=str(BASE))).judge_folder(folder, "sound")
    text = " ".join((verdict.reason, *verdict.warnings))
    assert text.isprintable()
    assert "secret" not in text
    assert len(verdict.reason) < 700


def test_an_unreadable_folder_is_a_failure(tmp_path: Path) -> None:
    verdict = Gate(Options(base=str(BASE))).judge_folder(tmp_path / "missing", "missing")
    assert verdict.answer == "failed"
    assert os.sep in verdict.reason
