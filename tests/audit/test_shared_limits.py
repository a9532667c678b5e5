"""Limits that several programs share, such as the workers of a job."""

from __future__ import annotations

import threading
import time
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loracfg.audit.reading.lease import Lease, Usage
from loracfg.audit.reading.limiter import HostGoneError, Limiter, ReadLimits
from loracfg.audit.reading.shared_limits import SharedLimits

HOST = "a.example"
ANSWERED = Usage(sent=1, is_answered=True)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Direct(NamedTuple):
    """Asks limits in the same process."""

    limits: SharedLimits
    program: str
    lock: threading.Lock

    def lease(self, host: str, usage: Usage) -> Lease:
        with self.lock:
            return self.limits.lease(self.program, host, usage)


def limits_and_clock(limits: ReadLimits) -> tuple[SharedLimits, Clock]:
    clock = Clock()
    return SharedLimits(limits, clock), clock


def test_one_request_until_a_host_has_answered() -> None:
    limits, clock = limits_and_clock(ReadLimits(connections=16))
    assert limits.lease("a", HOST, Usage()).requests == 1
    clock.now += 1
    found = limits.lease("a", HOST, ANSWERED)
    assert (found.slots, found.requests, found.is_gone) == (16, None, False)
    assert limits.lease("a", "b.example", Usage()).requests == 1


def test_programs_get_equal_shares() -> None:
    limits, clock = limits_and_clock(ReadLimits(connections=16))
    limits.lease("a", HOST, ANSWERED)
    assert limits.lease("b", HOST, Usage()).slots == 0  # until the other one asks again
    clock.now += 0.5
    assert limits.lease("a", HOST, ANSWERED).slots == 8
    assert limits.lease("b", HOST, ANSWERED).slots == 8
    clock.now += 10  # `b` has gone
    assert limits.lease("a", HOST, ANSWERED).slots == 16


@given(
    st.integers(1, 6),
    st.lists(st.tuples(st.integers(0, 4), st.floats(0, 1), st.integers(0, 3)), max_size=60),
)
def test_never_more_at_a_time_than_all_may(
    connections: int, asked: list[tuple[int, float, int]]
) -> None:
    limits, clock = limits_and_clock(ReadLimits(connections=connections))
    held: dict[int, tuple[int, float]] = {}
    for program, seconds, sent in asked:
        clock.now += seconds
        found = limits.lease(f"{program}", HOST, Usage(sent=sent, is_answered=True))
        held[program] = found.slots, clock.now + found.seconds
        assert sum(slots for slots, until in held.values() if until > clock.now) <= connections


def test_more_programs_than_connections_take_turns() -> None:
    limits, clock = limits_and_clock(ReadLimits(connections=2))
    sent = dict.fromkeys("abcde", 0)
    last = dict(sent)
    for _ in range(200):
        for name in sent:
            lease = limits.lease(name, HOST, Usage(sent=last[name], is_answered=True))
            last[name] = lease.slots
            sent[name] += lease.slots
        clock.now += 0.5
    assert min(sent.values()) > 20


def test_what_a_host_still_takes_is_divided() -> None:
    limits, clock = limits_and_clock(ReadLimits(connections=16))
    limits.lease("a", HOST, ANSWERED)
    limits.lease("b", HOST, ANSWERED)
    clock.now += 0.5
    granted = 0
    first = limits.lease("a", HOST, Usage(is_answered=True, left=10, more_in=30))
    granted += first.requests or 0
    for _ in range(20):
        for name in ("b", "a"):
            clock.now += 0.2
            lease = limits.lease(name, HOST, Usage(sent=100, is_answered=True))
            granted += lease.requests or 0
    assert granted == 10
    clock.now += 30
    assert limits.lease("a", HOST, Usage()).requests is None


def test_what_was_not_sent_can_be_sent_by_others() -> None:
    limits, clock = limits_and_clock(ReadLimits(connections=16))
    found = limits.lease("a", HOST, Usage(is_answered=True, left=10, more_in=30))
    assert found.requests == 10
    clock.now += 0.2
    assert limits.lease("a", HOST, Usage(sent=4)).requests == 6


def test_a_pause_holds_for_all() -> None:
    limits, clock = limits_and_clock(ReadLimits())
    limits.lease("a", HOST, ANSWERED)
    paused = limits.lease("b", HOST, ANSWERED._replace(pause=3.0))
    assert (paused.slots, paused.seconds) == (0, 3.0)
    clock.now += 1
    assert limits.lease("a", HOST, Usage()).slots == 0
    clock.now += 2
    assert limits.lease("a", HOST, Usage()).slots > 0


def test_a_rate_is_that_of_all() -> None:
    limits, clock = limits_and_clock(ReadLimits(rate=50))
    begin, granted = clock.now, 0
    due = dict.fromkeys("abc", clock.now)
    sent = dict.fromkeys("abc", 0)
    while clock.now < begin + 20:
        for name in due:
            if clock.now >= due[name]:
                lease = limits.lease(name, HOST, Usage(sent=sent[name], is_answered=True))
                sent[name] = lease.requests or 0
                granted += sent[name]
                due[name] = clock.now + lease.seconds
        clock.now += 0.01
    assert 50 * 20 * 0.8 <= granted <= 50 * 21


def test_a_host_that_answers_nobody_is_given_up() -> None:
    limits, clock = limits_and_clock(ReadLimits())
    for name in "abc":
        clock.now += 0.1
        assert not limits.lease(name, HOST, Usage(failures=6)).is_gone
    assert limits.lease("d", HOST, Usage(failures=2)).is_gone
    assert not limits.lease("a", HOST, ANSWERED).is_gone
    assert not limits.lease("d", HOST, Usage(failures=19)).is_gone


def test_limiters_keep_their_leases() -> None:
    shared, lock = SharedLimits(ReadLimits(connections=2)), threading.Lock()
    limiters = [Limiter(ReadLimits(), lessor=Direct(shared, f"{n}", lock)) for n in range(2)]
    running = most = 0
    own = threading.Lock()

    def send(limiter: Limiter) -> None:
        nonlocal running, most
        for _ in range(3):
            with limiter.turn(HOST):
                with own:
                    running += 1
                    most = max(most, running)
                time.sleep(0.01)
                limiter.answered(HOST, 200, {})
                with own:
                    running -= 1

    threads = [threading.Thread(target=send, args=(one,)) for one in limiters for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most <= 2
    assert [limiter.requests for limiter in limiters] == [6, 6]


def test_a_limiter_learns_that_a_host_is_gone() -> None:
    shared, lock = SharedLimits(), threading.Lock()
    for name in "ab":
        shared.lease(name, HOST, Usage(failures=10))
    limiter = Limiter(lessor=Direct(shared, "c", lock))
    with pytest.raises(HostGoneError), limiter.turn(HOST):
        pass
