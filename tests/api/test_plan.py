"""`POST /plan`."""

from __future__ import annotations

from typing import Any, Final

import pytest
from fastapi.testclient import TestClient
from loracfg_api.examples import PLAN

from loracfg.config.schema.schema_files import PLAN as SCHEMA
from tests.schema.reading import errors, validator

STATUSES: Final = {"rank 8": "valid", "misspelt": "invalid", "memory": "valid"}


@pytest.mark.parametrize("name", PLAN)
def test_examples_are_planned_as_they_say(name: str, client: TestClient) -> None:
    answer = client.post("/plan", json=PLAN[name])
    assert answer.status_code == 200, answer.text
    assert errors(validator(SCHEMA), answer.json()) == []
    assert answer.json()["status"] == STATUSES[name]


def test_memory_and_suggestions_are_those_asked_for(client: TestClient) -> None:
    found = client.post("/v1/plan", json=PLAN["memory"]).json()
    assert found["memory"]["optimizer"] == "adamw_8bit"
    assert found["memory"]["quantization"] == "4bit"
    assert {"all linear", "attention"} <= {one["title"] for one in found["suggestions"]}


def test_places_are_those_of_the_text(client: TestClient) -> None:
    lines = ['{"peft_type": "LORA",', '"task_type": "CAUSAL_LM",']
    text = "\n".join([*lines, ' "target_modules": ["q_proj", "v_prj"]}'])
    found = client.post("/plan", json={"config": text, "base": "llama"}).json()
    place = found["diagnostics"][0]["location"]
    assert (place["line"], place["column"]) == (3, 31)


@pytest.mark.parametrize(
    ("file", "text", "trainer", "line"),
    [
        (
            "run.yaml",
            "base_model: org/model\nadapter: lora\nlora_r: 8\nlora_alpha: 8\n"
            "lora_target_modules: [q_proj, v_prj]\n",
            "axolotl",
            5,
        ),
        (
            "run.sh",
            "trl sft --model_name_or_path org/model --use_peft \\\n"
            "  --lora_target_modules q_proj v_prj\n",
            "TRL",
            2,
        ),
    ],
)
def test_files_of_trainers(
    file: str, text: str, trainer: str, line: int, client: TestClient
) -> None:
    pytest.importorskip("yaml")
    body = {"file": file, "config": text, "base": "llama"}
    found = client.post("/plan", json=body).json()
    assert errors(validator(SCHEMA), found) == []
    assert (found["trainer"], found["status"]) == (trainer, "invalid")
    (one,) = (one for one in found["diagnostics"] if one["severity"] == "error")
    assert (one["location"]["file"], one["location"]["line"]) == (file, line)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"config": 1},
        {"config": {}, "more": 1},
        {"config": {}, "training": {"optimizer": "adam"}},
        {"config": "a: 1", "file": "train.yaml"},
        {"config": {}, "file": ""},
    ],
)
def test_requests_that_cannot_be_planned(body: dict[str, Any], client: TestClient) -> None:
    answer = client.post("/plan", json=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("config", ["", "[]", "{", '{"r": "x"}', '{"peft_type": "IA3"}'])
def test_any_config_is_answered(config: str, client: TestClient) -> None:
    answer = client.post("/plan", json={"config": config, "base": "llama"})
    assert answer.status_code == 200
    assert errors(validator(SCHEMA), answer.json()) == []
