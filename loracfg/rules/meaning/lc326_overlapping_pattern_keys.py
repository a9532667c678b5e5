r"""Two keys of `rank_pattern` or `alpha_pattern` match one module and give it different values.

The first that matches counts, in the order of the file. PEFT sorts the keys when it saves, so the
order may differ from the one in training. For ranks the tensors have the last word: where they
differ from what the file gives, LC503 says so. For alpha nothing does.

Fires:

    config {"alpha_pattern": {"layers\\.0\\..*": 16, "q_proj": 32}}

Passes:

    made with {"rank_pattern": {"layers\\.0\\..*": 2, "layers\\.1\\..*": 3}}

Repair: write keys that exclude each other.
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
from loracfg.rules.rule import Finding, Noted, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Look at the keys that match each module."""
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
    rivals = {
        path: (keys[0], other)
        for path, keys in matching.items()
        if (other := next((k for k in keys[1:] if values[k] != values[keys[0]]), None))
    }
    if not rivals:
        return
    path, (first, second) = next(iter(rivals.items()))
    yield Finding(
        f"{listed(map(printable, (first, second)))} of `{field}` both match `{printable(path)}` "
        f"and give it `{values[first]}` and `{values[second]}`; the first counts",
        subject.key(f"/{field}/{escape(first)}"),
        "write keys that exclude each other",
        count=len(rivals),
        data=Entries(field, (first, second)),
        related=(
            Related(subject.key(f"/{field}/{escape(second)}"), "the key that does not count"),
        ),
    )


RULE = Rule(
    "LC326",
    "overlapping-pattern-keys",
    "info",
    Noted([changed("rank_pattern"), changed("alpha_pattern")], check),
    __name__,
)
