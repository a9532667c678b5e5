r"""Tensors are for modules that the base does not have.

PEFT ignores them without a word, in every release: what was trained there is lost. The adapter is
for another architecture, for another release of its code, or for other names of fused layers.

Fires:

    made with {"target_modules": ["q_proj", "o_proj"]}
    rename o_proj -> out_proj
    config {"target_modules": ["q_proj", "out_proj"]}

Passes:

    made with {"target_modules": ["q_proj", "v_proj", "o_proj"]}

Repair: give the base that the adapter was trained on.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from loracfg.rules.lc601_no_target_matches import linear_names
from loracfg.rules.rule import Finding, Rule
from loracfg.rules.subject import Subject
from loracfg.rules.wording import listed, subject_of


def check(subject: Subject) -> Iterator[Finding]:
    """Find adapter tensors whose module path is not in the base."""
    base = subject.tree
    if base is None or not subject.certain:
        return
    unknown = {
        name: taken.module
        for name, taken in subject.open_names.items()
        if taken.prefix and taken.is_adapter and base.find(taken.module) is None
    }
    if not unknown:
        return
    ends = dict.fromkeys(module.rpartition(".")[2] for module in unknown.values())
    names = linear_names(base)
    close = dict.fromkeys(match for end in ends for match in get_close_matches(end, names, 1))
    yield Finding(
        f"{subject_of(len(unknown), 'tensor', 'are')} for modules that `{base.class_name}` does "
        f"not have: {listed(ends)}",
        subject.tensor(next(iter(unknown))),
        "give the base that the adapter was trained on; this one has " + listed(close or names, 8),
        count=len(unknown),
        explains=frozenset(unknown),
    )


RULE = Rule("LC604", "unknown-module", "error", check, __name__)
