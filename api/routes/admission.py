"""The route for a cluster: `POST /admission`."""

from __future__ import annotations

from functools import partial
from typing import Final

from fastapi import APIRouter, Depends
from loracfg_api.access import require_token
from loracfg_api.documents import described, problems
from loracfg_api.problems import ProblemError
from loracfg_api.reading import read_json
from loracfg_api.state import State, state_of
from starlette.requests import Request
from starlette.responses import JSONResponse

from loracfg.document.json_value import JsonObject
from loracfg.errors import LoracfgError
from loracfg.serving.admission.review import ReviewRequest, answer, read_review
from loracfg.sources.archive.limits import MIB

router: Final = APIRouter(tags=["operation"], dependencies=[Depends(require_token)])

_MAX_BYTES: Final = 8 * MIB
"""A review has a resource twice, each at most 3 MiB (the API server's limit of a request)."""


@router.post("/admission", openapi_extra=described("admission"), responses=problems("admission"))
async def admission(request: Request) -> JSONResponse:
    """Answer an AdmissionReview about a resource that names adapters."""
    state = state_of(request)
    review = await read_json(request, _read, state, _MAX_BYTES)
    return JSONResponse(await state.workers.run(partial(_answer, review, state)))


def _read(value: object) -> ReviewRequest:
    try:
        return read_review(value)
    except LoracfgError as error:
        raise ProblemError(422, error.message, error.help) from None


def _answer(review: ReviewRequest, state: State) -> JsonObject:
    ruling = state.admission.rule(review)
    state.metrics.count_review(ruling)
    return answer(review.uid, ruling)
