"""Conversion between our `LoraConfig` and that of an installed PEFT."""

from __future__ import annotations

import dataclasses
from copy import deepcopy
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel

from loracfg.config.model.lora_fields import LoraFields
from loracfg.errors import LoracfgError

if TYPE_CHECKING:
    import peft

_Model = TypeVar("_Model", bound=LoraFields)


def to_peft(config: LoraFields) -> peft.LoraConfig:
    """Build PEFT's `LoraConfig` from ours. The two share no mutable values.

    Raises:
        LoracfgError: if PEFT is not installed, or too old for a value that is set.
    """
    try:
        import peft
    except ImportError:
        raise LoracfgError("PEFT is not installed", "run `pip install peft`") from None

    known = {field.name for field in dataclasses.fields(peft.LoraConfig)}
    arguments = {}
    for name, value in config:
        if name in known:
            arguments[name] = _peft_value(peft, value)
        elif value != LoraFields.model_fields[name].get_default(call_default_factory=True):
            raise LoracfgError(
                f"PEFT {peft.__version__} has no `{name}`, which is set to `{value}`",
                "install a newer PEFT",
            )
    return peft.LoraConfig(**arguments)


def _peft_value(peft: Any, value: Any) -> Any:
    if not isinstance(value, BaseModel):
        return deepcopy(value)
    nested = getattr(peft, type(value).__name__, None) or _nested_class(type(value).__name__)
    settable = {field.name for field in dataclasses.fields(nested) if field.init}
    result = nested(**{name: deepcopy(item) for name, item in value if name in settable})
    for name, item in value:
        if name not in settable:
            setattr(result, name, deepcopy(item))
    return result


def _nested_class(name: str) -> Any:
    # Some nested configs are not exported at the top level of the package.
    from peft.tuners.lora import config

    return getattr(config, name)


def from_peft(config: peft.LoraConfig, model: type[_Model]) -> _Model:
    """Return our model with the values of PEFT's config. Sets become sorted lists.

    Raises:
        pydantic.ValidationError: if a value is not valid.
        LoracfgError: if a field is set that loracfg does not know yet.
    """
    fields = dataclasses.fields(config)
    known = [field.name for field in fields if field.name in model.model_fields]
    ours = model(**{name: deepcopy(getattr(config, name)) for name in known})
    for field in fields:
        value = getattr(config, field.name)
        if field.name not in model.model_fields and value != _default(field):
            raise LoracfgError(
                f"loracfg does not know the field `{field.name}`, which is set to `{value}`",
                "install a newer loracfg",
            )
    return ours


def _default(field: dataclasses.Field[Any]) -> Any:
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return field.default
