"""What surrounds every request: its id, log line, metrics and common headers."""

from __future__ import annotations

import json
import os
import re
import sys
import time
from datetime import UTC, datetime
from traceback import format_exc
from typing import Final

from loracfg_api.memory import Memory
from loracfg_api.metrics import Metrics
from loracfg_api.problem_response import respond
from loracfg_api.problems import ProblemError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from loracfg.document.json_value import Json

_ID: Final = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_HEADERS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)
_UNREAD: Final = 64 * 1024
"""Bytes of a response that the server keeps without waiting for the client to read them."""


def write_line(level: str, message: str, **fields: Json) -> None:
    """Write a JSON line to standard error."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    line = {"time": now, "level": level, "message": message, **fields}
    sys.stderr.write(json.dumps(line) + "\n")


class Operation:
    """Gives each request an id, logs and counts it, and answers it if nothing else did."""

    def __init__(
        self, app: ASGIApp, metrics: Metrics, memory: Memory, *, has_log: bool = True
    ) -> None:
        self._app = app
        self._metrics = metrics
        self._memory = memory
        self._has_log = has_log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        started = time.perf_counter()
        status = 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                own = (b"x-request-id", request_id.encode())
                message["headers"] = [*message["headers"], *_HEADERS, own]
            body = message.get("body", b"")
            if len(body) > _UNREAD and not message.get("more_body"):
                self._memory.hold(scope, len(body))
                await send({**message, "more_body": True})
                message = {"type": message["type"]}  # sent once most of the body has been read
            await send(message)

        try:
            await self._app(scope, receive, answer)
        except Exception:
            write_line("error", "defect", request_id=request_id, traceback=format_exc())
            if status:
                raise
            problem = ProblemError(500, "internal error", "please report it with this request id")
            await respond(problem, request_id)(scope, receive, answer)
        finally:
            self._memory.give_back(scope)
            self._note(scope, request_id, status, time.perf_counter() - started)

    def _note(self, scope: Scope, request_id: str, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "other")
        self._metrics.count_request(route, status, seconds)
        if self._has_log:
            write_line(
                "info",
                "request",
                request_id=request_id,
                method=scope["method"],
                path=scope["path"],
                status=status,
                seconds=round(seconds, 6),
            )


def _request_id(scope: Scope) -> str:
    """Return the id that the client sent if it is valid, else a new one."""
    given = next((value for key, value in scope["headers"] if key == b"x-request-id"), b"")
    return given.decode("ascii") if _ID.fullmatch(given) else os.urandom(16).hex()
