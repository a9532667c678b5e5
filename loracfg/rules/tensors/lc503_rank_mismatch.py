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

from loracfg.analysis.factor_pairs import FactorPair, factors, is_stack
from loracfg.analysis.noted import UNLIKE_PLAN
from loracfg.analysis.other_ranks import OtherRank, is_merged_config, mismatched_ranks
from loracfg.analysis.phrases import shaped, subject_of
from loracfg.analysis.subject import Subject
from loracfg.document.pointer import escape
from loracfg.report.report import Related
from loracfg.rules.rule import Finding, Noted, Rule


class _Cause(NamedTuple):
    key: str | None
    wanted: int
    found: int


def check(subject: Subject) -> Iterator[Finding]:
    """Group layers of a wrong rank by the config value that gives the rank."""
    groups: dict[_Cause, list[FactorPair]] = {}
    wrong = mismatched_ranks(subject)
    for pair in wrong:
        settings = subject.settings[pair.module]
        cause = _Cause(settings.rank_key, settings.rank, pair.rank)
        groups.setdefault(cause, []).append(pair)
    for cause, pairs in groups.items():
        yield _finding(subject, cause, pairs, wrong)


def _advice(rank: int, subject: Subject) -> str:
    """Say what gives some modules another rank, and their scale with it."""
    assert subject.config is not None
    give = f"give these modules rank `{rank}` in `rank_pattern`"
    if is_merged_config(subject):
        return f"{give} and alpha `{rank}` in `alpha_pattern`, as for an adapter of merged ones"
    return f"{give}, and their alpha in `alpha_pattern` if it was not `{subject.config.lora_alpha}`"


def _finding(
    subject: Subject, cause: _Cause, pairs: list[FactorPair], wrong: list[FactorPair]
) -> Finding:
    pointer = "/r" if cause.key is None else f"/rank_pattern/{escape(cause.key)}"
    field = "r" if cause.key is None else f"rank_pattern[{cause.key}]"
    names = frozenset(name for pair in pairs for name in pair.names)
    names |= frozenset(_of_stacks(subject, cause))
    first = pairs[0]
    shape = subject.shape(first.a)
    others_fit = len(pairs) < len(list(factors(subject)))
    data = OtherRank(
        pointer,
        cause.wanted,
        cause.found,
        tuple(pair.module for pair in pairs),
        not others_fit or cause.key is not None,
        tuple((pair.module, pair.rank) for pair in wrong),
        is_merged_config(subject),
    )
    return Finding(
        f"`{field}` is `{cause.wanted}`, but {subject_of(len(pairs), 'layer', 'have')} rank "
        f"`{cause.found}`",
        subject.value(pointer),
        f"set `{field}` to `{cause.found}`" if data.is_cause else _advice(cause.found, subject),
        count=len(names),
        related=(Related(subject.tensor(first.a), f"this factor is {shaped(shape)}"),),
        explains=names,
        data=data,
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
