"""Tensors are for layers beyond the last layer of the base.

The adapter was trained on a deeper model. PEFT silently ignores the tensors.

Fires:

    base {"layers": 1}

Fires:

    base {"layers": 1, "hidden": 32}

Passes:

    base {"layers": 2}

Repair: pass the base that the adapter was trained on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from loracfg.analysis.layer_numbers import layers_in
from loracfg.analysis.noted import LOST
from loracfg.analysis.other_sizes import other_sizes
from loracfg.analysis.phrases import with_verb
from loracfg.analysis.subject import Subject
from loracfg.base.architecture import Architecture
from loracfg.report.evidence import Tensors
from loracfg.rules.rule import Finding, GatedCheck, Rule

_NUMBER: Final = r"(.*)\.(\d{1,18})(?=\.|$)"


def check(subject: Subject) -> Iterator[Finding]:
    """Group modules that the base does not have by the layer list that is too short."""
    base = subject.tree
    lost = subject.lost_paths
    if base is None or not subject.certain:
        return
    groups: dict[str, list[tuple[int, str]]] = {}
    for name, taken in subject.open_names.items():
        if taken.prefix and taken.is_adapter and taken.module in lost:
            beyond = _beyond(taken.module, base)
            if beyond:
                groups.setdefault(beyond[0], []).append((beyond[1], name))
    sizes = other_sizes(subject) if groups else None
    for container, found in groups.items():
        count = len(layers_in(container, base))
        numbers = {number for number, _ in found}
        message = (
            f"{with_verb(len(found), 'tensor', 'are')} for layers up to number "
            f"`{max(numbers)}`, but `{container}` of the base has `{count}` "
            f"{'layer' if count == 1 else 'layers'}"
        )
        explained = frozenset(name for _, name in found)
        explained = explained.union(
            _missing_in(subject, container), _base_tensors(subject, base, container)
        )
        if sizes:
            message += f"; the sizes differ too: {sizes}" if sizes.sizes else ""
            explained |= sizes.tensors.keys()
        yield Finding(
            message,
            subject.tensor(found[0][1]),
            "pass the base that the adapter was trained on",
            count=len(found),
            data=Tensors(tuple(name for _, name in found)),
            explains=explained,
        )


def _beyond(path: str, base: Architecture) -> tuple[str, int] | None:
    """Return the layer list that is too short for a path, and the number of the missing layer."""
    match = re.match(_NUMBER, path)
    while match:
        container, number = match[1], int(match[2])
        children = layers_in(container, base)
        if children and number not in children:
            return container, number
        match = re.match(_NUMBER, container)
    return None


def _missing_in(subject: Subject, container: str) -> Iterator[str]:
    """Yield missing tensors of modules that the file has in other layers of the list."""
    inside = {path: _in_layer(path, container) for path in subject.adapter.module_paths}
    trained = {end for end in inside.values() if end}
    for name, expected in subject.missing.items():
        if _in_layer(expected.path, container) in trained:
            yield name


def _base_tensors(subject: Subject, base: Architecture, container: str) -> Iterator[str]:
    """Yield the base's own tensors, such as biases, for layers that the list does not have."""
    for name, taken in subject.unexpected.items():
        beyond = None if taken.is_adapter else _beyond(taken.module, base)
        if beyond and beyond[0] == container:
            yield name


def _in_layer(path: str, container: str) -> str | None:
    """Return what follows the layer number in a path, or None if it is not in the list."""
    found = re.match(rf"{re.escape(container)}\.\d+\.(.+)", path)
    return found[1] if found else None


RULE = Rule("LC603", "layer-out-of-range", "error", GatedCheck([LOST], check), __name__)
