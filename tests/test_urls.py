"""Secrets of URLs are not shown, and nothing else is hidden."""

from __future__ import annotations

import time

import pytest

from loracfg.errors import LoracfgError
from loracfg.report.render.words import visible
from loracfg.report.report import AdapterReport, NotChecked
from loracfg.urls import redacted, visible_url

SHOWN = {
    "http://user:PW@host/base?token=PW": "http://host/base",
    "https://PW@host/one": "https://host/one",
    "http://user:a@PW@host/one": "http://host/one",
    "s3://key:PW@bucket/one?x=PW#PW": "s3://bucket/one?…",
    "abfs://container@account/one": "abfs://container@account/one",
    "zip://one::http://user:PW@host/many.zip": "zip://one::http://host/many.zip",
    "file://user:PW@host/one": "file://host/one",
    "https:/user:PW@host/one": "https:/host/one",
    "https:user:PW@host/one": "https:host/one",
    "http://user:1234/PW@host/one": "http://host/one",
    "http://user:1/PW?PW#PW@host/one": "http://host/one",
    "hf://models?filter=peft&token=PW": "hf://models?…",
    "hf://models?filter=peft#PW": "hf://models?…",
    "hf://user:PW@models?filter=peft": "hf://models?…",
    "https:\\\\user:PW@host/one": "https:host/one",
    "//user:PW@host/one": "//host/one",
    "http://host/one;PW@": "http://host/one",
    "http://us;er:PW@host/one": "http://host/one",
    "http://user:PW": "http://…",
}
UNCHANGED = (
    "hf://org/name@main/checkpoint-1",
    "hf://models?filter=peft&author=org",
    "hf://models?limit=abc&filter=a,b&sort=",
    "https://host/org/name@main",
    "https://example.org:8000/a@b",
    "http://localhost:8000/a@b",
    "http://127.0.0.1:8000/a@b",
    "http://[::1]:8000/a@b",
    "adapters/a@b",
    "org/name@main",
    "C:/adapters/a@b",
    "me@example.org",
    "what?",
    "//host/org:name/a@b",
    "s3://bucket/a;b@c",
)


@pytest.mark.parametrize(("url", "shown"), SHOWN.items())
def test_a_url_is_shown_without_secrets(url: str, shown: str) -> None:
    assert visible_url(url) == shown


@pytest.mark.parametrize(("url", "shown"), list(SHOWN.items())[:-1])
@pytest.mark.parametrize("text", ["`{}` is wrong", "not ({}).", '"{}", and', "{}", "in '{}':"])
def test_a_text_has_no_secrets_of_urls(text: str, url: str, shown: str) -> None:
    assert redacted(text.format(url)) == text.format(shown)


@pytest.mark.parametrize("text", UNCHANGED)
def test_an_at_sign_is_no_reason_to_hide_anything(text: str) -> None:
    assert visible_url(text) == text
    assert redacted(f"`{text}`") == f"`{text}`"


def test_a_text_keeps_fragments() -> None:
    text = "see https://example.org/page#part, or ask"
    assert redacted(text) == text


def test_text_before_a_scheme_is_no_reason_to_show_a_secret() -> None:
    assert redacted("1https://user:PW@host/one") == "1https://host/one"
    assert redacted(f"{'a' * 100}://user:PW@host/one") == f"{'a' * 100}://host/one"


URL = "http://user:PW@host/one?PW"


def test_no_message_has_secrets() -> None:
    error = LoracfgError(f"`{URL}` is wrong", f"not `{URL}`")
    assert str(error) == "`http://host/one` is wrong; not `http://host/one`"
    assert (error.message, error.help) == ("`http://host/one` is wrong", "not `http://host/one`")
    assert visible(f"`{URL}`\n") == "`http://host/one`\\n"
    report = AdapterReport(URL, "error", not_checked=(NotChecked("all", f"`{URL}`"),))
    assert "PW" not in f"{report.to_dict()}"


@pytest.mark.parametrize(
    "text",
    [
        "A" * 400_000 + ":@",
        "//a:" * 100_000 + "@",
        "http:" * 40_000 + "@",
        "x://" * 50_000 + "@",
        ";" * 200_000 + ":",
        "hf://models?" + "author=" * 40_000 + "@",
        "hf://models?" + "&author=x" * 20_000 + "#",
    ],
)
def test_secrets_are_found_in_time_in_proportion_to_the_text(text: str) -> None:
    start = time.process_time()
    redacted(text)
    visible_url(text)
    assert time.process_time() - start < 1
