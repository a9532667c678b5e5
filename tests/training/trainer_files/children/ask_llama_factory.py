"""Asks LLaMA-Factory: its parser reads the options and `init_adapter` makes the config."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

from asked import Job, NoLoraError, answer, model_of
from llamafactory.hparams import FinetuningArguments, ModelArguments
from llamafactory.model import adapter
from llamafactory.v1.plugins.model_plugins import peft as adapter_v1
from omegaconf import OmegaConf
from peft import LoraConfig
from transformers import HfArgumentParser


class _MadeError(Exception):
    """The config that would be given to PEFT."""


def _take(_: Any, config: Any, **__: Any) -> Any:
    raise _MadeError(config)


adapter.get_peft_model = _take
adapter_v1.get_peft_model = _take


def build(job: Job, path: Path) -> Any:
    try:
        _build(job, path)
    except _MadeError as made:
        if isinstance(made.args[0], LoraConfig):
            return made.args[0]
    raise NoLoraError


def _build(job: Job, path: Path) -> None:
    model = model_of(job)
    parser = HfArgumentParser((ModelArguments, FinetuningArguments))
    if job.get("arguments") is not None:
        words = shlex.split(job["arguments"])
        model_args, tuning, rest = parser.parse_args_into_dataclasses(
            words, return_remaining_strings=True
        )
        does_train = "--do_train" in rest
    else:
        is_json = path.suffix == ".json"
        read = OmegaConf.create(json.loads(path.read_text())) if is_json else OmegaConf.load(path)
        given = OmegaConf.to_container(read, resolve=True)
        if "peft_config" in given:
            config = given["peft_config"]
            if config.get("name") == "lora":
                adapter_v1.get_lora_model(model, config, is_train=True)
            return
        model_args, tuning = parser.parse_dict(given, allow_extra_keys=True)
        does_train = bool(given.get("do_train", False))
    adapter.init_adapter(model.config, model, model_args, tuning, does_train)


answer(build)
