"""Asks axolotl: `validate_config` reads the options, `_build_peft_lora_config` makes the config."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from asked import Job, NoLoraError, answer, model_of
from axolotl.loaders import adapter
from axolotl.utils.config import prepare_plugins, validate_config
from axolotl.utils.dict import DictDefault

_CAPABILITIES = {
    "bf16": True,
    "fp8": False,
    "tf32": True,
    "n_gpu": 1,
    "n_node": 1,
    "compute_capability": "sm_80",
}


def build(job: Job, path: Path) -> Any:
    config = DictDefault(yaml.safe_load(path.read_text(encoding="utf-8")))
    prepare_plugins(config)
    config = validate_config(
        config,
        capabilities=_CAPABILITIES,
        env_capabilities={"torch_version": "2.9.0"},
    )
    if config.adapter not in ("lora", "qlora"):
        raise NoLoraError
    model = model_of(job)
    name = config.type_of_model
    if name and not config.trust_remote_code and not config.gptq:
        model = type(name, (), {})()  # only the name of the class counts
        model.__dict__.update(vars(model_of(job)))
        model.named_modules = model_of(job).named_modules
    return adapter._build_peft_lora_config(model, config)


answer(build)
