"""Bases in requests: by config, by the headers of a checkpoint, or by model type."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from loracfg_api.problems import too_large

from loracfg.adapter.files import Files
from loracfg.adapter.header.safetensors_file import read_safetensors
from loracfg.adapter.header.tensor import Tensor
from loracfg.base.architecture_file import VERSION_KEY
from loracfg.base.catalogue import lookup
from loracfg.base.catalogue.index import DIFFUSERS
from loracfg.base.facts_file import read_facts
from loracfg.base.finding.base_folder import CONFIG, FACTS, BaseFiles, read_base_bytes, takes_facts
from loracfg.base.search import UploadedBase
from loracfg.document.json_value import JsonObject
from loracfg.report.audience import advice_for_all
from loracfg.report.fault import Fault
from loracfg.report.report import Location
from loracfg.sources.archive.held import HeldFile, has_more_tensors
from loracfg.sources.archive.keeper import FilePart

BASE: Final = "base"
"""The default name of a base."""
_MOST_TENSORS: Final = 200_000
"""1.5 times the number in the largest checkpoints, which store experts and scales separately."""
_TELLING: Final = frozenset(("peft_type", VERSION_KEY))
"""Keys that show that a value is not the config of a model."""


def part_of_base(name: str) -> FilePart:
    """Return what is read of a file of a base."""
    last = name.rpartition("/")[2]
    if last == CONFIG or last.endswith(FACTS) or (last == name and last.endswith(".json")):
        return FilePart.WHOLE
    return FilePart.HEADER if last.endswith(".safetensors") else FilePart.NOTHING


def base_of_type(model_type: str) -> UploadedBase:
    """Return the base with the default sizes of a model type, or of a diffusers class."""
    if lookup.classes(model_type):
        return UploadedBase(BaseFiles({"model_type": model_type}, None, model_type))
    if lookup.classes(model_type, DIFFUSERS):
        return UploadedBase(BaseFiles({"_class_name": model_type}, None, model_type))
    later = lookup.newer_type_note({"model_type": model_type})
    message = later or f"the catalogue has no model type `{model_type}`"
    advice = advice_for_all(
        "send the base's config, or use a model type of `GET /bases`",
        "choose the base's `config.json`, or enter a model type of the list",
    )
    return UploadedBase(None, (Fault("base-not-found", message, Location(""), advice),))


def base_of_files(
    name: str,
    config: bytes | JsonObject | None,
    weights: Mapping[str, HeldFile],
    facts: bytes | None = None,
    others: Files | None = None,
) -> UploadedBase:
    """Return the base for a `config.json`, the headers of a checkpoint, or both.

    Args:
        name: its name in the report: a folder, or a file if it ends with `.json`.
        config: the content of its `config.json` or architecture file, or the value of that.
        weights: the checkpoint's files by name.
        facts: the facts of the user's own architecture.
        others: its other files.

    Raises:
        ProblemError: if the headers have more tensors than any model has.
    """
    if has_more_tensors(weights.values(), _MOST_TENSORS):
        raise too_large("the checkpoint of the base", None, _MOST_TENSORS, "tensors")
    file = name if name.endswith(".json") else f"{name}/{CONFIG}"
    files, faults = BaseFiles(None, None, name), list[Fault]()
    if isinstance(config, dict) and not config.keys() & _TELLING:
        files = BaseFiles(config, None, name)
    elif config is not None:
        text = config if isinstance(config, bytes) else json.dumps(config, indent=2).encode()
        read, faults = read_base_bytes(text, file)
        if read is None or read.architecture:
            return UploadedBase(read, tuple(faults))
        files = read
    tensors: dict[str, Tensor] = {}
    for shard, held in sorted(weights.items()):
        where = f"{name}/{shard}"
        try:
            header, found = read_safetensors(held.open(), held.size, where)
        except OSError as error:
            message = f"the file cannot be read: {error.strerror}"
            header, found = None, [Fault("unreadable", message, Location(where))]
        tensors |= header.tensors if header else {}
        faults += [fault._replace(kind=f"base-{fault.kind}") for fault in found]
    known = None
    if facts is not None and takes_facts(files.config):
        known, more = read_facts(facts, name if name.endswith(FACTS) else f"{name}/base{FACTS}")
        faults += more
    files = BaseFiles(files.config, None, name, None, tensors or None, known, others)
    return UploadedBase(files, tuple(faults))
