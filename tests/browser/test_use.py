"""The page by keyboard, in the dark and on a phone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import Watched, watching
from tests.browser.driving import choose, overflows, validate
from tests.browser.files import BASE, EDITED, made_adapter

pytestmark = pytest.mark.slow

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


def test_keyboard_alone(watched: Watched) -> None:
    page = watched.page
    # a chooser that opens before anyone listens for one is lost
    page.on("filechooser", lambda chooser: None)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "adapter-folder"
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(EDITED)
    page.wait_for_selector("#adapter-chosen li")
    tab_to(page, "base-files")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files([BASE / "config.json"])
    page.wait_for_selector("#base-chosen li")
    tab_to(page, "model-type")
    page.keyboard.press("Enter")
    page.wait_for_selector("#coverage h2")
    tab_to(page, "LC503")
    page.keyboard.press("Enter")
    page.wait_for_selector("#rule[open]")
    page.keyboard.press("Escape")
    page.wait_for_selector("#rule", state="hidden")
    assert page.evaluate("document.activeElement.textContent") == "LC503"
    tab_to(page, "scroll")


def tab_to(page: Page, name: str) -> None:
    """Press Tab until something of that id, text or class has the focus."""
    script = "e => [e.id, e.textContent, e.className]"
    for _ in range(25):
        page.keyboard.press("Tab")
        if name in page.evaluate(f"({script})(document.activeElement)"):
            return
    pytest.fail(f"Tab does not reach `{name}`")


def test_result_is_announced(watched: Watched) -> None:
    status = watched.page.locator("#status")
    assert status.get_attribute("aria-live") == "polite"
    choose(watched.page, EDITED)
    assert validate(watched.page) == "invalid, 1 error"


def colours(page: Page) -> tuple[int, int]:
    """Return how light the text and the ground are."""
    styles = page.evaluate(
        "(s => [s.color, s.backgroundColor])(getComputedStyle(document.body))",
    )
    text, ground = (sum(int(n) for n in style[4:-1].split(",")) for style in styles)
    return text, ground


def test_dark_mode(browser: Browser, service: str, watched: Watched) -> None:
    text, ground = colours(watched.page)
    assert text < ground
    with watching(browser, service, dark=True) as dark:
        text, ground = colours(dark.page)
        assert text > ground


def test_phone(browser: Browser, service: str, tmp_path: Path) -> None:
    long = "a_module_with_a_name_that_is_wider_than_any_phone_and_has_no_place_to_break_it"
    modules = [f"model.layers.{n}.{long}_{m}" for n in range(3) for m in range(30)]
    folder = made_adapter(tmp_path / "wide", modules, r=3, **{long * 2: 1})
    with watching(browser, service, width=360, height=740) as phone:
        assert not overflows(phone.page)
        choose(phone.page, folder)
        validate(phone.page)
        assert phone.page.locator(".finding").count() > 0
        assert not overflows(phone.page)
        box = phone.page.locator(".scroll").first
        assert box.evaluate("box => box.scrollWidth > box.clientWidth")
        phone.page.goto(service + "#LC503")
        phone.page.wait_for_selector("#rule[open]")
        assert not overflows(phone.page)
