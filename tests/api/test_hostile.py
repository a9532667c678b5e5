"""Hostile input gets a problem or a finding, and affects nothing else."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import tarfile
import time
import tracemalloc
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from loracfg_api.app import create_app
from loracfg_api.examples import VALIDATION
from loracfg_api.settings import Settings

from loracfg.report.formats import FORMATS
from loracfg.sources.archive.limits import MIB
from tests.api import asgi
from tests.api.archives import (
    refused,
    send_archive,
    send_file,
    tar_entry,
    tar_of,
    zip_of,
)
from tests.api.forms import post
from tests.cli.running import write_adapter

ESCAPES = (
    "../adapter_config.json",
    "a/../../adapter_config.json",
    "/etc/passwd",
    "..",
    "C:/adapter_config.json",
    "a\\..\\adapter_config.json",
    "a/..",
)


@pytest.mark.parametrize("name", ESCAPES)
def test_escapes_in_file_names(name: str, small: FastAPI) -> None:
    if "\\" not in name:  # the parser of forms takes these for the paths of old browsers
        refused(send_file(small, name), 422, "")
    refused(send_archive(small, zip_of((name, b"{}"))), 422, "")
    refused(send_archive(small, tar_of(tar_entry(name))), 422, "")
    body = json.dumps({"files": {name: 1}}).encode()
    refused(asgi.post(small, "/validate", [body]), 422, "")


@pytest.mark.parametrize(
    "names",
    [("a.txt", "a.txt"), ("a.txt", "A.TXT"), ("\u00e9.txt", "e\u0301.txt"), ("b", "./b")],
)
def test_names_that_some_system_takes_for_one(names: tuple[str, str], small: FastAPI) -> None:
    parts = [asgi.part("file", name, [b"x"]) for name in names]
    answer = asgi.post(small, "/validate", asgi.form(*parts), content_type=asgi.FORM)
    refused(answer, 409, "two files are named")
    assert send_archive(small, tar_of(*map(tar_entry, names))).status in (409, 422)


def test_limits_of_bodies(small: FastAPI) -> None:
    large = [b'{"name": "', b"x" * 99_999, b'"}']
    refused(asgi.post(small, "/validate", large), 413, "100000 bytes")
    told = {"content-length": "5000000000"}
    refused(asgi.post(small, "/validate", [b"{}"], headers=told), 413, "5000000000")
    body = asgi.form(asgi.part("file", "weights.bin", [b"x" * 100_000] * 21))
    refused(asgi.post(small, "/validate", body, content_type=asgi.FORM), 413, "2000000")
    parts = [asgi.part("file", f"{i}/adapter_config.json", [b" " * 40_000]) for i in range(3)]
    answer = asgi.post(small, "/validate", asgi.form(*parts), content_type=asgi.FORM)
    refused(answer, 413, "90000 bytes")


def test_limits_of_weights(small: FastAPI) -> None:
    length = (30_000).to_bytes(8, "little")
    answer = send_file(small, "adapter_model.safetensors", length + b" " * 40_000)
    refused(answer, 413, "has 30000 bytes, more than the limit of 20000 bytes")
    entry = {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}
    body = {"weights": {"header": {str(i): entry for i in range(4)}}}
    answer = asgi.post(small, "/validate", [json.dumps(body).encode()])
    refused(answer, 413, "has 4 tensors, more than this service's limit of 3 tensors")


def test_less_than_the_header(client: TestClient) -> None:
    head = b64encode((500).to_bytes(8, "little") + b"{").decode()
    weights = {"head": head, "size": 9000}
    report = post(client, {"config": "{}", "weights": weights}).json()
    adapter = report["adapters"][0]
    assert adapter["status"] == "error"
    said = [d["message"] for d in adapter["diagnostics"] if d["code"] == "LC004"]
    assert said == ["the file cannot be read: bytes 8 to 507 of 9000 are not in memory"]
    body = {"config": "{}", "base": {"weights": {"model.safetensors": weights}}}
    assert post(client, body).json()["adapters"][0]["status"] == "error"


def test_deep_json(client: TestClient) -> None:
    for body in (b"[" * 100_000, b'{"config":' + b'{"a":' * 50_000):
        answer = client.post(
            "/validate", content=body, headers={"content-type": "application/json"}
        )
        assert answer.status_code == 400
    deep = "[" * 90_000 + "]" * 90_000
    report = post(client, {"config": f'{{"r": {deep}}}'}).json()
    assert report["adapters"][0]["status"] == "invalid"
    report = post(client, {"config": "{}", "base": {"config": deep}}).json()
    assert report["adapters"][0]["status"] == "error"


async def stalling(first: bytes, seconds: float, more: bytes = b"x") -> AsyncIterator[bytes]:
    yield first
    while True:
        await asyncio.sleep(seconds)
        yield more


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0.15, 60])
def test_slow_bodies(seconds: float, impatient: FastAPI) -> None:
    for content_type in ("application/json", asgi.FORM):
        body = stalling(b"--" + asgi.BOUNDARY.encode(), seconds, b"-")
        started = time.monotonic()
        answer = asyncio.run(asgi.call(impatient, "/validate", body, content_type))
        assert answer.status in (400, 408)
        assert time.monotonic() - started < 10


def test_cut_form(small: FastAPI) -> None:
    body = list(asgi.part("file", "adapter_config.json", [b"{}"]))
    answer = asgi.post(small, "/validate", body, content_type=asgi.FORM)
    refused(answer, 400, "was cut off")
    for content_type in ("multipart/form-data", "multipart/form-data; boundary="):
        answer = asgi.post(small, "/validate", [b""], content_type=content_type)
        refused(answer, 400, "boundary")
    for length in (257, 5000):
        content_type = f"multipart/form-data; boundary={'x' * length}"
        answer = asgi.post(small, "/validate", [b""], content_type=content_type)
        refused(answer, 400, "the multipart body cannot be read")
    answer = asgi.post(small, "/validate", [b"nonsense"], content_type=asgi.FORM)
    assert answer.status == 400
    refused(asgi.post(small, "/validate", [b""], content_type="text/plain"), 415, "`text/plain`")


def test_fields_of_forms(small: FastAPI) -> None:
    for field, status in (("other", 422), ("name", 422)):
        parts = [asgi.part(field, None, [b"x"]), asgi.part(field, None, [b"y"])]
        answer = asgi.post(small, "/validate", asgi.form(*parts), content_type=asgi.FORM)
        assert answer.status == status
    body = asgi.form(asgi.part("name", None, [b"x" * 20_000]))
    refused(asgi.post(small, "/validate", body, content_type=asgi.FORM), 413, "`name`")
    body = asgi.form(asgi.part("name", None, [b"\xff"]))
    refused(asgi.post(small, "/validate", body, content_type=asgi.FORM), 422, "UTF-8")


@pytest.mark.slow
def test_slow_pattern_is_a_finding_and_stops_nobody() -> None:
    app = create_app(Settings(access_log=False, pattern_seconds=1, threads=1))
    hostile = json.loads(json.dumps(VALIDATION["fits"]))
    hostile["config"]["target_modules"] = r"(.*)*(.*)*(.*)*\.(a|aa|b)+x"

    async def both() -> tuple[asgi.Answer, float]:
        slow = asyncio.create_task(asgi.call(app, "/validate", [json.dumps(hostile).encode()]))
        await asyncio.sleep(0.2)
        started = time.monotonic()
        await asgi.call(app, "/validate", [b"{"])  # needs no thread
        waited = time.monotonic() - started
        return await slow, waited

    answer, waited = asyncio.run(both())
    codes = [d["code"] for d in answer.json["adapters"][0]["diagnostics"]]
    assert "LC701" in codes
    assert waited < 0.5


SLOW = r"([a-z_.0-9]+)+!"
QUICK = r".*\.(q_proj|v_proj)"


def with_targets(*targets: str) -> Iterator[bytes]:
    """Return a form with an adapter for each of these targets, on a base."""
    for number, text in enumerate(targets):
        config = {"peft_type": "LORA", "task_type": "CAUSAL_LM", "target_modules": text}
        name = f"{number:02}/adapter_config.json"
        yield from asgi.part("file", name, [json.dumps(config).encode()])
    yield from asgi.part("base", None, [b"llama"])
    yield asgi.END


def send_targets(app: FastAPI, *targets: str) -> list[tuple[set[str], list[str]]]:
    """Return the codes, and why something was not checked, for each target."""
    answer = asgi.post(app, "/validate", with_targets(*targets), content_type=asgi.FORM)
    return [
        ({d["code"] for d in one["diagnostics"]}, [n["why"] for n in one["not_checked"]])
        for one in answer.json["adapters"]
    ]


def test_the_patterns_of_a_request_share_their_time() -> None:
    app = create_app(Settings(access_log=False, pattern_seconds=0.5))
    started = time.monotonic()
    first, *others = send_targets(app, *(f"{SLOW}{i}" for i in range(20)))
    assert time.monotonic() - started < 10
    assert "LC701" in first[0]
    for codes, _ in others:
        assert "LC701" not in codes


@pytest.mark.slow
def test_a_slow_pattern_takes_nothing_from_the_others() -> None:
    app = create_app(Settings(access_log=False, pattern_seconds=0.5))
    alone = send_targets(app, QUICK)
    assert send_targets(app, SLOW, QUICK)[1] == alone[0]
    # What is left out for want of time is judged when it comes again.
    (codes, _), (later, why) = send_targets(app, SLOW, f"{SLOW}b")
    assert ("LC701" in codes, "LC701" in later) == (True, False)
    assert "other adapters used up the time" in why
    assert "LC701" in send_targets(app, f"{SLOW}b")[0][0]


def test_the_adapters_of_a_request_have_a_time() -> None:
    app = create_app(Settings(access_log=False, request_seconds=1e-6))
    body = list(with_targets(QUICK, QUICK))
    for path in ("/validate", "/modules"):
        answer = asgi.post(app, path, body, content_type=asgi.FORM)
        refused(answer, 413, "the adapters took longer than the limit of 1e-06 s per request")
    alone = asgi.post(app, "/validate", with_targets(QUICK), content_type=asgi.FORM)
    assert alone.status == 200


@pytest.mark.slow
def test_busy_service() -> None:
    app = create_app(Settings(access_log=False, threads=1, max_waiting=0, pattern_seconds=1))
    hostile = json.loads(json.dumps(VALIDATION["fits"]))
    hostile["config"]["target_modules"] = r"(.*)*(.*)*(.*)*\.(a|aa|b)+y"
    body = json.dumps(hostile).encode()

    async def both() -> list[asgi.Answer]:
        calls = (asgi.call(app, "/validate", [body]) for _ in range(2))
        return await asyncio.gather(*calls)

    first, second = asyncio.run(both())
    assert first.status == 200
    refused(second, 503, "busy")
    assert second.headers["retry-after"]
    assert asgi.post(app, "/validate", [b"{}"]).status == 200


def test_held_memory_is_bounded_and_given_back() -> None:
    app = create_app(Settings(access_log=False, max_held_bytes=1000))
    refused(asgi.post(app, "/validate", [b'{"name": "' + b"x" * 991 + b'"}']), 503, "busy")
    for _ in range(5):
        assert asgi.post(app, "/validate", [b'{"name": "' + b"x" * 900 + b'"}']).status == 200
    assert app.state.loracfg.memory.held == 0


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize(
    "change",
    [
        {"base": {"config": "{"}},
        {"base": {"config": "{", "name": "../../model"}},
        {"base": {"weights": {"model.safetensors": {"head": "", "size": 3}}}},
        {"base": "no-such-type"},
        {"name": "../../adapter", "config": "{"},
        {"name": "", "config": "{"},
        {"name": ".", "config": "{", "base": {"config": "{"}},
    ],
)
def test_no_report_names_a_folder_of_the_service(
    change: dict[str, Any], format_name: str, client: TestClient, place: Path
) -> None:
    body = json.loads(json.dumps(VALIDATION["fits"])) | change
    answer = client.post(f"/validate?format={format_name}", json=body)
    assert answer.status_code == 200
    for folder in (place, *place.parents[:-1]):
        assert str(folder) not in answer.text


def test_names_do_not_get_into_headers(client: TestClient) -> None:
    name = "a\r\nX-Injected: yes"
    answer = post(client, {"name": name, "config": "{}"})
    assert "x-injected" not in answer.headers
    assert answer.json()["adapters"][0]["path"] == name
    answer = client.post("/validate?format=text", json={"name": name, "config": "{}"})
    assert "\r" not in answer.text


def test_paths_stay_under_their_roots(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    write_adapter(root / "adapter")
    write_adapter(outside)
    write_adapter(root / "linked")
    (root / "linked" / "adapter_config.json").unlink()
    (root / "linked" / "adapter_config.json").symlink_to(outside / "adapter_config.json")
    (root / "out").symlink_to(outside)
    (root / "loop").symlink_to("loop")
    os.mkfifo(root / "adapter" / "pipe")
    with TestClient(create_app(Settings(roots=(root,), access_log=False))) as client:
        for path in ("../outside", "out", "loop", str(outside), "adapter/../../outside", "", "no"):
            answer = post(client, {"path": path})
            assert answer.status_code in (404, 422), path
            assert str(tmp_path) not in answer.text or path == str(outside)
            assert post(client, {"path": "adapter", "base": {"path": path}}).status_code in (
                404,
                422,
            )
        codes = [
            diagnostic["code"]
            for diagnostic in post(client, {"path": "linked"}).json()["adapters"][0]["diagnostics"]
        ]
        assert codes == ["LC003"]
        assert post(client, {"path": "./adapter"}).status_code == 200
    with TestClient(create_app(Settings(access_log=False))) as client:
        assert post(client, {"path": "adapter"}).status_code == 404


def test_nothing_is_fetched_or_looked_up(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(*_: Any) -> None:
        raise AssertionError("the service connects to something")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    write_adapter(tmp_path / "here")
    for named in ("https://example.org/model", str(tmp_path / "here"), "org/name", "file:///etc"):
        config = VALIDATION["fits"]["config"] | {"base_model_name_or_path": named}
        body = VALIDATION["fits"] | {"config": config, "base": None}
        adapter = post(client, body).json()["adapters"][0]
        assert adapter["base"] is None
        assert named in adapter["not_checked"][0]["why"]
        report = post(client, body | {"base": named}).json()["adapters"][0]
        assert report["status"] == "error"
        assert post(client, {"path": named}).status_code in (404, 422)


def weights(megabytes: int) -> Iterable[bytes]:
    entry = {"dtype": "U8", "shape": [megabytes * MIB], "data_offsets": [0, megabytes * MIB]}
    text = json.dumps({"a": entry}).encode()
    yield len(text).to_bytes(8, "little") + text
    piece = bytes(64 * 1024)
    for _ in range(megabytes * 16):
        yield piece


def tarred(pieces: Iterable[bytes], size: int) -> Iterator[bytes]:
    yield tar_entry("adapter_model.safetensors", size).tobuf(tarfile.GNU_FORMAT)
    yield from pieces
    yield bytes(-size % 512 + 1024)


@pytest.mark.slow
@pytest.mark.parametrize("as_archive", [False, True])
def test_memory_stays_flat(as_archive: bool) -> None:
    app = create_app(Settings(access_log=False))
    megabytes = 256
    head = len(next(iter(weights(megabytes))))
    pieces: Iterable[bytes] = weights(megabytes)
    if as_archive:
        pieces = tarred(pieces, megabytes * MIB + head)
    field, name = ("archive", "a.tar") if as_archive else ("file", "adapter_model.safetensors")
    send: Callable[[Iterable[bytes]], asgi.Answer] = lambda body: asgi.post(  # noqa: E731
        app, "/validate", asgi.form(asgi.part(field, name, body)), content_type=asgi.FORM
    )
    send([b"warm"])
    tracemalloc.start()
    answer = send(pieces)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert answer.json["adapters"][0]["coverage"]["tensors"] == 1
    assert peak < 2 * MIB
