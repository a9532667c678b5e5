"""Derives facts of the config of a diffusers model: the parameters of its constructor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from loracfg.base.derivation.configs.reflection import encode_value
from loracfg.base.derivation.interpreter.diffusers import parameters
from loracfg.base.derivation.stand_ins import diffusers

if TYPE_CHECKING:
    from loracfg.base.catalogue.program_data import ConfigRecord, FieldRecord


_LEGACY: Final = diffusers.LegacyConfigMixin


def signature_record(model_class: type) -> ConfigRecord:
    """Return the record of a model class: its keys with their defaults.

    If the value of a key selects the class, `consts` has `instead`: the key and the classes.

    Raises:
        NotExpressible: a default is not a plain value.
    """
    fields: dict[str, FieldRecord] = {
        one.name: ["any", *([] if one.default is one.empty else [encode_value(one.default)])]
        for one in parameters(model_class)
    }
    record: ConfigRecord = {"bases": [], "fields": fields}
    if issubclass(model_class, _LEGACY):
        classes = diffusers._REMAPPED.get(model_class.__name__, {})
        record["consts"] = {"instead": ["norm_type", {**classes}]}
    return record
