"""A rank is larger than the policy allows.

`max-rank` in `[policy]` limits `r` and the ranks in `rank_pattern`. Servers reserve memory for the
largest rank that they accept, whatever the others have.

Fires:

    policy {"max-rank": 2}

Fires:

    policy {"max-rank": 4}
    made with {"rank_pattern": {"q_proj": 8}}

Passes:

    policy {"max-rank": 4}

Repair: train with a smaller rank.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.policy import Policy
from loracfg.analysis.subject import Subject
from loracfg.document.display import printable
from loracfg.document.pointer import escape
from loracfg.report.evidence import FieldValue
from loracfg.report.report import Related
from loracfg.rules.kinds.policies import restricted
from loracfg.rules.rule import Finding, Rule


def check(subject: Subject, policy: Policy) -> Iterator[Finding]:
    """Compare the ranks in the config with the limit; the largest is reported."""
    config = subject.config
    limit = policy.max_rank
    if config is None or limit is None:
        return
    ranks = {"/r": ("r", config.r)} if subject.gives("r") else {}
    if subject.gives("rank_pattern"):
        for name, rank in config.rank_pattern.items():
            ranks[f"/rank_pattern/{escape(name)}"] = (f"rank_pattern.{printable(name)}", rank)
    over = sorted(
        ((at, name, rank) for at, (name, rank) in ranks.items() if rank > limit),
        key=lambda one: -one[2],
    )
    if not over:
        return
    (pointer, name, rank), *others = over
    yield Finding(
        f"`{name}` is `{rank}`, and the policy allows at most `{limit}`",
        subject.value(pointer),
        f"train with a rank of at most `{limit}`",
        count=len(over),
        related=tuple(
            Related(subject.value(at), f"`{one}` is `{value}`") for at, one, value in others[:3]
        ),
        data=FieldValue(pointer, rank),
    )


RULE = Rule("LC913", "forbidden-rank", "error", restricted("max_rank", check), __name__)
