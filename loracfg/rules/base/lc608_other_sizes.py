"""Layers have other sizes in the file than in the base.

The adapter was trained on a model of another size, or of the same family with other head or
intermediate sizes. Loading stops with a size mismatch.

Fires:

    base {"hidden": 32}

Fires:

    made with {"modules_to_save": ["lm_head"]}
    base {"hidden": 32, "layers": 5}

Passes:

    base {"inner": 64}

Repair: give the base that the adapter was trained on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from loracfg.adapter.header.tensor import Shape
from loracfg.analysis.noted import DIFFERENCE
from loracfg.analysis.phrases import plural, shaped
from loracfg.analysis.subject import Subject
from loracfg.plan.layer_tensors import Role
from loracfg.report.report import Related
from loracfg.rules.base.lc617_missing_layers import beyond_the_file
from loracfg.rules.rule import Finding, Noted, Rule

_FACTORS: Final = (Role.FACTOR_A, Role.FACTOR_B, Role.FACTOR_BIAS, Role.MAGNITUDE)


class OtherSizes(NamedTuple):
    """Tensors that do not fit, with the shapes expected, and the sizes that differ.

    Each size, as found and as expected, has the first tensor of it.
    """

    tensors: Mapping[str, Shape]
    sizes: Mapping[tuple[int, int], str]

    def __str__(self) -> str:
        return ", ".join(f"`{got}` for `{wanted}`" for got, wanted in list(self.sizes)[:3])


def other_sizes(subject: Subject) -> OtherSizes | None:
    """Return the factors that do not fit, and with them what else differs in one of their sizes."""
    wrong = {n: e.shape for n, e in subject.mismatched.items() if e.role in _FACTORS}
    if not wrong:
        return None
    sizes: dict[tuple[int, int], str] = {}
    for name, expected in wrong.items():
        for pair in _differing(subject.shape(name), expected):
            sizes.setdefault(pair, name)
    others = {n: e.shape for n, e in subject.mismatched.items()} | subject.replacing
    for name, expected in others.items():
        if not sizes.keys().isdisjoint(_differing(subject.shape(name), expected)):
            wrong.setdefault(name, expected)
    return OtherSizes(wrong, sizes)


def _differing(found: Shape, expected: Shape) -> list[tuple[int, int]]:
    if len(found) != len(expected):
        return []
    return [pair for pair in zip(found, expected, strict=True) if pair[0] != pair[1]]


def check(subject: Subject) -> Iterator[Finding]:
    """Report what does not fit as one finding: it has one cause, the base."""
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
    message = f"the sizes of {plural(len(wrong), 'tensor')} are not those of `{base}`"
    message += f": {found}" if found.sizes else ""
    explained = frozenset(wrong)
    for beyond in beyond_the_file(subject):
        message += f"; it has `{beyond.layers}` layers, the file tensors for `{beyond.trained}`"
        explained |= beyond.tensors
    yield Finding(
        message,
        subject.tensor(first),
        "give the base that the adapter was trained on",
        count=len(wrong),
        related=related,
        explains=explained,
    )


RULE = Rule("LC608", "other-sizes", "error", Noted([DIFFERENCE], check), __name__)
