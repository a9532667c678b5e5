"""The kinds noted about an adapter before rules run; most rules only run for some of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loracfg.adapter.tensor_names import Part
from loracfg.analysis.subject import Subject
from loracfg.config.history.field_table import DEFAULTS

VALUES: Final = "values"
VERDICTS: Final = "verdicts"
RELEASE: Final = "release"
LOST: Final = "lost-module"
DIFFERENCE: Final = "difference"
UNLIKE_PLAN: Final = "unlike-plan"
TOKENIZER: Final = "tokenizer"
LINK: Final = "link"
WRAPPED_NAME: Final = "wrapped-name"
MISPLACED: Final = "misplaced-name"
ADAPTER_NAME: Final = "adapter-name"
CONFUSING: Final = "confusing-path"
MEANINGS: Final = {
    VALUES: "tensor values that were read (`--data`)",
    VERDICTS: "an engine to serve it (`--for`)",
    RELEASE: "a PEFT release to load it (`--peft`)",
    LOST: "tensors for modules that the base does not have",
    DIFFERENCE: "tensors that are missing, not expected or of a different shape",
    UNLIKE_PLAN: "tensors that are not exactly those of its plan",
    TOKENIZER: "a tokenizer in its folder",
    LINK: "a link out of its folder",
    WRAPPED_NAME: "tensor names with the mark of a PyTorch wrapper",
    MISPLACED: "tensor names with the prefix missing or repeated",
    ADAPTER_NAME: "an adapter name in its tensor names",
    CONFUSING: "a module path with a word that PEFT uses for parts",
}
"""What an adapter has if a kind is noted. `meaning` explains all other kinds."""
_OF_CONFIG: Final = "config."
_OF_TENSORS: Final = "part."


def changed(field: str) -> str:
    """Return the kind for a config field that does not have its default."""
    return f"{_OF_CONFIG}{field}"


def tensor_of(part: Part) -> str:
    """Return the kind for tensors of a part."""
    return f"{_OF_TENSORS}{part}"


def meaning(kind: str) -> str:
    """Return what an adapter has if a kind is noted: a noun, as in `MEANINGS`."""
    if kind.startswith(_OF_CONFIG):
        return f"a `{kind.removeprefix(_OF_CONFIG)}` other than the default"
    if kind.startswith(_OF_TENSORS):
        return f"`{kind.removeprefix(_OF_TENSORS)}` tensors"
    return MEANINGS.get(kind, f"a fault of the kind `{kind}`")


def noted(subject: Subject) -> frozenset[str]:
    """Return all kinds that are noted: faults, conflicts, failures, and those above."""
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
