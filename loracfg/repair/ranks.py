"""Repairs of ranks in the config, by those of the tensors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from loracfg.analysis.factor_pairs import FactorPair, factors
from loracfg.analysis.other_ranks import OtherRank
from loracfg.analysis.phrases import plural
from loracfg.analysis.subject import Subject
from loracfg.config import CONFIG_NAME
from loracfg.repair.change import Change, config_change
from loracfg.repair.draft import Draft
from loracfg.report.report import Edit

_WHY = "the scale of these layers is wrong if `lora_alpha` is not that of the training"
_MERGED = "the config is like that of `add_weighted_adapter`, after which every layer has scale 1"


def set_ranks(subject: Subject, found: OtherRank, draft: Draft) -> Change | None:
    """Set `r` or `rank_pattern` to the ranks that the tensors have (LC503)."""
    change = _with_ranks(subject, found, draft)
    edits = (Edit(CONFIG_NAME, found.pointer, found.found),) if found.is_cause else ()
    return change and change._replace(edits=edits)


def _with_ranks(subject: Subject, found: OtherRank, draft: Draft) -> Change | None:
    config, wrong = subject.config, dict(found.ranks)
    if config is None:
        return None
    everything = list(factors(subject))
    ranks = {pair.rank for pair in everything}
    if len(ranks) == 1 and not config.rank_pattern:
        (rank,) = ranks
        return config_change(
            draft,
            {"r": rank},
            f"sets `r` to `{rank}`, as the tensors have it",
            safe=False,
            why=_WHY,
        )
    pattern = _pattern(wrong, everything, subject)
    if pattern is None:
        return None
    merged = found.is_of_merge
    values = {"rank_pattern": pattern} | ({"alpha_pattern": pattern} if merged else {})
    field = "`rank_pattern` and `alpha_pattern`" if merged else "`rank_pattern`"
    title = f"gives {plural(len(found.ranks), 'layer')} their own rank in {field}"
    return config_change(draft, values, title, safe=False, why=_MERGED if merged else _WHY)


def _pattern(
    wrong: dict[str, int], everything: Iterable[FactorPair], subject: Subject
) -> dict[str, Any] | None:
    """Return a pattern that gives all layers their rank; None where an old key stands for two."""
    config = subject.config
    assert config is not None
    pattern: dict[str, Any] = dict(config.rank_pattern)
    by_key: dict[str, set[int]] = {}
    for pair in everything:
        key = subject.settings[pair.module].rank_key if pair.module in subject.settings else None
        if key is not None:
            by_key.setdefault(key, set()).add(pair.rank)
    if any(len(ranks) > 1 for ranks in by_key.values()):
        return None
    pattern |= {key: ranks.pop() for key, ranks in by_key.items()}
    loose = {m: rank for m, rank in wrong.items() if subject.settings[m].rank_key is None}
    return pattern | _by_end(loose, everything)


def _by_end(wrong: dict[str, int], everything: Iterable[FactorPair]) -> dict[str, int]:
    """Return ranks by the ends of paths, or by whole paths where layers of one end differ."""
    ends: dict[str, set[int]] = {}
    for pair in everything:
        ends.setdefault(pair.module.rpartition(".")[2], set()).add(pair.rank)
    found = {}
    for module, rank in wrong.items():
        end = module.rpartition(".")[2]
        found[end if len(ends[end]) == 1 else module] = rank
    return found
