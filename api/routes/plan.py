"""The route that plans a training: `POST /plan`."""

from __future__ import annotations

import json
from functools import partial
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Body, Depends
from loracfg_api.access import require_token
from loracfg_api.body import BaseField, text_of_config
from loracfg_api.bounded import JSON, BoundedRoute
from loracfg_api.documents import described, examples_of, problems
from loracfg_api.examples import PLAN
from loracfg_api.given_bases import given_base
from loracfg_api.judging import plan_training
from loracfg_api.problems import ProblemError
from loracfg_api.state import CurrentState, State
from loracfg_api.submission import DEFAULTS, MOST_KEYS, ValidateOptions, at_most
from pydantic import BaseModel, ConfigDict, Field, model_validator
from starlette.responses import Response

from loracfg.config import CONFIG_NAME
from loracfg.errors import LoracfgError
from loracfg.sources.archive.member_names import MAX_NAME
from loracfg.training.planned import Training
from loracfg.training.source_reading import source_of_text

router: Final = APIRouter(
    tags=["adapters"], dependencies=[Depends(require_token)], route_class=BoundedRoute
)


class TrainingBody(BaseModel):
    """How a config is trained, for the memory."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    dtype: Literal["float32", "float16", "bfloat16", "float64"] | None = Field(
        None, description="The dtype of the base (default: the one in its config)."
    )
    optimizer: Literal[
        "adamw", "adamw_8bit", "adafactor", "sgd", "rmsprop", "adagrad", "lion_8bit"
    ] = Field("adamw", description="The optimizer.")
    quantization: Literal["none", "8bit", "4bit"] = Field(
        "none", description="How bitsandbytes quantises the base."
    )


_TRAINING: Final = TrainingBody()


class PlanBody(BaseModel):
    """A config before training, and its base."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    _few_keys = model_validator(mode="before")(at_most(MOST_KEYS))

    file: str = Field(
        CONFIG_NAME,
        description=(
            "The name of the file. That of a trainer's ends in `.yaml`, `.json` or `.sh`, "
            "which says how it is read."
        ),
        min_length=1,
        max_length=MAX_NAME,
    )
    config: str | dict[str, Any] = Field(
        description=(
            "The config, or the text of a trainer's file. Send the text of the file to get line "
            "numbers in findings."
        )
    )
    base: BaseField = None
    training: TrainingBody = Field(_TRAINING, description="How it is trained.")
    suggest: bool = Field(False, description="Also return what could be targeted in the base.")
    options: ValidateOptions = Field(
        default_factory=lambda: DEFAULTS, description="What to check, as for `POST /validate`."
    )


@router.post("/plan", openapi_extra=described("plan"), responses=problems("plan"))
async def plan(
    body: Annotated[PlanBody, Body(openapi_examples=examples_of(PLAN))], state: CurrentState
) -> Response:
    """Plan the training of a config; for one with errors, the answer is 200 too."""
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
