"""The `LoraConfig` of each release, derived from the newest one and the notes on its fields."""

from __future__ import annotations

from functools import cache
from types import NoneType
from typing import TYPE_CHECKING, Any, ClassVar, Self, get_args

from pydantic import BaseModel, Field, ValidationInfo, create_model, model_validator
from pydantic_core import PydanticUndefined

from loracfg.config.history.all_fields import FIELDS, has_field, notes
from loracfg.config.history.annotations import NO_DEFAULT, SAME, Before, ByRelease
from loracfg.config.history.releases import PEFT_RELEASE, at_least, find_release
from loracfg.config.model.lora_config import LoraConfig
from loracfg.config.model.lora_fields import check_conflicts
from loracfg.config.model.strict import StrictModel

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo


class LoraConfigAtRelease(StrictModel):
    """Base class of the configs of all releases except the newest."""

    peft_release: ClassVar[str]

    @model_validator(mode="after")
    def _fields_agree(self, info: ValidationInfo) -> Self:
        check_conflicts(self, info, self.peft_release)
        return self


@cache
def fields_at(release: str) -> dict[str, FieldInfo]:
    """Return the fields of a release's LoraConfig, with their types and defaults."""
    return {
        name: field_at(release, info) for name, info in FIELDS.items() if has_field(release, info)
    }


def field_at(release: str, info: FieldInfo) -> FieldInfo:
    """Return a field as a release defines it, without a default that its type would reject."""
    annotation: Any = _nested_at(release, info.annotation)
    for by_release in notes(info, ByRelease):
        annotation = by_release.type_at(release)
    default = SAME
    for before in notes(info, Before):  # oldest last, so the oldest one that applies wins
        if not at_least(release, before.release):
            annotation = annotation if before.type is SAME else before.type
            default = default if before.default is SAME else before.default
    # Copying the field would not work: pydantic remembers the arguments it was created with.
    found: FieldInfo = Field(
        **_default_at(info, annotation, default),
        description=info.description,
        examples=info.examples,
        exclude=info.exclude,
    )
    found.annotation, found.metadata = annotation, list(info.metadata)
    return found


def _default_at(info: FieldInfo, annotation: Any, changed: Any) -> dict[str, Any]:
    if changed is NO_DEFAULT or (changed is None and NoneType not in get_args(annotation)):
        return {"default": PydanticUndefined}
    if changed is not SAME:
        return {"default": changed}
    if info.default_factory is not None:
        return {"default_factory": info.default_factory}
    return {"default": info.default}


def _nested_at(release: str, annotation: Any) -> Any:
    """Replace the nested config in an annotation with the release's, if that is different."""
    options = get_args(annotation)
    for option in options or (annotation,):
        if isinstance(option, type) and issubclass(option, BaseModel):
            older = nested_at(release, option)
            if older is option:
                return annotation
            return older | None if options else older
    return annotation


@cache
def nested_at(release: str, model: type[BaseModel]) -> type[BaseModel]:
    """Return a nested config as a release defines it, or `model` itself if nothing differs."""
    fields = {
        name: field_at(release, info)
        for name, info in model.model_fields.items()
        if has_field(release, info)
    }
    same = all(
        info.default == model.model_fields[name].default
        and info.annotation == model.model_fields[name].annotation
        for name, info in fields.items()
    )
    if same:
        return model
    return create_model(model.__name__, __base__=model, __doc__=model.__doc__, **_arguments(fields))


def model_at(release: str) -> type[StrictModel]:
    """Return the config model of a release, such as `"0.7.0"`; `LoraConfig` for the newest.

    It has the fields, types and defaults that the release declares and the constraints that it
    enforces. Like `LoraConfig`, it is strict. `"0.7"` means the last release of that series.

    Raises:
        LoracfgError: if there is no such release.
    """
    return _model_at(find_release(release))


@cache
def _model_at(release: str) -> type[StrictModel]:
    if release == PEFT_RELEASE:
        return LoraConfig
    model = create_model(
        "LoraConfig",
        __base__=LoraConfigAtRelease,
        __doc__=f"The config of a LoRA adapter as PEFT {release} defines it.",
        **_arguments(fields_at(release)),
    )
    model.peft_release = release
    return model


def _arguments(fields: dict[str, FieldInfo]) -> dict[str, Any]:
    return {name: (info.annotation, info) for name, info in fields.items()}
