"""The page of `loracfg audit report`, opened from a file in headless Chromium."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.audit.report.fleets import HOSTILE, write_fleet
from tests.browser.driving import overflows
from tests.browser.test_inspection import opened
from tests.cli.running import call

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fleet")
    page = folder / "report.html"
    outcome = call("audit", "report", write_fleet(folder), "--format", "html", "--output", page)
    assert (outcome.status, outcome.out, outcome.err) == (0, "", "")
    return page


def test_tables_and_plots(browser: Browser, page_file: Path) -> None:
    with opened(browser, page_file) as page:
        first = page.locator("section").first
        assert first.locator("h2").inner_text() == "Adapters by status"
        assert first.locator("tbody th").first.inner_text() == "invalid"
        bars = first.locator("svg rect")
        widths = bars.evaluate_all("bars => bars.map(bar => bar.getBoundingClientRect().width)")
        counts = first.locator("tbody td:nth-of-type(1)").all_inner_texts()
        assert len(widths) == len(counts) == 4
        ratios = [width / int(count) for width, count in zip(widths, counts, strict=True)]
        assert max(ratios) == pytest.approx(min(ratios), rel=0.02)
        assert page.get_by_role("img", name="Adapters by base").count() == 1
        assert page.get_by_role("table", name="Newly broken", exact=True).count() == 1
        assert not overflows(page)


def test_contents_lead_to_tables(browser: Browser, page_file: Path) -> None:
    with opened(browser, page_file) as page:
        page.click("nav >> text=Duplicates by content")
        assert page.url.endswith("#duplicates")
        assert page.locator("#duplicates h2").is_visible()


def test_dark_and_narrow(browser: Browser, page_file: Path) -> None:
    fill = "bar => getComputedStyle(bar).fill"
    colours = {}
    for dark in (False, True):
        with opened(browser, page_file, 360, dark=dark) as page:
            assert not overflows(page)
            ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
            assert (ground == "rgb(21, 24, 27)") == dark
            bars = page.locator("rect.tone-good, rect.tone-error, rect.tone-quiet")
            colours[dark] = set(bars.evaluate_all(f"bars => bars.map({fill})"))
            assert len(colours[dark]) == 3
    assert colours[False].isdisjoint(colours[True])


def test_names_are_never_markup(browser: Browser, page_file: Path) -> None:
    with opened(browser, page_file) as page:
        assert page.locator("script, img, b").count() == 0
        shown = HOSTILE.replace("\x1b", "\\x1b")
        assert shown in page.locator("#bases tbody th").all_inner_texts()
        assert "\x1b" not in page.content()
