"""What of the files is sent, as the requests show."""

from __future__ import annotations

from base64 import b64decode
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import Watched, serving, watching
from tests.browser.driving import choose, sent, validate
from tests.browser.files import ADAPTER, BASE, EDITED, WEIGHTS, header_bytes, made_adapter

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def test_only_headers_are_sent(watched: Watched) -> None:
    choose(watched.page, ADAPTER, [BASE / "config.json", BASE / "model.safetensors"])
    assert validate(watched.page) == "valid"
    posts = watched.seen.posted("/validate") + watched.seen.posted("/modules")
    assert len(posts) == 2
    for request in posts:
        body = sent(request)
        assert body.keys() == {"name", "config", "weights", "files", "options", "base"}
        assert body["weights"].keys() == {"head", "size", "file"}
        assert b64decode(body["weights"]["head"]) == header_bytes(ADAPTER / WEIGHTS)
        assert body["weights"]["size"] == (ADAPTER / WEIGHTS).stat().st_size
        shard = body["base"]["weights"]["model.safetensors"]
        assert shard.keys() == {"head", "size"}
        assert b64decode(shard["head"]) == header_bytes(BASE / "model.safetensors")
        assert body["config"] == (ADAPTER / "adapter_config.json").read_text()
        assert body["files"] == {}
    others = [one for one in watched.seen.requests if one.method != "GET" and one not in posts]
    assert others == []


@pytest.mark.parametrize("length", [2**62, 10_000_000, 30_000_000])
def test_of_a_header_that_cannot_be_only_the_beginning_is_sent(
    watched: Watched, tmp_path: Path, length: int
) -> None:
    damaged = tmp_path / WEIGHTS
    damaged.write_bytes(length.to_bytes(8, "little") + b"\x01" * 4000)
    choose(watched.page, [EDITED / "adapter_config.json", damaged])
    assert validate(watched.page) == "invalid, 1 error"
    (request,) = watched.seen.posted("/validate")
    assert b64decode(sent(request)["weights"]["head"]) == damaged.read_bytes()[:520]
    assert f"the header has {length} bytes" in watched.page.inner_text(".finding h3")


def test_header_longer_than_the_page_sends(watched: Watched, tmp_path: Path) -> None:
    large = tmp_path / WEIGHTS
    with large.open("wb") as stream:
        stream.write((30_000_000).to_bytes(8, "little"))
        stream.truncate(30_000_100)
    watched.page.set_input_files("#adapter-files-input", [large])
    said = watched.page.inner_text("#trouble .problem")
    assert (
        f"the header of {WEIGHTS} has 30000000 bytes, more than this page's limit of 25000000"
        in said
    )
    assert watched.seen.posted("/validate") == []


def test_of_a_pickle_both_ends_are_sent(watched: Watched, tmp_path: Path) -> None:
    mib = 1024 * 1024
    pickle = tmp_path / "adapter_model.bin"
    pickle.write_bytes(b"\x01" * (4 * mib) + b"\x02" * mib + b"\x03" * (4 * mib))
    choose(watched.page, [EDITED / "adapter_config.json", pickle])
    validate(watched.page)
    (request,) = watched.seen.posted("/validate")
    weights = sent(request)["weights"]
    assert (weights["file"], weights["size"]) == ("adapter_model.bin", 9 * mib)
    assert b64decode(weights["head"]) == b"\x01" * (4 * mib)
    assert b64decode(weights["tail"]) == b"\x03" * (4 * mib)


def test_other_files_are_named(watched: Watched, tmp_path: Path) -> None:
    folder = made_adapter(tmp_path / "named", ["model.layers.0.self_attn.q_proj"])
    (folder / "README.md").write_text("twelve bytes")
    inner = folder / "checkpoint-1" / "deeper"
    inner.mkdir(parents=True)
    (folder / "checkpoint-1" / "adapter_config.json").write_text("{}")
    (inner / "secret.txt").write_text("not named")
    choose(watched.page, folder)
    validate(watched.page)
    (request,) = watched.seen.posted("/validate")
    body = sent(request)
    assert body["name"] == "named"
    assert body["files"] == {
        "README.md": 12,
        "checkpoint-1/": 0,
        "checkpoint-1/adapter_config.json": 2,
    }


def test_options_are_sent(watched: Watched) -> None:
    page = watched.page
    choose(page, EDITED)
    page.click("#options summary")
    page.fill("#peft", "0.12")
    page.fill("#ignore", "LC5, LC617")
    validate(page)
    (request,) = watched.seen.posted("/validate")
    assert sent(request)["options"] == {"peft": "0.12", "ignore": ["LC5", "LC617"]}
    assert page.locator(".finding", has_text="LC503").count() == 0


@pytest.mark.slow
def test_token_is_asked_for(browser: Browser) -> None:
    with serving(LORACFG_TOKEN="secret") as url, watching(browser, url) as one:  # noqa: S106
        page = one.page
        choose(page, ADAPTER, BASE / "config.json")
        page.click("button[type=submit] >> text=Validate")
        for given in ("wrong", "secret"):
            page.wait_for_selector("#token[open]")
            page.fill("#token-input", given)
            page.keyboard.press("Enter")
        page.wait_for_selector("#coverage h2")
        assert page.inner_text("#status") == "valid"
        headers = [request.headers.get("authorization") for request in one.seen.posted("/validate")]
        assert headers == [None, "Bearer wrong", "Bearer secret"]
        (picture,) = one.seen.posted("/modules")
        assert picture.headers["authorization"] == "Bearer secret"
        assert page.evaluate("localStorage.length + sessionStorage.length") == 0
        page.reload()
        choose(page, ADAPTER)
        page.click("button[type=submit] >> text=Validate")
        page.wait_for_selector("#token[open]")
        page.keyboard.press("Escape")
        assert "requires a token" in page.inner_text("#trouble .problem")
