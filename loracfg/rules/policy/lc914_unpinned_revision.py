"""The config does not say which commit of the base the adapter was trained on.

With `pinned-revision` in `[policy]`, `revision` must be the hash of a commit: a branch, a tag or
the newest commit can change. An adapter whose base is a folder or unnamed is not reported.

Fires:

    policy {"pinned-revision": true}

Fires:

    policy {"pinned-revision": true}
    config {"revision": "main"}

Passes:

    policy {"pinned-revision": true}
    config {"revision": "0123456789abcdef0123456789abcdef01234567"}

Repair: set `revision` to the commit of the base that the adapter was trained on.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from loracfg.analysis.policy import Policy
from loracfg.analysis.subject import Subject
from loracfg.document.display import show
from loracfg.report.evidence import FieldValue
from loracfg.rules.kinds.policies import restricted
from loracfg.rules.rule import Finding, Rule
from loracfg.sources.hub.repo_id import COMMIT, parse_id


def check(subject: Subject, _: Policy) -> Iterator[Finding]:
    """Look at the revision of a base that has an id."""
    config, document = subject.config, subject.adapter.document
    named = config.base_model_name_or_path if config else None
    if document is None or not named or os.path.lexists(named) or not parse_id(named):
        return
    revision = document.value.get("revision")
    if not (isinstance(revision, str) and re.fullmatch(COMMIT, revision)):
        yield Finding(
            f"`revision` is {show(revision)}, and the policy requires a commit",
            subject.value("/revision"),
            "set `revision` to the commit of the base that the adapter was trained on",
            data=FieldValue("/revision", revision),
        )


RULE = Rule("LC914", "unpinned-revision", "error", restricted("pinned_revision", check), __name__)
