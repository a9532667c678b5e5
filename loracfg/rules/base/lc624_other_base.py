"""The base that was given is another model than the one that the config names.

That all tensors fit shows that the two have the same architecture and sizes, not that they are one
model: an adapter of an instruct model loads on the plain one and on every other fine-tuned model of
the family, and answers badly. Nothing checks that: PEFT, vLLM and others compare shapes.

Ids are compared, also those in paths into the Hub's cache, and the name of a folder if it is the
model's but for a word on its tuning (`-Instruct`, `-chat`), or that of another family (`mistral-7b`
for a Llama). Owners do not matter, nor does what
names say of storage (`-bnb-4bit`, `-GPTQ`, `-bf16`, `-hf`): a copy or a quantised model has the
weights that the adapter was trained on, as far as names can tell.

Fires:

    config {"base_model_name_or_path": "example/llama-7b"}
    base {"name": "example/llama-7b-chat"}

Passes:

    config {"base_model_name_or_path": "example/llama-7b"}
    base {"name": "example/llama-7b"}

Passes:

    config {"base_model_name_or_path": "copies/llama-7b-bnb-4bit"}
    base {"name": "example/Llama-7B-hf"}

Fires:

    config {"base_model_name_or_path": "example/llama-7b"}
    base {"folder": "/cache/models--example--llama-7b-chat/snapshots/0123"}

Fires:

    config {"base_model_name_or_path": "example/llama-7b-chat"}
    base {"folder": "/models/llama-7b"}

Fires:

    config {"base_model_name_or_path": "example/llama-7b"}
    base {"folder": "/models/Mistral-7B-v0.1"}

Passes:

    config {"base_model_name_or_path": "example/llama-7b"}
    base {"folder": "/models/merged"}

Passes:

    config {"base_model_name_or_path": "example/llama-7b"}
    base {"folder": "/models/mistral-llama-merge"}

The class that the adapter was saved from tells the architecture, too: an adapter of a Mistral may
fit a Llama of the same sizes.

Fires:

    config {"auto_mapping": {"base_model_class": "MistralForCausalLM"}}
    base {"other_model": "MistralForCausalLM"}

Passes:

    config {"auto_mapping": {"base_model_class": "LlamaForCausalLM"}}

Repair: give the base that the config names; or correct `base_model_name_or_path`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from loracfg.analysis.other_model import difference_from_base
from loracfg.analysis.subject import Subject
from loracfg.base.finding.hub import cached_id, parse_id, read_id
from loracfg.report.evidence import Classes, FieldValue
from loracfg.rules.rule import Finding, Rule

_STORAGE: Final = (
    r"([-_.](hf|unsloth|bnb|[2-8]-?bit|int[48]|fp8|fp16|bf16|fp32|gptq|awq|quantized|dynamic))+"
)


_TUNING: Final = frozenset(("instruct", "chat", "it"))
"""What tells in names how far models were trained that are alike in all else."""


_FAMILY: Final = (
    r"llama|mistral|qwen|gemma|deepseek|falcon|starcoder|internlm|baichuan|bloom|pythia|granite|olmo"
    r"|whisper|(?<![a-z])(?:phi|opt|yi|gpt2|t5|mpt)(?=[-_.\d]|$)"
)
"""Words in names by which models of different families, which may be alike in shape, are told."""


def check(subject: Subject) -> Iterator[Finding]:
    """Compare the names, as far as there are any, and the classes."""
    found = _by_name(subject) or _by_class(subject)
    if found is None:
        return
    message, pointer, data = found
    advice = "give the base it was trained on; matching shapes do not identify it"
    yield Finding(message, subject.value(pointer), advice, data=data)


def _by_name(subject: Subject) -> tuple[str, str, FieldValue] | None:
    given = subject.resolved.name
    named = subject.config.base_model_name_or_path if subject.config else None
    meant = _id_of(named) if named else None
    if not given or meant is None:
        return None
    used = read_id(given) or cached_id(given)
    differ = _model(used) != _model(meant) if used else _is_other_folder(given, meant)
    if differ:
        message = f"the config names `{meant}` as the base, and `{used or given}` was given"
        pointer = "/base_model_name_or_path"
        return message, pointer, FieldValue(pointer, named, used or given)
    return None


def _by_class(subject: Subject) -> tuple[str, str, Classes] | None:
    """Compare the models of the classes, where all tensors fit."""
    saved, base = subject.resolved.other_model, subject.base
    if saved is None or base is None or difference_from_base(subject):
        return None
    message = f"the adapter was saved from a `{saved}`, but the base is a `{base.class_name}`"
    return message, "/auto_mapping/base_model_class", Classes(saved, base.class_name)


def _id_of(named: str) -> str | None:
    found = parse_id(named)
    return found.repo if found else cached_id(named)


def _is_other_folder(path: str, repo: str) -> bool:
    """Tell whether a folder has the name of a model of another family, or of another tuning."""
    folder = PurePosixPath(path.replace("\\", "/"))
    name = folder.parent.name if folder.suffix == ".json" else folder.name
    given, meant = _families(name), _families(repo)
    is_other_family = len(given) == len(meant) == 1 and given != meant
    return is_other_family or _is_tuned_otherwise(name, repo)


def _families(name: str) -> set[str]:
    """Return the families that a name has a word of; one with several says nothing of them."""
    return set(re.findall(_FAMILY, _model(name)))


def _is_tuned_otherwise(name: str, repo: str) -> bool:
    """Tell whether a folder has the name of a model but for a word on its tuning."""
    words, others = (re.split(r"[-_.]", _model(one)) for one in (name, repo))
    same = [word for word in words if word not in _TUNING]
    tuned = {*words} & _TUNING != {*others} & _TUNING
    return tuned and len(same) > 1 and same == [word for word in others if word not in _TUNING]


def _model(repo: str) -> str:
    """Return the name of a model without its owner and how it is stored."""
    name = repo.rpartition("/")[2].lower()
    return re.sub(rf"{_STORAGE}$", "", name.removeprefix("meta-"))


RULE = Rule("LC624", "other-base", "warning", check, __name__)
