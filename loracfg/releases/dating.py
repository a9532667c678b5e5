"""Find the releases that may have written an adapter, from its keys, values and tensors."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from loracfg.adapter.directory import PICKLE_NAME, SAFETENSORS_NAME, Adapter
from loracfg.config.history.field_facts import fields_of
from loracfg.config.history.field_table import SINCE, UNTIL
from loracfg.config.history.releases import (
    FIRST_TO_SAVE,
    RELEASES,
    at_least,
    between,
    release_of_version,
    specifier,
)
from loracfg.config.model.known_names import find_init, tasks_at
from loracfg.named_tuple import NamedTuple
from loracfg.releases.written_tensors import Evidence, tensor_evidence


class Dating(NamedTuple):
    """The releases that may have written an adapter, oldest first, and the evidence for that."""

    releases: tuple[str, ...]
    evidence: str

    @property
    def newest(self) -> str:
        """The newest release; the adapter is treated as written by it."""
        return self.releases[-1]

    def to_dict(self) -> dict[str, str]:
        """Return the dating as JSON data for a report."""
        return {"peft": specifier(self.releases), "evidence": self.evidence}


def written_by(adapter: Adapter) -> Dating | None:
    """Date an adapter; return None if its config cannot be read as a PEFT config.

    A file from a development build may have keys of two consecutive releases. The result is then
    both releases.
    """
    if adapter.document is None or adapter.reading is None:
        return None
    values: dict[str, Any] = adapter.document.value
    releases, reasons = _by_keys(values)
    for evidence in (*_by_values(values), *_by_tensors(adapter)):
        left = tuple(release for release in releases if evidence.allows(release))
        if left and left != releases:
            releases = left
            reasons.append(evidence.what)
    return Dating(releases, " and ".join(reasons))


def _by_keys(values: dict[str, Any]) -> tuple[tuple[str, ...], list[str]]:
    keys = frozenset(key for key in values if key in SINCE and key != "runtime_config")
    if exact := _by_saved_keys().get(keys):
        return exact, [f"its {len(keys)} keys"]
    since = max((SINCE[key] for key in keys), key=RELEASES.index, default=FIRST_TO_SAVE)
    since = max(since, FIRST_TO_SAVE, key=RELEASES.index)
    newest = [key for key in keys if SINCE[key] == since]
    before = min((UNTIL[key] for key in keys if key in UNTIL), key=RELEASES.index, default=None)
    if before is None:
        return between(since), [f"the key `{min(newest)}`" if newest else "its keys"]
    if at_least(since, before):
        last = RELEASES[RELEASES.index(before) - 1]
        gone = min(key for key in keys if UNTIL.get(key) == before)
        return (last, since), [f"keys of a development build: `{gone}` and `{min(newest)}`"]
    gone = min(key for key in keys if UNTIL.get(key) == before)
    return between(since, before), [f"the key `{gone}`"]


@cache
def _by_saved_keys() -> dict[frozenset[str], tuple[str, ...]]:
    """Map each set of saved keys to the releases that write it, oldest first."""
    found: dict[frozenset[str], tuple[str, ...]] = {}
    for release in between(FIRST_TO_SAVE):
        keys = fields_of(release) - {"runtime_config"}
        found[keys] = (*found.get(keys, ()), release)
    return found


def _by_values(values: dict[str, Any]) -> Iterator[Evidence]:
    version = values.get("peft_version")
    release = release_of_version(version) if isinstance(version, str) else None
    if release:
        yield Evidence("`peft_version`", since=release)
    init = values.get("init_lora_weights")
    method = find_init(init) if isinstance(init, str) else None
    if method:
        yield Evidence("`init_lora_weights`", since=method.since)
    task = values.get("task_type")
    if task in tasks_at("0.4.0") and task not in tasks_at("0.3.0"):
        yield Evidence("`task_type`", since="0.4.0")
    if isinstance(values.get("target_modules"), str):
        yield Evidence("`target_modules`", since="0.2.0")


def _by_tensors(adapter: Adapter) -> Iterator[Evidence]:
    if adapter.weights == SAFETENSORS_NAME and PICKLE_NAME not in adapter.files:
        yield Evidence("the name of the weight file", since="0.4.0")
    yield from tensor_evidence(adapter)
