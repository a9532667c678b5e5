"""Kinds that are noted about an adapter before rules run; most rules only run for some of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loracfg.adapter.tensor_names import Part
from loracfg.analysis.subject import Subject
from loracfg.config.history.field_table import DEFAULTS

VALUES: Final = "values"
VERDICTS: Final = "verdicts"
"""The user named engines."""
RELEASE: Final = "release"
"""The user named a release of PEFT."""
LOST: Final = "lost-module"
"""Tensors are for modules that are not in the base."""
DIFFERENCE: Final = "difference"
"""Tensors are missing or unexpected, or have a different shape."""
UNLIKE_PLAN: Final = "unlike-plan"
"""The file does not have exactly the tensors of the plan, or there is no complete plan."""
TOKENIZER: Final = "tokenizer"
LINK: Final = "link"
"""A file is a link to a place outside the folder."""
WRAPPED_NAME: Final = "wrapped-name"
"""A tensor name contains the mark of a PyTorch wrapper."""
MISPLACED: Final = "misplaced-name"
"""A tensor name does not begin with the prefix, or repeats it."""
ADAPTER_NAME: Final = "adapter-name"
"""A tensor name contains the name of an adapter."""
CONFUSING: Final = "confusing-path"
"""A module path contains what PEFT treats as a part of a tensor's name."""


def changed(field: str) -> str:
    """Return the kind for a config field that does not have its default."""
    return f"config.{field}"


def tensor_of(part: Part) -> str:
    """Return the kind for tensors of a part."""
    return f"part.{part}"


def noted(subject: Subject) -> frozenset[str]:
    """Return everything that is noted: kinds of faults, conflicts and failures, and those above."""
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
