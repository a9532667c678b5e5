"""Asks TRL: `TrlParser` reads the options and `get_peft_config` makes the config."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

from asked import Job, NoLoraError, answer
from trl import ModelConfig, TrlParser, get_peft_config


def build(job: Job, path: Path) -> Any:
    parser = TrlParser((ModelConfig,))
    arguments = job.get("arguments")
    words = shlex.split(arguments) if arguments is not None else ["--config", str(path)]
    parsed = parser.parse_args_and_config(words, return_remaining_strings=True)
    config = get_peft_config(parsed[0])
    if config is None:
        raise NoLoraError
    return config


answer(build)
