"""What all requests to one worker share: settings, threads, counters and caches."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends
from loracfg_api.answers import Answers
from loracfg_api.memory import Memory
from loracfg_api.metrics import Metrics
from loracfg_api.settings import Settings
from loracfg_api.workers import Workers
from starlette.requests import HTTPConnection, Request

from loracfg.engine.caches import Caches
from loracfg.serving.admission.controller import AdmissionController


@dataclass
class State:
    """The state of an application; `is_ready` becomes false when it begins to stop."""

    settings: Settings
    workers: Workers
    metrics: Metrics
    memory: Memory
    admission: AdmissionController
    caches: Caches = field(default_factory=Caches)
    answers: Answers = field(default_factory=Answers)
    is_ready: bool = True


def state_of(request: HTTPConnection) -> State:
    """Return the state of the application that handles a request."""
    state: State = request.app.state.loracfg
    return state


async def _current(request: Request) -> State:
    return state_of(request)


CurrentState = Annotated[State, Depends(_current)]
"""The same, as a parameter of routes."""
