"""How many modules a base has, and a response lists over all adapters of a request."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from fastapi import FastAPI
from loracfg_api.app import create_app
from loracfg_api.responses import text_of_modules
from loracfg_api.settings import Settings

from loracfg.base.catalogue import lookup
from tests.api import asgi
from tests.api.archives import refused

ADAPTERS = 4
LAYER = 7
"""Modules of a layer; a model has two more."""


def send(app: FastAPI, layers: int, **more: object) -> asgi.Answer:
    """Ask for the modules of several adapters on the same base."""
    sizes = dict.fromkeys(("hidden_size", "intermediate_size"), 64)
    heads = dict.fromkeys(("num_attention_heads", "num_key_value_heads"), 4)
    base = {"model_type": "llama", "architectures": ["LlamaForCausalLM"], **sizes, **heads}
    base |= {"num_hidden_layers": layers, "vocab_size": 100}
    config = {"peft_type": "LORA", "task_type": "CAUSAL_LM", "target_modules": ["q_proj"], **more}
    text = json.dumps(config).encode()
    files = [asgi.part("file", f"{n}/adapter_config.json", [text]) for n in range(ADAPTERS)]
    body = asgi.form(*files, asgi.part("base", "config.json", [json.dumps(base).encode()]))
    return asgi.post(app, "/modules", body, content_type=asgi.FORM)


def test_the_modules_of_all_adapters_are_counted() -> None:
    most = ADAPTERS * (LAYER * 3 + 2)
    enough = create_app(Settings(access_log=False, max_modules=most))
    answer = send(enough, 3)
    assert answer.status == 200
    assert sum(len(adapter["modules"]) for adapter in answer.json["adapters"]) == most
    small = create_app(Settings(access_log=False, max_modules=most - 1))
    refused(send(small, 3), 413, f"the response has more than this service's limit of {most - 1} m")


@pytest.mark.slow
def test_a_small_request_has_no_large_response() -> None:
    app = create_app(Settings(access_log=False))
    refused(send(app, 4000), 413, "limit of 100000 modules")


def test_a_base_with_too_many_modules_is_not_judged() -> None:
    config = {"peft_type": "LORA", "task_type": "CAUSAL_LM", "target_modules": ["q_proj"]}
    name = "LlamaForCausalLM"
    base = {"model_type": "llama", "architectures": [name], "num_hidden_layers": 2}
    count = len(lookup.build(base, name).modules)
    body = json.dumps({"config": config, "base": {"config": base}}).encode()
    why = f"the base has {count} modules, more than the limit of {count - 1}"
    for most, status in ((count, "valid"), (count - 1, "undetermined")):
        app = create_app(Settings(access_log=False, max_modules=most))
        assert asgi.post(app, "/plan", [body]).json["status"] == status
        assert (why.encode() in asgi.post(app, "/validate", [body]).body) == (status != "valid")


def test_a_scaling_without_end_is_none() -> None:
    answer = send(create_app(Settings(access_log=False)), 1, r=8, lora_alpha=float("inf"))
    assert b"Infinity" not in answer.body


def test_a_response_is_written_in_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    threads = list[str]()

    def note_thread(modules: Any) -> str:
        threads.append(threading.current_thread().name)
        return text_of_modules(modules)

    monkeypatch.setattr("loracfg_api.routes.validate.text_of_modules", note_thread)
    assert send(create_app(Settings(access_log=False)), 1).status == 200
    assert all(name.startswith("judge") for name in threads)
    assert threads
