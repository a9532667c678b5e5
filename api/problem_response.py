"""Responses with problem documents."""

from __future__ import annotations

from typing import Final

from loracfg_api.problems import ProblemError, document_of
from starlette.responses import JSONResponse

PROBLEM_JSON: Final = "application/problem+json"


def respond(problem: ProblemError, request_id: str | None) -> JSONResponse:
    """Return the problem as a response."""
    content = document_of(problem, request_id)
    return JSONResponse(content, problem.status, problem.headers, PROBLEM_JSON)
