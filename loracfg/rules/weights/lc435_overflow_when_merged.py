"""The scaled update of a layer is outside the range of the base's `float16`.

Unmerged, the factors are applied to the activations one after the other, and nothing overflows.
Merged or fused, the weight becomes infinite. Only checked with `--data`.

Fires:

    values . 300
    base {"dtype": "float16"}

Passes:

    values . 300
    base {"dtype": "bfloat16"}

Passes:

    values . 1
    base {"dtype": "float16"}

Repair: merge in `bfloat16` or `float32`, or serve the adapter unmerged.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from loracfg.adapter.name_table import Pair
from loracfg.analysis.dead_layers import known_pairs
from loracfg.analysis.noted import VALUES
from loracfg.analysis.phrases import with_verb
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import Tensors
from loracfg.rules.rule import Finding, GatedCheck, Rule

if TYPE_CHECKING:
    from loracfg.adapter.tensor_values import AdapterValues

_LARGEST: Final = {"float16": 65504.0}


def check(subject: Subject) -> Iterator[Finding]:
    """Bound each update by its factors, and compute only the updates that may be too large."""
    values, limit = subject.adapter.values, _LARGEST.get(subject.resolved.dtype or "")
    if values is None or limit is None:
        return
    pairs = known_pairs(subject, values)
    sizes = [(s, pair.b) for pair in pairs if (s := _size(pair, subject, values, limit))]
    if not sizes:
        return
    size, worst = max(sizes)
    yield Finding(
        f"{with_verb(len(sizes), 'layer', 'have')} an update of up to `{size:.3g}`, "
        f"more than the maximum `{limit:.0f}` of the base's `{subject.resolved.dtype}`",
        subject.tensor(worst),
        "merge in `bfloat16` or `float32`",
        count=len(sizes),
        data=Tensors(tuple(name for _, name in sizes)),
    )


def _size(pair: Pair, subject: Subject, values: AdapterValues, limit: float) -> float | None:
    """Return the largest magnitude in an update, or None if it is not too large."""
    a_shape, b_shape = subject.shape(pair.a), subject.shape(pair.b)
    settings = subject.settings.get(pair.layer.module)
    if settings is None or len(a_shape) != 2 or len(b_shape) != 2:
        return None
    if a_shape[0] != b_shape[1]:
        return None
    bound = abs(settings.scaling) * a_shape[0]
    bound *= values.magnitude(pair.a) * values.magnitude(pair.b)
    if not bound > limit:
        return None
    found = abs(settings.scaling) * values.largest_product(pair.b, pair.a)
    return found if found > limit and math.isfinite(found) else None


RULE = Rule("LC435", "overflow-when-merged", "warning", GatedCheck([VALUES], check), __name__)
