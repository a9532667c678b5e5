"""Short runs of the real `Trainer` on a CPU, with small models."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import peft
import torch
from transformers import Trainer, TrainerCallback, TrainingArguments

from tests.zoo import tiny_model

LORA: Final[dict[str, Any]] = {"r": 4, "lora_alpha": 8, "target_modules": ["q_proj", "v_proj"]}


class Sentences(torch.utils.data.Dataset[dict[str, torch.Tensor]]):
    """A few sentences of six tokens, each its own label."""

    def __init__(self, *, is_classified: bool = False) -> None:
        self.is_classified = is_classified

    def __len__(self) -> int:
        return 8

    def __getitem__(self, index: int) -> dict[str, torch.Tensor]:
        ids = torch.arange(6) + index
        labels = torch.tensor(index % 2) if self.is_classified else ids
        return {"input_ids": ids, "attention_mask": torch.ones_like(ids), "labels": labels}


def adapted(model_type: str = "llama", **config: Any) -> Any:
    """Return a tiny model with an adapter, a `PeftModel`."""
    return with_adapter(tiny_model(model_type), task_type="CAUSAL_LM", **config)


def with_adapter(model: Any, **config: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PEFT's, such as that it sets `fan_in_fan_out`
        return peft.get_peft_model(model, peft.LoraConfig(**LORA | config))


def arguments(output: Path, **changes: Any) -> TrainingArguments:
    """Return arguments for two steps on a CPU, with a checkpoint after each."""
    usual: dict[str, Any] = {
        "output_dir": str(output),
        "max_steps": 2,
        "save_steps": 1,
        "per_device_train_batch_size": 2,
        "report_to": [],
        "use_cpu": True,
        "disable_tqdm": True,
        "logging_steps": 1,
    }
    return TrainingArguments(**usual | changes)


def trainer(
    model: Any,
    output: Path,
    callbacks: Sequence[TrainerCallback] = (),
    cls: type[Trainer] = Trainer,
    *,
    is_classified: bool = False,
    **changes: Any,
) -> Trainer:
    """Return a trainer of a model that has not begun."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return cls(
            model=model,
            args=arguments(output, **changes),
            train_dataset=Sentences(is_classified=is_classified),
            callbacks=list(callbacks),
        )


def train(one: Trainer, **how: Any) -> None:
    """Train, without the warnings of libraries."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        one.train(**how)


def codes(reports: Iterable[Any]) -> list[str]:
    """Return the codes of all findings but infos, in order."""
    return [d.code for one in reports for d in one.diagnostics if d.severity != "info"]
