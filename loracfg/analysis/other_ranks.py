"""Find layers whose factors have a different rank from the one in the config."""

from __future__ import annotations

from loracfg.adapter.tensor_names import Part
from loracfg.analysis.factor_pairs import FactorPair, factors, is_stack, is_transposed, pairs_where
from loracfg.analysis.subject import Subject
from loracfg.named_tuple import NamedTuple
from loracfg.planning.widening import may_be_router


class OtherRank(NamedTuple):
    """Layers that should have the rank `given` by a value in the config, but have the rank `found`.

    `ranks` are the ranks of all layers with a wrong rank. `is_cause` says that the value applies to
    no other layers, so it is the one to change. `is_of_merge` says that the config looks like one
    from `add_weighted_adapter`.
    """

    pointer: str
    given: int
    found: int
    modules: tuple[str, ...]
    is_cause: bool
    ranks: tuple[tuple[str, int], ...]
    is_of_merge: bool


def mismatched_ranks(subject: Subject) -> list[FactorPair]:
    """Return the layers whose rank differs from the config's."""
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
    """Tell whether a module is not in the base, and its rank may be that of another name."""
    config = subject.config
    if config is None or not subject.certain or pair.module not in subject.lost_paths:
        return False
    return pair.rank in (config.r, *config.rank_pattern.values())


def _has_rank_of_router(pair: FactorPair, subject: Subject) -> bool:
    """Tell whether a module may be a router with the config's rank; only without a base."""
    config = subject.config
    if config is None or subject.plan or not may_be_router(pair.module, config):
        return False
    return pair.has_rank(config.r, subject)


def _has_rank_of_embedding(pair: FactorPair, subject: Subject) -> bool:
    """Tell whether a layer has, or may have, the rank of the embedding that it is tied to."""
    assert subject.config is not None
    if not subject.config.ensure_weight_tying:
        return False
    planned = subject.plan.shapes.get(pair.a) if subject.plan else None
    if planned is not None:
        return pair.rank == planned[0]
    embeddings = (other for other in factors(subject) if Part.EMBEDDING_A in other.layer.parts)
    return any(pair.rank == embedding.rank for embedding in embeddings)


def is_merged_config(subject: Subject) -> bool:
    """Tell whether the config looks like one from `add_weighted_adapter`, with scale 1."""
    config = subject.config
    assert config is not None
    if config.rank_pattern or config.alpha_pattern or config.use_rslora:
        return False
    return config.lora_alpha == config.r
