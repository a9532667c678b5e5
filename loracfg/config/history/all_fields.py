"""All fields of `adapter_config.json`, including removed ones, and the releases that have them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from loracfg.config.history.annotations import Since, Until
from loracfg.config.history.releases import at_least
from loracfg.config.history.removed_fields import RemovedFields
from loracfg.config.model.lora_fields import LoraFields

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

_Note = TypeVar("_Note")

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
