"""The adapter that training a config will save: its config as PEFT writes it, and its header."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from loracfg.adapter.directory import SAFETENSORS_NAME, Adapter
from loracfg.adapter.header.dtype_names import SAFETENSORS_DTYPES
from loracfg.base.search import ResolvedBase
from loracfg.config import CONFIG_NAME
from loracfg.config.history.field_table import DEFAULTS
from loracfg.config.history.releases import PEFT_RELEASE
from loracfg.config.reading.plain_config import reading_of
from loracfg.document.json_document import Document
from loracfg.planning.plan import Plan
from loracfg.planning.saved_header import file_bytes, saved_header
from loracfg.planning.targets import condensed, resolve_targets

if TYPE_CHECKING:
    from loracfg.config.model.config_values import ConfigValues
    from loracfg.document.json_value import JsonObject

BASE_DTYPES: Final = ("float32", "float16", "bfloat16", "float64")
"""The dtypes in which a base is trained, as torch names them."""
DEFAULT_DTYPE: Final = "float32"


def dtype_of(named: str | None, base: ResolvedBase) -> str:
    """Return the dtype of a base: the named one, or the one that its config gives.

    Transformers 5 loads a model in the dtype of its config.
    """
    found = named or base.dtype
    return found if found in BASE_DTYPES else DEFAULT_DTYPE


def saved_adapter(plan: Plan, resolved: ResolvedBase, dtype: str) -> Adapter:
    """Return the adapter that PEFT saves after training.

    Args:
        plan: a plan without failures.
        resolved: the base.
        dtype: the dtype of the base.
    """
    header = saved_header(plan, SAFETENSORS_DTYPES[dtype])
    values = _saved_config(plan, resolved.name)
    text = json.dumps(values, indent=2, sort_keys=True)
    document = Document(CONFIG_NAME, text, values)
    return Adapter(
        {CONFIG_NAME: len(text), SAFETENSORS_NAME: file_bytes(header)},
        document,
        reading_of(document),
        SAFETENSORS_NAME,
        header,
    )


def _saved_config(plan: Plan, base_name: str | None) -> JsonObject:
    config, base = plan.config, plan.base
    values = _values(config)
    targets = resolve_targets(config, base)
    return values | {
        "base_model_name_or_path": config.base_model_name_or_path or base_name,
        "inference_mode": True,
        "peft_version": PEFT_RELEASE,
        "target_modules": list(condensed(targets, base)) if isinstance(targets, tuple) else targets,
    }


def _values(config: ConfigValues) -> JsonObject:
    """Return all fields as PEFT writes them."""
    from loracfg.config.reading.plain_config import PlainConfig

    if isinstance(config, PlainConfig):
        return {name: getattr(config, name) for name in DEFAULTS}
    from loracfg.config.model.lora_config import LoraConfig

    assert isinstance(config, LoraConfig)
    return config.to_dict()
