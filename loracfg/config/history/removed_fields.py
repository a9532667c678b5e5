"""The fields that PEFT has removed."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from loracfg.config.history.annotations import Affects, Since, Until
from loracfg.config.model.strict import StrictModel


class RemovedFields(StrictModel):
    """Fields that `LoraConfig` no longer has (`peft/tuners/lora.py` of 0.2.0)."""

    merge_weights: Annotated[bool, Since("0.0.1"), Until("0.3.0"), Affects.NOTHING] = Field(
        default=False,
        description="Whether the update is merged into the base weights in evaluation mode.",
    )
    enable_lora: Annotated[list[bool] | None, Since("0.0.1"), Until("0.3.0"), Affects.RESULT] = (
        Field(
            default=None,
            description=(
                "Which parts of a fused layer, such as query, key and value, are adapted. PEFT "
                "set it to `[true, false, true]` if there was only one target."
            ),
        )
    )
