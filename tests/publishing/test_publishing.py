"""What a release is made of, and what of README.md is run after it is installed."""

from __future__ import annotations

import json
import re
import shutil
import urllib.request
from pathlib import Path

import pytest

from loracfg.urls import REPOSITORY
from tests.cli.running import ROOT
from tests.publishing.build import ReleaseError, checksums, notes_of, packaged_readme, version_of
from tests.publishing.changelog import sections
from tests.publishing.index import served, write_index
from tests.publishing.lines import lay_out, lines_of, statuses

MANIFESTS = ("package.json", "package-lock.json")
CHANGELOG = (
    "# Changes\n\n## 1.2.0 (unreleased)\n\nNew.\n\n### A\n\n- a\n\n## 1.1.0 (2026-01-02)\n\nOld.\n"
)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "loracfg").mkdir()
    (tmp_path / "loracfg/version.py").write_text('__version__: Final = "1.2.0"\n')
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG)
    return tmp_path


def test_a_changelog_has_sections() -> None:
    found = sections(CHANGELOG)
    assert [(one.version, one.when) for one in found] == [
        ("1.2.0", "unreleased"),
        ("1.1.0", "2026-01-02"),
    ]
    assert found[0].text == "New.\n\n### A\n\n- a"
    assert found[1].text == "Old."


def test_notes_are_those_of_the_version(checkout: Path) -> None:
    assert notes_of(checkout, None) == "New.\n\n### A\n\n- a\n"


@pytest.mark.parametrize(
    ("old", "new", "tag", "why"),
    [
        ("", "", "v1.2.1", "the tag is `v1.2.1`, but the version is `1.2.0`: tag `v1.2.0`"),
        ("", "", "v1.2.0", "CHANGELOG.md calls 1.2.0 unreleased: write the date there"),
        ("## 1.2.0", "## 1.3.0", None, "begins with `1.3.0`, but the version is `1.2.0`"),
    ],
)
def test_what_disagrees_is_not_released(
    checkout: Path, old: str, new: str, tag: str | None, why: str
) -> None:
    (checkout / "CHANGELOG.md").write_text(CHANGELOG.replace(old, new, 1) if old else CHANGELOG)
    with pytest.raises(ReleaseError, match=why):
        notes_of(checkout, tag)


def test_the_readme_of_a_package_has_whole_links() -> None:
    text = packaged_readme(ROOT)
    links = re.findall(r"\]\(([^)]+)\)", text)
    assert [link for link in links if not link.startswith(("https://", "#"))] == []
    at = f"{REPOSITORY}/raw/v{version_of(ROOT)}"
    assert f"]({at}/docs/images/terminal.svg)" in text
    ours = (ROOT / "README.md").read_text("utf-8")
    assert lines_of(text) == lines_of(ours)


def test_the_notes_of_a_release_have_whole_links() -> None:
    links = re.findall(r"\]\(([^)]+)\)", notes_of(ROOT, None))
    assert f"{REPOSITORY}/blob/v{version_of(ROOT)}/docs/paths.md" in links
    assert [link for link in links if not link.startswith("https://")] == []


def test_what_names_the_version_names_this_one() -> None:
    version = version_of(ROOT)
    manifests = [json.loads((ROOT / "docs/vscode" / name).read_text("utf-8")) for name in MANIFESTS]
    assert [one["version"] for one in manifests] == [version] * len(MANIFESTS)
    pages = {path: path.read_text("utf-8") for path in (ROOT / "docs").rglob("*.md")}
    hooks = {path: set(re.findall(r"\brev: v(\S+)", text)) for path, text in pages.items()}
    assert {path: found for path, found in hooks.items() if found - {version}} == {}
    assert any(hooks.values())


def test_an_index_has_a_page_for_each_project(tmp_path: Path) -> None:
    packages = tmp_path / "packages"
    packages.mkdir()
    for name in ("loracfg-1.2.0.tar.gz", "loracfg-1.2.0-py3-none-any.whl"):
        (packages / name).write_text(name)
    write_index(packages, tmp_path / "index")
    with served(tmp_path / "index") as url:
        page = fetched(f"{url}loracfg/")
        assert page.count("<a href=") == 2
        assert fetched(f"{url}loracfg/loracfg-1.2.0.tar.gz") == "loracfg-1.2.0.tar.gz"
    assert checksums(packages).splitlines()[1].endswith("  loracfg-1.2.0.tar.gz")


def fetched(url: str) -> str:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url) as answer:
        text: str = answer.read().decode()
    return text


def test_lines_of_a_page_are_run_or_say_why_not() -> None:
    page = "```sh\n$ loracfg rules   # all\nloracfg serve\nls\n```\n```text\nloracfg no\n```\n"
    sentence = "Run `uvx loracfg rules`, or `pip install 'loracfg[api]'`; `loracfg fix` repairs.\n"
    assert [(line.command, bool(line.why)) for line in lines_of(page + sentence)] == [
        ("loracfg rules", False),
        ("loracfg serve", True),
        ("uvx loracfg rules", False),
        ("pip install 'loracfg[api]'", True),
    ]


def test_readme_has_lines_that_run_and_folders_for_them(tmp_path: Path) -> None:
    run = [
        line.command for line in lines_of((ROOT / "README.md").read_text("utf-8")) if not line.why
    ]
    assert len(run) >= 3
    lay_out(ROOT / "docs/examples", tmp_path)
    assert (tmp_path / "adapter/adapter_config.json").exists()
    assert (tmp_path / "base/config.json").exists()
    shutil.rmtree(tmp_path)


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("loracfg rules", (0,)),
        ("uvx loracfg validate a", (0, 1)),
        ("loracfg diff a b", (0, 1)),
        ("pip install loracfg", (0,)),
    ],
)
def test_commands_that_find_something_may_say_so(command: str, expected: tuple[int, ...]) -> None:
    assert statuses(command) == expected
