"""All fields of `adapter_config.json`, including removed ones, and the releases that have them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, TypeVar

from pydantic import Field

from loracfg.config.history.annotations import Affects, Since, Until
from loracfg.config.history.releases import at_least
from loracfg.config.model.lora_fields import LoraFields
from loracfg.config.model.strict import StrictModel

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

_Note = TypeVar("_Note")


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


FIELDS: Final[dict[str, FieldInfo]] = {**LoraFields.model_fields, **RemovedFields.model_fields}
"""Every field that any release has, as defined by the last release that has it."""


def notes(info: FieldInfo, kind: type[_Note]) -> list[_Note]:
    """Return the notes of one kind on a field."""
    return [note for note in info.metadata if isinstance(note, kind)]


def has_field(release: str, info: FieldInfo) -> bool:
    """Return whether a release's config has a field, according to its notes."""
    (since,) = notes(info, Since)
    gone = notes(info, Until)
    return at_least(release, since.release) and not (gone and at_least(release, gone[0].release))
