"""Reading the body of a request: bounded in size and in time, and never from or to disk."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import TypeVar

from loracfg_api.problems import ProblemError, too_large, unfit
from loracfg_api.settings import Settings
from loracfg_api.state import State
from pydantic import ValidationError
from starlette.requests import ClientDisconnect, Request

T = TypeVar("T")


async def read_json(request: Request, parse: Callable[[bytes], T], state: State) -> T:
    """Read a JSON body, of which `parse` makes something or raises pydantic's error.

    Raises:
        ProblemError: if it is too large, no JSON, or not of that form.
    """
    parts = []
    async for part in pieces(request, state.settings.max_json_bytes, state.settings):
        state.memory.take(request.scope, len(part))
        parts.append(part)
    try:
        return parse(b"".join(parts))
    except ValidationError as error:
        raise unfit(error) from None


async def pieces(request: Request, most: int, settings: Settings) -> AsyncIterator[bytes]:
    """Yield a body as it comes.

    Raises:
        ProblemError: if it has more than `most` bytes, or does not come in time.
    """
    told = request.headers.get("content-length", "")
    told_size = int(told) if told.isascii() and told.isdigit() else most
    if told_size > most:
        raise too_large("the body", told_size, most)
    size = 0
    now = asyncio.get_running_loop().time
    latest = now() + settings.upload_seconds
    try:
        async with asyncio.timeout_at(min(latest, now() + settings.idle_seconds)) as patience:
            async for piece in request.stream():
                size += len(piece)
                if size > most:
                    raise too_large("the body", None, most)
                if piece:
                    yield piece
                if size < told_size:
                    patience.reschedule(min(latest, now() + settings.idle_seconds))
    except TimeoutError:
        raise ProblemError(408, "the body did not come in time", "send it faster") from None
    except ClientDisconnect:
        raise ProblemError(400, "the body was cut off", "send it again") from None
