"""The adapter is for a base that the policy does not allow.

`bases` in `[policy]` lists patterns of ids, such as `meta-llama/*`, and of folders, relative to the
file. What counts is `base_model_name_or_path`, the base that the adapter says it was trained on,
whatever `--base` names.

Fires:

    policy {"bases": ["meta-llama/*", "bases/*"]}

Fires:

    policy {"bases": ["meta-llama/*"]}
    config {"base_model_name_or_path": null}

Passes:

    policy {"bases": ["meta-llama/*", "example/llama"]}

Repair: train on an allowed base, or allow this one.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.base_names import named_base_in_words
from loracfg.analysis.phrases import listed
from loracfg.analysis.policy import Policy
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import FieldValue
from loracfg.rules.kinds.policies import restricted
from loracfg.rules.rule import Finding, Rule

_POINTER = "/base_model_name_or_path"


def check(subject: Subject, policy: Policy) -> Iterator[Finding]:
    """Compare the base that the config names with the patterns."""
    config = subject.config
    if config is None:
        return
    named = config.base_model_name_or_path
    if named and policy.allows_base(named):
        return
    allowed = listed(policy.bases) if policy.bases else "none"
    yield Finding(
        f"{named_base_in_words(subject)}, and the policy allows {allowed}",
        subject.value(_POINTER),
        "train on an allowed base, or add this one to `bases` in `[policy]`",
        data=FieldValue(_POINTER, named),
    )


RULE = Rule("LC911", "forbidden-base", "error", restricted("bases", check), __name__)
