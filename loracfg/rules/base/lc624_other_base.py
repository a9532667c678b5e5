"""The given base is not the model that the config names.

If all tensors fit, the two models have the same architecture and sizes, but they can still be
different models. An adapter for an instruct model loads on the plain model and on every other
fine-tuned model of the family, and gives bad answers. PEFT, vLLM and others do not check this; they
only compare shapes.

The rule compares model ids, including those in paths into the Hub's cache. It reports a folder only
if its name differs from the model's just in a word for the tuning (`-Instruct`, `-chat`), or names
a different family (`mistral-7b` for a Llama). It ignores owners and suffixes for storage
(`-bnb-4bit`, `-GPTQ`, `-bf16`, `-hf`): as far as names can tell, a copy or a quantised model has
the weights that the adapter was trained on.

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

The rule also compares the class that the adapter was saved from: an adapter for a Mistral can fit a
Llama of the same sizes.

Fires:

    config {"auto_mapping": {"base_model_class": "MistralForCausalLM"}}
    base {"other_model": "MistralForCausalLM"}

Passes:

    config {"auto_mapping": {"base_model_class": "LlamaForCausalLM"}}

Repair: pass the base that the config names, or correct `base_model_name_or_path`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Final

from loracfg.analysis.subject import Subject
from loracfg.report.evidence import Classes, FieldValue
from loracfg.rules.rule import Finding, Rule
from loracfg.sources.hub.repo_id import cached_id, parse_id, read_id

_STORAGE: Final = (
    r"([-_.](hf|unsloth|bnb|[2-8]-?bit|int[48]|fp8|fp16|bf16|fp32|gptq|awq|quantized|dynamic))+"
)


_COMPARED: Final = 64
"""How many comparisons of a folder with an id are cached; many adapters have the same."""
_TUNING: Final = frozenset(("instruct", "chat", "it"))
"""Words in model names for the tuning of a model."""


_FAMILY: Final = (
    r"llama|mistral|qwen|gemma|deepseek|falcon|starcoder|internlm|baichuan|bloom|pythia|granite|olmo"
    r"|whisper|(?<![a-z])(?:phi|opt|yi|gpt2|t5|mpt)(?=[-_.\d]|$)"
)
"""Words in model names for the family of a model. Different families can have equal shapes."""


def check(subject: Subject) -> Iterator[Finding]:
    """Compare the names if both are known, then the classes."""
    found = _by_name(subject) or _by_class(subject)
    if found is None:
        return
    message, pointer, data = found
    advice = "pass the base it was trained on; matching shapes do not identify it"
    yield Finding(message, subject.value(pointer), advice, data=data)


def _by_name(subject: Subject) -> tuple[str, str, FieldValue] | None:
    given = subject.resolved.name
    named = subject.config.base_model_name_or_path if subject.config else None
    expected = _id_of(named) if named else None
    if not given or expected is None:
        return None
    used = read_id(given) or cached_id(given)
    differ = _model(used) != _model(expected) if used else _is_other_folder(given, expected)
    if differ:
        message = f"the config names `{expected}` as the base, but `{used or given}` was given"
        pointer = "/base_model_name_or_path"
        return message, pointer, FieldValue(pointer, named, used or given)
    return None


def _by_class(subject: Subject) -> tuple[str, str, Classes] | None:
    """Compare the class that the adapter was saved from with the base's, if all tensors fit."""
    saved, base = subject.resolved.other_model, subject.base
    if saved is None or base is None:
        return None
    from loracfg.analysis.other_sizes import difference_from_base  # few adapters need it

    if difference_from_base(subject):
        return None
    message = f"the adapter was saved from a `{saved}`, but the base is a `{base.class_name}`"
    return message, "/auto_mapping/base_model_class", Classes(saved, base.class_name)


def _id_of(named: str) -> str | None:
    found = parse_id(named)
    return found.repo if found else cached_id(named)


@lru_cache(_COMPARED)
def _is_other_folder(path: str, repo: str) -> bool:
    """Tell whether the name of a folder is that of a model with a different family or tuning."""
    folder = PurePosixPath(path.replace("\\", "/"))
    name = folder.parent.name if folder.suffix == ".json" else folder.name
    given, expected = _families(name), _families(repo)
    is_other_family = len(given) == len(expected) == 1 and given != expected
    return is_other_family or _differs_in_tuning(name, repo)


def _families(name: str) -> set[str]:
    """Return the families that a name mentions; a name with several does not identify one."""
    return set(re.findall(_FAMILY, _model(name)))


def _differs_in_tuning(name: str, repo: str) -> bool:
    """Tell whether two names differ only in words for the tuning."""
    words, others = (re.split(r"[-_.]", _model(one)) for one in (name, repo))
    same = [word for word in words if word not in _TUNING]
    tuned = {*words} & _TUNING != {*others} & _TUNING
    return tuned and len(same) > 1 and same == [word for word in others if word not in _TUNING]


def _model(repo: str) -> str:
    """Return the name of a model in lower case, without owner and suffixes for storage."""
    name = repo.rpartition("/")[2].lower()
    return re.sub(rf"{_STORAGE}$", "", name.removeprefix("meta-"))


RULE = Rule("LC624", "other-base", "warning", check, __name__)
