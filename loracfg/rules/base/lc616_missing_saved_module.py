r"""A module that the config saves whole is missing from the file or has the wrong name.

PEFT raises a `KeyError` with the name of the first missing tensor. Up to 0.14, it silently kept the
weights of the base, which are random for a new head. For `SEQ_CLS`, `TOKEN_CLS` and `QUESTION_ANS`,
the head is saved whole even if `modules_to_save` does not name it. If a tool removes `.default`
from the names in a `state_dict`, the names of these modules still contain `modules_to_save`.

Fires:

    config {"modules_to_save": ["lm_head"]}

Fires:

    made with {"modules_to_save": ["lm_head"]}
    rename lm_head -> lm_head.modules_to_save

Passes:

    made with {"modules_to_save": ["lm_head"]}

Passes:

    config {"modules_to_save": ["classifier"]}

Repair: save the adapter again, or remove the module from `modules_to_save`. Rename tensors that
have `modules_to_save` in their names.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.misnamed import WRAPPER, SavedModules, names_in_wrapper
from loracfg.analysis.noted import DIFFERENCE
from loracfg.analysis.phrases import listed, plural, with_verb
from loracfg.analysis.subject import Subject
from loracfg.planning.layer_tensors import Role
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find saved modules and trained tokens with missing tensors."""
    misnamed = names_in_wrapper(subject)
    renames = tuple(misnamed.items())
    if misnamed:
        first = next(iter(misnamed))
        yield Finding(
            f"{with_verb(len(misnamed), 'tensor', 'are')} named with `{WRAPPER}`, but PEFT looks "
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
            f"the file is missing {plural(len(missing), 'tensor')} of {listed(paths)}, which "
            "PEFT needs to load the adapter",
            subject.value(f"/{field}"),
            f"save the adapter again, or remove the module from `{field}`",
            count=len(missing),
            explains=frozenset(missing),
            data=SavedModules(field, tuple(missing), renames),
        )


RULE = Rule("LC616", "missing-saved-module", "error", GatedCheck([DIFFERENCE], check), __name__)
