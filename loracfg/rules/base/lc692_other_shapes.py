"""Tensors in the file have different shapes than the config and the base require.

Loading fails with a size mismatch.

Fires:

    made with {"velora_config": {"num_groups": 4}}
    reshape lora_velora_embed -> [7]

Passes:

    made with {"velora_config": {"num_groups": 4}}

Repair: save the adapter again, or pass the base and the config that it was trained with.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.noted import DIFFERENCE
from loracfg.analysis.other_sizes import Shapes
from loracfg.analysis.phrases import shaped, with_verb
from loracfg.analysis.subject import Subject
from loracfg.report.report import Related
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Report wrong shapes that no other rule explains."""
    expected = {name: e.shape for name, e in subject.mismatched.items()}
    wrong = expected | {
        name: shape for name, shape in subject.replacing.items() if subject.shape(name) != shape
    }
    if not wrong:
        return
    different = "different shapes" if len(wrong) > 1 else "a different shape"
    related = tuple(
        Related(
            subject.tensor(name),
            f"{shaped(subject.shape(name))} in the file, {shaped(shape)} expected",
        )
        for name, shape in list(wrong.items())[:3]
    )
    yield Finding(
        f"{with_verb(len(wrong), 'tensor', 'have')} {different} than the config and the base "
        "require",
        subject.tensor(next(iter(wrong))),
        "save the adapter again, or pass the base and the config that it was trained with",
        count=len(wrong),
        data=Shapes(tuple((n, subject.shape(n), s) for n, s in wrong.items())),
        related=related,
        explains=frozenset(wrong),
    )


RULE = Rule("LC692", "other-shapes", "error", GatedCheck([DIFFERENCE], check), __name__)
