"""Folders without an adapter are searched for some."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

import loracfg
from tests.cli.running import Outcome, call, run, write_adapter

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def names(outcome: Outcome) -> list[str]:
    """Return the paths of the adapters in a report as JSON."""
    return [one["path"] for one in json.loads(outcome.out)["adapters"]]


def found(folder: Path, *arguments: str | Path) -> list[str]:
    """Return the adapters found from a folder, as it is named when it is the current one."""
    outcome = run("validate", "--format", "json", *arguments, cwd=folder)
    assert outcome.err == ""
    return names(outcome)


def write_adapters(root: Path, *folders: str) -> Path:
    for folder in folders:
        write_adapter(root / folder)
    return root


def test_the_current_folder_is_the_default(tmp_path: Path) -> None:
    write_adapters(tmp_path, "b", "a")
    assert found(tmp_path) == found(tmp_path, ".") == ["a", "b"]


def test_the_current_folder_may_be_an_adapter(adapter: Path) -> None:
    assert found(adapter) == ["."]


def test_numbers_are_in_their_order(tmp_path: Path) -> None:
    write_adapters(tmp_path, "checkpoint-10", "checkpoint-9", "checkpoint-2", "checkpoint-010", "a")
    order = ["a", "checkpoint-2", "checkpoint-9", "checkpoint-010", "checkpoint-10"]
    assert found(tmp_path) == order


def test_an_adapter_that_is_named_is_the_only_one(tmp_path: Path) -> None:
    write_adapters(tmp_path, "out", "out/checkpoint-1", "out/checkpoint-2")
    assert found(tmp_path, "out") == ["out"]
    assert found(tmp_path / "out") == ["."]


def test_a_search_goes_on_below_an_adapter(tmp_path: Path) -> None:
    write_adapters(tmp_path, "out", "out/checkpoint-1", "out/deep/er", "z")
    assert found(tmp_path) == ["out", "out/checkpoint-1", "out/deep/er", "z"]


def test_one_is_judged_once(tmp_path: Path) -> None:
    write_adapters(tmp_path, "x/a", "x/b")
    assert found(tmp_path, "x/b", "x", "x/a/adapter_config.json") == ["x/b", "x/a"]


def test_only_weights_are_an_adapter_too(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/adapter_model.bin").write_bytes(b"")
    (tmp_path / "b/adapter_model.safetensors").mkdir(parents=True)
    assert found(tmp_path) == ["a", "b"]


def test_the_cache_of_the_hub(tmp_path: Path) -> None:
    repo = "models--org--name"
    for commit in (COMMIT, COMMIT[::-1]):
        write_adapter(tmp_path / repo / "snapshots" / commit / "sub")
    write_adapters(tmp_path, f"{repo}/blobs/x", f"{repo}/refs", f"{repo}/.no_exist/x", "blobs/x")
    both = [f"{repo}/snapshots/{commit}/sub" for commit in (COMMIT, COMMIT[::-1])]
    assert sorted(found(tmp_path)) == sorted(["blobs/x", *both])
    assert sorted(found(tmp_path, repo)) == sorted(both)


@pytest.mark.parametrize(
    "hidden", [".git", ".venv", ".x", "node_modules", "__pycache__", "site-packages"]
)
def test_hidden_folders_are_skipped_unless_they_are_named(tmp_path: Path, hidden: str) -> None:
    write_adapters(tmp_path, f"{hidden}/a", "seen")
    assert found(tmp_path) == ["seen"]
    assert found(tmp_path, hidden) == [f"{hidden}/a"]


def test_links_are_followed_but_not_in_circles(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    write_adapters(root, "real", ".store/kept")
    write_adapters(outside, "far", "deep/er")
    (root / "latest").symlink_to("real")  # is found where it is
    (root / "kept").symlink_to(".store/kept")  # is not
    (root / "up").symlink_to(tmp_path)
    (root / "self").symlink_to(root)
    (root / "loop").symlink_to("loop")
    (root / "dead").symlink_to("nowhere")
    (root / "to-outside").symlink_to(outside)
    (root / "z-again").symlink_to(outside / "far")
    (outside / "back").symlink_to(outside)
    (outside / "root").symlink_to(root)
    assert found(root) == ["kept", "real", "to-outside/deep/er", "to-outside/far"]


def test_a_link_that_is_named_is_searched(tmp_path: Path) -> None:
    write_adapters(tmp_path, "real/a")
    (tmp_path / "link").symlink_to("real")
    assert found(tmp_path, "link") == ["link/a"]


def test_links_to_one_another_end(tmp_path: Path) -> None:
    for one in range(12):
        (tmp_path / f"out/{one}").mkdir(parents=True)
        for other in range(12):
            (tmp_path / f"out/{one}/{other}").symlink_to(tmp_path / f"out/{other}")
    (tmp_path / "in").mkdir()
    (tmp_path / "in/link").symlink_to(tmp_path / "out")
    outcome = run("validate", tmp_path / "in", "--format", "json")
    assert names(outcome) == [str(tmp_path / "in")]


@pytest.mark.parametrize(
    ("patterns", "left"),
    [
        (("checkpoint-*",), ["a/b", "a/old", "c"]),
        (("checkpoint-?", "old/"), ["a/b", "c"]),
        (("a/b",), ["a/checkpoint-1", "a/old", "c", "c/checkpoint-2"]),
        (("b/checkpoint-1", "a/*"), ["c", "c/checkpoint-2"]),
        (("**/checkpoint-[2-9]",), ["a/b", "a/checkpoint-1", "a/old", "c"]),
        (("./a", "c/**"), ["c"]),
        (("a/**/old", "**/b", "nowhere/**"), ["a/checkpoint-1", "c", "c/checkpoint-2"]),
        (("[!a]",), ["a/checkpoint-1", "a/old"]),
    ],
)
def test_patterns_of_what_is_left_out(
    tmp_path: Path, patterns: tuple[str, ...], left: list[str]
) -> None:
    write_adapters(tmp_path, "a/b", "a/checkpoint-1", "a/old", "c", "c/checkpoint-2")
    arguments = [part for pattern in patterns for part in ("--exclude", pattern)]
    assert found(tmp_path, *arguments) == left
    assert found(tmp_path, "c", *arguments) == ["c"]  # what is named is never left out


def test_an_absolute_pattern(tmp_path: Path) -> None:
    write_adapters(tmp_path, "a/b", "c/b")
    assert found(tmp_path, "--exclude", f"{tmp_path}/a/*") == ["c/b"]
    assert found(tmp_path / "a", "..", "--exclude", "../c") == ["../a/b"]


def test_a_current_folder_with_special_characters(tmp_path: Path) -> None:
    write_adapters(tmp_path / "[x]*", "a/b", "c")
    assert found(tmp_path / "[x]*", "--exclude", "a/b") == ["c"]


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("", "an empty pattern excludes nothing"),
        ("/", "an empty pattern excludes nothing"),
        ("!a", "`!a`: patterns that begin with `!` are not supported; to exclude a name that"),
        ("[", "`[` is not a pattern of paths; close each `[`"),
        ("a/***", "`a/***` is not a pattern of paths"),
        ("a**", "`a**` is not a pattern of paths"),
    ],
)
def test_patterns_that_are_refused(tmp_path: Path, pattern: str, message: str) -> None:
    outcome = call("validate", tmp_path, "--exclude", pattern)
    assert (outcome.status, outcome.out) == (2, "")
    assert message in outcome.err
    assert outcome.err.count("\n") == 1


def test_nothing_is_found(tmp_path: Path) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    outcome = call("validate", tmp_path)
    assert outcome.status == 2
    assert "LC002" in outcome.out
    assert "; no adapter in 2 folders below it, 1 folder skipped\n" in outcome.out
    assert "skipped" not in call("validate", tmp_path / "a").out
    assert "below" not in call("validate", tmp_path / "a/b").out
    for arguments in (("-q",), ("--format", "concise"), ("--statistics",)):
        assert call("validate", tmp_path, *arguments).status == 2


def test_everything_is_excluded(tmp_path: Path) -> None:
    write_adapters(tmp_path, "old/a", "a")
    (tmp_path / ".git").mkdir()
    arguments = ("--exclude", "old", "--exclude", "a")
    outcome = call("validate", tmp_path, *arguments)
    assert outcome.status == 2
    assert "; 2 folders excluded, 1 folder skipped\n" in outcome.out
    assert "= help: exclude less\n" in outcome.out


def test_a_folder_that_cannot_be_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_adapters(tmp_path, "a", "locked", "z")
    scandir = os.scandir

    def refuse(path: str | Path) -> object:
        if Path(path).name == "locked":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    outcome = call("validate", tmp_path, "--format", "json")
    reports = json.loads(outcome.out)["adapters"]
    assert (outcome.status, [one["status"] for one in reports][1]) == (2, "error")
    assert len(reports) == 3
    assert "Permission denied" in reports[1]["diagnostics"][0]["message"]


def test_a_deep_folder_ends(tmp_path: Path) -> None:
    deep = tmp_path
    for _ in range(400):
        deep /= "d"
        deep.mkdir()
    write_adapter(deep / "a")
    (report,) = loracfg.validate(tmp_path).adapters
    assert report.path == str(deep / "a")


def test_the_library_searches(tmp_path: Path) -> None:
    write_adapters(tmp_path, "x/a", "x/b", "y")
    paths = [str(tmp_path / name) for name in ("x/a", "x/b", "y")]
    assert [one.path for one in loracfg.validate([tmp_path / "x", tmp_path]).adapters] == paths
    engine = loracfg.Engine(loracfg.Options(exclude=("b",)))
    assert [one.path for one in engine.reports(tmp_path)] == [paths[0], paths[2]]
    assert len(loracfg.validate(tmp_path, exclude=("x",)).adapters) == 1


def test_a_trace_of_what_is_found(tmp_path: Path) -> None:
    write_adapters(tmp_path, "x", "y")
    lines = call("validate", tmp_path, "--trace", "LC690").out.splitlines()[-2:]
    assert [f" in {tmp_path / name}: " in line for name, line in zip("xy", lines, strict=True)]
