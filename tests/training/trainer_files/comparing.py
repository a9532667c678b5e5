"""Compares what loracfg reads with the PEFT config that a trainer builds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, Literal, NamedTuple

from loracfg.errors import LoracfgError
from loracfg.training.trainer_files import read_trainer_file
from loracfg.training.trainer_files.registry import TRAINERS
from loracfg.training.trainer_files.trainer_file import TrainerFile
from tests.training.trainer_files.bases import CONFIGS, tree_of
from tests.training.trainer_files.drawing import Drawn

Outcome = Literal[
    "equal", "rejected", "no LoRA", "not understood", "other option", "other base", "different"
]
"""`rejected` and `no LoRA` by both; `not understood` if a note says so, and the rest is equal.

`other option` if the trainer rejects an option that does not concern the adapter, or lacks a
package; `other base` if its release of transformers gives the base other modules.
"""

_GROUP: Final = re.compile(r"\(([^()]*)\)")


class Reading(NamedTuple):
    """A file as loracfg reads it on a base, or None; or the error that it raises."""

    file: TrainerFile | None
    error: str = ""


def read(drawn: Drawn) -> Reading:
    """Read a file and resolve it on its base."""
    try:
        found = read_trainer_file(drawn.name, drawn.text)
    except LoracfgError as error:
        return Reading(None, str(error))
    return Reading(found.resolve(tree_of(drawn.base)) if found else None)


def job_of(number: int, drawn: Drawn, reading: Reading) -> dict[str, Any]:
    """Return the question to a trainer about a file."""
    file = reading.file
    return {
        "id": number,
        "name": drawn.name,
        "text": drawn.text,
        "arguments": drawn.arguments,
        "base": CONFIGS[drawn.base],
        "modules": sorted(tree_of(drawn.base).modules),
        "ours": file.config if file and file.trains_lora else None,
    }


def compare(reading: Reading, result: Mapping[str, Any]) -> tuple[Outcome, str]:
    """Compare a reading with the answer of a trainer; return the outcome, and what differs."""
    file, theirs = reading.file, result.get("theirs")
    if file is None:
        return "different", f"loracfg reads nothing ({reading.error}); the trainer: {result}"
    if "error" in result:
        return _compare_errors(file, result)
    if theirs is None or not file.trains_lora:
        same = theirs is None and not file.trains_lora
        return ("no LoRA", "") if same else ("different", f"LoRA on one side; {theirs}")
    if any(note.kind == "rejected" for note in file.notes):
        return "different", f"loracfg: rejected ({file.notes}); the trainer: {theirs}"
    if file.trainer == "mlx-lm":
        return _compare_layers(file, theirs)
    if "ours_error" in result:
        return "different", f"PEFT rejects what loracfg reads: {result['ours_error']}"
    return _compare_configs(file, result["ours"], theirs)


def _compare_errors(file: TrainerFile, result: Mapping[str, Any]) -> tuple[Outcome, str]:
    """Compare a reading with an error of the trainer."""
    error = result["error"]
    if error.startswith("OtherTreeError"):
        return "other base", ""
    if any(note.kind == "rejected" for note in file.notes) or "ours_error" in result:
        return "rejected", ""
    if not file.trains_lora:
        return "no LoRA", ""
    if not any(name in error for name in _options_of(file.trainer)):
        return "other option", ""
    return "different", f"the trainer rejects it: {error}"


def _compare_configs(
    file: TrainerFile, ours: Mapping[str, Any], theirs: Mapping[str, Any]
) -> tuple[Outcome, str]:
    one, other = normal(ours), normal(theirs)
    for field in file.unresolved:
        one.pop(field, None)
        other.pop(field, None)
    if one != other:
        fields = sorted(k for k in one.keys() | other.keys() if one.get(k) != other.get(k))
        return "different", ", ".join(f"{k}: {one.get(k)!r} != {other.get(k)!r}" for k in fields)
    is_open = any(note.kind == "not-understood" for note in file.notes)
    return ("not understood" if is_open else "equal"), ""


def _options_of(trainer: str) -> set[str]:
    """Return the names of the options that concern the adapter, up to the first dot."""
    found = next(one for one in TRAINERS if one.name == trainer)
    return {fact.option.partition(".")[0] for fact in found.options}


def normal(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return values of a config in a form in which equal configs are equal.

    PEFT makes sets of lists of targets, and of `modules_to_save` when it uses them, and takes null
    for false and no parameters for null. The order of alternatives in the patterns of ms-swift
    changes from run to run.
    """
    found = dict(config)
    if not found.get("fan_in_fan_out"):
        found.pop("fan_in_fan_out", None)
    if not found.get("target_parameters"):
        found.pop("target_parameters", None)
    if isinstance(found.get("modules_to_save"), list):
        found["modules_to_save"] = sorted(set(found["modules_to_save"]))
    targets = found.get("target_modules")
    if isinstance(targets, list):
        found["target_modules"] = sorted(set(targets))
    elif isinstance(targets, str):
        found["target_modules"] = _GROUP.sub(
            lambda group: f"({'|'.join(sorted(group[1].split('|')))})", targets
        )
    return found


def _compare_layers(file: TrainerFile, theirs: Mapping[str, Any]) -> tuple[Outcome, str]:
    """Compare the layers of mlx-lm with the targets: rank, scale, dropout and DoRA of each."""
    if file.unresolved:
        return "not understood", ""
    config: dict[str, Any] = dict(file.config)
    rank = config["r"]
    each = [rank, config["lora_alpha"] / rank, config["lora_dropout"], config["use_dora"]]
    ours = dict.fromkeys(config["target_modules"], each)
    if ours == dict(theirs):
        return "equal", ""
    only = {path: theirs.get(path) for path in theirs.keys() ^ ours.keys()}
    return "different", f"{each} != {next(iter(theirs.values()), None)}; only on one side: {only}"
