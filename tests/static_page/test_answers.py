"""What the worker of the page answers is what the service answers."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final
from zipfile import ZIP_LZMA, ZipFile

import pytest
from fastapi.testclient import TestClient
from loracfg_api.app import create_app
from loracfg_api.examples import VALIDATION
from loracfg_api.settings import Settings
from loracfg_api.static_page.in_browser import Browser, BrowserLimits

from loracfg.rules.registry import own_rules
from loracfg.sources.archive.limits import Limits
from loracfg.testing.building.examples import Example, examples
from loracfg.testing.building.page_bodies import body_of
from tests.browser.files import ADAPTER, EDITED

pytestmark = pytest.mark.slow


class Bytes:
    """An array of JavaScript."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def to_bytes(self) -> bytes:
        return self._data


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with TestClient(create_app(Settings(access_log=False))) as one:
        yield one


@pytest.fixture
def browser() -> Browser:
    return Browser(None)


@pytest.mark.parametrize("name", VALIDATION)
def test_reports(client: TestClient, browser: Browser, name: str) -> None:
    body = VALIDATION[name]
    answer = browser.answer("validate", json.dumps(body))
    assert (answer.status, answer.content) == (200, client.post("/validate", json=body).text)


@pytest.mark.parametrize("path", ["rules", "rules/LC503", "rules/rank-mismatch", "bases/llama"])
def test_pages(client: TestClient, browser: Browser, path: str) -> None:
    answer = browser.answer(path, None)
    assert answer.status == 200
    assert json.loads(answer.content) == client.get(f"/{path}").json()


def test_bases_and_modules(client: TestClient, browser: Browser) -> None:
    assert json.loads(browser.answer("bases", None).content) == client.get("/bases").json()
    body = VALIDATION["fits"]
    modules = browser.answer("modules", json.dumps(body))
    assert json.loads(modules.content) == client.post("/modules", json=body).json()


@pytest.mark.parametrize(
    "body",
    [
        {"config": "{}", "options": {"peft": "7.0"}},
        {"config": "{}", "weights": {"head": "???", "size": 1}},
        {"config": 3},
        [],
    ],
)
def test_problems(client: TestClient, browser: Browser, body: Any) -> None:
    answer = browser.answer("validate", json.dumps(body))
    expected = client.post("/validate", json=body)
    problem = expected.json()
    del problem["request_id"]
    assert (answer.status, json.loads(answer.content)) == (expected.status_code, problem)


@pytest.mark.parametrize(
    ("address", "body", "status"),
    [
        ("nowhere", None, 404),
        ("nowhere", {}, 404),
        ("rules/LC000", None, 404),
        ("bases/none", None, 404),
        ("validate?format=none", {"config": "{}"}, 422),
        ("validate", {"path": "folder"}, 422),
        ("validate", {"config": "{}", "base": {"path": "folder"}}, 422),
        ("validate", {"config": "{}", "base": {"facts": "model_type x"}}, 422),
    ],
)
def test_what_a_page_does_not_answer(
    browser: Browser, address: str, body: object, status: int
) -> None:
    answer = browser.answer(address, None if body is None else json.dumps(body))
    assert answer.status == status
    assert json.loads(answer.content)["detail"]


def zipped() -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        for folder in (ADAPTER, EDITED):
            for path in folder.iterdir():
                archive.write(path, f"{folder.name}/{path.name}")
    return stream.getvalue()


def test_archives(browser: Browser) -> None:
    data = zipped()
    browser.begin_archive()
    for at in range(0, len(data), 1000):
        assert browser.feed_archive(Bytes(data[at : at + 1000])) is None
    answer = browser.answer("validate", json.dumps({"name": "both"}))
    adapters = json.loads(answer.content)["adapters"]
    assert [one["path"] for one in adapters] == ["adapter", "edited-adapter"]
    again = json.loads(browser.answer("validate", json.dumps({"name": "both"})).content)
    assert again["adapters"][0]["status"] == "error"  # an archive belongs to one request


def test_rejected_archives() -> None:
    browser = Browser(None, BrowserLimits(archive=Limits(max_adapters=1)))
    browser.begin_archive()
    assert browser.feed_archive(Bytes(zipped())) is None
    assert browser.answer("validate", json.dumps({"name": "both"})).status == 413
    browser.begin_archive()
    name = b"../escapes"
    evil = BytesIO()
    with ZipFile(evil, "w") as archive:
        archive.writestr(name.decode(), "x")
    refused = browser.feed_archive(Bytes(evil.getvalue()))
    assert refused is not None
    assert refused.status == 422


def test_rejected_compression_says_which_is_read(browser: Browser) -> None:
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_LZMA) as archive:
        archive.writestr("adapter_config.json", "{}")
    browser.begin_archive()
    refused = browser.feed_archive(Bytes(stream.getvalue()))
    assert refused is not None
    assert "uses compression method 14" in refused.content
    assert "the method Deflate" in refused.content


SHOWN: Final = [
    (rule.code, example)
    for rule in own_rules()
    for example in examples(rule.page)
    if body_of(example.lines) is not None
]


def test_most_examples_can_be_tried() -> None:
    assert len(SHOWN) > 400


def test_examples_of_rules(browser: Browser) -> None:
    wrong = [one for one in SHOWN if not _is_as_said(browser, *one)]
    assert wrong == []


def _is_as_said(browser: Browser, code: str, example: Example) -> bool:
    answer = browser.answer("validate", json.dumps(body_of(example.lines)))
    (judged,) = json.loads(answer.content)["adapters"]
    return (code in {one["code"] for one in judged["diagnostics"]}) == example.fires


COMMAND: Final = re.compile(r"`(loracfg |--[a-z]|pip )")


def test_advice_names_no_commands(browser: Browser) -> None:
    named: dict[str, str] = {}
    for _, example in SHOWN:
        body = body_of(example.lines)
        assert body is not None
        for changed in (body, {**body, "base": None}):
            answer = browser.answer("validate", json.dumps(changed))
            (judged,) = json.loads(answer.content)["adapters"]
            helps = {one["code"]: one["help"] for one in judged["diagnostics"]}
            helps |= {one["what"]: one["why"] for one in judged["not_checked"]}
            named |= {what: said for what, said in helps.items() if COMMAND.search(said)}
    assert named == {}


def test_saved_markdown_names_no_commands(browser: Browser) -> None:
    text = browser.answer("validate?format=markdown", json.dumps(VALIDATION["wrong rank"])).content
    assert "no values" in text
    assert "1 fixable by unsafe repairs" in text
    assert not re.search(r"--data|--base|loracfg fix", text)


@pytest.mark.parametrize(
    ("address", "body", "wanted"),
    [
        ("rules/LC000", None, "see the list of all rules"),
        ("bases/0000", None, "see the list of all model types"),
        (
            "validate",
            {"config": "{}", "options": {"ignore": ["LC000"]}},
            "see the list of all rules",
        ),
    ],
)
def test_problems_lead_to_pages(browser: Browser, address: str, body: object, wanted: str) -> None:
    answer = browser.answer(address, None if body is None else json.dumps(body))
    assert wanted in answer.content
    assert not re.search(r"GET /|docs/", answer.content)


def test_an_unknown_model_type_leads_to_the_list(browser: Browser) -> None:
    answer = browser.answer("validate", json.dumps({"config": "{}", "base": "nothing"}))
    assert "enter a model type of the list" in answer.content
    assert "GET /" not in answer.content


def test_config_that_is_not_text(browser: Browser) -> None:
    body = {"config_base64": b64encode(b"\xff{}").decode()}
    (judged,) = json.loads(browser.answer("validate", json.dumps(body)).content)["adapters"]
    assert "LC013" in {one["code"] for one in judged["diagnostics"]}
