"""Requests: no answer is a 500, each problem is a document, and pieces make no difference."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any, Final

from loracfg_api.app import create_app
from loracfg_api.examples import MIGRATION, PLAN, VALIDATION
from loracfg_api.settings import Settings

from loracfg.testing.building.examples import build
from tests.api import asgi
from tests.api.archives import zip_of
from tests.fuzz.mutation import mutated
from tests.fuzz.target import Answer, Target, words
from tests.security.tricks import ADAPTER, CONFIG, facts

_JSON: Final = "application/json"
_SPLIT: Final = b"\n\n"
"""Ends the first line of an input, which has the path and the type of the content."""


class Requests(Target):
    """Bodies of requests, each after a line with its path and content type."""

    name = "request"

    def __init__(self) -> None:
        self.app = create_app(Settings(access_log=False))
        self.loop = asyncio.new_event_loop()

    def seeds(self) -> list[bytes]:
        """Return what the OpenAPI document shows, and forms with files and archives."""
        return [f"{path} {kind}".encode() + _SPLIT + body for path, kind, body in _seeds()]

    def draw(self, rng: Random, corpus: Sequence[bytes]) -> bytes:
        """Draw a request to one of the paths; seldom the content type changes too."""
        head, _, body = rng.choice(corpus).partition(_SPLIT)
        others = [one.partition(_SPLIT)[2] for one in corpus]
        if rng.random() < 0.05:
            path, _, kind = head.partition(b" ")
            head = path + b" " + mutated(kind, rng, others).translate(None, b"\r\n\0")[:300]
        return head + _SPLIT + mutated(body, rng, others)

    def read(self, data: bytes) -> Answer:
        """Send a request as a whole."""
        head, _, body = data.partition(_SPLIT)
        path, _, kind = head.partition(b" ")
        logging.disable(logging.CRITICAL)
        try:
            answer = self._send(path, kind, [body])
        finally:
            logging.disable(logging.NOTSET)
        failed = f"{answer.status}" if answer.status >= 500 and answer.status != 503 else ""
        return Answer(f"{answer.status} {_said(answer)}", failed, answer.status == 200)

    def judge(self, data: bytes) -> Answer:
        """Send a request as a whole and in pieces."""
        head, _, body = data.partition(_SPLIT)
        path, _, kind = head.partition(b" ")
        cuts = sorted(Random(len(data)).sample(range(len(body)), min(3, len(body))))  # noqa: S311
        pieces = [body[i:j] for i, j in zip([0, *cuts], [*cuts, len(body)], strict=True)]
        logging.disable(logging.CRITICAL)
        try:
            answers = [self._send(path, kind, sent) for sent in ([body], pieces)]
        except Exception as error:  # which the service must not let out
            return Answer(f"{type(error).__name__}", f"{type(error).__name__}: {error}"[:500])
        finally:
            logging.disable(logging.NOTSET)
        whole, other = answers
        way = f"{path.decode('latin1')} {whole.status} {_said(whole)}"
        if whole.status >= 500 and whole.status != 503:
            return Answer(way, f"{whole.status} {whole.body[:300]!r}")
        if whole.status >= 400 and whole.headers["content-type"] != "application/problem+json":
            return Answer(way, f"no problem document: {whole.headers}")
        if (whole.status, _said(whole)) != (other.status, _said(other)):
            return Answer(way, f"in pieces {other.status} {_said(other)}, else {way}"[:500])
        return Answer(way)

    def _send(self, path: bytes, kind: bytes, pieces: Sequence[bytes]) -> asgi.Answer:
        call = asgi.call(self.app, path.decode("latin1"), pieces, kind.decode("latin1"))
        return self.loop.run_until_complete(call)


def _seeds() -> Iterator[tuple[str, str, bytes]]:
    for body in VALIDATION.values():
        yield "/validate", _JSON, json.dumps(body).encode()
    for body in MIGRATION.values():
        yield "/migrate", _JSON, json.dumps(body).encode()
    for body in PLAN.values():
        yield "/plan", _JSON, json.dumps(body).encode()
    yield "/validate", _JSON, json.dumps(_with_facts()).encode()
    yield "/modules", _JSON, json.dumps({"config": VALIDATION["fits"]["config"]}).encode()
    files = build(())[0].contents
    parts = [asgi.part("file", name, [data]) for name, data in files.items()]
    yield "/validate", asgi.FORM, b"".join(asgi.form(*parts))
    archive = asgi.part("archive", "a.zip", [zip_of(*files.items())])
    options = asgi.part("options", None, [b'{"peft": "0.12"}'])
    yield "/validate", asgi.FORM, b"".join(asgi.form(archive, options))
    base = asgi.part("base", "config.json", [json.dumps(VALIDATION["fits"]["base"]).encode()])
    yield "/validate", asgi.FORM, b"".join(asgi.form(*parts[:1], base))


def _with_facts() -> dict[str, Any]:
    base = {"config": CONFIG, "facts": facts("text_config(config, decoder = True).width")}
    return {"config": ADAPTER, "base": base}


def _said(answer: asgi.Answer) -> str:
    """Return what an answer says, without names and numbers."""
    try:
        value = answer.json
    except ValueError:
        return "no JSON"
    if answer.status != 200 or "adapters" not in value:
        return words([str(value.get("detail", ""))]) if isinstance(value, dict) else ""
    found = [d for adapter in value["adapters"] for d in adapter.get("diagnostics", ())]
    return words(d["name"] for d in found)
