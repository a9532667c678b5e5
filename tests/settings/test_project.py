"""Which values hold for an adapter, wherever it is."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest

import loracfg
from loracfg.errors import LoracfgError
from loracfg.settings.project import ProjectSettings

TEXT = """
base = "base"
ignore = ["LC7"]
[paths]
"a/*" = { ignore = ["LC6"], class = "A" }
"org/name" = { class = "B" }
"""


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ProjectSettings:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "loracfg.toml").write_text(TEXT)
    (tmp_path / "base").mkdir()
    return loracfg.read_settings()


def test_a_different_base_is_not_named_in_the_file(settings: ProjectSettings) -> None:
    options = settings.options_for("a/x")
    assert options.base_place is not None
    assert options.with_arguments(base="base", online=True).base_place == options.base_place
    assert options.with_arguments(base="other").base_place is None


def test_one_path_or_several(settings: ProjectSettings) -> None:
    for paths in ("a/x", Path("a/x"), ["a/x"]):
        assert [one.path for one in settings.validate(paths).adapters] == ["a/x"]
    with pytest.raises(LoracfgError, match="`paths` cannot be `3`"):
        settings.validate([3])  # type: ignore[list-item]


def class_of(settings: ProjectSettings, path: str | Path) -> str | None:
    return settings.options_for(path).class_name


def test_an_adapter_in_an_archive_has_the_path_of_the_archive(
    settings: ProjectSettings, tmp_path: Path
) -> None:
    (tmp_path / "loracfg.toml").write_text('[paths]\n"many.zip/x" = { class = "A" }\n')
    settings = loracfg.read_settings()
    assert class_of(settings, "many.zip/x") == "A"
    (tmp_path / "many.zip").write_bytes(b"")
    assert class_of(settings, "many.zip/x") is None
    (tmp_path / "loracfg.toml").write_text('[paths]\n"many.zip" = { class = "A" }\n')
    assert class_of(loracfg.read_settings(), "many.zip/x") == "A"


def test_paths_in_every_form(settings: ProjectSettings, tmp_path: Path) -> None:
    for path in ("a/x", "./a/x/", "a/../a/x", "a/x.zip", tmp_path / "a" / "x", "a/x/y"):
        assert class_of(settings, path) == "A", path
    for path in (
        "a",
        "a/../x",
        "a/../b",
        "b/a/x",
        tmp_path.parent / "a" / "x",
        "/a/x",
        "https://example.org/a/x",
    ):
        assert class_of(settings, path) is None, path
    assert class_of(settings, "org/name") == "B"
    assert class_of(settings, "hf://org/name") is None


def test_files_of_an_adapter_mean_its_folder(settings: ProjectSettings, tmp_path: Path) -> None:
    (tmp_path / "a" / "x").mkdir(parents=True)
    (tmp_path / "a" / "x" / "adapter_config.json").write_text("{}")
    (tmp_path / "a" / "adapter_config.json").write_text("{}")
    assert class_of(settings, "a/x/adapter_config.json") == "A"
    assert class_of(settings, "a/adapter_config.json") is None


def test_links_to_the_project_lead_to_its_adapters(
    settings: ProjectSettings, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    link = tmp_path_factory.mktemp("elsewhere") / "link"
    link.symlink_to(tmp_path)
    assert class_of(settings, link / "a" / "x") == "A"
    assert class_of(settings, link.parent / "a" / "x") is None


def test_a_file_at_the_root_of_the_file_system(settings: ProjectSettings) -> None:
    assert settings.file
    top = settings._replace(file=settings.file._replace(path=Path("/loracfg.toml")))
    assert class_of(top, "/a/x") == "A"
    assert class_of(top, "/b/x") is None


def test_settings_can_be_sent_to_another_process(settings: ProjectSettings) -> None:
    assert pickle.loads(pickle.dumps(settings)) == settings  # noqa: S301  # ours


def test_lists_add_up_in_ignore_only(settings: ProjectSettings) -> None:
    assert settings.options_for("a/x").ignore == ("LC7", "LC6")
    assert settings.options_for("b").ignore == ("LC7",)


def test_the_base_is_found_from_anywhere(
    settings: ProjectSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert settings.options_for("b").base == "base"
    monkeypatch.chdir(tmp_path / "base")
    assert settings.options_for("b").base == "."
    monkeypatch.chdir("/")
    base = settings.options_for("b").base
    assert base
    assert Path(base).resolve() == (tmp_path / "base").resolve()


def test_a_current_directory_that_is_gone(settings: ProjectSettings, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    os.chdir(gone)
    gone.rmdir()
    assert settings.options_for(str(tmp_path / "a" / "x")).base == str(tmp_path / "base")


def test_engines_share_what_they_remember(settings: ProjectSettings) -> None:
    assert settings.engine_for("a/x") is settings.engine_for("a/y")
    assert settings.engine_for("a/x") is not settings.engine_for("b")
    assert settings.engine_for("a/x").caches is settings.engine_for("b").caches
