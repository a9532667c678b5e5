"""The base has its own code, and `revision` does not pin it.

The code in the base's repository defines its modules, and it can change: names and shapes that fit
today may not fit tomorrow, and code that you reviewed may be different the next time. PEFT's
`AutoPeftModel` classes load the base at the commit, branch or tag in `revision`, or else the newest
commit. Models that are part of transformers or diffusers are not reported, since their modules do
not come from the repository.

Fires:

    base {"own_code": true, "name": "example/llama"}

Passes:

    config {"revision": "0123456789abcdef0123456789abcdef01234567"}
    base {"own_code": true, "name": "example/llama"}

Passes:

    base {"name": "example/llama"}

Repair: set `revision` to the commit of the base that the adapter was trained on.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.noted import OWN_CODE
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import FieldValue
from loracfg.rules.rule import Finding, GatedCheck, Rule
from loracfg.sources.hub.repo_id import parse_id


def check(subject: Subject) -> Iterator[Finding]:
    """Report a base on the Hub with its own code, if the config has no revision."""
    config = subject.config
    if config is None or not subject.resolved.own_code or config.revision:
        return
    named = config.base_model_name_or_path
    if named and parse_id(named):
        yield Finding(
            f"`{named}` has its own code, and `revision` does not pin it",
            subject.value("/revision"),
            "set `revision` to the commit of the base that the adapter was trained on",
            data=FieldValue("/revision", config.revision),
        )


RULE = Rule("LC708", "unpinned-code", "info", GatedCheck([OWN_CODE], check), __name__)
