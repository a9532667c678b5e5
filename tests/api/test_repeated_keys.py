"""Bodies with a duplicate key, of which readers would use different values, are refused."""

from __future__ import annotations

import json
from typing import Final

import pytest
from fastapi import FastAPI
from loracfg_api.app import create_app
from loracfg_api.settings import Settings

from tests.api import asgi
from tests.api.archives import refused


@pytest.fixture(scope="module")
def app() -> FastAPI:
    return create_app(Settings(access_log=False))


REPEATED: Final = (
    (b'{"a": 1, "b": 2, "a": 3}', "/a", "the key `a` appears twice"),
    (b'{"a": 1, "\\u0061": 1, "a": 1}', "/a", "the key `a` appears 3 times"),
    (b'{"x": [0, {"y/z": {"": 1, "": 1}}]}', "/x/1/y~1z/", "the key `` appears twice"),
    (b'{"x": {"k": 1, "k": 1}, "b": [{"c": 1, "c": 1}]}', "/x/k", "the key `k` appears twice"),
)


@pytest.mark.parametrize("route", ["/validate", "/modules", "/migrate", "/plan", "/admission"])
@pytest.mark.parametrize(("body", "pointer", "message"), REPEATED)
def test_a_key_that_appears_twice_is_refused(
    route: str, body: bytes, pointer: str, message: str, app: FastAPI
) -> None:
    for prefix in ("", "/v1"):
        answer = asgi.post(app, prefix + route, [body])
        refused(answer, 422, f"`{pointer}`: {message}")
        assert answer.json["errors"] == [{"pointer": pointer, "message": message}]
        assert answer.json["help"] == "keep one of them"


def test_every_route_with_a_body_is_asked_for_repeated_keys(app: FastAPI) -> None:
    """A new route would be missing above."""
    paths = app.openapi()["paths"]
    assert {path for path, methods in paths.items() if "post" in methods} == {
        "/validate",
        "/modules",
        "/migrate",
        "/plan",
        "/admission",
    }


def test_a_key_that_appears_twice_in_a_file_is_a_finding(app: FastAPI) -> None:
    body = json.dumps({"config": '{"peft_type": "LORA", "r": 8, "r": 4}'}).encode()
    answer = asgi.post(app, "/validate", [body])
    (adapter,) = answer.json["adapters"]
    assert any("the key `r` appears twice" in one["message"] for one in adapter["diagnostics"])


def test_a_long_place_is_cut_off(app: FastAPI) -> None:
    key = "k" * 1_000_000
    wrong = {f"w{number}": 1 for number in range(20)}
    answer = asgi.post(app, "/validate", [json.dumps({"base": {"weights": {key: wrong}}}).encode()])
    assert answer.status == 422
    assert len(answer.body) < 200_000
    answer = asgi.post(app, "/validate", [f'{{"{key}": {{"a": 1, "a": 1}}}}'.encode()])
    refused(answer, 422, "the key `a` appears twice")
    assert len(answer.body) < 10_000
