"""Layers have other sizes in the file than in the base.

The adapter was trained on a model of another size, or of the same family with other head or
intermediate sizes. Loading stops with a size mismatch.

Fires:

    base {"hidden": 32}

Passes:

    base {"inner": 64}

Repair: give the base that the adapter was trained on.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.plan.layers import Role
from loracfg.report.model import Related
from loracfg.rules.noted import DIFFERENCE
from loracfg.rules.rule import Finding, Noted, Rule
from loracfg.rules.subject import Subject
from loracfg.rules.wording import plural, shaped

_FACTORS = (Role.FACTOR_A, Role.FACTOR_B, Role.FACTOR_BIAS, Role.MAGNITUDE)


def check(subject: Subject) -> Iterator[Finding]:
    """Report the factors that do not fit as one finding: they have one cause, the base."""
    wrong = {n: e for n, e in subject.mismatched.items() if e.role in _FACTORS}
    if not wrong:
        return
    sizes: dict[tuple[int, int], str] = {}
    for name, expected in wrong.items():
        found = subject.shape(name)
        if len(found) == len(expected.shape):
            for got, wanted in zip(found, expected.shape, strict=True):
                if got != wanted:
                    sizes.setdefault((got, wanted), name)
    first = next(iter(wrong))
    examples = list(sizes.items())[:3] or [((0, 0), first)]
    related = tuple(
        Related(
            subject.tensor(name),
            f"{shaped(subject.shape(name))} in the file, {shaped(wrong[name].shape)} expected",
        )
        for _, name in examples
    )
    differences = ", ".join(f"`{got}` for `{wanted}`" for got, wanted in list(sizes)[:3])
    base = subject.plan.base.class_name if subject.plan else None
    yield Finding(
        f"the sizes of {plural(len(wrong), 'tensor')} are not those of `{base}`"
        + (f": {differences}" if differences else ""),
        subject.tensor(first),
        "give the base that the adapter was trained on",
        count=len(wrong),
        related=related,
        explains=frozenset(wrong),
    )


RULE = Rule("LC608", "other-sizes", "error", Noted([DIFFERENCE], check), __name__)
