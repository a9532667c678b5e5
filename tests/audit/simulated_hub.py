"""A Hub of generated repositories: a real HTTP server, fast enough to be no bound.

    python -m tests.audit.simulated_hub --adapters N [--quota Q --window S] [--faults P]

prints its port, and answers as the Hub does: a list of models by pages, files by ranges, with ETags
and commits; it limits requests with `429`, `Retry-After` and `RateLimit`, and has faults. `/_state`
gives what it counted, and `/_set?generation=N&changed=M` changes the first M repositories.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

from tests.audit.generated_fleet import commit_of, name_of, number_of, repository

ROOT: Final = Path(__file__).resolve().parents[2]
_PAGE: Final = 1000
_REASONS: Final = {200: "OK", 206: "Partial Content", 302: "Found", 403: "Forbidden"}
_RANGE: Final = re.compile(rb"\r\n[Rr]ange: bytes=(\d+)-(\d+)\r\n")


class HubOptions(NamedTuple):
    """How the Hub behaves.

    Attributes:
        adapters: the number of repositories.
        quota: the requests for files that it takes in a window; 0 for any number.
        window: the seconds of a window.
        faults: the share of requests that fail: with 503, or a connection that breaks off.
        names_wait: whether a `429` says how long to wait.
    """

    adapters: int
    quota: int = 0
    window: float = 1.0
    faults: float = 0.0
    names_wait: bool = True


class _State:
    """What the Hub has counted, and how often repositories have changed."""

    def __init__(self, options: HubOptions) -> None:
        self.options = options
        self.counts: Counter[str] = Counter()
        self.generation = self.changed = 0
        self.window_begin, self.in_window = time.monotonic(), 0
        self.closed_until = 0.0
        self.random = random.Random(1)  # noqa: S311  # nothing is kept secret by it

    def generation_of(self, number: int) -> int:
        return self.generation if number < self.changed else 0


class _Answers(asyncio.Protocol):
    def __init__(self, state: _State) -> None:
        self._state = state
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            request, self._buffer = self._buffer[: end + 2], self._buffer[end + 4 :]
            self._answer(request)

    def _answer(self, request: bytes) -> None:
        target = request.split(b" ", 2)[1].decode()
        if target.startswith("/_"):
            return self._control(target)
        if target.startswith("/api/models"):
            return self._list(target)
        state = self._state
        state.counts["requests"] += 1
        if (limited := self._limited()) is not None:
            return self._send(429, limited)
        if state.options.faults and state.random.random() < state.options.faults:
            state.counts["faults"] += 1
            if state.random.random() < 0.5:
                return self._transport.abort()
            return self._send(503, {})
        return self._file(target, request)

    def _limited(self) -> dict[str, str] | None:
        """Return the headers of a refusal, if there were too many requests."""
        state, options, now = self._state, self._state.options, time.monotonic()
        if not options.quota:
            return None
        if now - state.window_begin >= options.window:
            state.window_begin, state.in_window = now, 0
        if now < state.closed_until:
            state.counts["too early"] += 1
        state.in_window += 1
        if state.in_window <= options.quota:
            return None
        state.counts["limited"] += 1
        left = state.window_begin + options.window - now
        state.closed_until = now + left
        return {"Retry-After": str(int(left) + 1)} if options.names_wait else {}

    def _file(self, target: str, request: bytes) -> None:
        state = self._state
        name, _, rest = urlsplit(target).path.strip("/").partition("/resolve/")
        revision, _, file = rest.partition("/")
        number = number_of(name)
        if number is None or number >= state.options.adapters:
            return self._send(404, {"X-Error-Code": "RepoNotFound"})
        found = repository(number, state.generation_of(number))
        if found.refused:
            return self._send(found.refused[0], {"X-Error-Code": found.refused[1]})
        older = {commit_of(number, one) for one in range(state.generation + 1)}
        if revision != "main" and revision not in older:
            return self._send(404, {"X-Error-Code": "RevisionNotFound"})
        if revision in older - {found.commit}:
            at = [commit_of(number, one) for one in range(state.generation + 1)].index(revision)
            found = repository(number, at)
        headers = {"X-Repo-Commit": found.commit}
        if file not in found.files:
            return self._send(404, {"X-Error-Code": "EntryNotFound", **headers})
        data, size = found.files[file]
        match = _RANGE.search(request)
        first, last = (int(match[1]), int(match[2])) if match else (0, size - 1)
        last = min(last, size - 1)
        part = data[first : last + 1]
        part += bytes(last + 1 - first - len(part))
        headers["ETag"] = f'"{hash((data, size)):x}"'
        headers["Content-Range"] = f"bytes {first}-{last}/{size}"
        state.counts[f"sent {file}"] += 1
        return self._send(206, headers, part)

    def _list(self, target: str) -> None:
        state = self._state
        state.counts["pages"] += 1
        query = parse_qs(urlsplit(target).query)
        begin = int(query.get("cursor", ["0"])[0])
        end = min(begin + _PAGE, state.options.adapters)
        models = [
            {"_id": f"{n}", "id": name_of(n), "sha": commit_of(n, state.generation_of(n))}
            for n in range(begin, end)
        ]
        headers = {"Content-Type": "application/json"}
        if end < state.options.adapters:
            host = self._transport.get_extra_info("sockname")[1]
            url = f"http://127.0.0.1:{host}/api/models?cursor={end}"
            headers["Link"] = f'<{url}>; rel="next"'
        self._send(200, headers, json.dumps(models).encode())

    def _control(self, target: str) -> None:
        state, parts = self._state, urlsplit(target)
        if parts.path == "/_set":
            values = {name: value[0] for name, value in parse_qs(parts.query).items()}
            state.generation = int(values.get("generation", state.generation))
            state.changed = int(values.get("changed", state.changed))
            if "quota" in values:
                state.options = state.options._replace(quota=int(values["quota"]))
        counts = dict(state.counts)
        if parts.path == "/_reset":
            state.counts.clear()
        self._send(200, {}, json.dumps(counts).encode())

    def _send(self, status: int, headers: Mapping[str, str], data: bytes = b"") -> None:
        state, options = self._state, self._state.options
        more = ""
        if options.quota:
            left = max(0, options.quota - state.in_window)
            reset = max(0, int(state.window_begin + options.window - time.monotonic() + 1))
            more = f'RateLimit: "files";r={left};t={reset}\r\n'
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        reason = _REASONS.get(status, "Other")
        head = f"HTTP/1.1 {status} {reason}\r\nContent-Length: {len(data)}\r\n{more}{lines}\r\n"
        state.counts["bytes"] += len(head) + len(data)
        self._transport.write(head.encode() + data)


class SimulatedHub(NamedTuple):
    """A Hub that runs in another process."""

    port: int

    @property
    def address(self) -> str:
        """Its URL."""
        return f"http://127.0.0.1:{self.port}"

    def counts(self, *, reset: bool = False) -> dict[str, int]:
        """Return what it has counted."""
        return self._asked("/_reset" if reset else "/_state")

    def set(self, **values: int) -> None:
        """Change repositories, or the quota."""
        self._asked("/_set?" + "&".join(f"{name}={value}" for name, value in values.items()))

    def _asked(self, path: str) -> dict[str, int]:
        with urlopen(self.address + path, timeout=30) as answer:  # noqa: S310  # our own server
            found: dict[str, int] = json.load(answer)
        return found


@contextmanager
def running_hub(options: HubOptions) -> Iterator[SimulatedHub]:
    """Run a Hub in another process while the block runs."""
    command = [sys.executable, "-m", "tests.audit.simulated_hub"]
    for name, value in options._asdict().items():
        command += [f"--{name.replace('_', '-')}", f"{value}"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT)
    try:
        assert process.stdout
        yield SimulatedHub(int(process.stdout.readline()))
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


async def _serve(options: HubOptions) -> None:
    state = _State(options)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Answers(state), "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


def main() -> None:
    """Serve until the process is ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in HubOptions(1000)._asdict().items():
        kind: Any = (lambda text: text == "True") if default is True else type(default)
        parser.add_argument(f"--{name.replace('_', '-')}", type=kind, default=default)
    options = HubOptions(**vars(parser.parse_args()))
    asyncio.run(_serve(options))


if __name__ == "__main__":
    main()
