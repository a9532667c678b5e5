r"""Keys of `rank_pattern` or `alpha_pattern` match no layer of the adapter.

PEFT uses `r` and `lora_alpha` for the intended modules; 0.21 warns about the keys. A key is a
regular expression for the end of a module path, starting after a dot: for `self_attn.q_proj`,
`q_proj` matches, but `_proj` and `self_attn` do not.

Fires:

    config {"alpha_pattern": {"self_attn": 16}}

Passes:

    made with {"rank_pattern": {"layers\\.0\\..*q_proj": 2}, "alpha_pattern": {"v_proj": 4}}

Repair: write keys that match the end of the paths of the intended modules.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.noted import changed
from loracfg.analysis.phrases import listed
from loracfg.analysis.subject import Subject
from loracfg.analysis.unmatched_names import PATTERNS, unmatched_keys
from loracfg.document.pointer import escape
from loracfg.report.evidence import Entries
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find keys that apply to no module."""
    config = subject.config
    if config is None or not subject.settings or subject.is_yet_to_train:
        return
    for field in PATTERNS:
        unused = unmatched_keys(subject, field)
        if not unused:
            continue
        verb = "match" if len(unused) > 1 else "matches"
        yield Finding(
            f"{listed(map(_shown, unused))} in `{field}` {verb} no layer of the adapter",
            subject.key(f"/{field}/{escape(unused[0])}"),
            "write keys that match the end of a module path, such as `q_proj`",
            count=len(unused),
            data=Entries(field, tuple(unused)),
        )


def _shown(key: str) -> str:
    return key or '""'


RULE = Rule(
    "LC523",
    "unmatched-pattern-key",
    "warning",
    GatedCheck([changed("rank_pattern"), changed("alpha_pattern")], check),
    __name__,
)
