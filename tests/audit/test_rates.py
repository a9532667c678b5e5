"""What servers say of the requests that they take, and that it is obeyed."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping

import pytest

from loracfg.audit.reading.limiter import HostGoneError, Limiter, ReadLimits
from loracfg.audit.reading.rate_headers import RequestsLeft, requests_left
from loracfg.sources.remote.errors import RemoteError
from loracfg.sources.remote.http_answers import BrokenError

HOST = "a.example"


@pytest.mark.parametrize(
    ("headers", "left"),
    [
        ({}, None),
        ({"ratelimit": '"resolvers";r=4999;t=254'}, (4999, 254)),
        ({"ratelimit": '"a";r=50;t=30, "b";r=2;t=5'}, (2, 5)),
        ({"ratelimit": "default; r=0 ;t=7"}, (0, 7)),
        ({"ratelimit": '"a;r=1,";r=9;t=3;x="y"'}, (9, 3)),
        ({"ratelimit": '"a";r=9'}, None),
        ({"ratelimit": "limit=10, remaining=3, reset=7"}, None),
        ({"ratelimit": '";'}, None),
        ({"ratelimit-remaining": "3", "ratelimit-reset": "7"}, (3, 7)),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "60"}, (0, 60)),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1790000000"}, None),
        ({"ratelimit-remaining": "3"}, None),
        ({"ratelimit": '"a";r=1;t=999999999'}, (1, 86400)),
    ],
)
def test_headers(headers: Mapping[str, str], left: tuple[int, int] | None) -> None:
    assert requests_left(headers) == (RequestsLeft(*left) if left else None)


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (200, {}),
        (200, {"ratelimit": '"a";r=5;t=30'}),
        (200, {"ratelimit": '"a";r=0;t=0'}),
        (503, {}),
        (200, {"retry-after": "30"}),
        (429, {"retry-after": "99999"}),  # longer than anybody waits: its request fails
    ],
)
def test_no_wait(status: int, headers: Mapping[str, str]) -> None:
    limiter, started = Limiter(), time.monotonic()
    limiter.answered(HOST, status, headers)
    with limiter.turn(HOST):
        assert time.monotonic() - started < 20


@pytest.mark.slow
@pytest.mark.parametrize(
    ("status", "headers", "least"),
    [
        (429, {"retry-after": "2"}, 1.9),
        (503, {"retry-after": "2"}, 1.9),
        (200, {"ratelimit": '"a";r=0;t=2'}, 1.9),
        (429, {}, 0.9),
        (429, {"retry-after": "0"}, 0.9),
        (429, {"retry-after": "Tue, 01 Dec 2020 00:00:00 GMT"}, 0.9),
    ],
)
def test_a_wait(status: int, headers: Mapping[str, str], least: float) -> None:
    limiter = Limiter()
    limiter.answered(HOST, status, headers)
    with limiter.turn("another"):
        pass
    started = time.monotonic()
    with limiter.turn(HOST):
        waited = time.monotonic() - started
    assert waited >= least


@pytest.mark.slow
def test_the_last_request_that_is_left() -> None:
    limiter = Limiter()
    limiter.answered(HOST, 200, {"ratelimit": '"a";r=1;t=1'})
    started = time.monotonic()
    with limiter.turn(HOST):
        pass
    assert time.monotonic() - started < 0.9
    with limiter.turn(HOST):
        assert time.monotonic() - started >= 0.9


def test_requests_at_a_time() -> None:
    limiter = Limiter(ReadLimits(connections=2))
    running, most, lock = 0, 0, threading.Lock()

    def send() -> None:
        nonlocal running, most
        with limiter.turn(HOST):
            with lock:
                running += 1
                most = max(most, running)
            time.sleep(0.02)
            with lock:
                running -= 1

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 2
    assert limiter.requests == 8


def test_a_rate() -> None:
    limiter, started = Limiter(ReadLimits(rate=20)), time.monotonic()
    for _ in range(5):
        with limiter.turn(HOST):
            pass
    assert time.monotonic() - started >= 0.19


def test_a_host_that_does_not_answer() -> None:
    limiter = Limiter()
    for _ in range(19):
        limiter.failed(HOST)
    with limiter.turn(HOST):
        pass
    limiter.answered(HOST, 404, {})
    for _ in range(20):
        limiter.failed(HOST)
    assert limiter.is_gone(HOST)
    with pytest.raises(HostGoneError, match="20 times"), limiter.turn(HOST):
        pass
    with limiter.turn("another"):
        pass


def test_what_is_tried_again() -> None:
    limits = ReadLimits(attempts=3, pause=0.0, waits=2)

    def attempts(error: RemoteError) -> int:
        tries, count = Limiter(limits).tries(), 1
        try:
            while True:
                tries.wait_after(error)
                count += 1
        except RemoteError:
            return count

    assert attempts(RemoteError("gone", "", 404)) == 1
    assert attempts(RemoteError("refused", "")) == 1
    assert attempts(RemoteError("busy", "", 503)) == 3
    assert attempts(BrokenError("broken", "")) == 3
    assert attempts(RemoteError("limited", "", 429)) == 3  # each after a pause of the host
    assert attempts(RemoteError("limited", "", 429, {"retry-after": "99999"})) == 1
