"""The examples on the pages of rules, edited and run in headless Chromium, below a path."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import pytest

from docs.website.site_versions import publish
from tests.browser.conftest import Seen, watching
from tests.browser.driving import overflows
from tests.browser.folder_server import serving_folder
from tests.browser.test_static_page import PATIENCE, SERIOUS
from tests.browser.written_page import content
from tests.npm import installed

pytestmark = pytest.mark.slow

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

FOLDS: Final = "details.live-example"
AXE: Final = "() => axe.run('details.live-example', { resultTypes: ['violations'] })"

FOLLOW: Final = """
(address) => {
  globalThis.stays = true;
  const link = Object.assign(document.createElement("a"), { href: address });
  document.querySelector("article").append(link);
  link.click();
}
"""


@pytest.fixture(scope="module")
def address(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The newest version of a site below a path, with an older one beside it."""
    pytest.importorskip("zensical", reason="needs the extra `docs`")
    engine = content()
    root = tmp_path_factory.mktemp("live")
    with serving_folder(root) as url:
        (root / "website/0.0").mkdir(parents=True)
        publish(root / "website", "0.1", f"{url}website/", root / "work", engine)
        assert browser
        assert len([*(root / "website").rglob("*.wasm")]) == 1
        yield f"{url}website/latest/"


@pytest.fixture(scope="module")
def opened(browser: Browser, address: str) -> Iterator[tuple[Page, Seen]]:
    """A page of a rule that the tests share, since each start of the engine takes seconds."""
    with watching(browser, f"{address}rules/LC503/") as one:
        one.page.set_default_timeout(PATIENCE)
        one.page.wait_for_selector(FOLDS)
        yield one.page, one.seen


def example(page: Page, number: int = 0) -> Locator:
    return page.locator(FOLDS).nth(number)


def go(page: Page, address: str, code: str) -> None:
    """Go to the page of a rule by links, which the theme follows without loading a document."""
    go_to_rule(page, address, code)
    page.wait_for_selector(FOLDS)


def go_to_rule(page: Page, address: str, code: str) -> None:
    for path, title in (("rules/", "Rules"), (f"rules/{code}/", code)):
        page.evaluate(FOLLOW, f"{address}{path}")
        page.wait_for_selector(f"h1 >> text={title}")
    assert page.evaluate("globalThis.stays")


def edit(field: Locator, old: str, new: str) -> None:
    text = field.input_value()
    assert text.count(old) == 1
    field.fill(text.replace(old, new))


def engine_starts(seen: Seen) -> int:
    return sum(one.url.endswith(".wasm") for one in seen.requests)


def test_edited_example_becomes_valid(opened: tuple[Page, Seen], address: str) -> None:
    page, seen = opened
    go(page, address, "LC503")
    is_open = [one.get_attribute("open") is not None for one in page.locator(FOLDS).all()]
    assert is_open[0]
    assert len(is_open) > 1
    assert not any(is_open[1:])
    config = example(page).get_by_label("adapter_config.json")
    assert engine_starts(seen) == 0
    example(page).get_by_role("button", name="Run").click()
    link = example(page).locator(".finding a.code")
    assert link.get_attribute("href") == f"{address}rules/LC503/"
    assert example(page).get_by_role("status").inner_text() == "invalid, 1 error"
    edit(config, '"r": 8', '"r": 4')
    example(page).locator(".valid").wait_for()
    assert example(page).locator(".finding").count() == 0
    example(page).get_by_role("button", name="Reset").click()
    link.wait_for()


def test_keyboard_and_the_next_page(opened: tuple[Page, Seen], address: str) -> None:
    page, seen = opened
    go(page, address, "LC105")
    config = example(page).get_by_label("adapter_config.json")
    config.focus()
    page.keyboard.press("Control+Enter")
    example(page).locator(".finding a.code >> text=LC105").wait_for()
    go(page, address, "LC503")
    example(page, 3).locator("summary").first.focus()
    page.keyboard.press("Enter")
    example(page, 3).get_by_role("button", name="Run").press("Enter")
    example(page, 3).locator(".valid").wait_for()
    assert engine_starts(seen) == 1


def test_config_of_the_base(opened: tuple[Page, Seen], address: str) -> None:
    page, _ = opened
    go(page, address, "LC503")
    sound = example(page, 3)
    sound.locator("summary").first.click()
    sound.locator("summary >> text=Config of the base").click()
    edit(sound.get_by_label("config.json", exact=True), '"hidden_size": 16', '"hidden_size": 32')
    sound.get_by_role("button", name="Run").click()
    sound.locator(".finding a.code >> text=LC608").wait_for()


def test_text_that_is_not_json(opened: tuple[Page, Seen], address: str) -> None:
    page, _ = opened
    go(page, address, "LC503")
    example(page).get_by_label("adapter_config.json").fill("{")
    example(page).get_by_role("button", name="Run").click()
    example(page).locator(".finding a.code >> nth=0").wait_for()


def test_adapter_without_a_config(opened: tuple[Page, Seen], address: str) -> None:
    page, _ = opened
    go(page, address, "LC003")
    example(page).get_by_role("button", name="Run").click()
    example(page).locator(".finding a.code >> text=LC003").wait_for()
    example(page).get_by_label("adapter_config.json").fill('{"peft_type": "LORA"}')
    example(page).locator(".finding a.code >> text=LC003").wait_for(state="detached")


def test_why_an_example_cannot_run(opened: tuple[Page, Seen], address: str) -> None:
    page, _ = opened
    for code, number, why in (
        ("LC921", 1, "a model in PyTorch"),
        ("LC709", 1, "is given no links"),
    ):
        go_to_rule(page, address, code)
        page.wait_for_selector(".live-example-note")
        notes = page.locator(".live-example-note").all_inner_texts()
        assert len(notes) == number
        assert why in notes[0]


@pytest.mark.parametrize("link", ["Try it", "Check an adapter in your browser", "Check your own"])
def test_what_leads_to_the_page(browser: Browser, address: str, link: str) -> None:
    start = f"{address}rules/LC503/" if link == "Check your own" else address
    with watching(browser, start, width=1400) as one:
        one.page.set_default_timeout(PATIENCE)
        one.page.locator("a", has_text=link).first.click()
        one.page.wait_for_selector("#adapter")
        assert urlsplit(one.page.url).path == "/website/0.1/try/"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessibility_and_phones(opened: tuple[Page, Seen], address: str, scheme: str) -> None:
    page, _ = opened
    script = installed(Path(__file__).parent) / "node_modules" / "axe-core" / "axe.min.js"
    page.set_viewport_size({"width": 360, "height": 740})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    go(page, address, "LC503")
    example(page).get_by_role("button", name="Run").click()
    example(page).locator(".finding").first.wait_for()
    assert not overflows(page)
    page.evaluate(script.read_text())
    found = [one for one in page.evaluate(AXE)["violations"] if one["impact"] in SERIOUS]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
