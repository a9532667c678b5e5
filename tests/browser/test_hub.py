"""Adapters on the Hub, read by the page without a server: nothing unless readers allow it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlsplit

import pytest
from loracfg_api.static_page.hub_place import hub_place

from tests.browser.conftest import Seen
from tests.browser.driving import choose, validate
from tests.browser.files import ADAPTER, BASE, EDITED, WEIGHTS, made_adapter
from tests.browser.test_static_page import PATIENCE, READY
from tests.browser.written_page import page_files_for, serving_files
from tests.hub_server import MAIN, OLD, Hub, Repo
from tests.hub_server import serving as serving_hub
from tests.web_server import WebServer, serving_web

pytestmark = pytest.mark.slow

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

FIRST: Final = "bytes=0-65535"


class Place(NamedTuple):
    """A page for a Hub, both on this machine, and the server of the Hub for large files."""

    page: Page
    seen: Seen
    hub: Hub
    files: WebServer

    def asked(self) -> list[tuple[str, str]]:
        """Return the paths and ranges that the Hub was asked for."""
        paths = [path for _, path, _ in self.hub.requests]
        return list(zip(paths, self.hub.ranges, strict=True))


def files_of(folder: Path, **config: object) -> dict[str, bytes]:
    found = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    fields = json.loads(found["adapter_config.json"]) | config
    return found | {"adapter_config.json": json.dumps(fields, indent=2).encode()}


def repos(folder: Path) -> dict[str, Repo]:
    fits = files_of(ADAPTER, base_model_name_or_path="org/base")
    names = [f"model.layers.{n}.a_module_with_a_long_name.q_proj" for n in range(300)]
    long = files_of(made_adapter(folder / "long", names))
    closed = {"base_model_name_or_path": "org/gated"}
    return {
        "org/base": Repo({"config.json": (BASE / "config.json").read_bytes()}),
        "org/adapter": Repo(fits, {"main": MAIN, "v1": OLD}),
        "org/edited": Repo(files_of(EDITED, base_model_name_or_path="org/none")),
        "org/long": Repo(long),
        "org/whole": Repo(long, has_ranges=False),
        "org/small": Repo(fits, has_ranges=False),
        "org/below": Repo({f"a b/{name}": data for name, data in fits.items()}),
        "org/local": Repo(files_of(ADAPTER, base_model_name_or_path="/home/x/llama")),
        "org/closed": Repo(files_of(ADAPTER, **closed)),
        "org/gated": Repo(refused=(403, "GatedRepo")),
        "org/denied": Repo(refused=(401, "")),
        "org/locked": Repo(refused=(403, "")),
        "org/busy": Repo(refused=(429, "")),
        "org/down": Repo(refused=(500, "")),
    }


@pytest.fixture(scope="module")
def place(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A page that the tests share, since each start takes seconds."""
    made = repos(tmp_path_factory.mktemp("hub"))
    with serving_hub(made) as hub, serving_web() as large:
        for name in ("org/adapter", "org/long"):
            large.add_folder(name, dict(made[name].files))
        files = page_files_for(hub_place(hub.address, [large.address]))
        with serving_files(files) as served:
            context = browser.new_context(service_workers="allow")
            context.set_default_timeout(PATIENCE)
            page, seen = context.new_page(), Seen()
            seen.watch(page)
            page.goto(served.url)
            page.wait_for_selector(READY)
            yield Place(page, seen, hub, large)
            context.close()


def read(place: Place, named: str) -> str:
    """Enter an id, wait for the answer, and return the status or the problem."""
    page = place.page
    place.hub.requests.clear()
    place.hub.ranges.clear()
    place.files.asked.clear()
    if not page.is_visible("#hub-allowed"):
        page.click("#hub > summary")
    page.check("#hub-allowed")
    page.fill("#hub-id", named)
    page.evaluate("document.querySelector('#status').textContent = ''")
    page.click("#hub-read")
    page.wait_for_function(
        "() => document.querySelector('#trouble .problem') "
        "|| /^(valid|invalid|undetermined)/.test(document.querySelector('#status').textContent)"
    )
    return page.inner_text("#trouble") or page.inner_text("#status")


def path(repo: str, name: str, revision: str = MAIN) -> str:
    return f"/{repo}/resolve/{revision}/{name}"


def test_nothing_is_asked_until_readers_allow_it(place: Place) -> None:
    page = place.page
    assert not page.is_checked("#hub-allowed")
    assert not page.is_visible("#hub-id")
    assert page.locator("iframe").count() == 0
    choose(page, EDITED, BASE / "config.json")
    validate(page)
    page.click("#hub > summary")
    assert place.hub.requests == []
    said = page.inner_text("#hub")
    for file in ("adapter_config.json", WEIGHTS, "config.json"):
        assert f"{place.hub.address}/OWNER/" in said
        assert file in said
    assert "64 KiB" in said
    page.click("#base-chosen button")


def test_exactly_these_ranges(place: Place) -> None:
    assert read(place, "org/adapter") == "valid"
    assert place.asked() == [
        (path("org/adapter", "adapter_config.json", "main"), FIRST),
        (path("org/adapter", WEIGHTS), FIRST),
        (path("org/base", "config.json", "main"), FIRST),
    ]
    assert {token for _, _, token in place.hub.requests} == {""}
    assert place.page.locator("#hub-asked li").count() == 3


def test_the_rest_of_a_long_header(place: Place) -> None:
    read(place, "org/long")
    weights = place.hub.repos["org/long"].files[WEIGHTS]
    end = 8 + int.from_bytes(weights[:8], "little")
    assert place.asked()[1:] == [
        (path("org/long", WEIGHTS), FIRST),
        (path("org/long", WEIGHTS), f"bytes=65536-{end - 1}"),
    ]
    assert sum(place.hub.sent[-2:]) == end < len(weights)


def test_redirects_to_the_server_for_large_files(place: Place) -> None:
    place.hub.large_at = place.files.address
    try:
        assert read(place, "org/adapter") == "valid"
    finally:
        place.hub.large_at = None
    assert [(one.path, one.headers["range"]) for one in place.files.asked] == [
        (f"/org/adapter/{WEIGHTS}", FIRST)
    ]


def test_redirects_to_no_other_server(place: Place) -> None:
    with serving_web() as other:
        place.hub.large_at = other.address
        try:
            said = read(place, "org/adapter")
        finally:
            place.hub.large_at = None
        assert "redirects to a server that this page may not ask" in said
        assert other.asked == []


def test_revisions_and_folders(place: Place) -> None:
    assert read(place, "org/adapter@v1") == "valid"
    assert place.asked()[0][0] == path("org/adapter", "adapter_config.json", "v1")
    assert place.asked()[1][0] == path("org/adapter", WEIGHTS, OLD)
    assert read(place, "hf://org/below/a b") == "valid"
    assert place.asked()[0][0] == path("org/below", "a%20b/adapter_config.json", "main")


def test_a_base_that_was_chosen_is_not_asked_for(place: Place) -> None:
    place.page.fill("#model-type", "llama")
    read(place, "org/adapter")
    assert len(place.hub.requests) == 2
    place.page.fill("#model-type", "")


@pytest.mark.parametrize(
    ("named", "message", "advice"),
    [
        ("org/none", "the Hub has no model org/none", "check the id"),
        ("org/base", "org/base has no adapter_config.json on the Hub at main", "check the id"),
        ("org/adapter@v9", "org/adapter has no revision v9", "use an existing branch"),
        ("org/gated", "org/gated is gated on the Hub", "accept its terms there, then download"),
        ("org/denied", "status 401 for org/denied", "download its files, and choose them here"),
        ("org/locked", "status 403 for org/locked", "download its files, and choose them here"),
        ("org/busy", "limiting requests", "try again later"),
        ("org/down", "status 500 for org/down", "try again later, or download its files"),
        ("org/whole", "sends no part of adapter_model.safetensors", "download its files"),
    ],
)
def test_refusals(place: Place, named: str, message: str, advice: str) -> None:
    said = read(place, named)
    assert message in said
    assert advice in said
    assert "HF_TOKEN" not in said


@pytest.mark.parametrize(
    "named",
    [
        "",
        "name",
        "../etc/passwd",
        "org/adapter/../../x",
        "org/adapter@..",
        "https://example.org/org/adapter",
        "hf://datasets/org/adapter",
        "org/adapter?x=1",
        "//example.org/x",
        "org/adapter/all.zip",
    ],
)
def test_what_is_no_id_is_not_asked_for(place: Place, named: str) -> None:
    place.seen.requests.clear()
    assert "help: " in read(place, named)
    assert place.seen.hosts() <= {urlsplit(place.page.url).netloc}


@pytest.mark.parametrize(
    ("named", "note"),
    [
        ("org/closed", "The base could not be read: org/gated is gated on the Hub"),
        ("org/edited", "The base could not be read: the Hub has no model org/none"),
        ("org/local", "No base was asked for: the config names /home/x/llama"),
    ],
)
def test_adapters_without_their_base(place: Place, named: str, note: str) -> None:
    assert read(place, named).startswith(("undetermined", "invalid"))
    assert note in place.page.inner_text("#hub-asked")


def test_small_files_of_servers_without_ranges(place: Place) -> None:
    assert read(place, "org/small") == "valid"


def test_only_the_frame_may_ask(place: Place) -> None:
    read(place, "org/adapter")
    place.hub.requests.clear()
    script = "url => fetch(url).then(() => 'sent', () => 'blocked')"
    assert place.page.evaluate(script, f"{place.hub.address}/x") == "blocked"
    assert place.hub.requests == []
    place.page.uncheck("#hub-allowed")
    assert place.page.locator("iframe").count() == 0
    assert not place.page.is_visible("#hub-id")


def test_a_hub_that_cannot_be_reached(place: Place) -> None:
    context = place.page.context
    place.page.check("#hub-allowed")
    context.set_offline(True)
    try:
        said = read(place, "org/adapter")
    finally:
        context.set_offline(False)
    assert "the Hub cannot be reached" in said
    assert "check the network" in said


def test_a_page_that_never_asks() -> None:
    files = page_files_for(None)
    assert "hub.html" not in files
    assert b"frame-src" not in files["index.html"]
    assert files["page/hub_place.js"] == b"export const HUB = null;\n"
