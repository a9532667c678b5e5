"""`alpha_pattern` gives modules an alpha of 0, which turns them off.

Their factors are loaded but scaled by 0. This may be intended, to leave modules out of a trained
adapter, but it is not what was trained.

Fires:

    config {"alpha_pattern": {"q_proj": 0}}

Passes:

    made with {"alpha_pattern": {"q_proj": 1}}

Repair: use the alpha from training, or remove the key so that `lora_alpha` applies.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.noted import changed
from loracfg.analysis.phrases import listed
from loracfg.analysis.subject import Subject
from loracfg.document.display import printable
from loracfg.document.pointer import escape
from loracfg.report.evidence import Entries
from loracfg.report.report import Related
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find keys with the value 0 that set the alpha of a module."""
    config = subject.config
    if config is None:
        return
    zero = [key for key, alpha in config.alpha_pattern.items() if alpha == 0]
    if subject.settings:
        deciding = {s.alpha_keys[0] for s in subject.settings.values() if s.alpha_keys}
        zero = [key for key in zero if key in deciding]
    if not zero:
        return
    places = [subject.value(f"/alpha_pattern/{escape(key)}") for key in zero]
    yield Finding(
        f"`alpha_pattern` gives {listed(map(printable, zero))} an alpha of `0`, so these "
        "modules add nothing",
        places[0],
        "use the alpha from training",
        count=len(zero),
        data=Entries("alpha_pattern", tuple(zero)),
        related=tuple(Related(place, "and here") for place in places[1:4]),
    )


RULE = Rule(
    "LC324",
    "zero-alpha-pattern",
    "warning",
    GatedCheck([changed("alpha_pattern")], check),
    __name__,
)
