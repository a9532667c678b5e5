"""A client that costs little: requests made beforehand, on connections that stay open."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass
class Load:
    """What a load has met: seconds of each answer, what was lost, and renewed connections.

    What is lost is named by the local port of its connection, or the number of the request.
    """

    seconds: list[float] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)
    renewed: int = 0

    def quantile(self, share: float) -> float:
        """Return the time that this share of the answers took at most."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def request_of(body: bytes, path: str = "/validate") -> bytes:
    """Return the bytes of a request."""
    head = f"POST {path} HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


@contextmanager
def many_files(count: int) -> Iterator[None]:
    """Allow this process to have so many files open, and skip the test if it may not."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < count:
        pytest.skip(f"only {hard} files may be open here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, count), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@asynccontextmanager
async def connection(port: int, *, reads: bool = True) -> AsyncIterator[Connection]:
    client = socket.socket()
    client.setblocking(False)
    if not reads:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    try:
        await asyncio.get_running_loop().sock_connect(client, ("127.0.0.1", port))
    except BaseException:
        client.close()
        raise
    reader, writer = await asyncio.open_connection(sock=client, limit=65_536 if reads else 16)
    try:
        yield reader, writer
    finally:
        writer.close()


async def ask(at: Connection, request: bytes) -> bytes:
    """Send a request and return the body of its answer, which must be a 200."""
    reader, writer = at
    writer.write(request)
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    assert head.startswith(b"http/1.1 200"), head
    length = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
    return await reader.readexactly(int(length))


async def until_served(port: int, request: bytes) -> None:
    """Wait for the first worker; their parent says the port before there is one."""
    for _ in range(300):
        try:
            async with connection(port) as at:
                await ask(at, request)
                return
        except OSError:
            await asyncio.sleep(0.1)
    raise TimeoutError("no worker serves")


async def at_once(port: int, requests: Sequence[bytes], clients: int, seconds: float) -> Load:
    """Have each client send one request after the other, for so long."""
    load, end = Load(), time.perf_counter() + seconds

    async def run(first: int) -> None:
        async with connection(port) as at:
            number = first
            while (started := time.perf_counter()) < end:
                await ask(at, requests[number % len(requests)])
                load.seconds.append(time.perf_counter() - started)
                number += clients

    await asyncio.gather(*(run(first) for first in range(clients)))
    return load


async def at_rate(
    port: int, requests: Sequence[bytes], rate: float, clients: int, seconds: float
) -> Load:
    """Send so many requests a second, each timed from when it was due."""
    load, started = Load(), time.perf_counter()

    async def run(first: int) -> None:
        async with connection(port) as at:
            for number in range(first, int(rate * seconds), clients):
                due = started + number / rate
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                await ask(at, requests[number % len(requests)])
                load.seconds.append(time.perf_counter() - due)

    await asyncio.gather(*(run(first) for first in range(clients)))
    return load


async def upload(port: int, size: int) -> bytes:
    """Stream a form with a weight file of so many bytes, and return the report."""
    async with connection(port) as at:
        reader, writer = at
        text = b'{"a":{"dtype":"U8","shape":[%d],"data_offsets":[0,%d]}}' % (size, size)
        before = (
            (
                b'--x\r\nContent-Disposition: form-data; name="file"; '
                b'filename="adapter_model.safetensors"\r\n\r\n'
            )
            + len(text).to_bytes(8, "little")
            + text
        )
        after = b"\r\n--x--\r\n"
        head = "POST /validate HTTP/1.1\r\nHost: t\r\nContent-Type: multipart/form-data; boundary=x"
        length = len(before) + size + len(after)
        writer.write(f"{head}\r\nContent-Length: {length}\r\n\r\n".encode() + before)
        piece = bytes(1024 * 1024)
        for _ in range(size // len(piece)):
            writer.write(piece)
            await writer.drain()
        writer.write(after)
        answer = (await reader.readuntil(b"\r\n\r\n")).lower()
        assert answer.startswith(b"http/1.1 200"), answer
        found = int(answer.partition(b"content-length:")[2].partition(b"\r\n")[0])
        return await reader.readexactly(found)


def resident_bytes(process: int) -> int:
    """Return the memory of a process now."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * 4096
