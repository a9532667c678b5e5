"""Factors have a different rank than the config gives their modules.

PEFT builds each layer with the rank from the config, so loading fails with a size mismatch. Most
often the config was edited, or copied from another adapter. Some trainers accept `rank_pattern`,
but do not write it. Neither does `add_weighted_adapter`: its config has one `r`, a `lora_alpha` of
the same value and no patterns, while each layer keeps its own rank and has a scale of 1.

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

Repair: set `r` to the rank of the tensors, or list modules with a different rank in `rank_pattern`.
The scale is `lora_alpha / r` (`lora_alpha / √r` with `use_rslora`): if modules were trained with a
different alpha than `lora_alpha`, list them in `alpha_pattern` too. After `add_weighted_adapter`,
their alpha is their rank.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.factor_pairs import FactorPair, factors, is_stack
from loracfg.analysis.noted import UNLIKE_PLAN
from loracfg.analysis.other_ranks import OtherRank, is_merged_config, mismatched_ranks
from loracfg.analysis.phrases import shaped, with_verb
from loracfg.analysis.subject import Subject
from loracfg.document.pointer import escape
from loracfg.named_tuple import NamedTuple
from loracfg.report.report import Related
from loracfg.rules.rule import Finding, GatedCheck, Rule


class _Cause(NamedTuple):
    key: str | None
    wanted: int
    found: int


def check(subject: Subject) -> Iterator[Finding]:
    """Group layers with a wrong rank by the config value that sets it."""
    groups: dict[_Cause, list[FactorPair]] = {}
    wrong = mismatched_ranks(subject)
    for pair in wrong:
        settings = subject.settings[pair.module]
        cause = _Cause(settings.rank_key, settings.rank, pair.rank)
        groups.setdefault(cause, []).append(pair)
    for cause, pairs in groups.items():
        yield _finding(subject, cause, pairs, wrong)


def _advice(rank: int, subject: Subject) -> str:
    """Return the help that gives some modules their own rank and keeps their scale."""
    assert subject.config is not None
    give = f"give these modules rank `{rank}` in `rank_pattern`"
    if is_merged_config(subject):
        alpha = f"alpha `{rank}` in `alpha_pattern`"
        return f"{give} and {alpha}, as for an adapter from `add_weighted_adapter`"
    return f"{give}, and their alpha in `alpha_pattern` if it was not `{subject.config.lora_alpha}`"


def _finding(
    subject: Subject, cause: _Cause, pairs: list[FactorPair], wrong: list[FactorPair]
) -> Finding:
    pointer = "/r" if cause.key is None else f"/rank_pattern/{escape(cause.key)}"
    field = "r" if cause.key is None else f"rank_pattern[{cause.key}]"
    names = frozenset(name for pair in pairs for name in pair.names)
    names |= frozenset(_stacked_factors(subject, cause))
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
        f"`{field}` is `{cause.wanted}`, but {with_verb(len(pairs), 'layer', 'have')} rank "
        f"`{cause.found}`",
        subject.value(pointer),
        f"set `{field}` to `{cause.found}`" if data.is_cause else _advice(cause.found, subject),
        count=len(names),
        related=(Related(subject.tensor(first.a), f"this factor has shape {shaped(shape)}"),),
        explains=names,
        data=data,
    )


def _stacked_factors(subject: Subject, cause: _Cause) -> Iterator[str]:
    """Yield the factors of stacked experts with sizes that are wrong by the same ratio."""
    for name, expected in subject.mismatched.items():
        found = subject.shape(name)
        if len(found) != len(expected.shape) or not is_stack(subject, expected.path):
            continue
        pairs = [pair for pair in zip(found, expected.shape, strict=True) if pair[0] != pair[1]]
        if all(got * cause.wanted == wanted * cause.found for got, wanted in pairs):
            yield name


RULE = Rule("LC503", "rank-mismatch", "error", GatedCheck([UNLIKE_PLAN], check), __name__)
