"""Expensive configs are answered soon, and do not delay other requests."""

from __future__ import annotations

import asyncio
import sys

import pytest

from tests.api.hostile_configs import drawn, service, try_all

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc of Linux")

TYPES = 40
SECONDS = 5
LONGEST_WAIT = 5.0
"""Other requests wait for no more than a few of the hostile ones, on a machine that is busy."""
MOST_GROWN = 150 * 2**20
"""What the worker keeps of all requests is bounded: programs of types, and small trees."""


@pytest.mark.slow
@pytest.mark.parametrize("layout", ["5", "diffusers"])
def test_odd_values_take_neither_time_nor_memory(layout: str) -> None:
    with service() as (port, worker):
        outcome = asyncio.run(try_all(drawn(layout, TYPES, seed=16), port, worker, SECONDS))
    assert outcome.answers > 10
    assert not outcome.costly, "\n".join(map(str, outcome.costly))
    assert max(outcome.waits) < LONGEST_WAIT
    assert outcome.grown < MOST_GROWN
