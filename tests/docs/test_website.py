"""The site builds without a warning, and has every address that loracfg gives out."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from docs.website.links import BrokenLinkError, moved
from docs.website.pages import places
from docs.website.site_build import BuildError, build, named_pages, site_settings
from loracfg.config.schema.schema_files import URL as SCHEMAS
from loracfg.rules.registry import own_rules
from loracfg.runtimes.building.schema import ADDRESS
from loracfg.urls import REPOSITORY, SITE
from tests.cli.running import ROOT

pytestmark = pytest.mark.slow

SITE_LINK: Final = ("href", "src", "srcset")


class _Page(HTMLParser):
    """The links and the anchors of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in SITE_LINK and value:
                self.links.add(value)
            elif name in ("id", "name") and value:
                self.anchors.add(value)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("zensical", reason="needs the extra `docs`")
    return build(tmp_path_factory.mktemp("website"))


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, _Page]:
    """The pages by their path in the site."""
    found = sorted(site.rglob("*.html"))
    return {path.relative_to(site).as_posix(): _Page(path.read_text("utf-8")) for path in found}


def file_of(address: str) -> str:
    """Return the path of the file that a static server gives for an address of the site."""
    path = unquote(urlsplit(address).path).lstrip("/")
    is_page = not path or path.endswith("/") or "." not in posixpath.basename(path)
    return posixpath.join(path, "index.html") if is_page else path


def given_out() -> Iterator[str]:
    """Yield every address of the site that findings, schemas and `loracfg editor` give out."""
    yield from (rule.url for rule in own_rules())
    yield ADDRESS
    for path in (ROOT / "schema").glob("*.json"):
        yield f"{SCHEMAS}{path.name}"
        if "$id" in (schema := json.loads(path.read_text("utf-8"))):
            yield schema["$id"]


def test_every_address_that_is_given_out_exists(site: Path) -> None:
    addresses = list(given_out())
    assert all(address.startswith(SITE) for address in addresses)
    assert [one for one in addresses if not (site / file_of(one)).is_file()] == []


def test_every_link_of_the_site_leads_somewhere(site: Path, pages: dict[str, _Page]) -> None:
    broken = []
    for name, page in pages.items():
        if name == "404.html":  # shown for any address, so its links begin with that of the site
            continue
        for link in page.links:
            url = urlsplit(urljoin(f"{SITE}{name}", link))
            if not url.geturl().startswith(SITE):
                continue
            target = file_of(url.path)
            found = pages[target].anchors if target in pages else set()
            lacks_anchor = url.fragment and target in pages and unquote(url.fragment) not in found
            if not (site / target).is_file() or lacks_anchor:
                broken.append((name, link))
    assert broken == []


def test_every_link_of_the_pages_as_markdown_leads_somewhere(site: Path) -> None:
    pages = {
        path.relative_to(site).as_posix(): path.read_text("utf-8") for path in site.rglob("*.md")
    }
    assert "rules/LC503.md" in pages
    for name, text in pages.items():
        moved(text, name, {}, site)  # raises an error for a link to a file that is not there
        assert "<!--" not in text, name


def test_links_to_the_repository_lead_to_files(pages: dict[str, _Page]) -> None:
    found = {link for page in pages.values() for link in page.links if link.startswith(REPOSITORY)}
    paths = [link.removeprefix(REPOSITORY).split("#")[0].split("/", 3) for link in found]
    named = [parts[3] for parts in paths if parts[1:2] in (["blob"], ["tree"])]
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_menu_names_pages_once() -> None:
    menu = list(named_pages(site_settings(SITE)["nav"]))
    assert len(menu) == len(set(menu))
    assert set(menu) <= set(places().values())


def test_a_page_loads_nothing_from_elsewhere(site: Path) -> None:
    """No font, script or style: readers are known to nobody, and the site works offline."""
    page = (site / "index.html").read_text("utf-8")

    class Loaded(HTMLParser):
        found: Final[list[str]] = []

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            given = dict(attrs)
            if tag in ("script", "img", "link") and given.get("rel") != "canonical":
                self.found.append(given.get("src") or given.get("href") or "")

    loaded = Loaded()
    loaded.feed(page)
    assert loaded.found
    assert [one for one in loaded.found if urlsplit(one).netloc] == []


def test_a_broken_link_or_heading_stops_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("zensical", reason="needs the extra `docs`")

    def stage_one(folder: Path) -> None:
        folder.mkdir(parents=True)
        (folder / "index.md").write_text("# Title\n\n[no such heading](#nowhere)\n", "utf-8")

    monkeypatch.setattr("docs.website.site_build.stage", stage_one)
    monkeypatch.setattr(
        "docs.website.site_build.site_settings",
        lambda _: {
            "site_name": "x",
            "docs_dir": "pages",
            "validation": {"invalid_link_anchors": True},
        },
    )
    with pytest.raises(BuildError, match="anchor does not exist") as raised:
        build(tmp_path / "built")
    assert "Traceback" not in str(raised.value)


PLACES: Final = {"docs/a.md": "a.md", "docs/b/c.md": "b/c.md", "README.md": "index.md"}


@pytest.mark.parametrize(
    ("page", "text", "expected"),
    [
        ("docs/a.md", "[x](b/c.md#y)", "[x](b/c.md#y)"),
        ("docs/b/c.md", "[`x`](../a.md)", "[`x`](../a.md)"),
        ("docs/b/c.md", "[x](../../README.md)", "[x](../index.md)"),
        ("docs/a.md", "[x](../pyproject.toml)", f"[x]({REPOSITORY}/blob/main/pyproject.toml)"),
        ("docs/a.md", "[x](examples)", f"[x]({REPOSITORY}/tree/main/docs/examples)"),
        ("docs/a.md", "`[x](nowhere)` [x](#y)", "`[x](nowhere)` [x](#y)"),
        ("docs/a.md", "```md\n[x](nowhere)\n```\n", "```md\n[x](nowhere)\n```\n"),
        ("docs/b/c.md", '<img src="../../LICENSE">', f'<img src="{REPOSITORY}/blob/main/LICENSE">'),
    ],
)
def test_links_follow_pages(page: str, text: str, expected: str) -> None:
    assert moved(text, page, PLACES, ROOT) == expected


def test_a_link_to_no_file_is_an_error() -> None:
    with pytest.raises(BrokenLinkError, match=r"docs/a.md has a link to `nowhere.md`"):
        moved("[x](nowhere.md)", "docs/a.md", PLACES, ROOT)


def test_without_an_engine_no_example_is_live(site: Path) -> None:
    page = (site / "rules/LC503/index.html").read_text("utf-8")
    assert 'data-rule="LC503"' in page
    assert "live-examples" not in page
    assert not (site / "rules/LC503/examples.json").exists()


def test_without_an_engine_nothing_leads_to_it(site: Path) -> None:
    page = (site / "index.html").read_text("utf-8")
    assert f"{SITE}try/" not in page
    assert "in your browser" not in page
