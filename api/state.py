"""What all requests to one worker share: settings, threads and counters, nothing of a request."""

from __future__ import annotations

from dataclasses import dataclass

from loracfg_api.judging import Workers
from loracfg_api.memory import Memory
from loracfg_api.metrics import Metrics
from loracfg_api.settings import Settings
from starlette.requests import Request


@dataclass
class State:
    """The state of an application; `is_ready` ends when it begins to stop."""

    settings: Settings
    workers: Workers
    metrics: Metrics
    memory: Memory
    is_ready: bool = True


def state_of(request: Request) -> State:
    """Return the state of the application that serves a request."""
    state: State = request.app.state.loracfg
    return state
