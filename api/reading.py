"""Read the body of a request: bounded in size and time, and never from or to disk."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Final, TypeVar

from loracfg_api.json_values import parsed
from loracfg_api.memory import Memory
from loracfg_api.problems import ProblemError, busy, too_large
from loracfg_api.settings import Settings
from loracfg_api.state import State
from starlette.requests import ClientDisconnect, Request

from loracfg.document.display import printable

T = TypeVar("T")

JSON: Final = "application/json"
SMALL: Final = 512 * 1024
"""Bytes of a body that take at most a millisecond, too short to be worth a thread."""


async def read_body(request: Request, state: State, most: int) -> bytearray:
    """Read a whole body into memory.

    Args:
        request: the request.
        state: the state of the service.
        most: the largest size in bytes.

    Raises:
        ProblemError: if it is too large, or does not arrive in time.
    """
    data = bytearray()
    async for part in pieces(request, most, state.settings, state.memory):
        state.memory.take(request.scope, len(part))
        data += part
    return data


async def parse_json(data: bytearray, parse: Callable[[object], T], state: State) -> T:
    """Return the result of `parse` for the value of a JSON text.

    Raises:
        ProblemError: if it is not JSON, or rejected by `parse`.
    """
    work = partial(parsed, data, parse, state.settings.max_json_values)
    return await state.workers.run(work) if len(data) > SMALL else work()


async def read_json(
    request: Request, parse: Callable[[object], T], state: State, most: int = sys.maxsize
) -> T:
    """Return the result of `parse` for the value of a JSON body of at most `most` bytes.

    Raises:
        ProblemError: if it is not JSON, is rejected by `parse`, or exceeds a limit.
    """
    if media_type(request) != JSON:
        raise unsupported(request, f"send `{JSON}`")
    data = await read_body(request, state, min(most, state.settings.max_json_bytes))
    return await parse_json(data, parse, state)


def media_type(request: Request) -> str:
    """Return the media type of a body, without parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def unsupported(request: Request, advice: str) -> ProblemError:
    """Return the problem for a body of a type that the route does not take."""
    kind = media_type(request)
    has = f"the body has the content type `{printable(kind, 80)}`"
    return ProblemError(415, has if kind else "the request has no `Content-Type`", advice)


async def pieces(
    request: Request, most: int, settings: Settings, memory: Memory
) -> AsyncIterator[bytes]:
    """Yield a body as it arrives.

    Raises:
        ProblemError: if it has more than `most` bytes, does not arrive in time, or waits for its
            client while others need its memory.
    """
    length = request.headers.get("content-length", "")
    stated = int(length) if length.isascii() and length.isdigit() else most
    if stated > most:
        raise too_large("the body", stated, most)
    size, waited = 0, 0.0
    now = asyncio.get_running_loop().time
    started = asked = now()
    latest = started + settings.upload_seconds
    body = None
    try:
        async with asyncio.timeout_at(min(latest, asked + settings.idle_seconds)) as patience:
            with memory.arriving(request.scope, patience) as body:
                async for piece in request.stream():
                    if body.is_ended:
                        raise busy()
                    waited += now() - asked
                    size += len(piece)
                    if size > most:
                        raise too_large("the body", None, most)
                    memory.note_part(body, len(piece))
                    if piece:
                        patience.reschedule(latest)  # processing it does not count as waiting
                        yield piece
                    asked = now()
                    body.is_waiting = True
                    if size < stated:
                        pace = settings.idle_seconds + size / settings.min_bytes_per_second
                        patience.reschedule(
                            min(latest, asked + min(settings.idle_seconds, pace - waited))
                        )
    except TimeoutError:
        if body and body.is_ended:
            raise busy() from None
        limits = (
            f"{settings.idle_seconds:g} s between parts, {settings.min_bytes_per_second} bytes/s, "
            f"{settings.upload_seconds:g} s in all"
        )
        message = f"timed out while reading the body (limits: {limits})"
        raise ProblemError(408, message, "send it again") from None
    except ClientDisconnect:
        raise ProblemError(400, "the body was cut off", "send it again") from None
