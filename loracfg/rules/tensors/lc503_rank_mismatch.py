"""Factors have another rank than the config gives their modules.

PEFT builds each layer with the rank that the config gives it, so loading stops with a size
mismatch. Most often the config was edited, or copied from another adapter; some trainers take
`rank_pattern` and do not write it. `add_weighted_adapter` drops it too: it writes one `r`, the same
`lora_alpha` and no patterns, where each layer keeps its rank and has the scale 1.

Fires:

    config {"r": 8}

Fires:

    made with {"rank_pattern": {"v_proj": 2}}
    config {"rank_pattern": {}}

Fires:

    made with {"rank_pattern": {"v_proj": 2}, "alpha_pattern": {"v_proj": 2}, "lora_alpha": 4}
    config {"rank_pattern": {}, "alpha_pattern": {}}

Passes:

    made with {"r": 4, "rank_pattern": {"v_proj": 2}}

Repair: set `r` to the rank of the tensors, or name modules of another rank in `rank_pattern`. The
scale is `lora_alpha / r` (`lora_alpha / √r` with `use_rslora`): give modules whose alpha is not
`lora_alpha` their own in `alpha_pattern`, after `add_weighted_adapter` a value equal to their rank.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from loracfg.adapter.tensor_names import Part
from loracfg.analysis.factor_pairs import FactorPair, factors, factors_that, is_stack, is_transposed
from loracfg.analysis.noted import UNLIKE_PLAN
from loracfg.analysis.phrases import shaped, subject_of
from loracfg.analysis.subject import Subject
from loracfg.document.pointer import escape
from loracfg.plan.widening import may_be_router
from loracfg.report.report import Edit, Fix, Related
from loracfg.rules.rule import Finding, Noted, Rule


class _Cause(NamedTuple):
    key: str | None
    wanted: int
    found: int


def check(subject: Subject) -> Iterator[Finding]:
    """Group layers of a wrong rank by the config value that gives the rank."""
    groups: dict[_Cause, list[FactorPair]] = {}
    for pair in mismatched_ranks(subject):
        settings = subject.settings[pair.module]
        cause = _Cause(settings.rank_key, settings.rank, pair.rank)
        groups.setdefault(cause, []).append(pair)
    for cause, pairs in groups.items():
        yield _finding(subject, cause, pairs)


def mismatched_ranks(subject: Subject) -> list[FactorPair]:
    """Return the layers whose rank is not the one that the config gives them."""
    wrong = factors_that(_has_other_rank, subject)
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


def is_of_merge(subject: Subject) -> bool:
    """Tell whether the config is as `add_weighted_adapter` writes it, whose layers have scale 1."""
    config = subject.config
    assert config is not None
    if config.rank_pattern or config.alpha_pattern or config.use_rslora:
        return False
    return config.lora_alpha == config.r


def _advice(rank: int, subject: Subject) -> str:
    """Say what gives some modules another rank, and their scale with it."""
    assert subject.config is not None
    give = f"give these modules rank `{rank}` in `rank_pattern`"
    if is_of_merge(subject):
        return f"{give} and alpha `{rank}` in `alpha_pattern`, as for an adapter of merged ones"
    return f"{give}, and their alpha in `alpha_pattern` if it was not `{subject.config.lora_alpha}`"


def _finding(subject: Subject, cause: _Cause, pairs: list[FactorPair]) -> Finding:
    pointer = "/r" if cause.key is None else f"/rank_pattern/{escape(cause.key)}"
    field = "r" if cause.key is None else f"rank_pattern[{cause.key}]"
    names = frozenset(name for pair in pairs for name in pair.names)
    names |= frozenset(_of_stacks(subject, cause))
    first = pairs[0]
    shape = subject.shape(first.a)
    others_fit = len(pairs) < len(list(factors(subject)))
    fix = None
    if not others_fit or cause.key is not None:
        edits = (Edit("adapter_config.json", pointer, cause.found),)
        fix = Fix(f"set `{field}` to `{cause.found}`", safe=False, edits=edits)
    return Finding(
        f"`{field}` is `{cause.wanted}`, but {subject_of(len(pairs), 'layer', 'have')} rank "
        f"`{cause.found}`",
        subject.value(pointer),
        f"set `{field}` to `{cause.found}`" if fix else _advice(cause.found, subject),
        count=len(names),
        related=(Related(subject.tensor(first.a), f"this factor is {shaped(shape)}"),),
        fix=fix,
        explains=names,
    )


def _of_stacks(subject: Subject, cause: _Cause) -> Iterator[str]:
    """Yield the factors of stacked experts, which have a rank for each, that lie off as much."""
    for name, expected in subject.mismatched.items():
        found = subject.shape(name)
        if len(found) != len(expected.shape) or not is_stack(subject, expected.path):
            continue
        pairs = [pair for pair in zip(found, expected.shape, strict=True) if pair[0] != pair[1]]
        if all(got * cause.wanted == wanted * cause.found for got, wanted in pairs):
            yield name


RULE = Rule("LC503", "rank-mismatch", "error", Noted([UNLIKE_PLAN], check), __name__)
