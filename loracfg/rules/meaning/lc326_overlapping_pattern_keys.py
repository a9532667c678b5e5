r"""Two keys of `rank_pattern` or `alpha_pattern` match the same module and give different values.

PEFT uses the first key that matches, in file order. It sorts the keys when it saves, so the order
may not be the one used in training. A wrong rank shows in the tensors, and LC503 reports it; a
wrong alpha shows nowhere.

Fires:

    config {"alpha_pattern": {"layers\\.0\\..*": 16, "q_proj": 32}}

Passes:

    made with {"rank_pattern": {"layers\\.0\\..*": 2, "layers\\.1\\..*": 3}}

Repair: write keys that do not overlap.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from loracfg.analysis.noted import changed
from loracfg.analysis.phrases import listed
from loracfg.analysis.subject import Subject
from loracfg.document.display import printable
from loracfg.document.pointer import escape
from loracfg.report.evidence import Entries
from loracfg.report.report import Related
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find modules that several keys match."""
    config = subject.config
    if config is None:
        return
    ranks = {path: s.rank_keys for path, s in subject.settings.items()}
    yield from _overlaps(subject, "rank_pattern", config.rank_pattern, ranks)
    alphas = {path: s.alpha_keys for path, s in subject.settings.items()}
    yield from _overlaps(subject, "alpha_pattern", config.alpha_pattern, alphas)


def _overlaps(
    subject: Subject,
    field: str,
    values: Mapping[str, float],
    matching: Mapping[str, tuple[str, ...]],
) -> Iterator[Finding]:
    overlaps = {
        path: (keys[0], other)
        for path, keys in matching.items()
        if (other := next((k for k in keys[1:] if values[k] != values[keys[0]]), None))
    }
    if not overlaps:
        return
    path, (first, second) = next(iter(overlaps.items()))
    yield Finding(
        f"{listed(map(printable, (first, second)))} of `{field}` both match `{printable(path)}` "
        f"and give it `{values[first]}` and `{values[second]}`; PEFT uses the first",
        subject.key(f"/{field}/{escape(first)}"),
        "write keys that do not overlap",
        count=len(overlaps),
        data=Entries(field, (first, second)),
        related=(
            Related(subject.key(f"/{field}/{escape(second)}"), "the key that PEFT does not use"),
        ),
    )


RULE = Rule(
    "LC326",
    "overlapping-pattern-keys",
    "info",
    GatedCheck([changed("rank_pattern"), changed("alpha_pattern")], check),
    __name__,
)
