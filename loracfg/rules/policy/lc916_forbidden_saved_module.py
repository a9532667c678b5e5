"""The adapter saves whole modules, which the policy forbids.

With `no-modules-to-save` in `[policy]`, `modules_to_save` must be empty. Such modules replace those
of the base, are as large as they are, and most servers do not load them.

Fires:

    policy {"no-modules-to-save": true}
    made with {"modules_to_save": ["lm_head"]}

Passes:

    policy {"no-modules-to-save": true}

Repair: train without `modules_to_save`.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.phrases import listed
from loracfg.analysis.policy import Policy
from loracfg.analysis.subject import Subject
from loracfg.document.display import printable
from loracfg.report.evidence import Entries
from loracfg.rules.kinds.policies import restricted
from loracfg.rules.rule import Finding, Rule

_FIELD = "modules_to_save"


def check(subject: Subject, _: Policy) -> Iterator[Finding]:
    """Look for saved modules in the config."""
    config = subject.config
    found = tuple(config.modules_to_save or ()) if config and subject.gives(_FIELD) else ()
    if found:
        yield Finding(
            f"`{_FIELD}` has {listed(map(printable, found))}, and the policy forbids saved modules",
            subject.value(f"/{_FIELD}"),
            f"train without `{_FIELD}`",
            count=len(found),
            data=Entries(_FIELD, found),
        )


_CHECK = restricted("no_modules_to_save", check)
RULE = Rule("LC916", "forbidden-saved-module", "error", _CHECK, __name__)
