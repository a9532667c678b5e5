"""Asks ms-swift: its parser reads the options and `prepare_adapter` makes the config.

The arguments are those of `SftArguments` that concern the adapter; what else it does after it has
read them needs the model's files.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal

from asked import Job, NoLoraError, answer, model_of
from swift.arguments import tuner_args
from swift.cli.main import parse_yaml_args
from swift.model.constant import MLLMModelType  # noqa: F401  # registers the models
from swift.model.model_arch import MODEL_ARCH_MAPPING
from swift.model.model_meta import MODEL_MAPPING, get_matched_model_types
from swift.pipelines.train import tuner
from swift.utils import parse_args


class _MadeError(Exception):
    """The config that would be given to PEFT."""


def _take(_: Any, config: Any, **__: Any) -> Any:
    raise _MadeError(config)


_META: list[Any] = []


@dataclass
class Arguments(tuner_args.TunerArguments):
    tuner_type: str = "lora"
    tuner_backend: Literal["peft", "unsloth"] = "peft"
    use_swift_lora: bool = False
    task_type: Literal[
        "causal_lm", "seq_cls", "embedding", "reranker", "generative_reranker", "decision"
    ] = None
    rlhf_type: str | None = None
    model: str | None = None
    model_type: str | None = None

    def __post_init__(self) -> None:
        self.model_meta = _META[-1]
        super().__post_init__()
        if self.rlhf_type == "rm":  # as `RLHFArguments._init_rm`
            self.task_type = "seq_cls"
        self.task_type = self.task_type or "causal_lm"  # as `get_model_info_meta`


def build(job: Job, path: Path) -> Any:
    model = model_of(job)
    _META.append(_meta_of(model))
    words = [str(path)]
    if job.get("arguments") is not None:
        words = shlex.split(job["arguments"])
    else:
        parse_yaml_args(words)
    arguments, _ = parse_args(Arguments, words)
    if arguments.tuner_type not in ("lora", "longlora"):
        raise NoLoraError
    model.model_meta = _META[-1]
    model.model_info = SimpleNamespace(is_moe_model=False)
    from swift.tuners import Swift

    Swift.prepare_model = _take
    try:
        tuner.prepare_adapter(arguments, model)
    except _MadeError as made:
        return made.args[0].to_peft_config()
    raise NoLoraError


def _meta_of(model: Any) -> Any:
    types = get_matched_model_types(model.config.architectures)
    if not types:
        return SimpleNamespace(is_multimodal=False, model_arch=None)
    meta = MODEL_MAPPING[types[0]]
    arch = meta.model_arch
    known = MODEL_ARCH_MAPPING.get(arch) if isinstance(arch, str) else arch
    return SimpleNamespace(is_multimodal=meta.is_multimodal, model_arch=known)


answer(build)
