"""Call an application without a network, with a body in several pieces."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from typing import Any

BOUNDARY = "between-parts"


@dataclass
class Answer:
    """Status, headers and body of an answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


async def call(
    app: Any,
    path: str,
    pieces: AsyncIterator[bytes] | Iterable[bytes],
    content_type: str = "application/json",
    headers: dict[str, str] | None = None,
) -> Answer:
    """Post a body of these pieces."""
    sent = {"host": "test", "content-type": content_type, **(headers or {})}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(k.encode(), v.encode()) for k, v in sent.items()],
        "client": ("127.0.0.1", 1),
        "server": ("test", 80),
    }
    body = pieces if isinstance(pieces, AsyncIterator) else _each(pieces)
    messages: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        try:
            return {"type": "http.request", "body": await anext(body), "more_body": True}
        except StopAsyncIteration:
            return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        messages.append(message)

    await app(scope, receive, send)
    start = messages[0]
    got = {key.decode(): value.decode() for key, value in start["headers"]}
    return Answer(start["status"], got, b"".join(m.get("body", b"") for m in messages[1:]))


async def _each(pieces: Iterable[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


def post(app: Any, path: str, pieces: Iterable[bytes], **options: Any) -> Answer:
    """Post a body of these pieces, and wait for the answer."""
    return asyncio.run(call(app, path, pieces, **options))


FORM = f"multipart/form-data; boundary={BOUNDARY}"


def part(field: str, name: str | None, pieces: Iterable[bytes]) -> Iterable[bytes]:
    """Yield the bytes of a part of a form."""
    filename = "" if name is None else f'; filename="{name}"'
    head = f'Content-Disposition: form-data; name="{field}"{filename}'
    yield f"--{BOUNDARY}\r\n{head}\r\n\r\n".encode()
    yield from pieces
    yield b"\r\n"


END = f"--{BOUNDARY}--\r\n".encode()


def form(*parts: Iterable[bytes]) -> Iterable[bytes]:
    """Yield the bytes of a form of these parts."""
    for one in parts:
        yield from one
    yield END
