"""What the worker says about ids on the Hub, the bases of configs, and answers of the Hub."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from loracfg_api.static_page.hub_place import HUGGING_FACE, hub_place
from loracfg_api.static_page.in_browser import Browser

from loracfg.errors import LoracfgError
from tests.cli.running import call


@pytest.fixture
def browser() -> Browser:
    return Browser(None)


def answered(browser: Browser, address: str, body: object = None) -> Any:
    text = None if body is None else json.dumps(body)
    return json.loads(browser.answer(address, text).content)


@pytest.mark.parametrize(
    ("text", "repo", "revision", "inside"),
    [
        ("org/name", "org/name", "main", ""),
        ("org/name@v1.0", "org/name", "v1.0", ""),
        ("org/name@refs/pr/1", "org/name", "refs/pr/1", ""),
        ("org/name@v1/some/folder", "org/name", "v1", "some/folder"),
        ("org/name/folder/adapter_config.json", "org/name", "main", "folder"),
        ("hf://org/name", "org/name", "main", ""),
        ("https://huggingface.co/org/name/tree/v1/folder", "org/name", "v1", "folder"),
    ],
)
def test_ids(browser: Browser, text: str, repo: str, revision: str, inside: str) -> None:
    found = answered(browser, f"hub/{quote(text, safe='')}")
    assert found == {"repo": repo, "revision": revision, "inside": inside}


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "/etc/passwd",
        "..",
        "a/..",
        "a/b/../c",
        "a/b@",
        "a/b@..",
        "a/b@x..y",
        "a/b@.hidden",
        "a/b@x y",
        "a/b\n",
        "a/b%2f..",
        "http://a/b/c",
        "http://huggingface.co.example.org/a/b",
        "file:///a/b",
        "s3://a/b",
        "a/b.zip/c.zip",
        "ä/b",
        "a" * 5000,
    ],
)
def test_what_is_no_id(browser: Browser, text: str) -> None:
    answer = browser.answer(f"hub/{quote(text, safe='')}", None)
    assert answer.status in (404, 422)
    assert len(json.loads(answer.content)["detail"]) < 300


@pytest.mark.parametrize(
    ("config", "repo", "revision"),
    [
        ({"base_model_name_or_path": "org/base"}, "org/base", "main"),
        ({"base_model_name_or_path": "gpt2"}, "gpt2", "main"),
        ({"base_model_name_or_path": "org/base", "revision": "v2"}, "org/base", "v2"),
        ({"base_model_name_or_path": "/home/me/base"}, None, "`/home/me/base`"),
        ({"base_model_name_or_path": "https://example.org/base"}, None, "is not an id"),
        ({"base_model_name_or_path": "org/base", "revision": ".."}, None, "not a valid revision"),
        ({}, None, "names no base"),
        ("{", None, "names no base"),
    ],
)
def test_bases_of_configs(browser: Browser, config: Any, repo: str | None, revision: str) -> None:
    known = {"peft_type": "LORA", "r": 8, "target_modules": ["q_proj"]}
    text = config if isinstance(config, str) else json.dumps(known | config)
    found = answered(browser, "hub-base", {"name": "a", "config": text})
    if repo is None:
        assert found["folder"] is None
        assert revision in found["reason"]
    else:
        assert found["folder"] == {"repo": repo, "revision": revision, "inside": ""}


def test_advice_on_refusals_names_no_token(browser: Browser) -> None:
    for status in (401, 403, 404, 410, 418, 429, 500, 503):
        for code in ("", "GatedRepo", "RepoNotFound", "RevisionNotFound", "EntryNotFound"):
            about = {"repo": "a/b", "revision": "main", "file": "x", "status": status, "code": code}
            problem = answered(browser, f"hub-refused?{urlencode(about)}")
            assert "`a/b`" in problem["detail"] or status == 429, about
            assert problem["help"], about
            assert "HF_" not in problem["help"], about


def test_hosts_that_a_page_may_ask() -> None:
    assert HUGGING_FACE.origin == "https://huggingface.co"
    assert HUGGING_FACE.files == ("https://*.hf.co", "https://cdn-lfs.huggingface.co")
    own = hub_place("http://localhost:8080/hf/", ["https://cdn.example.org/"])
    assert own == (
        "http://localhost:8080/hf",
        "http://localhost:8080",
        ("https://cdn.example.org",),
    )
    assert hub_place("https://hub.example.org").files == ()


@pytest.mark.parametrize(
    "address",
    [
        "",
        "hub.example.org",
        "ftp://a.org",
        "https://a.org; script-src *",
        "https://*",
        "https://*.a.org",
        'https://a.org"',
        "https://user@a.org",
        "https://a.org?x",
        "https://a.org\n",
    ],
)
def test_addresses_that_no_policy_can_name(address: str) -> None:
    with pytest.raises(LoracfgError, match="is not the address of a Hub"):
        hub_place(address)
    with pytest.raises(LoracfgError):
        hub_place("https://a.org", [f"{address};"])


def test_command_with_a_hub_that_is_none() -> None:
    said = call("page", "--output", "site", "--no-compile", "--hub", "hub.example.org")
    assert said.status == 2
    assert "`hub.example.org` is not the address of a Hub" in said.err
