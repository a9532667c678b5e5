"""The JSON body of `POST /plan`: a config, and how it is trained."""

from __future__ import annotations

from typing import Any, Final, Literal

from loracfg_api.body import BaseField
from loracfg_api.submission import DEFAULTS, Fields, ValidateOptions
from pydantic import Field

from loracfg.config import CONFIG_NAME
from loracfg.sources.archive.member_names import MAX_NAME


class TrainingBody(Fields):
    """How a config is trained, for the memory."""

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


class PlanBody(Fields):
    """A config before training, and its base."""

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
