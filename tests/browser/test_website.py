"""The site of the documentation as a browser shows it, published as a version beside others."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

import pytest

from docs.website.site_versions import publish
from tests.browser.conftest import Seen
from tests.browser.driving import overflows
from tests.browser.folder_server import serving_folder

pytestmark = pytest.mark.slow

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

MESSAGE = """
RuntimeError: Error(s) in loading state_dict for PeftModelForCausalLM:
size mismatch for base_model.model.model.embed_tokens.weight: copying a param with shape
torch.Size([32002, 4096]) from checkpoint, the shape in current model is torch.Size([32000, 4096]).
"""
LOADED_LATE = ("/sitemap.xml", "/versions.json", "/search.json", "/favicon.png", ".min.js")
"""The ends of what the theme loads on every page; on a busy machine, after the page is shown."""


@pytest.fixture(scope="module")
def address(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    pytest.importorskip("zensical", reason="needs the extra `docs`")
    folder = tmp_path_factory.mktemp("published")
    (folder / "0.0").mkdir()
    with serving_folder(folder) as url:
        publish(folder, "0.1", url, tmp_path_factory.mktemp("work"))
        assert browser
        yield url


def opened(
    browser: Browser, url: str, width: int = 1280, scheme: Literal["light", "dark"] = "light"
) -> tuple[Page, Seen]:
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})
    page, seen = context.new_page(), Seen()
    seen.watch(page)
    page.goto(url, wait_until="networkidle")
    return page, seen


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("path", ["", "rules/LC503/", "failure-modes/", "reference/commands/"])
def test_pages_fit_and_ask_nobody_else(
    browser: Browser, address: str, path: str, width: int
) -> None:
    page, seen = opened(browser, f"{address}latest/{path}", width)
    assert page.locator("h1").count() == 1
    assert not overflows(page)
    assert seen.errors == []
    assert seen.hosts() == {urlsplit(address).netloc}
    page.context.close()


def test_addresses_without_a_version_lead_to_the_newest(browser: Browser, address: str) -> None:
    page, _ = opened(browser, f"{address}rules/LC503#how-to-fix-it")
    page.wait_for_url(f"{address}latest/rules/LC503/#how-to-fix-it")
    assert "LC503" in page.locator("h1").inner_text()
    page.context.close()


def test_other_versions_are_offered(browser: Browser, address: str) -> None:
    page, _ = opened(browser, f"{address}latest/")
    links = page.locator(".md-version__link")
    links.first.wait_for(state="attached")
    assert links.all_text_contents() == ["0.1", "0.0"]
    page.context.close()


def test_the_system_chooses_dark(browser: Browser, address: str) -> None:
    grounds = set()
    for scheme in ("light", "dark"):
        page, _ = opened(browser, f"{address}latest/", scheme=scheme)
        grounds.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        page.context.close()
    assert len(grounds) == 2


def test_a_pasted_message_finds_its_failure(browser: Browser, address: str) -> None:
    page, seen = opened(browser, f"{address}latest/failure-modes/")
    before = len(seen.requests)
    page.get_by_label("Error message").fill(MESSAGE)
    first = page.locator("#error-search tbody tr").first
    assert "EMB-01" in first.inner_text()
    assert first.get_by_role("link", name="LC606").count() == 1
    later = [one.url for one in seen.requests[before:]]
    assert [url for url in later if not url.endswith(LOADED_LATE)] == []
    page.get_by_label("Error message").fill("zzz qqq")
    assert page.locator("#error-search").inner_text().endswith("Nothing like it is known.")
    page.context.close()


def test_pasted_messages_find_their_failures(browser: Browser, address: str) -> None:
    page, _ = opened(browser, f"{address}latest/failure-modes/")
    wrong = []
    for pasted in json.loads(Path(__file__).with_name("pasted_messages.json").read_text("utf-8")):
        page.get_by_label("Error message").fill(pasted["message"])
        rows = page.locator("#error-search tbody tr td:first-child").all_text_contents()
        found = [row.split()[0] for row in rows]
        if found[0] != pasted["first"] or not {*pasted.get("also", ())} <= {*found}:
            wrong.append((pasted["message"], found))
    assert wrong == []
    page.context.close()


def test_what_is_published_beside_pages(
    address: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = next(iter(tmp_path_factory.getbasetemp().glob("published*")))
    versions = json.loads((folder / "versions.json").read_text("utf-8"))
    assert [one["aliases"] for one in versions] == [["latest"], []]
    assert (folder / "schema/report.schema.json").is_file()
    for line in (folder / "llms.txt").read_text("utf-8").splitlines():
        if line.startswith("- ["):
            assert Path(folder, line.partition("](")[2].partition(")")[0]).is_file(), line
    assert address
