"""The head in the file has a different number of labels than the base is configured for.

The head for a task has one row for each label. A base that was not trained for the task has two
labels by default, so loading it without `num_labels` fails with a size mismatch.

Fires:

    made with {"task_type": "TOKEN_CLS"}
    base {"labels": 2}
    tensor base_model.model.score.weight F32 [5, 16]

Passes:

    made with {"modules_to_save": ["lm_head"]}

Repair: load the base with `num_labels` set to the number of rows in the head.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.noted import LABELS
from loracfg.analysis.subject import Subject
from loracfg.base.towers import is_within
from loracfg.planning.heads import Labels
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Report the number of labels that the plan took from the file."""
    labels = subject.planning.labels
    if labels is None:
        return
    name = next(n for n, t in subject.adapter.names.items() if t.module.startswith(labels.path))
    yield Finding(
        f"the head `{labels.path}` has `{labels.found}` labels, but the base is configured for "
        f"`{labels.base}`",
        subject.tensor(name),
        f"load the base with `num_labels={labels.found}`",
        explains=frozenset(_head_tensors(labels, subject)),
        data=labels,
    )


def _head_tensors(labels: Labels, subject: Subject) -> Iterator[str]:
    """Yield tensors of the head that differ only in the labels, such as a bias of the base."""
    wanted = {name: e.shape for name, e in subject.mismatched.items()} | subject.replacing
    for name, shape in wanted.items():
        found = subject.shape(name)
        differs = (labels.found, *shape[1:]) == found and shape[:1] == (labels.base,)
        if differs and is_within(subject.adapter.names[name].module, labels.path):
            yield name


RULE = Rule("LC621", "label-count", "info", GatedCheck([LABELS], check), __name__)
