"""Configs of transformers 4: a class sets some keys, and the base all others."""

from __future__ import annotations

from typing import Any, Final

from loracfg.base.catalogue.configs import core, rope
from loracfg.base.catalogue.configs.config_values import label_names, numbered
from loracfg.base.catalogue.configs.core import run_around
from loracfg.base.catalogue.configs.protocol import BASE_KEYS_4, PROBLEMS_4
from loracfg.base.catalogue.evaluation.config import Config, Member
from loracfg.base.catalogue.evaluation.refusals import RefusedError


def _use_return_dict(config: Config) -> object:
    return config.read("return_dict") and not config.read("torchscript")


MEMBERS: Final[dict[str, object]] = {**core.MEMBERS, "use_return_dict": Member(_use_return_dict)}
"""What configs share, compute and set in their own way."""


def fill(config: Config, values: dict[str, object]) -> None:
    """Fill a config from the keys of a `config.json`."""
    run_around("init", config, values, complete)
    program = config.config_class.programs.get("init")
    late = program.data.get("late") if program is not None else None
    if late:
        rope.check_4(config, late[0])


def finish(config: Config) -> None:
    """Do the rest of `from_dict` on a new config."""
    if config.has("pruned_heads"):
        config.set("pruned_heads", numbered(config.read("pruned_heads"), config.budget))


def complete(config: Config, keywords: dict[str, object]) -> None:
    """Do what the base does: its own keys, labels, keys for generation, then all other keys."""
    for key in ("label2id", "id2label"):
        if keywords.get(key) is not None and not isinstance(keywords[key], dict):
            raise RefusedError(f"`{key}` is not a dict")
    if keywords.get("problem_type") not in PROBLEMS_4:
        raise RefusedError("`problem_type` is not a known one")
    older, count = keywords.pop("torch_dtype", None), keywords.pop("num_labels", None)
    if keywords.get("dtype") is None and older is not None:
        keywords["dtype"] = older
    config.set("_output_attentions", keywords.pop("output_attentions", False))
    for key, default in BASE_KEYS_4.items():
        config.set(key, keywords.pop(key, default))
    if config.read("pruned_heads") is None:
        config.set("pruned_heads", {})
    if config.read("id2label") is None:
        names, numbers = label_names(2 if count is None else count, config.budget)
        config.set("id2label", names)
        config.set("label2id", numbers)
    else:
        config.set("id2label", numbered(config.read("id2label"), config.budget))
    for key, default in config.library.generation_defaults.items():
        config.set(key, keywords.pop(key, default))
    config.set("_name_or_path", str(keywords.pop("name_or_path", "")))
    _set_others(config, keywords)


def _set_others(config: Config, keywords: dict[str, Any]) -> None:
    config.set("_commit_hash", keywords.pop("_commit_hash", None))
    config.set("_attn_implementation", keywords.pop("attn_implementation", None))
    config.set("transformers_version", keywords.pop("transformers_version", None))
    for key, value in keywords.items():
        config.set(key, value)
    config.set("tf_legacy_loss", keywords.pop("tf_legacy_loss", False))
    config.set("use_bfloat16", keywords.pop("use_bfloat16", False))
