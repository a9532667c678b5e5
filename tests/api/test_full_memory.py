"""Bodies that wait for their clients make room for those that do not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import Any

import pytest
from loracfg_api.app import create_app
from loracfg_api.settings import Settings

from tests.api import asgi

MOST = 400_000
SMALL = b'{"config": "{}"' + b" " * 100_000 + b"}"
HELD = b" " * 150_000


async def slow(parts: Iterable[bytes], seconds: float = 0.05) -> AsyncIterator[bytes]:
    """Yield parts, with time between them, and then wait for more than a test takes."""
    for part in parts:
        yield part
        await asyncio.sleep(seconds)
    await asyncio.sleep(60)


def full() -> Any:
    """Return an application with little memory."""
    return create_app(Settings(access_log=False, max_held_bytes=MOST))


def multipart(data: bytes) -> bytes:
    config = asgi.part("file", "adapter_config.json", [data])
    return b"".join(config)


@pytest.mark.parametrize("kind", ["json", "form"])
def test_small_requests_are_answered_while_others_hold_the_memory(kind: str) -> None:
    async def ask() -> None:
        app = full()
        whole = HELD if kind == "json" else multipart(HELD)
        content_type = "application/json" if kind == "json" else asgi.FORM
        start = [whole[:-1], *[b" "] * 2]
        holding = [
            asyncio.create_task(asgi.call(app, "/validate", slow(start), content_type=content_type))
            for _ in range(2)
        ]
        await asyncio.sleep(0.3)
        assert app.state.loracfg.memory.held > MOST - len(SMALL)
        for _ in range(3):
            answer = await asgi.call(app, "/validate", [SMALL])
            assert answer.status == 200
        ended = [task for task in holding if task.done()]
        assert [task.result().status for task in ended] == [503]
        for task in holding:
            task.cancel()

    asyncio.run(ask())


def test_who_goes_on_sending_is_not_ended_first() -> None:
    async def ask() -> None:
        app = full()
        steady = asyncio.create_task(
            asgi.call(app, "/validate", slow([b" " * 20_000] * 8, seconds=0.1))
        )
        await asyncio.sleep(0.05)
        idle = asyncio.create_task(asgi.call(app, "/validate", slow([HELD, b" ", b" "])))
        await asyncio.sleep(0.6)
        answer = await asgi.call(app, "/validate", [SMALL, b" " * 50_000])
        assert answer.status == 200
        assert (await idle).status == 503
        assert not steady.done()
        steady.cancel()
        await asyncio.gather(steady, return_exceptions=True)
        assert app.state.loracfg.memory.held == 0

    asyncio.run(ask())


def test_a_body_does_not_end_itself() -> None:
    async def ask() -> None:
        answer = await asgi.call(full(), "/validate", [b" " * 50_000] * 9)
        assert answer.status == 503

    asyncio.run(ask())
