"""The base was named by its id, and the config names another.

That all tensors fit shows that the two have the same architecture and sizes, not that they are one
model: an adapter of an instruct model loads on the plain one and on every other fine-tuned model of
the family, and answers badly. Nothing checks that: PEFT, vLLM and others compare shapes.

Owners are not compared, nor what names tell of storage (`-bnb-4bit`, `-GPTQ`, `-bf16`, `-hf`): a
copy or a quantised model has the weights that the adapter was trained on, as far as names can tell.

Fires:

    config {"base_model_name_or_path": "example/llama-7b"}
    base {"name": "example/llama-7b-chat"}

Passes:

    config {"base_model_name_or_path": "example/llama-7b"}
    base {"name": "example/llama-7b"}

Passes:

    config {"base_model_name_or_path": "copies/llama-7b-bnb-4bit"}
    base {"name": "example/Llama-7B-hf"}

Repair: give the base that the config names; or correct `base_model_name_or_path`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from loracfg.base.hub import parse_id, read_id
from loracfg.rules.rule import Finding, Rule
from loracfg.rules.subject import Subject

_STORAGE: Final = (
    r"([-_.](hf|unsloth|bnb|[2-8]-?bit|int[48]|fp8|fp16|bf16|fp32|gptq|awq|quantized|dynamic))+"
)


def check(subject: Subject) -> Iterator[Finding]:
    """Compare the names, where both bases have an id."""
    used = read_id(subject.base_name) if subject.base_name else None
    named = subject.config.base_model_name_or_path if subject.config else None
    meant = parse_id(named) if named else None
    if used is None or meant is None or _model(used) == _model(meant.repo):
        return
    yield Finding(
        f"the config names `{meant.repo}` as the base, and `{used}` was given",
        subject.value("/base_model_name_or_path"),
        "give the base that it was trained on; that the tensors fit does not tell which that is",
    )


def _model(repo: str) -> str:
    """Return the name of a model without its owner and how it is stored."""
    name = repo.rpartition("/")[2].lower()
    return re.sub(rf"{_STORAGE}$", "", name.removeprefix("meta-"))


RULE = Rule("LC624", "other-base", "warning", check, __name__)
