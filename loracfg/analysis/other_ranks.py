"""Layers whose factors have another rank than the config gives them."""

from __future__ import annotations

from typing import NamedTuple

from loracfg.adapter.tensor_names import Part
from loracfg.analysis.factor_pairs import FactorPair, factors, is_stack, is_transposed, pairs_where
from loracfg.analysis.subject import Subject
from loracfg.plan.widening import may_be_router


class OtherRank(NamedTuple):
    """Layers of another rank than one value of the config gives, and the rank that they have.

    `ranks` are those of all layers whose rank is wrong. `is_cause` says that the value is for no
    other layers, so that it is the one to change, and `is_of_merge` that the config is as
    `add_weighted_adapter` writes it.
    """

    pointer: str
    given: int
    found: int
    modules: tuple[str, ...]
    is_cause: bool
    ranks: tuple[tuple[str, int], ...]
    is_of_merge: bool


def mismatched_ranks(subject: Subject) -> list[FactorPair]:
    """Return the layers whose rank is not the one that the config gives them."""
    wrong = pairs_where(_has_other_rank, subject)
    return [pair for pair in wrong if not _has_rank_of_embedding(pair, subject)]


def _has_other_rank(pair: FactorPair, subject: Subject) -> bool:
    settings = subject.settings.get(pair.module)
    if settings is None or not pair.agree:
        return False
    if is_stack(subject, pair.module) or is_transposed(pair, subject):
        return False
    if _has_rank_of_other_name(pair, subject):
        return False
    return not (pair.has_rank(settings.rank, subject) or _has_rank_of_router(pair, subject))


def _has_rank_of_other_name(pair: FactorPair, subject: Subject) -> bool:
    """Tell whether the base lacks a module, and the config may give its rank to another name."""
    config = subject.config
    if config is None or not subject.certain or pair.module not in subject.lost_paths:
        return False
    return pair.rank in (config.r, *config.rank_pattern.values())


def _has_rank_of_router(pair: FactorPair, subject: Subject) -> bool:
    """Tell whether, without a base, a module may be a router, which has the rank of the config."""
    config = subject.config
    if config is None or subject.plan or not may_be_router(pair.module, config):
        return False
    return pair.has_rank(config.r, subject)


def _has_rank_of_embedding(pair: FactorPair, subject: Subject) -> bool:
    """Tell whether a layer has its rank from the embedding it is tied to, or may without a base."""
    assert subject.config is not None
    if not subject.config.ensure_weight_tying:
        return False
    planned = subject.plan.shapes.get(pair.a) if subject.plan else None
    if planned is not None:
        return pair.rank == planned[0]
    embeddings = (other for other in factors(subject) if Part.EMBEDDING_A in other.layer.parts)
    return any(pair.rank == embedding.rank for embedding in embeddings)


def is_merged_config(subject: Subject) -> bool:
    """Tell whether the config is as `add_weighted_adapter` writes it, whose layers have scale 1."""
    config = subject.config
    assert config is not None
    if config.rank_pattern or config.alpha_pattern or config.use_rslora:
        return False
    return config.lora_alpha == config.r
