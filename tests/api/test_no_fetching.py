"""The service never fetches, whatever a request names on another machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Final

import pytest
from fastapi.testclient import TestClient

from tests.web_server import WebServer, serving_web

NO_CONNECTION: Final = """
import json, sys
from fastapi.testclient import TestClient
from loracfg_api.app import create_app
from loracfg_api.settings import Settings

def hook(event, arguments):
    assert event not in ("socket.connect", "socket.getaddrinfo", "socket.sendto"), event
with TestClient(create_app(Settings(access_log=False))) as client:
    sys.addaudithook(hook)
    for path, body in json.load(sys.stdin):
        answer = client.post(path, json=body)
        print(answer.status_code, answer.json().get("adapters", [{}])[0].get("status"))
network = ("loracfg.sources.remote", "loracfg.sources.hub.client", "huggingface_hub")
found = [name for name in sys.modules if name.startswith(network)]
assert not found, found
"""


@pytest.fixture
def server() -> Iterator[WebServer]:
    with serving_web({"base/config.json": b'{"model_type": "llama"}'}) as server:
        yield server


def named(server: WebServer) -> list[str]:
    """Return the names of bases and adapters on other machines."""
    url = f"{server.address}/base"
    return [url, f"{url}/config.json", "hf://org/name", "s3://box/base", "memory://a", "org/name"]


def test_a_base_on_another_machine_is_refused(server: WebServer, client: TestClient) -> None:
    for name in named(server):
        answer = client.post("/validate", json={"config": "{}", "base": name})
        (report,) = answer.json()["adapters"]
        assert report["status"] == "error"
        assert "LC005" in {found["code"] for found in report["diagnostics"]}
    assert server.asked == []


def test_a_base_that_an_adapter_names_is_not_looked_up(
    server: WebServer, client: TestClient
) -> None:
    said = set()
    for name in named(server):
        config = json.dumps({"peft_type": "LORA", "base_model_name_or_path": name})
        answer = client.post("/validate", json={"config": config})
        (report,) = answer.json()["adapters"]
        (gap,) = (gap for gap in report["not_checked"] if "no base was given" in gap["why"])
        said.add(gap["why"].replace(name, "NAME").partition(":")[0])
    assert server.asked == []
    assert said == {
        "no base was given, and `NAME` is not a local folder",
        "no base was given, and `NAME` is neither a local folder nor in the local cache",
    }


def test_no_option_and_no_name_is_an_address(server: WebServer, client: TestClient) -> None:
    for name in named(server):
        for more in ({"options": {"online": True}}, {"options": {"base": name}}, {"path": name}):
            answer = client.post("/validate", json={"config": "{}", **more})
            assert answer.status_code == 422
        answer = client.post("/validate", json={"config": "{}", "name": name})
        assert answer.status_code in (200, 422)
        answer = client.post("/migrate", json={"config": "{}", "to": "0.12.0", "path": name})
        assert answer.status_code == 422
    assert server.asked == []


@pytest.mark.slow
def test_nothing_is_connected_to(server: WebServer) -> None:
    bodies = [
        ("/validate", {"config": json.dumps({"base_model_name_or_path": name}), "name": name[:20]})
        for name in named(server)
    ]
    done = subprocess.run(
        [sys.executable, "-c", NO_CONNECTION],
        input=json.dumps(bodies),
        env=os.environ | {"HF_HUB_OFFLINE": "0"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == len(bodies)
    assert server.asked == []
