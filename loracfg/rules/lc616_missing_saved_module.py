"""A module that the config saves whole is not in the file.

PEFT raises `KeyError` with the name of the first missing tensor (until 0.14 it kept the base's
weights, for a new head random ones, without a word). For `SEQ_CLS`, `TOKEN_CLS` and
`QUESTION_ANS`, the head is such a module, whether `modules_to_save` names it or not.

Fires:

    config {"modules_to_save": ["lm_head"]}

Passes:

    made with {"modules_to_save": ["lm_head"]}

Passes:

    config {"modules_to_save": ["classifier"]}

Repair: save the adapter again, or take the module out of `modules_to_save`.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.plan.layers import Role
from loracfg.rules.noted import DIFFERENCE
from loracfg.rules.rule import Finding, Noted, Rule
from loracfg.rules.subject import Subject
from loracfg.rules.wording import listed, plural


def check(subject: Subject) -> Iterator[Finding]:
    """Find saved modules and trained tokens with missing tensors."""
    for role, field in (
        (Role.SAVED_MODULE, "modules_to_save"),
        (Role.TOKENS, "trainable_token_indices"),
    ):
        missing = {n: e for n, e in subject.missing.items() if e.role is role}
        if not missing:
            continue
        paths = dict.fromkeys(expected.path for expected in missing.values())
        yield Finding(
            f"the file lacks {plural(len(missing), 'tensor')} of {listed(paths)}, and PEFT does "
            "not load without them",
            subject.value(f"/{field}"),
            f"save the adapter again, or take the module out of `{field}`",
            count=len(missing),
            explains=frozenset(missing),
        )


RULE = Rule("LC616", "missing-saved-module", "error", Noted([DIFFERENCE], check), __name__)
