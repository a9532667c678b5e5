"""What all children share: they run in an environment of a trainer, without loracfg.

A job has the text of a file, the config of a base, and the PEFT config that loracfg reads. A result
has what is not default in the trainer's PEFT config and in loracfg's, in the same release of PEFT.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

Job = dict[str, Any]


class NoLoraError(Exception):
    """The trainer trains no LoRA adapter."""


class OtherTreeError(Exception):
    """The release of transformers here gives the base other modules than loracfg's newest."""


def answer(build: Callable[[Job, Path], Any], as_data: Callable[[Any], Any] | None = None) -> None:
    """Answer the jobs on standard input, in the file that the first argument names."""
    as_data = as_data or peft_data
    jobs = json.load(sys.stdin)
    results = [_answer(job, build, as_data) for job in jobs]
    Path(sys.argv[1]).write_text(json.dumps(results), encoding="utf-8")


def _answer(
    job: Job, build: Callable[[Job, Path], Any], as_data: Callable[[Any], Any]
) -> dict[str, Any]:
    result: dict[str, Any] = {"id": job["id"]}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / job["name"]
        path.write_text(job["text"], encoding="utf-8")
        try:
            result["theirs"] = as_data(build(job, path))
        except NoLoraError:
            result["theirs"] = None
        except (Exception, SystemExit) as error:
            result["error"] = f"{type(error).__name__}: {error}"[:500]
    if job.get("ours") is not None and as_data is peft_data:
        try:
            from peft import LoraConfig

            result["ours"] = peft_data(LoraConfig(**job["ours"]))
        except Exception as error:
            result["ours_error"] = f"{type(error).__name__}: {error}"[:500]
    return result


def peft_data(config: Any) -> dict[str, Any]:
    """Return the values of a `LoraConfig` that are not PEFT's defaults, as JSON has them."""
    from peft import LoraConfig

    default = LoraConfig().to_dict()
    given = config.to_dict()
    return {
        key: jsonable(value)
        for key, value in given.items()
        if key in default and jsonable(value) != jsonable(default[key])
    }


def jsonable(value: Any) -> Any:
    """Return a value as JSON has it, with sets sorted."""
    if isinstance(value, set | frozenset):
        return sorted(value, key=str)
    if isinstance(value, dict):
        return {str(key): jsonable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [jsonable(one) for one in value]
    if hasattr(value, "value"):
        return value.value
    return value


@cache
def _model(text: str) -> Any:
    import torch
    import transformers

    given = json.loads(text)
    (name,) = given["architectures"]
    config = transformers.AutoConfig.for_model(**given)
    config.architectures = [name]
    with torch.device("meta"):
        return getattr(transformers, name)(config)


def model_of(job: Job) -> Any:
    """Return the base of a job on the meta device.

    Raises:
        OtherTreeError: its modules are not those of the job.
    """
    model = _model(json.dumps(job["base"]))
    if sorted(path for path, _ in model.named_modules()) != job["modules"]:
        raise OtherTreeError(type(model).__name__)
    return model
