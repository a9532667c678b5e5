"""Recognises files named `adapter_config.json` that are not LoRA configs of PEFT."""

from __future__ import annotations

from typing import Any, Final

from loracfg.document.display import show
from loracfg.document.json_document import Document
from loracfg.report.evidence import FieldValue
from loracfg.report.fault import Fault
from loracfg.report.report import LORA

_METHODS: Final = (
    "ADALORA ADAMSS ADAPTION_PROMPT BEFT BOFT BONE C3A CARTRIDGE CPT DEFT DELORA FOURIERFT "
    "FROD GLORA GRALORA HIRA HRA IA3 LILY LN_TUNING LOHA LOKR MISS MULTITASK_PROMPT_TUNING OFT "
    "OSF PEANUT POLY PREFIX_TUNING PROMPT_TUNING PSOFT PVERA P_TUNING RANDLORA ROAD SHADOW "
    "SHIRA SUPERTUNING TINYLORA TRAINABLE_TOKENS UNILORA VBLORA VERA WAVEFT XLORA"
)

PEFT_TYPES: Final = frozenset(_METHODS.split())
"""PEFT's methods other than LORA, in any release (`peft/utils/peft_types.py`)."""

OLD_MLX_VLM: Final = "older releases of mlx-vlm"
OLD_MLX_VLM_ADVICE: Final = (
    "convert it by hand: A and B are transposed, and the scale is `alpha` if it was trained with "
    "mlx-vlm before 0.5, otherwise `alpha / rank`"
)
_OF_OLD_MLX_VLM: Final = frozenset({"rank", "alpha", "dropout"})
_MODEL_KEYS: Final = frozenset({"architectures", "model_type", "hidden_size", "_name_or_path"})
_FORMATS: Final = (
    ("mlx-lm", frozenset({"fine_tune_type"}), "convert it with the tool that made it"),
    ("mlx-lm", frozenset({"lora_parameters"}), "convert it with the tool that made it"),
    ("the `adapters` library", frozenset({"config", "model_class"}), "load it with `adapters`"),
    ("Qwix on JAX", frozenset({"framework", "lora_rank"}), "convert it with the tool that made it"),
    ("Cosmos", frozenset({"format", "rank"}), "convert it with the tool that made it"),
)


def describe_foreign(document: Document) -> Fault | None:
    """Return a fault if the document is not the config of a LoRA adapter, else None."""
    value = document.value
    if isinstance(value, dict) and "peft_type" in value:
        return _other_method(document)
    whole = document.location("")
    if not isinstance(value, dict):
        message = f"the file contains {_kind(value)}, not a JSON object"
        return Fault("not-an-object", message, whole, "save the adapter again")
    for tool, keys, advice in _FORMATS:
        if keys <= value.keys():
            message = f"the file is an adapter config of {tool}, not of PEFT"
            return Fault("foreign-config", message, whole, advice)
    if value.keys() == _OF_OLD_MLX_VLM:
        message = f"the file is an adapter config of {OLD_MLX_VLM}, not of PEFT"
        return Fault("foreign-config", message, whole, OLD_MLX_VLM_ADVICE)
    if len(_MODEL_KEYS & value.keys()) >= 2:
        return Fault(
            "model-config",
            "the file is the config of a model, not of an adapter",
            whole,
            "save the adapter's own config here",
        )
    if "r" in value or "target_modules" in value:
        return Fault(
            "no-peft-type",
            "`peft_type` is missing, and PEFT does not load a config without it",
            whole,
            'add `"peft_type": "LORA"`',
            data=FieldValue("/peft_type", None, LORA),
        )
    return Fault(
        "foreign-config",
        "the file has neither `peft_type` nor any key of a LoRA config, so it is not a PEFT config",
        whole,
        "use the directory that PEFT saved",
    )


def _other_method(document: Document) -> Fault | None:
    method = document.value["peft_type"]
    if method == "LORA":
        return None
    place = document.location("/peft_type")
    if isinstance(method, str) and method in PEFT_TYPES:
        message = f"`peft_type` is {show(method)}: the adapter uses a different method than LoRA"
        data = FieldValue("/peft_type", method)
        return Fault("other-method", message, place, "use a LoRA adapter", data=data)
    known = isinstance(method, str) and method.upper() in (*PEFT_TYPES, "LORA")
    advice = f'write `"{method.upper()}"`' if known else 'write `"LORA"`'
    message = f"`peft_type` is {show(method)}, which is not a PEFT method"
    given = method if isinstance(method, str | None) else show(method)
    return Fault("unknown-method", message, place, advice, data=FieldValue("/peft_type", given))


def _kind(value: Any) -> str:
    match value:
        case list():
            return "a list"
        case str():
            return "a string"
        case None:
            return "`null`"
        case _:
            return show(value)
