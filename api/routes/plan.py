"""The route that plans a training: `POST /plan`."""

from __future__ import annotations

import json
from functools import partial
from typing import Final

from fastapi import APIRouter, Depends
from loracfg_api.access import require_token
from loracfg_api.body import text_of_config
from loracfg_api.documents import described, problems
from loracfg_api.given_bases import given_base
from loracfg_api.judging import plan_training
from loracfg_api.plan_body import PlanBody
from loracfg_api.problems import ProblemError
from loracfg_api.reading import JSON, read_json
from loracfg_api.state import CurrentState, State
from starlette.requests import Request
from starlette.responses import Response

from loracfg.errors import LoracfgError
from loracfg.training.planned import Training
from loracfg.training.source_reading import source_of_text

router: Final = APIRouter(tags=["adapters"], dependencies=[Depends(require_token)])


@router.post("/plan", openapi_extra=described("plan"), responses=problems("plan"))
async def plan(request: Request, state: CurrentState) -> Response:
    """Plan the training of a config; for one with errors, the answer is 200 too."""
    body = await read_json(request, PlanBody.model_validate, state)
    return Response(await state.workers.run(partial(_planned, body, state)), media_type=JSON)


def _planned(body: PlanBody, state: State) -> str:
    asked = body.training
    training = Training.checked(asked.dtype, asked.optimizer, asked.quantization)
    try:
        source = source_of_text(body.file, text_of_config(body.config))
    except LoracfgError as error:
        raise ProblemError(422, error.message, error.help) from None
    found = plan_training(
        source,
        given_base(body.base, state.settings),
        body.options,
        training,
        state.settings,
        state.caches,
        suggest=body.suggest,
    )
    return json.dumps(found.to_dict())
