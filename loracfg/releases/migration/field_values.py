"""Convert values that the target rejects or reads differently."""

from __future__ import annotations

from typing import Any

from loracfg.config.history.all_fields import FIELDS, notes
from loracfg.config.history.annotations import Affects
from loracfg.config.history.field_facts import fields_of
from loracfg.config.history.releases import at_least
from loracfg.config.model.known_names import find_init, inits_at, tasks_at
from loracfg.config.reading.with_models import NESTED
from loracfg.document.display import printable
from loracfg.releases.migration.migrated_config import Loss, MigratedConfig
from loracfg.releases.release_reading import fatal_keys, refused_on_loading


def convert_values(draft: MigratedConfig) -> None:
    """Replace values that the target rejects with equivalent ones."""
    _init(draft)
    _task(draft)
    _layer_fields(draft)
    _nested(draft)


def name_release(draft: MigratedConfig) -> None:
    """Set `peft_version` to the target, as the target does itself."""
    if "peft_version" in fields_of(draft.target):
        draft.set("peft_version", draft.target, "the config is now for this release")


def _init(draft: MigratedConfig) -> None:
    value = draft.values.get("init_lora_weights")
    init = find_init(value) if isinstance(value, str) else None
    if init is None or (inits_at(draft.target) and at_least(draft.target, init.since)):
        return
    if init.changes_base:
        reason = f"PEFT {draft.target} does not change the base weights like `{value}`"
        draft.set("init_lora_weights", True, reason, Loss.LOSSY)
    else:
        draft.set("init_lora_weights", True, "the saved factors replace the initial ones")


def _task(draft: MigratedConfig) -> None:
    task = draft.values.get("task_type")
    if isinstance(task, str) and task not in tasks_at(draft.target):
        reason = (
            f"PEFT {draft.target} does not know the task `{printable(task)}`, which only selects "
            "the class that wraps the model"
        )
        draft.clear("task_type", reason)


def _layer_fields(draft: MigratedConfig) -> None:
    """Make `layers_to_transform` and `layers_pattern` pass the checks of the target."""
    values = draft.values
    if isinstance(values.get("target_modules"), str) and at_least(draft.target, "0.6.0"):
        for key in ("layers_to_transform", "layers_pattern"):
            draft.clear(key, "the pattern in `target_modules` selects the layers")
    chosen = values.get("layers_to_transform")
    falsy_refused = at_least(draft.target, "0.14.0") and not at_least(draft.target, "0.21.0")
    refused = falsy_refused and bool(values.get("layers_pattern"))
    all_layers = chosen == [] and at_least(draft.source, "0.8.0")
    if all_layers and (refused or not at_least(draft.target, "0.8.0")):
        draft.clear("layers_to_transform", "an empty list means all layers")
        chosen = None
    if chosen is None and at_least(draft.target, "0.14.0"):
        draft.clear("layers_pattern", "it has no effect without `layers_to_transform`")
    if refused and _is_zero(chosen):
        reason = f'PEFT {draft.target} treats 0 as "no layers"'
        draft.set("layers_to_transform", [0], reason)
    pattern = values.get("layers_pattern")
    if isinstance(pattern, list) and not at_least(draft.target, "0.6.0"):
        if not pattern:
            draft.clear("layers_pattern", "an empty list means any name")
        elif len(pattern) == 1:
            draft.set("layers_pattern", pattern[0], f"PEFT {draft.target} needs a single name")


def _is_zero(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value == 0


def _nested(draft: MigratedConfig) -> None:
    """Drop the keys and values of nested configs that make the target raise."""
    for name in NESTED:
        value = draft.values.get(name)
        if not isinstance(value, dict):
            continue
        for key in fatal_keys(name, value, draft.target):
            draft.remove_in(name, key, f"PEFT {draft.target} fails on this unknown key")
        only_trains = notes(FIELDS[name], Affects) == [Affects.TRAINING]
        if only_trains and refused_on_loading(name, value, draft.target):
            reason = f"PEFT {draft.target} rejects its values, which only matter for training"
            draft.clear(name, reason)
