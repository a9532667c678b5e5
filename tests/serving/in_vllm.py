"""What vLLM does with the plugin; runs in the environment of vLLM.

The plugin is loaded by vLLM, as its entry point says. `serve` is vLLM's HTTP API without an engine:
its routes, its resolvers and its errors, and the part of its worker that loads adapters, on a CPU.
Jobs are lines of JSON on stdin, answers are lines of JSON on stdout:

    {"do": "serve", "base": FOLDER, "ask": [NAME, …], "engine": {…}}  {"NAME": [STATUS, MESSAGE], …}
    {"do": "resolve", "base": FOLDER, "ask": [NAME, …]}               {"NAME": [ANSWER, TEXT], …}
    {"do": "load", "base": FOLDER, "ask": [FOLDER, …]}                {"FOLDER": ERROR or "", …}
    {"do": "facts"}                                                    {…}
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

os.environ["VLLM_TARGET_DEVICE"] = "cpu"
os.environ["VLLM_ALLOW_RUNTIME_LORA_UPDATING"] = "1"


class Engine:
    """The part of an engine's client that the routes ask for, with a real worker behind it."""

    errored = False
    renderer = None
    input_processor = None

    def __init__(self, worker: Any, config: Any) -> None:
        self.vllm_config = config
        self.model_config = config.model_config
        self.added: list[Any] = []
        self._worker = worker

    async def check_admission(self, *_: Any, **__: Any) -> None:
        """Admit every request; there is no queue."""

    async def add_lora(self, request: Any) -> bool:
        self.added.append(request)
        self._worker.remove_all_adapters()
        loaded: bool = self._worker.add_adapter(request)
        return loaded


class Renderer:
    """Stands where a prompt becomes tokens, which comes after what is tested here."""

    async def render_completion(self, _: Any) -> Any:
        from http import HTTPStatus

        from vllm.entrypoints.serve import create_error_response

        return create_error_response("served", "Served", HTTPStatus.IM_A_TEAPOT)


def client_of(base: Path, arguments: dict[str, Any]) -> tuple[Any, Any]:
    """Return a client of vLLM's HTTP API, and the engine behind it."""
    from fastapi import FastAPI
    from fastapi.testclient import TestClient
    from vllm.entrypoints.openai.completion import api_router as completions
    from vllm.entrypoints.openai.completion.serving import OpenAIServingCompletion
    from vllm.entrypoints.openai.models.protocol import BaseModelPath
    from vllm.entrypoints.openai.models.serving import OpenAIServingModels
    from vllm.entrypoints.serve.exception_handling.register import init_exception_handler
    from vllm.entrypoints.serve.instrumentator.metrics import attach_router

    from tests.oracles.vllm import worker_of

    engine = Engine(*worker_of(base, **arguments))
    client: Any = engine
    renderer: Any = Renderer()
    models = OpenAIServingModels(client, [BaseModelPath("base", str(base))])
    app = FastAPI()
    init_exception_handler(app)
    completions.attach_router(app)
    attach_router(app)
    app.state.args = SimpleNamespace(log_error_stack=False)
    app.state.enable_server_load_tracking = False
    app.state.openai_serving_models = models
    app.state.openai_serving_completion = OpenAIServingCompletion(
        client, models, online_renderer=renderer, request_logger=None
    )
    return TestClient(app, raise_server_exceptions=False), engine


def serve(job: dict[str, Any]) -> dict[str, Any]:
    client, engine = client_of(Path(job["base"]), job.get("engine", {}))
    found: dict[str, Any] = {}
    for name in job["ask"]:
        answer = client.post("/v1/completions", json={"model": name, "prompt": "a"})
        found[name] = [answer.status_code, answer.json()["error"]["message"]]
    lines = [line for line in client.get("/metrics").text.splitlines() if "loracfg_gate" in line]
    told = {
        one.lora_name: [one.lora_path, one.lora_int_id, one.is_3d_lora_weight]
        for one in engine.added
    }
    return {"answers": found, "metrics": lines, "told": told}


def resolve(job: dict[str, Any]) -> dict[str, Any]:
    """Ask the registered resolver, without a server."""
    from vllm.exceptions import VLLMClientError, VLLMServerError
    from vllm.lora.resolver import LoRAResolverRegistry

    resolver = LoRAResolverRegistry.get_resolver("loracfg")

    async def ask(name: str) -> list[str]:
        try:
            request = await resolver.resolve_lora(job["base"], name)
        except VLLMClientError as error:
            return ["refused", str(error)]
        except VLLMServerError as error:
            return ["failed", str(error)]
        return ["absent", ""] if request is None else ["passed", request.lora_path]

    async def ask_all() -> dict[str, Any]:
        return {name: await ask(name) for name in job["ask"]}

    return asyncio.run(ask_all())


def load(job: dict[str, Any]) -> dict[str, Any]:
    """Load adapters as vLLM does without the plugin."""
    from vllm.lora.request import LoRARequest

    from tests.oracles.vllm import worker_of

    worker, _ = worker_of(Path(job["base"]), **job.get("engine", {}))
    found = {}
    for path in job["ask"]:
        worker.remove_all_adapters()
        try:
            worker.add_adapter(LoRARequest("adapter", 1, path))
        except Exception as error:
            found[path] = f"{type(error).__name__}: {error}"
        else:
            found[path] = ""
    return found


def facts(_: dict[str, Any]) -> dict[str, Any]:
    """Return what of vLLM the plugin rests on."""
    from vllm.lora import lora_model, peft_helper
    from vllm.lora.request import LoRARequest
    from vllm.lora.resolver import LoRAResolverRegistry

    return {
        "resolvers": sorted(LoRAResolverRegistry.get_supported_resolvers()),
        "fields": list(LoRARequest.__struct_fields__),
        "opened": _files_named_by(lora_model) + _files_named_by(peft_helper),
    }


def _files_named_by(module: Any) -> list[str]:
    """Return the files of an adapter whose names are in the source of a module."""
    source = Path(module.__file__).read_text()
    return sorted(set(re.findall(r'"(adapter_[a-z]+\.[a-z]+)"', source)))


def main() -> None:
    """Load vLLM's plugins, and answer the jobs on stdin."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # vLLM writes to stdout
    from vllm.plugins import load_general_plugins

    load_general_plugins()
    jobs = {"serve": serve, "resolve": resolve, "load": load, "facts": facts}
    for line in sys.stdin:
        job = json.loads(line)
        answers.write(json.dumps(jobs[job["do"]](job)) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
