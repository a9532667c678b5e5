"""The application, for any ASGI server."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from loracfg_api.admitting import controller_of
from loracfg_api.body import ValidateBody
from loracfg_api.documents import openapi
from loracfg_api.examples import VALIDATION
from loracfg_api.judging import judge
from loracfg_api.memory import Memory
from loracfg_api.metrics import Metrics
from loracfg_api.operation import Operation
from loracfg_api.problem_response import respond
from loracfg_api.problems import ProblemError, of_refusal, unfit_parameter
from loracfg_api.routes import admission, catalogue, operation, page, plan, schemas, validate
from loracfg_api.settings import Settings, load_settings
from loracfg_api.state import State
from loracfg_api.submission import Submission
from loracfg_api.workers import Workers
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response

from loracfg.engine.caches import Caches
from loracfg.report.render import render
from loracfg.sources.archive.limits import RefusedFilesError
from loracfg.version import __version__

_COLLECT_AFTER: Final = 20_000
"""Objects between garbage collections; a request makes a few thousand short-lived ones."""
_ROUTERS = (
    validate.router,
    plan.router,
    schemas.router,
    catalogue.router,
    operation.router,
    admission.router,
)


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the application; without `settings`, they come from the environment."""
    settings = settings or load_settings()
    app = FastAPI(
        title="loracfg",
        version=__version__,
        summary="Validates LoRA adapters against their base model.",
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
    )
    metrics = Metrics()
    memory = Memory(settings.max_held_bytes)
    caches = Caches(max_modules=settings.max_modules)
    controller = controller_of(settings, caches)
    app.state.loracfg = State(settings, Workers(settings), metrics, memory, controller, caches)
    for router in _ROUTERS:
        app.include_router(router)
        app.include_router(router, prefix="/v1", include_in_schema=False)
    app.include_router(page.router)
    app.exception_handler(ProblemError)(_on_problem)
    app.exception_handler(RefusedFilesError)(_on_refused)
    app.exception_handler(HTTPException)(_on_http)
    app.exception_handler(RequestValidationError)(_on_unfit)
    app.add_middleware(Operation, metrics=metrics, memory=memory, has_log=settings.access_log)
    if settings.cors_origins:  # outermost, so that other origins can read problems too
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type", "X-Request-Id"],
            expose_headers=["ETag", "X-Request-Id"],
        )
    app.openapi = partial(openapi, app)  # type: ignore[method-assign]
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    _warm_up(app.state.loracfg)
    app.state.loracfg.is_ready = True
    yield
    app.state.loracfg.is_ready = False


def _warm_up(state: State) -> None:
    """Import what requests need, and exempt it from garbage collection."""
    body = ValidateBody.model_validate(VALIDATION["fits"])
    result = judge(Submission({body.name: body.held()}), state.settings, state.caches)
    render(result.report, "json")
    gc.collect()
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER, 20, 50)


def _request_id(request: Request) -> str | None:
    found: str | None = getattr(request.state, "request_id", None)
    return found


async def _on_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, ProblemError)
    return respond(error, _request_id(request))


async def _on_refused(request: Request, error: Exception) -> Response:
    """Answer a request with files or archives that were rejected."""
    assert isinstance(error, RefusedFilesError)
    return respond(of_refusal(error), _request_id(request))


async def _on_http(request: Request, error: Exception) -> Response:
    """Answer what the router rejects: unknown paths and methods."""
    assert isinstance(error, HTTPException)
    advice = "see `/openapi.json` for the routes"
    problem = ProblemError(error.status_code, str(error.detail), advice, headers=error.headers)
    return respond(problem, _request_id(request))


async def _on_unfit(request: Request, error: Exception) -> Response:
    """Answer a parameter that does not have the format of its type."""
    assert isinstance(error, RequestValidationError)
    return respond(unfit_parameter(error.errors()), _request_id(request))
