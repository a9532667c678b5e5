"""What a config could target in a base. Every statement names its source."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from math import prod
from typing import TYPE_CHECKING, Final

from loracfg.analysis.phrases import pattern_of_part
from loracfg.base.architecture import Architecture, Kind
from loracfg.base.towers import LINEAR, ModelParts, is_within_any, parts_of
from loracfg.named_tuple import NamedTuple
from loracfg.planning.build import build_plan
from loracfg.planning.patterns import PatternBudget
from loracfg.planning.plan import Plan
from loracfg.planning.targets import all_linear, leaf_of
from loracfg.planning.trained_parameters import trained_base, trained_parameters

if TYPE_CHECKING:
    from loracfg.config.model.config_values import ConfigValues
    from loracfg.document.json_value import JsonObject

_QLORA: Final = "QLoRA adapts all linear layers of the blocks (arXiv:2305.14314, section 4)"
_ALL_LINEAR: Final = "`all-linear` in PEFT's documentation of `LoraConfig.target_modules`"
_LORA: Final = "LoRA adapts attention weights alone (arXiv:2106.09685, section 4.2)"
_PARAMETERS: Final = (
    "PEFT's documentation of `LoraConfig.target_parameters`, for experts that are parameters"
)
_EXPERTS: Final = "the modules of this base"
_TOWERS: Final = "PEFT's documentation of `LoraConfig.exclude_modules`; the parts of this base"
_TOKENS: Final = (
    'PEFT\'s guide on LoRA, "Efficiently train tokens alongside LoRA", and its documentation of '
    "`LoraConfig.modules_to_save`"
)


class LeftOut(NamedTuple):
    """Linear layers that are no targets: their last name, their number, and who adapts them."""

    name: str
    modules: int
    source: str

    def to_dict(self) -> JsonObject:
        """Return the layers as JSON data."""
        return self._asdict()


class Suggestion(NamedTuple):
    """Values for a config.

    Attributes:
        title: what they are for, such as `attention`.
        config: the fields with their values.
        modules: the modules and parameters that get an adapter with these values alone.
        trainable_parameters: what is trained then, with the rank of the config.
        source: where the suggestion comes from.
    """

    title: str
    config: JsonObject
    modules: int | None
    trainable_parameters: int | None
    source: str

    def to_dict(self) -> JsonObject:
        """Return the suggestion as JSON data."""
        return self._asdict()


def left_out(plan: Plan) -> tuple[LeftOut, ...]:
    """Return the linear layers of the blocks that are neither targets nor excluded."""
    parts = parts_of(plan.base)
    adapted, saved = {module.path for module in plan.modules}, frozenset(plan.saved)
    counts: dict[str, int] = {}
    for path in all_linear(plan.config, plan.base):
        if path in adapted or path in plan.selection.excluded or _is_beside(path, parts):
            continue
        if is_within_any(path, saved):
            continue
        if any(step.isdecimal() for step in path.split(".")):  # in a layer
            counts[leaf_of(path)] = counts.get(leaf_of(path), 0) + 1
    return tuple(LeftOut(name, count, _QLORA) for name, count in counts.items())


def suggest(
    config: ConfigValues, base: Architecture, new_tokens: tuple[int, ...], budget: PatternBudget
) -> tuple[Suggestion, ...]:
    """Return what could be targeted in a base.

    Args:
        config: the config, for its rank and the options that change what is trained.
        base: the tree.
        new_tokens: the ids of tokens that a tokenizer adds.
        budget: the time for matching patterns.
    """
    parts = parts_of(base)
    found: list[Suggestion] = []
    offers: tuple[tuple[str, JsonObject, str], ...] = (
        ("all linear", {"target_modules": "all-linear"}, _ALL_LINEAR),
        ("attention", {"target_modules": [*_attention(base, parts)]}, _LORA),
        ("experts", {"target_modules": [*_expert_modules(base)]}, _EXPERTS),
        ("fused experts", {"target_parameters": [*_expert_parameters(base)]}, _PARAMETERS),
    )
    for title, values, source in offers:
        if all(values.values()):
            found.append(_counted(title, values, source, config, base, budget))
    found += _towers(parts)
    found += _for_tokens(base, new_tokens)
    return tuple(found)


def _counted(
    title: str,
    values: JsonObject,
    source: str,
    config: ConfigValues,
    base: Architecture,
    budget: PatternBudget,
) -> Suggestion:
    """Return a suggestion with what it trains, or without numbers if the config rules it out."""
    free: JsonObject = {
        **dict.fromkeys(("target_modules", "target_parameters", "exclude_modules")),
        **dict.fromkeys(("layers_to_transform", "layers_pattern", "modules_to_save")),
        "trainable_token_indices": None,
        "bias": "none",
    }
    if "target_parameters" in values:
        free |= {"target_modules": [], "lora_dropout": 0.0}
    plan = build_plan(config.model_copy(update=free | values), base, budget)
    if plan.failures:
        return Suggestion(title, values, None, None, source)
    trained = trained_parameters(plan, trained_base(plan, base))
    number = sum(prod(one.shape) for one in trained)
    return Suggestion(title, values, len(plan.modules), number, source)


def _attention(base: Architecture, parts: ModelParts | None) -> list[str]:
    """Return the names of the linear layers in modules whose class is named after attention."""
    named: dict[str, dict[str, None]] = {}
    for path, module in base.modules.items():
        if "Attention" in module.class_name and not _is_beside(path, parts):
            named[path] = {}
    for path, module in base.modules.items():
        owner, _, leaf = path.rpartition(".")
        if owner in named and module.kind in LINEAR:
            named[owner][leaf] = None
    return list(dict.fromkeys(chain.from_iterable(named.values())))


def _expert_modules(base: Architecture) -> list[str]:
    """Return the names of the linear layers of experts that are modules of their own."""
    found = (p for p, one in base.modules.items() if one.kind in LINEAR and ".experts." in p)
    return list(dict.fromkeys(map(leaf_of, found)))


def _expert_parameters(base: Architecture) -> list[str]:
    """Return the names of parameters that have a matrix for each expert."""
    return list(
        dict.fromkeys(
            f"{leaf_of(path)}.{name}"
            for path, one in base.modules.items()
            if path and one.kind is Kind.OTHER
            for name, shape in one.parameters.items()
            if len(shape) == 3 and "expert" in path.lower()
        )
    )


def _is_beside(path: str, parts: ModelParts | None) -> bool:
    return parts is not None and parts.other_of(path) is not None


def _towers(parts: ModelParts | None) -> Iterator[Suggestion]:
    for other in parts.others if parts else ():
        values: JsonObject = {"exclude_modules": pattern_of_part(other)}
        yield Suggestion(f"without `{other}`", values, None, None, _TOWERS)


def _for_tokens(base: Architecture, new_tokens: tuple[int, ...]) -> Iterator[Suggestion]:
    if not new_tokens or base.input_embeddings is None:
        return
    embedding = base.find(base.input_embeddings)
    if embedding is None:
        return
    count = len(new_tokens) * embedding.weight[1]
    tokens: JsonObject = {"trainable_token_indices": list(new_tokens)}
    yield Suggestion("new tokens, only their rows", tokens, None, count, _TOKENS)
    whole = [base.input_embeddings, *([base.output_embeddings] if base.output_embeddings else ())]
    names: JsonObject = {"modules_to_save": [leaf_of(path) for path in whole]}
    yield Suggestion("new tokens, the whole embeddings", names, None, None, _TOKENS)
