"""What the page says when there is no report."""

from __future__ import annotations

from pathlib import Path

from tests.browser.conftest import Watched
from tests.browser.driving import choose, validate
from tests.browser.files import ADAPTER, BASE


def test_problem_is_a_sentence(watched: Watched) -> None:
    page = watched.page
    choose(page, ADAPTER)
    page.click("#options summary")
    page.fill("#peft", "9.9")
    page.keyboard.press("Enter")
    page.wait_for_selector("#trouble .problem")
    assert "9.9 is not a known release of PEFT" in page.inner_text("#trouble p >> nth=0")
    assert page.inner_text("#status") == ""
    page.fill("#peft", "0.12")
    validate(page)
    assert page.locator("#trouble .problem").count() == 0


def test_nothing_chosen(watched: Watched) -> None:
    watched.page.click("button[type=submit] >> text=Validate")
    said = watched.page.inner_text("#trouble .problem")
    assert said.split("\n\n") == ["no adapter chosen", "help: choose its folder or files"]


def test_config_that_is_no_text(watched: Watched, tmp_path: Path) -> None:
    config = tmp_path / "adapter_config.json"
    config.write_bytes(b'{"r": "\xff"}')
    choose(watched.page, [config])
    assert validate(watched.page).startswith("invalid")
    assert "LC013" in watched.page.inner_text("#report")


def test_service_that_does_not_answer(watched: Watched) -> None:
    watched.page.route("**/validate", lambda route: route.abort())
    choose(watched.page, ADAPTER)
    watched.page.click("button[type=submit] >> text=Validate")
    assert "does not respond" in watched.page.inner_text("#trouble .problem")


def test_report_stands_without_its_picture(watched: Watched) -> None:
    problem = {"title": "Service Unavailable", "status": 503, "detail": "the service is busy"}
    watched.page.route("**/modules", lambda route: route.fulfill(status=503, json=problem))
    choose(watched.page, ADAPTER, BASE / "config.json")
    assert validate(watched.page) == "valid"
    assert "the service is busy" in watched.page.inner_text("#coverage .problem")
