"""Repairs for engines that ignore or reject what PEFT accepts."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from loracfg.adapter.directory import SAFETENSORS_NAME
from loracfg.adapter.files import ADDED_TOKENS_NAME
from loracfg.adapter.tensor_names import Part
from loracfg.analysis.base_names import served_model
from loracfg.analysis.phrases import listed, plural
from loracfg.analysis.subject import Subject
from loracfg.analysis.target_matches import shortest_names, trained_modules
from loracfg.repair.change import Change, as_config_number, config_change
from loracfg.repair.draft import Draft
from loracfg.repair.stacked_experts import unstack_experts
from loracfg.repair.tensor_data import Scale
from loracfg.rules.kinds.engine_verdicts import EngineFact

if TYPE_CHECKING:
    from collections.abc import Callable

    Rewrite = Callable[[Subject, Draft], Change | None]

_SECOND: Final = frozenset({Part.B, Part.BIAS, Part.EMBEDDING_B})
"""The tensors to multiply to change the scale of a module: one factor of each product."""


def rewrite_for_engine(subject: Subject, found: EngineFact, draft: Draft) -> Change | None:
    """Rewrite what the engine does not accept into a form that it does (LC801, LC802)."""
    rewrites = [_REWRITES[name] for name in found.features if name in _REWRITES]
    if len(rewrites) != 1:
        return None
    [rewrite] = rewrites
    return rewrite(subject, draft)


def _without_rslora(subject: Subject, draft: Draft) -> Change | None:
    """Fold √r into alpha; not done with both patterns, whose keys would have to be combined."""
    config = subject.config
    if config is None or (config.rank_pattern and config.alpha_pattern):
        return None
    root = math.sqrt(config.r)
    alphas = {key: as_config_number(alpha * root) for key, alpha in config.alpha_pattern.items()}
    alphas |= {
        key: as_config_number(config.lora_alpha * math.sqrt(rank))
        for key, rank in config.rank_pattern.items()
    }
    alpha = as_config_number(config.lora_alpha * root)
    values: dict[str, Any] = {"use_rslora": False, "lora_alpha": alpha}
    values |= {"alpha_pattern": alphas} if alphas else {}
    title = f"fold √r into alpha: set `use_rslora` to `false` and `lora_alpha` to `{alpha}`"
    return config_change(draft, values, title, safe=True, why="each module keeps its scale")


def _without_alpha_pattern(subject: Subject, draft: Draft) -> Change | None:
    """Give all modules the same alpha, and multiply B by the rest of their scales."""
    config, tensors = subject.config, draft.tensors
    if config is None or tensors is None or config.use_rslora or config.target_parameters:
        return None
    factors: dict[str, float] = {}
    for name, taken in subject.adapter.names.items():
        one = subject.settings.get(taken.module)
        if taken.part in _SECOND and one is not None and one.alpha != config.lora_alpha:
            if not config.lora_alpha:
                return None
            factors[name] = one.alpha / config.lora_alpha
    if not factors:
        return None
    changed = draft.map_tensors(
        lambda name, one: [(name, Scale(one, factors[name]) if name in factors else one)]
    )
    exact = all(math.frexp(factor)[0] in (0.5, -0.5) for factor in factors.values())
    why = "multiplying by powers of two is exact" if exact else "values are rounded"
    title = f"fold `alpha_pattern` into {plural(len(factors), 'tensor')}"
    return config_change(changed, {"alpha_pattern": {}}, title, safe=exact, why=why)


def _with_listed_targets(subject: Subject, draft: Draft) -> Change | None:
    paths = trained_modules(subject)
    if not paths:
        return None
    targets = shortest_names(subject, paths)
    title = f"set `target_modules` to {listed(targets)}"
    why = "these are the modules that the pattern selects"
    return config_change(draft, {"target_modules": targets}, title, safe=True, why=why)


def _with_alpha(subject: Subject, draft: Draft) -> Change | None:
    config = subject.config
    if config is None:
        return None
    alpha = as_config_number(config.lora_alpha)
    title = f"set `lora_alpha` to `{alpha}`"
    return config_change(
        draft, {"lora_alpha": alpha}, title, safe=True, why="PEFT uses it if none is given"
    )


def _without_other_weights(_: Subject, draft: Draft) -> Change | None:
    others = {n for n in draft.sizes() if n.endswith(".safetensors") and n != SAFETENSORS_NAME}
    changed = draft.without_files(others)
    title = f"leave out {listed(sorted(others))}"
    return Change(changed, title, True, f"PEFT only reads `{SAFETENSORS_NAME}`")


def _with_whole_alpha(subject: Subject, draft: Draft) -> Change | None:
    config = subject.config
    if config is None or not float(config.lora_alpha).is_integer():
        return None
    alpha = int(config.lora_alpha)
    title = f"write `lora_alpha` as `{alpha}`"
    return config_change(
        draft, {"lora_alpha": alpha}, title, safe=True, why="it is the same number"
    )


def _with_last_names(subject: Subject, draft: Draft) -> Change | None:
    if subject.tree is None:
        return None  # other modules of the base may have the same last name
    targets = shortest_names(subject, trained_modules(subject))
    if not targets or any("." in target for target in targets):
        return None
    title = f"set `target_modules` to {listed(targets)}"
    why = "these names select the same modules of the base"
    return config_change(draft, {"target_modules": targets}, title, safe=True, why=why)


def _without_added_tokens(subject: Subject, draft: Draft) -> Change | None:
    tokenizer, size = subject.adapter.tokenizer, subject.base.vocab_size if subject.base else None
    rows = tokenizer.rows if tokenizer else None
    if size is None or rows is None or rows > size:
        return None
    why = "the base has these tokens, and PEFT does not read this file"
    title = f"leave out `{ADDED_TOKENS_NAME}`"
    return Change(draft.without_files([ADDED_TOKENS_NAME]), title, True, why)


def _with_served_base(subject: Subject, draft: Draft) -> Change | None:
    name = served_model(subject)
    if name is None:
        return None
    title = f"set `base_model_name_or_path` to `{name}`"
    why = "it is the `model` that you passed, and the resolver accepts no other name"
    return config_change(draft, {"base_model_name_or_path": name}, title, safe=True, why=why)


_REWRITES: Final[dict[str, Rewrite]] = {
    "use_rslora": _without_rslora,
    "alpha_pattern": _without_alpha_pattern,
    "regex_targets": _with_listed_targets,
    "alpha_missing": _with_alpha,
    "float_alpha": _with_whole_alpha,
    "nested_targets": _with_last_names,
    "added_tokens": _without_added_tokens,
    "several_weight_files": _without_other_weights,
    "target_parameters": unstack_experts,
    "base_name outside model": _with_served_base,
    "base_missing": _with_served_base,
}
"""How to rewrite each feature that an engine does not accept."""
