"""Repair the ranks in the config to match the tensors."""

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

_WHY = "the scale of these layers is wrong if they were trained with a different `lora_alpha`"
_MERGED = "the config looks like one from `add_weighted_adapter`, which gives every layer scale 1"


def set_ranks(subject: Subject, found: OtherRank, draft: Draft) -> Change | None:
    """Set `r` or `rank_pattern` to the ranks of the tensors (LC503)."""
    change = _with_ranks(subject, found, draft)
    edits = (Edit(CONFIG_NAME, found.pointer, found.found),) if found.is_cause else ()
    return change and change._replace(edits=edits)


def _with_ranks(subject: Subject, found: OtherRank, draft: Draft) -> Change | None:
    config, wrong = subject.config, dict(found.ranks)
    if config is None:
        return None
    pairs = list(factors(subject))
    ranks = {pair.rank for pair in pairs}
    if len(ranks) == 1 and not config.rank_pattern:
        (rank,) = ranks
        return config_change(
            draft,
            {"r": rank},
            f"set `r` to `{rank}`, the rank of the tensors",
            safe=False,
            why=_WHY,
        )
    pattern = _pattern(wrong, pairs, subject)
    if pattern is None:
        return None
    merged = found.is_of_merge
    values = {"rank_pattern": pattern} | ({"alpha_pattern": pattern} if merged else {})
    field = "`rank_pattern` and `alpha_pattern`" if merged else "`rank_pattern`"
    title = f"set the rank of {plural(len(found.ranks), 'layer')} in {field}"
    return config_change(draft, values, title, safe=False, why=_MERGED if merged else _WHY)


def _pattern(
    wrong: dict[str, int], pairs: Iterable[FactorPair], subject: Subject
) -> dict[str, Any] | None:
    """Return a pattern that gives all layers their rank; None if an old key has two ranks."""
    config = subject.config
    assert config is not None
    pattern: dict[str, Any] = dict(config.rank_pattern)
    by_key: dict[str, set[int]] = {}
    for pair in pairs:
        key = subject.settings[pair.module].rank_key if pair.module in subject.settings else None
        if key is not None:
            by_key.setdefault(key, set()).add(pair.rank)
    if any(len(ranks) > 1 for ranks in by_key.values()):
        return None
    pattern |= {key: ranks.pop() for key, ranks in by_key.items()}
    without_key = {m: rank for m, rank in wrong.items() if subject.settings[m].rank_key is None}
    return pattern | _by_end(without_key, pairs)


def _by_end(wrong: dict[str, int], pairs: Iterable[FactorPair]) -> dict[str, int]:
    """Return ranks by last name, or by whole path if layers with this name differ in rank."""
    ends: dict[str, set[int]] = {}
    for pair in pairs:
        ends.setdefault(pair.module.rpartition(".")[2], set()).add(pair.rank)
    found = {}
    for module, rank in wrong.items():
        end = module.rpartition(".")[2]
        found[end if len(ends[end]) == 1 else module] = rank
    return found
