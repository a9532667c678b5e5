"""Configs of transformers 4: a class sets some keys, and the base all others."""

from __future__ import annotations

from typing import Any

from loracfg.base.catalogue.configs import rope
from loracfg.base.catalogue.configs.config_values import label_names, numbered
from loracfg.base.catalogue.configs.core import Core, kernels, run_around
from loracfg.base.catalogue.configs.frequencies import count as count_frequencies
from loracfg.base.catalogue.configs.protocol import BASE_KEYS_4, PROBLEMS_4
from loracfg.base.catalogue.evaluation.refusals import RefusedError


class Config4(Core):
    """A config of transformers 4, which checks no values."""

    __slots__ = ()

    _attn_implementation = kernels("attn")

    use_return_dict = property(lambda self: self.return_dict and not self.torchscript)

    frequencies = count_frequencies


def fill(config: Config4, values: dict[str, object]) -> None:
    """Fill a config from the keys of a `config.json`."""
    run_around("init", config, values, complete)
    program = config._facts.programs.get("init")
    late = program.data.get("late") if program is not None else None
    if late:
        rope.check_4(config, late[0])


def finish(config: Config4) -> None:
    """Do the rest of `from_dict` on a new config."""
    if hasattr(config, "pruned_heads"):
        config.pruned_heads = numbered(config.pruned_heads, config._budget)


def complete(config: Config4, keywords: dict[str, object]) -> None:
    """Do what the base does: its own keys, labels, keys for generation, then all other keys."""
    for key in ("label2id", "id2label"):
        if keywords.get(key) is not None and not isinstance(keywords[key], dict):
            raise RefusedError(f"`{key}` is not a dict")
    if keywords.get("problem_type") not in PROBLEMS_4:
        raise RefusedError("`problem_type` is not a known one")
    older, count = keywords.pop("torch_dtype", None), keywords.pop("num_labels", None)
    if keywords.get("dtype") is None and older is not None:
        keywords["dtype"] = older
    config._output_attentions = keywords.pop("output_attentions", False)
    for key, default in BASE_KEYS_4.items():
        setattr(config, key, keywords.pop(key, default))
    if config.pruned_heads is None:
        config.pruned_heads = {}
    if config.id2label is None:
        count = 2 if count is None else count
        config.id2label, config.label2id = label_names(count, config._budget)
    else:
        config.id2label = numbered(config.id2label, config._budget)
    for key, default in config._facts.library.generation_defaults.items():
        setattr(config, key, keywords.pop(key, default))
    config._name_or_path = str(keywords.pop("name_or_path", ""))
    _set_others(config, keywords)


def _set_others(config: Any, keywords: dict[str, Any]) -> None:
    config._commit_hash = keywords.pop("_commit_hash", None)
    config._attn_implementation = keywords.pop("attn_implementation", None)
    config.transformers_version = keywords.pop("transformers_version", None)
    for key, value in keywords.items():
        setattr(config, key, value)
    config.tf_legacy_loss = keywords.pop("tf_legacy_loss", False)
    config.use_bfloat16 = keywords.pop("use_bfloat16", False)
