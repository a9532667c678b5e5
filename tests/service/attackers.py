"""Clients that never finish what they begin, and how others fare beside them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

from tests.service.client import Connection, Load, ask, connection

POST: Final = b"POST /validate HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n"
UNREAD: Final = "unread responses"
PIPELINED: Final = "half a body after a request"
HEALTH: Final = b"GET /healthz HTTP/1.1\r\nHost: t\r\n\r\n"
BODY: Final = POST + b'Content-Length: 100000\r\n\r\n{"config": "'
UNFINISHED: Final = {
    "head not sent": (b"", b""),
    "half a head": (POST, b""),
    "a dripping head": (POST + b"X: ", b"x"),
    "half a body": (BODY, b""),
    "a dripping body": (BODY, b"x"),
    PIPELINED: (HEALTH + BODY, b""),
    UNREAD: (b"GET /schema/editor HTTP/1.1\r\nHost: t\r\n\r\n" * 16, b""),
}
"""What such a client sends at once, and then every second."""
_HELD: Final = 20
"""Seconds after which a client that reads nothing begins again."""


@dataclass
class Siege:
    """Attacking connections: how many are open, and how many the server has ended."""

    open: int = 0
    ended: int = 0
    kinds: dict[str, int] = field(default_factory=dict)


@asynccontextmanager
async def siege(
    port: int, count: int, kinds: Sequence[str] = tuple(UNFINISHED)
) -> AsyncIterator[Siege]:
    """Keep so many unfinished requests open, and begin a new one for each that ends."""
    state = Siege()
    tasks = [
        asyncio.create_task(_attack(port, kinds[number % len(kinds)], state))
        for number in range(count)
    ]
    await asyncio.sleep(count / 1000)
    try:
        yield state
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _attack(port: int, kind: str, state: Siege) -> None:
    while True:
        with suppress(OSError):
            async with connection(port, reads=kind != UNREAD) as (reader, writer):
                state.open += 1
                try:
                    if kind == UNREAD:
                        writer.write(UNFINISHED[kind][0])
                        await asyncio.sleep(_HELD)
                    else:
                        await _stall(reader, writer, *UNFINISHED[kind])
                finally:
                    state.open -= 1
                state.ended += 1
                state.kinds[kind] = state.kinds.get(kind, 0) + 1
        await asyncio.sleep(1)


async def _stall(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, first: bytes, drip: bytes
) -> None:
    """Send the beginning of a request, and a byte every second, until the server ends it."""
    writer.write(first)
    while True:
        with suppress(TimeoutError):
            async with asyncio.timeout(1):
                while await reader.read(65_536):
                    pass
                return
        if drip:
            writer.write(drip)


async def ask_anew(
    port: int, requests: Sequence[bytes], rate: float, clients: int, count: int
) -> Load:
    """Send requests at a rate, each on a connection of its own, timed from when it was due."""
    load, started = Load(), time.perf_counter()

    async def run(first: int) -> None:
        for number in range(first, count, clients):
            due = started + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            try:
                async with asyncio.timeout(100), connection(port) as at:
                    await ask(at, requests[number % len(requests)])
                load.seconds.append(time.perf_counter() - due)
            except (OSError, TimeoutError, asyncio.IncompleteReadError):
                load.lost.append(number)

    await asyncio.gather(*(run(first) for first in range(clients)))
    return load


async def ask_kept(
    port: int, request: Callable[[int], bytes], rate: float, clients: int, count: int
) -> Load:
    """Send requests at a rate on connections that are kept, timed from when each was due.

    A request whose connection has ended is sent once more on a new one, as HTTP clients do.
    """
    load, started = Load(), time.perf_counter()

    async def run(first: int) -> None:
        async with AsyncExitStack() as stack:
            at: Connection | None = None
            for number in range(first, count, clients):
                due = started + number / rate
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                for attempt in range(2):
                    try:
                        async with asyncio.timeout(100):
                            if at is None:
                                at = await stack.enter_async_context(connection(port))
                            await ask(at, request(number))
                        load.seconds.append(time.perf_counter() - due)
                        break
                    except (OSError, TimeoutError, asyncio.IncompleteReadError):
                        at = None
                        load.renewed += 1
                        if attempt:
                            load.lost.append(number)

    await asyncio.gather(*(run(first) for first in range(clients)))
    return load
