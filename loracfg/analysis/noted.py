"""What is noted of an adapter before rules run: kinds by which most rules know that they apply."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loracfg.adapter.tensor_names import Part
from loracfg.analysis.subject import Subject
from loracfg.config.history.field_table import DEFAULTS

VALUES: Final = "values"
"""The values of the tensors were read."""
VERDICTS: Final = "verdicts"
"""Engines were asked for."""
RELEASE: Final = "release"
"""A release of PEFT was asked for."""
LOST: Final = "lost-module"
"""Tensors are for modules that the base does not have."""
DIFFERENCE: Final = "difference"
"""Tensors are missing, not expected, or of another shape."""
UNLIKE_PLAN: Final = "unlike-plan"
"""The file does not have just the tensors of a plan, or there is no plan of all tensors."""
TOKENIZER: Final = "tokenizer"
"""The folder has a tokenizer."""
LINK: Final = "link"
"""A file is a link out of the folder."""
WRAPPED_NAME: Final = "wrapped-name"
"""A name holds the mark of a wrapper of PyTorch."""
MISPLACED: Final = "misplaced-name"
"""A name begins without the prefix, or with it twice."""
ADAPTER_NAME: Final = "adapter-name"
"""A name has the name of an adapter left in."""
CONFUSING: Final = "confusing-path"
"""A module path holds what PEFT calls a part of a tensor's name."""


def changed(field: str) -> str:
    """Return the kind that is noted where a field of the config has not its default."""
    return f"config.{field}"


def tensor_of(part: Part) -> str:
    """Return the kind that is noted where a tensor is for a part."""
    return f"part.{part}"


def noted(subject: Subject) -> frozenset[str]:
    """Return the kinds of faults, conflicts and failures, and of what else rules are about."""
    return frozenset(_noted(subject))


def _noted(subject: Subject) -> Iterator[str]:
    adapter, compared, table = subject.adapter, subject.compared, subject.adapter.table
    yield from (fault.kind for fault in subject.faults)
    if adapter.reading:
        config = adapter.reading.config
        yield from (conflict.name for conflict in adapter.reading.conflicts)
        yield from (changed(k) for k, one in DEFAULTS.items() if getattr(config, k) != one)
    if subject.plan:
        yield from (failure.kind for failure in subject.plan.failures)
    yield from map(tensor_of, table.parts)
    differs = bool(compared.missing or compared.mismatched or compared.unplanned)
    others = {
        VALUES: adapter.values is not None,
        VERDICTS: subject.verdicts,
        RELEASE: subject.release is not None,
        LOST: compared.lost_paths,
        DIFFERENCE: differs,
        UNLIKE_PLAN: differs or subject.plan is None or subject.plan.failures,
        TOKENIZER: adapter.tokenizer is not None,
        LINK: adapter.links,
        WRAPPED_NAME: table.wrapped,
        MISPLACED: table.misplaced,
        ADAPTER_NAME: table.adapters,
        CONFUSING: table.confusing,
    }
    yield from (kind for kind, is_there in others.items() if is_there)
