"""Small bodies that would take much memory are rejected before they are parsed."""

from __future__ import annotations

import gc
import json
import threading
import time
import tracemalloc
from base64 import b64encode
from typing import Any

import pytest
from fastapi import FastAPI
from loracfg_api import json_values
from loracfg_api.app import create_app
from loracfg_api.examples import VALIDATION
from loracfg_api.settings import Settings

from loracfg.document.plain import MAX_VALUES
from tests.api import asgi
from tests.api.archives import refused

pytestmark = pytest.mark.slow

MOST = 200_000
BYTES = 100 * 2**20
SHAPES = {"numbers": ("1", 1), "lists": ("[[[[]]]]", 8), "objects": ('{"a":{"a":{"a":1}}}', 7)}
"""What stands in a list again and again, and how many values it counts as."""


@pytest.fixture(scope="module")
def app() -> FastAPI:
    return create_app(Settings(access_log=False))


def safetensors(header: dict[str, Any]) -> bytes:
    """Return the header of a weight file."""
    text = json.dumps(header, separators=(",", ":")).encode()
    return len(text).to_bytes(8, "little") + text


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
    refused(answer, 413, f"the body has more than this service's limit of {MOST} JSON values")
    assert peak < len(sent) + 2**20


def test_a_header_has_room_for_more_than_a_config(app: FastAPI) -> None:
    entry = {"dtype": "F32", "shape": [8, 64], "data_offsets": [0, 2048]}
    header = {f"{number}.lora_A.weight": entry for number in range(20_000)}
    answer = asgi.post(app, "/validate", [body("header", json.dumps(header))])
    assert answer.status == 200


@pytest.mark.parametrize("place", ["base", "adapter"])
def test_a_config_has_no_more_values_than_a_file(place: str, app: FastAPI) -> None:
    sent = body(place, repeated("numbers", MAX_VALUES + 1))
    limit = f"the config has more than this service's limit of {MAX_VALUES}"
    refused(asgi.post(app, "/validate", [sent]), 413, limit)


@pytest.mark.parametrize("place", ["base", "adapter"])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_config_that_is_read_takes_little(place: str, shape: str, app: FastAPI) -> None:
    answer, peak = answer_and_peak(app, body(place, repeated(shape, MAX_VALUES - 100)))
    assert answer.status == 200
    assert peak < BYTES


MANY = {str(number): 1 for number in range(190_000)}
MANY_KEYS: dict[str, tuple[dict[str, Any], str]] = {
    "/": (MANY, "keys, but only 8 are known"),
    "/files": ({"files": MANY}, "has 190000 keys, more than 10000"),
    "/options": ({"options": MANY}, "has 190000 keys, but only 6 are known"),
    "/base": ({"base": MANY}, "keys"),
    "/base/weights": ({"base": {"weights": MANY}}, "keys"),
    "/weights": ({"weights": MANY}, "has 190000 keys, but only 4 are known"),
}


@pytest.mark.parametrize("place", MANY_KEYS)
def test_many_wrong_keys_are_one_mistake(place: str, app: FastAPI) -> None:
    """Each would be a mistake of its own, in every form that a place may have."""
    change, words = MANY_KEYS[place]
    sent = json.dumps({**VALIDATION["fits"], **change}).encode()
    answer, peak = answer_and_peak(app, sent)
    assert answer.status == 422
    assert any(words in error["message"] for error in answer.json["errors"])
    assert len(answer.json["errors"]) <= 8
    assert peak < BYTES


WRONG_KEYS = {str(key): 0 for key in range(90)}
FEW_WRONG_KEYS = {str(key): 0 for key in range(6)}
WRONG_ENTRIES: dict[str, tuple[str, dict[str, Any]]] = {
    "many keys in files": ("files", {str(name): WRONG_KEYS for name in range(1400)}),
    "few keys in files": ("files", {str(name): FEW_WRONG_KEYS for name in range(9999)}),
    "no keys in files": ("files", {str(name): {} for name in range(9999)}),
    "sizes in files": ("files", dict.fromkeys(map(str, range(9999)), -1)),
    "keys in weights": ("weights", {str(name): WRONG_KEYS for name in range(999)}),
    "links": ("links", {"": [1] * 9999}),
    "training": ("training", {str(key): 0 for key in range(99_999)}),
}


@pytest.mark.parametrize("path", ["/validate", "/modules", "/plan", "/migrate"])
@pytest.mark.parametrize("name", WRONG_ENTRIES)
def test_wrong_entries_are_not_all_listed(name: str, path: str, app: FastAPI) -> None:
    """The first are enough; each takes more time and memory than it has bytes."""
    key, value = WRONG_ENTRIES[name]
    body: dict[str, Any] = {"config": "{}", "to": "0.12.0", key: value.get("", value)}
    if path == "/plan" and key != "training":
        body = {"config": "{}", "base": {key: value}}
    sent = json.dumps(body, separators=(",", ":")).encode()
    started = time.process_time()
    answer = asgi.post(app, path, [sent])
    seconds = time.process_time() - started
    assert answer.status == 422
    assert len(answer.json["errors"]) <= 20
    assert seconds < 1
    answer, peak = answer_and_peak(app, sent)
    assert answer.status == 422
    assert peak < 40 * 2**20


def test_long_fields_of_a_form_take_little(app: FastAPI) -> None:
    config = asgi.part("file", "adapter_config.json", [b"{}"])
    fields = [asgi.part("select", None, [b"," * 16_000]) for _ in range(1000)]
    sent = b"".join(asgi.form(config, *fields))
    tracemalloc.start()
    answer = asgi.post(app, "/validate", [sent], content_type=asgi.FORM)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert answer.json["errors"][0]["message"] == "it has 1001 items, more than 1000"
    assert peak < 3 * len(sent)
    small = create_app(Settings(access_log=False, max_kept_bytes=100_000))
    answer = asgi.post(small, "/validate", [sent], content_type=asgi.FORM)
    refused(answer, 413, "limit of 100000 bytes")


@pytest.mark.parametrize("path", ["/validate", "/plan"])
def test_an_engine_has_no_long_list_of_limits(path: str, app: FastAPI) -> None:
    body = {"config": "{}", "options": {"for": ["vllm==0.33" + ",max_lora_rank=64" * 20_000]}}
    answer = asgi.post(app, path, [json.dumps(body).encode()])
    assert answer.status == 422
    assert "characters, more than 1000" in answer.json["detail"]


@pytest.mark.parametrize(("path", "place"), [("/validate", "/files"), ("/plan", "/base/files")])
def test_a_wrong_entry_is_seen_behind_right_ones(path: str, place: str, app: FastAPI) -> None:
    files: dict[str, Any] = {str(number): number for number in range(500)}
    files |= {"450": -1, "499": "x"}
    for entries in (files, {**files, "450": {"head": "x", "size": 0}}):
        body = {"base": {"files": entries}} if path == "/plan" else {"files": entries}
        answer = asgi.post(app, path, [json.dumps({"config": "{}", **body}).encode()])
        assert answer.status == 422
        assert answer.json["errors"][0]["pointer"].startswith(f"{place}/450")


@pytest.fixture(scope="module")
def weights() -> bytes:
    """Return a file with more tensors than are read."""
    entry = {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}
    return safetensors({str(number): entry for number in range(210_000)})


@pytest.mark.parametrize("kind", ["json", "form", "base"])
def test_tensors_are_counted_before_they_are_read(kind: str, weights: bytes, app: FastAPI) -> None:
    if kind == "json":
        head = {"head": b64encode(weights).decode(), "size": len(weights)}
        content_type, sent = "application/json", json.dumps({"weights": head}).encode()
    else:
        field = "base" if kind == "base" else "file"
        config = asgi.part("file", "adapter_config.json", [b"{}"])
        body = asgi.form(config, asgi.part(field, "adapter_model.safetensors", [weights]))
        content_type, sent = asgi.FORM, b"".join(body)
    tracemalloc.start()
    answer = asgi.post(app, "/validate", [sent], content_type=content_type)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    refused(answer, 413, "more than this service's limit of")
    assert peak < 8 * len(weights)


def test_the_tensors_of_a_base_are_counted_over_all_files(app: FastAPI) -> None:
    entry = {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}
    shard = safetensors({str(number): entry for number in range(11_000)})
    parts = [asgi.part("base", f"{number}.safetensors", [shard]) for number in range(20)]
    body = asgi.form(asgi.part("file", "adapter_config.json", [b"{}"]), *parts)
    answer = asgi.post(app, "/validate", body, content_type=asgi.FORM)
    refused(answer, 413, "the checkpoint of the base has more than this service's limit of 200000")


def test_many_brackets_in_metadata_are_no_tensors(app: FastAPI) -> None:
    data = safetensors({"__metadata__": {"tags": "{,[" * 400_000}})
    body = asgi.form(asgi.part("file", "adapter_model.safetensors", [data]))
    assert asgi.post(app, "/validate", body, content_type=asgi.FORM).status == 200


def test_a_large_body_is_read_in_a_thread(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    threads: dict[int, str] = {}
    inner = json_values.value_of

    def value_of(data: bytes, most: int) -> Any:
        threads[len(data)] = threading.current_thread().name
        return inner(data, most)

    monkeypatch.setattr(json_values, "value_of", value_of)
    small, large = b'{"config": "{}"}', b'{"config": "%s"}' % (b" " * 600_000)
    for path, sent in (("/validate", small), ("/validate", large)):
        assert asgi.post(app, path, [sent]).status == 200
    assert not threads[len(small)].startswith("judge")
    assert threads[len(large)].startswith("judge")


@pytest.mark.parametrize("end", [asgi.END, b"", b"nonsense"])
def test_a_form_is_freed_when_it_is_answered(end: bytes, app: FastAPI) -> None:
    """What refers to itself waits for the garbage collector, which comes rarely."""
    config = b'{"peft_type": "LORA", "x": "' + b"x" * 10_000_000 + b'"}'
    for data in (b"{}", config):
        sent = b"".join(asgi.part("file", "adapter_config.json", [data])) + end
        gc.collect()
        gc.disable()
        tracemalloc.start()
        try:
            asgi.post(app, "/validate", [sent], content_type=asgi.FORM)
            latest = time.monotonic() + 5
            while tracemalloc.get_traced_memory()[0] > 5_000_000:  # a thread has it yet
                assert time.monotonic() < latest
                time.sleep(0.01)
        finally:
            tracemalloc.stop()
            gc.enable()


PART = b"--" + asgi.BOUNDARY.encode() + b"\r\n"
FILE = PART + b'Content-Disposition: form-data; name="file"; filename='


@pytest.mark.parametrize(
    ("first", "more"),
    [
        (PART + b"X: ", b"a" * 65_536),
        (PART, b"a" * 65_536),
        (PART, b"a: b\r\n" * 10_000),
        (FILE + b'"', b"a" * 65_536),
        (b"", b"".join(FILE + b"f%d\r\n\r\n\r\n" % number for number in range(20_000))),
    ],
    ids=["a value", "a name", "headers", "a file name", "parts"],
)
def test_parts_of_forms_that_do_not_end_take_little(
    first: bytes, more: bytes, app: FastAPI
) -> None:
    tracemalloc.start()
    try:
        answer = asgi.post(app, "/validate", [first, *[more] * 1000], content_type=asgi.FORM)
        assert tracemalloc.get_traced_memory()[1] < BYTES
    finally:
        tracemalloc.stop()
    assert answer.status in (400, 413)
