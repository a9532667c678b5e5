"""Layers have different sizes in the file than in the base.

The adapter was trained on a model of a different size, or on one of the same family with different
head or intermediate sizes. Loading fails with a size mismatch.

Fires:

    base {"hidden": 32}

Fires:

    made with {"modules_to_save": ["lm_head"]}
    base {"hidden": 32, "layers": 5}

Passes:

    base {"inner": 64}

Repair: pass the base that the adapter was trained on.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.missing_layers import missing_layers
from loracfg.analysis.noted import DIFFERENCE
from loracfg.analysis.other_sizes import Shapes, other_sizes
from loracfg.analysis.phrases import plural, shaped
from loracfg.analysis.subject import Subject
from loracfg.report.report import Related
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Report all wrong sizes as one finding, since they have one cause: the base."""
    found = other_sizes(subject)
    if found is None:
        return
    wrong = found.tensors
    first = next(iter(wrong))
    examples = list(found.sizes.values())[:3] or [first]
    related = tuple(
        Related(
            subject.tensor(name),
            f"{shaped(subject.shape(name))} in the file, {shaped(wrong[name])} expected",
        )
        for name in examples
    )
    base = subject.plan.base.class_name if subject.plan else None
    message = f"the sizes of {plural(len(wrong), 'tensor')} do not match `{base}`"
    message += f": {found}" if found.sizes else ""
    explained = frozenset(wrong)
    for missing in missing_layers(subject):
        if depth := missing.depth:
            message += (
                f"; it has `{depth.layers}` layers, but the file has tensors for `{depth.trained}`"
            )
            explained |= missing.tensors
    yield Finding(
        message,
        subject.tensor(first),
        "pass the base that the adapter was trained on",
        count=len(wrong),
        data=Shapes(tuple((n, subject.shape(n), s) for n, s in wrong.items())),
        related=related,
        explains=explained,
    )


RULE = Rule("LC608", "other-sizes", "error", GatedCheck([DIFFERENCE], check), __name__)
