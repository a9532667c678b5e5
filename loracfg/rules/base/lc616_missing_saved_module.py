r"""A module that the config saves whole is not in the file, or not under its name.

PEFT raises `KeyError` with the name of the first missing tensor (until 0.14 it kept the base's
weights, for a new head random ones, without a word). For `SEQ_CLS`, `TOKEN_CLS` and
`QUESTION_ANS`, the head is such a module, whether `modules_to_save` names it or not. A `state_dict`
from whose names `.default` was taken has the step `modules_to_save` in those of such modules.

Fires:

    config {"modules_to_save": ["lm_head"]}

Fires:

    made with {"modules_to_save": ["lm_head"]}
    rename lm_head -> lm_head.modules_to_save

Passes:

    made with {"modules_to_save": ["lm_head"]}

Passes:

    config {"modules_to_save": ["classifier"]}

Repair: save the adapter again, or take the module out of `modules_to_save`; rename tensors that
have that step in their names.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.misnamed import WRAPPER, SavedModules, names_in_wrapper
from loracfg.analysis.noted import DIFFERENCE
from loracfg.analysis.phrases import listed, plural, subject_of
from loracfg.analysis.subject import Subject
from loracfg.plan.layer_tensors import Role
from loracfg.rules.rule import Finding, Noted, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find saved modules and trained tokens with missing tensors."""
    misnamed = names_in_wrapper(subject)
    renames = tuple(misnamed.items())
    if misnamed:
        first = next(iter(misnamed))
        yield Finding(
            f"{subject_of(len(misnamed), 'tensor', 'are')} named with `{WRAPPER}`, and PEFT looks "
            "for names without it",
            subject.tensor(first),
            f"rename the tensors without it, this one to `{misnamed[first]}`",
            count=len(misnamed),
            explains=frozenset((*misnamed, *misnamed.values())),
            data=SavedModules(WRAPPER, (), renames),
        )
    found = misnamed.values()
    for role, field in (
        (Role.SAVED_MODULE, "modules_to_save"),
        (Role.TOKENS, "trainable_token_indices"),
    ):
        missing = {n: e for n, e in subject.missing.items() if e.role is role and n not in found}
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
            data=SavedModules(field, tuple(missing), renames),
        )


RULE = Rule("LC616", "missing-saved-module", "error", Noted([DIFFERENCE], check), __name__)
