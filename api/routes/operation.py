"""Health, readiness and metrics, for operators."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Depends
from loracfg_api.access import require_token
from loracfg_api.documents import problems
from loracfg_api.problems import ProblemError
from loracfg_api.state import CurrentState
from pydantic import BaseModel, Field
from starlette.responses import PlainTextResponse, Response

router: Final = APIRouter(tags=["operation"])


class Health(BaseModel):
    """The state of the service."""

    status: str = Field(examples=["ok"])


@router.get("/healthz")
async def healthz() -> Health:
    """Check that the service is running."""
    return Health(status="ok")


@router.get("/readyz", responses=problems("readiness"))
async def readyz(state: CurrentState) -> Health:
    """Check that the service accepts requests."""
    if not state.is_ready:
        raise ProblemError(503, "the service is stopping", "send requests to another instance")
    return Health(status="ok")


@router.get(
    "/metrics",
    response_class=PlainTextResponse,
    responses=problems("metrics"),
    dependencies=[Depends(require_token)],
)
async def metrics(state: CurrentState) -> Response:
    """Return metrics in Prometheus' text format."""
    return Response(state.metrics.page(), media_type="text/plain; version=0.0.4")
