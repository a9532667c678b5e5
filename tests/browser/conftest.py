"""The service as a process of its own, and pages of headless Chromium that note what they do."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.cli.running import ROOT
from tests.service.serving import SERVE, without_settings
from tests.service.serving import serving as serve

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Request


@dataclass
class Seen:
    """What a page asked for, and what went wrong in it."""

    requests: list[Request] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("request", lambda request: self.requests.append(request))
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def posted(self, path: str) -> list[Request]:
        return [one for one in self.requests if urlsplit(one.url).path == path]

    def hosts(self) -> set[str]:
        inside = ("data:", "blob:")
        return {urlsplit(one.url).netloc for one in self.requests if not one.url.startswith(inside)}

    def _note(self, message: ConsoleMessage) -> None:
        # the browser notes answers of 400 and more by itself
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.errors.append(message.text)


@dataclass
class Watched:
    """A page, and what it did."""

    page: Page
    seen: Seen
    url: str


@contextmanager
def serving(**settings: str) -> Iterator[str]:
    """Run the service and give its address."""
    env = without_settings(PYTHONPATH=str(ROOT), **settings)
    with TemporaryDirectory() as folder, serve(SERVE, env, Path(folder, "log")) as address:
        yield f"{address}/"


# As long as the package and not the session: Playwright's event loop runs in this thread.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    api = pytest.importorskip("playwright.sync_api", reason="the page is tested with playwright")
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("no chromium")
    with api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture(scope="package")
def service(browser: Browser) -> Iterator[str]:  # after the browser, so that a skip starts nothing
    pytest.importorskip("uvicorn", reason="the page is served with uvicorn")
    with serving() as url:
        yield url


@pytest.fixture
def watched(browser: Browser, service: str) -> Iterator[Watched]:
    """A new page of the service, which in the end has had no error and asked no other host."""
    with watching(browser, service) as one:
        yield one


@contextmanager
def watching(
    browser: Browser, url: str, width: int = 1100, height: int = 800, *, dark: bool = False
) -> Iterator[Watched]:
    """Open the page, and check in the end what it did."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light"
    )
    context.set_default_timeout(10_000)
    seen = Seen()
    page = context.new_page()
    seen.watch(page)
    page.goto(url)
    try:
        yield Watched(page, seen, url)
        assert seen.errors == []
        assert seen.hosts() == {urlsplit(url).netloc}
    finally:
        context.close()
