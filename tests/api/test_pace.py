"""How fast a body must arrive."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest
from loracfg_api.memory import Memory
from loracfg_api.problems import ProblemError
from loracfg_api.reading import pieces

from tests.api.archives import IMPATIENT


@pytest.mark.slow
def test_what_is_done_with_a_body_is_no_wait_for_more() -> None:
    """The sender is told to be faster only for what it made the service wait for."""

    async def stream() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"piece"

    async def read() -> int:
        request: Any = SimpleNamespace(headers={}, stream=stream, scope={"state": {}})
        settings = IMPATIENT.model_copy(update={"upload_seconds": 60})
        found = 0
        async for piece in pieces(request, 100, settings, Memory(10**9)):
            await asyncio.sleep(2 * settings.idle_seconds)
            found += len(piece)
        return found

    assert asyncio.run(read()) == 15


def test_a_body_must_keep_a_pace() -> None:
    """A byte now and then is no progress, though it comes before each timeout."""

    async def stream() -> AsyncIterator[bytes]:
        while True:
            await asyncio.sleep(0.05)
            yield b"x"

    async def read() -> None:
        request: Any = SimpleNamespace(headers={}, stream=stream, scope={"state": {}})
        settings = IMPATIENT.model_copy(update={"upload_seconds": 60})
        async for _ in pieces(request, 10**6, settings, Memory(10**9)):
            pass

    started = time.monotonic()
    with pytest.raises(ProblemError) as problem:
        asyncio.run(read())
    assert problem.value.status == 408
    assert time.monotonic() - started < 10
