"""PEFT loads another rank or alpha than it trains with, because it sorts keys when it saves.

Of the keys of `rank_pattern` or `alpha_pattern` that match a module, PEFT uses the first. It saves
them sorted, so a different key may be the first when the adapter is loaded. With another rank PEFT
raises then, and with another alpha the adapter silently has another scale.

Fires:

    planned
    config {"target_modules": ["q_proj"], "rank_pattern": {"self_attn.q_proj": 16, "q_proj": 8}}

Fires:

    planned
    config {"target_modules": ["q_proj"], "alpha_pattern": {"self_attn.q_proj": 16, "q_proj": 8}}

Passes:

    planned
    config {"target_modules": ["q_proj"], "rank_pattern": {"layers.0.*": 16, "q_proj": 8}}

Passes:

    planned
    config {"rank_pattern": {"(.*[.])?self_attn.q_proj": 16, "q_proj": 8}}

Repair: begin the key that should count with `(.*[.])?`, which matches the same modules and sorts
before letters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from loracfg.analysis.noted import changed
from loracfg.analysis.subject import Subject
from loracfg.document.display import printable
from loracfg.document.pointer import escape
from loracfg.report.evidence import Entries
from loracfg.rules.rule import Finding, GatedCheck, Rule

_FIRST: Final = "(.*[.])?"
"""The beginning of a key with which it matches what it matches without, but sorts earlier."""


def check(subject: Subject) -> Iterator[Finding]:
    """Find modules for which sorted keys have a different value."""
    plan = subject.plan
    if plan is None or not subject.is_yet_to_train:
        return
    modules = [(module.path, module.settings) for module in plan.modules]
    ranks = plan.config.rank_pattern
    yield from _reordered(subject, "rank_pattern", ranks, ((p, s.rank_keys) for p, s in modules))
    alphas = plan.config.alpha_pattern
    yield from _reordered(subject, "alpha_pattern", alphas, ((p, s.alpha_keys) for p, s in modules))


def _reordered(
    subject: Subject,
    field: str,
    values: Mapping[str, float],
    matching: Iterable[tuple[str, tuple[str, ...]]],
) -> Iterator[Finding]:
    paths: dict[tuple[str, ...], list[str]] = {}
    for path, keys in matching:
        if keys and values[keys[0]] != values[min(keys)]:
            paths.setdefault(keys, []).append(path)
    for keys, found in paths.items():
        first, loaded = keys[0], min(keys)
        better = _FIRST + first
        advice = "write keys that do not overlap"
        if better < loaded:
            advice = f"write `{printable(first)}` as `{printable(better)}`"
        does = "raises" if field == "rank_pattern" else "computes something else"
        yield Finding(
            f"`{printable(found[0])}` gets `{values[first]}` from `{printable(first)}` of "
            f"`{field}`, but `{values[loaded]}` from `{printable(loaded)}` once the keys are saved "
            f"in order, so PEFT {does} when it loads the adapter",
            subject.key(f"/{field}/{escape(first)}"),
            advice,
            count=len(found),
            data=Entries(field, (first, loaded)),
        )


RULE = Rule(
    "LC334",
    "keys-in-other-order",
    "error",
    GatedCheck([changed("rank_pattern"), changed("alpha_pattern")], check),
    __name__,
)
