"""Bodies that are small and would take much memory: they are refused before they are read."""

from __future__ import annotations

import json
import tracemalloc
from typing import Any

import pytest
from fastapi import FastAPI
from loracfg_api.app import create_app
from loracfg_api.examples import VALIDATION
from loracfg_api.settings import Settings

from loracfg.document.plain import MAX_VALUES
from tests.api import asgi
from tests.api.archives import refused

MOST = 200_000
BYTES = 100 * 2**20
SHAPES = {"numbers": ("1", 1), "lists": ("[[[[]]]]", 8), "objects": ('{"a":{"a":{"a":1}}}', 7)}
"""What stands in a list again and again, and how many values it counts as."""


@pytest.fixture(scope="module")
def app() -> FastAPI:
    return create_app(Settings(access_log=False))


def repeated(shape: str, values: int) -> str:
    text, each = SHAPES[shape]
    return f"[{','.join([text] * (values // each))}]"


def body(place: str, value: str) -> bytes:
    """Return a request with a text of JSON in place of a value."""
    request: dict[str, Any] = {**VALIDATION["fits"]}
    if place == "base":
        request["base"] = {"config": {"model_type": "llama", "x": "here"}}
    elif place == "adapter":
        request["config"] = {**request["config"], "x": "here"}
    else:
        request["weights"] = {"header": {"x": "here"}}
    return json.dumps(request).replace('"here"', value).encode()


def answer_and_peak(app: FastAPI, sent: bytes) -> tuple[asgi.Answer, int]:
    tracemalloc.start()
    answer = asgi.post(app, "/validate", [sent])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return answer, peak


@pytest.mark.parametrize("place", ["base", "header"])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_million_values_are_refused(place: str, shape: str, app: FastAPI) -> None:
    sent = body(place, repeated(shape, 10**6))
    answer, peak = answer_and_peak(app, sent)
    refused(answer, 413, f"the body has more than the {MOST} JSON values that this service reads")
    assert peak < len(sent) + 2**20


def test_a_header_has_room_for_more_than_a_config(app: FastAPI) -> None:
    entry = {"dtype": "F32", "shape": [8, 64], "data_offsets": [0, 2048]}
    header = {f"{number}.lora_A.weight": entry for number in range(20_000)}
    answer = asgi.post(app, "/validate", [body("header", json.dumps(header))])
    assert answer.status == 200


@pytest.mark.parametrize("place", ["base", "adapter"])
def test_a_config_has_no_more_values_than_a_file(place: str, app: FastAPI) -> None:
    sent = body(place, repeated("numbers", MAX_VALUES + 1))
    refused(asgi.post(app, "/validate", [sent]), 413, f"the config has more than the {MAX_VALUES}")


@pytest.mark.parametrize("place", ["base", "adapter"])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_config_that_is_read_takes_little(place: str, shape: str, app: FastAPI) -> None:
    answer, peak = answer_and_peak(app, body(place, repeated(shape, MAX_VALUES - 100)))
    assert answer.status == 200
    assert peak < BYTES
