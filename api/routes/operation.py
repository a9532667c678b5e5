"""Health, readiness and metrics, for operators."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from loracfg_api.access import require_token
from loracfg_api.documents import described, problems
from loracfg_api.problems import ProblemError
from loracfg_api.state import state_of
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

router: Final = APIRouter(tags=["operation"])


class Health(BaseModel):
    """The state of the service."""

    status: str = Field(examples=["ok"])


@router.get("/healthz")
async def healthz() -> Health:
    """Check that the service is running."""
    return Health(status="ok")


@router.get("/readyz", responses=problems("readiness"))
async def readyz(request: Request) -> Health:
    """Check that the service accepts requests."""
    if not state_of(request).is_ready:
        raise ProblemError(503, "the service is stopping", "send requests to another instance")
    return Health(status="ok")


@router.get("/metrics", openapi_extra=described("metrics"), responses=problems("metrics"))
async def metrics(request: Request) -> Response:
    """Return metrics in Prometheus' text format."""
    require_token(request)
    return Response(state_of(request).metrics.page(), media_type="text/plain; version=0.0.4")
