"""The default config of a model type, as the value of a `config.json`."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

from loracfg.base.catalogue.evaluation.config import Config
from loracfg.base.catalogue.index import DIFFUSERS, layout_of
from loracfg.base.class_builder import CannotBuildError

_OWN = frozenset(("transformers_version", "dtype", "torch_dtype"))


@cache
def default_config(model_type: str, layout: str) -> dict[str, Any]:
    """Return the keys of a type with their defaults, including those of nested configs."""
    chosen = layout_of(layout)
    if layout == DIFFUSERS:
        fields = chosen.keywords(model_type)["fields"]
        defaults = {name: default[0] for name, (_, *default) in fields.items() if default}
        return {**_plain(defaults), "_class_name": model_type}
    config = {"model_type": model_type}
    try:
        made = chosen.library_configs.config(dict(config))
    except CannotBuildError:
        return dict(config)
    return {**_plain(made), "model_type": model_type}


def _plain(value: Any) -> Any:
    """Return the part of a value that JSON can express."""
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, Config):
        own = {k: v for k, v in value.attributes.items() if k[:1] != "_" and k not in _OWN}
        kind = value.read("model_type")
        return {**_plain(own), **({"model_type": kind} if kind else {})}
    return None
