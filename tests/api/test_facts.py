"""Requests with the facts of the user's own architecture and the base's config."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest
from fastapi.testclient import TestClient
from loracfg_api.app import create_app
from loracfg_api.settings import Settings

from tests.base.test_facts_file import CONFIG, ENDLESS, GOOD

BASE: Final = {**CONFIG, "architectures": ["NovelModel"]}

ADAPTER: Final = {"peft_type": "LORA", "r": 4, "lora_alpha": 8, "target_modules": ["up"]}


def header() -> dict[str, Any]:
    """Return the header of the weights that the adapter has on the architecture."""
    tensors: dict[str, Any] = {}
    start = 0
    for layer in range(2):
        for name, shape in (("lora_A", [4, 8]), ("lora_B", [32, 4])):
            key = f"base_model.model.layers.{layer}.up.{name}.weight"
            end = start + 4 * shape[0] * shape[1]
            tensors[key] = {"dtype": "F32", "shape": shape, "data_offsets": [start, end]}
            start = end
    return tensors


def answer(client: TestClient, facts: str, **config: Any) -> dict[str, Any]:
    """Return what is said of the adapter on a base with facts."""
    base = {"config": {**BASE, **config}, "facts": facts}
    body = {"config": ADAPTER, "weights": {"header": header()}, "base": base}
    response = client.post("/validate", json=body)
    assert response.status_code == 200
    (adapter,) = response.json()["adapters"]
    return dict(adapter)


def test_facts_tell_the_modules(client: TestClient) -> None:
    found = answer(client, GOOD)
    assert (found["status"], found["not_checked"]) == ("valid", [])
    assert found["base"]["class"] == "NovelModel"
    assert answer(client, GOOD, width=16)["status"] == "invalid"


@pytest.mark.parametrize("name", ENDLESS)
def test_hostile_facts_are_answered(name: str, client: TestClient) -> None:
    assert answer(client, ENDLESS[name])["status"] == "undetermined"


def test_what_is_wrong_with_facts_has_its_line(client: TestClient) -> None:
    found = answer(client, GOOD.replace("up: Linear(", "up: Linear(("))
    (fault,) = [one for one in found["diagnostics"] if one["code"] == "LC005"]
    assert fault["location"]["line"] == GOOD[: GOOD.index("up:")].count("\n") + 1


def test_facts_of_a_form_and_of_a_folder(client: TestClient, place: Path) -> None:
    adapter, base = json.dumps(ADAPTER), json.dumps(BASE)
    (place / "base/config.json").write_text(base)
    (place / "base/novel.facts").write_text(GOOD)
    (place / "adapter/adapter_config.json").write_text(adapter)
    files = [
        ("file", ("adapter/adapter_config.json", adapter.encode())),
        ("base", ("base/config.json", base.encode())),
        ("base", ("base/novel.facts", GOOD.encode())),
    ]
    sent = client.post("/validate", files=files).json()["adapters"][0]
    settings = Settings(access_log=False, roots=(place,))
    with TestClient(create_app(settings)) as local:
        body = {"path": "adapter", "base": {"path": "base"}}
        named = local.post("/validate", json=body).json()["adapters"][0]
    for found in (sent, named):
        assert found["base"]["class"] == "NovelModel"
