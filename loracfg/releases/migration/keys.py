"""Remove keys that the target does not have, and write defaults that it does not share."""

from __future__ import annotations

from typing import Any

from loracfg.config.history.all_fields import FIELDS, notes
from loracfg.config.history.annotations import Affects, Since
from loracfg.config.history.derived_models import fields_at
from loracfg.config.history.field_facts import fields_of
from loracfg.config.history.releases import at_least
from loracfg.config.model.known_names import find_init
from loracfg.document.display import printable
from loracfg.releases.adapted_layers import SELECTING, SETTING
from loracfg.releases.migration.migrated_config import Loss, MigratedConfig
from loracfg.releases.release_reading import is_set


def write_defaults(draft: MigratedConfig) -> None:
    """Write the defaults of the source for missing keys if the target has different ones."""
    theirs, ours = fields_at(draft.source), fields_at(draft.target)
    for key in sorted(theirs.keys() & ours.keys() - draft.values.keys()):
        default = _default(theirs[key])
        if default == _default(ours[key]):
            continue
        if theirs[key].is_required():
            draft.block(f"`{key}` is missing, and PEFT {draft.source} has no default for it")
        else:
            draft.set(key, default, f"`{default}` is not the default in PEFT {draft.target}")
    _write_blocks(draft)


def _write_blocks(draft: MigratedConfig) -> None:
    """Write the number of blocks for 0.19.x, whose default for it is not a number."""
    blocks = draft.values.get("use_bdlora")
    usable = not isinstance(blocks, dict) or "nblocks" in blocks
    if usable or draft.target not in ("0.19.0", "0.19.1"):
        return
    if blocks:
        draft.set_in("use_bdlora", "nblocks", 1, f"PEFT {draft.target} has no usable default")
    else:
        draft.clear("use_bdlora", "an empty object means one block, as in a plain layer")


def _default(info: Any) -> Any:
    return info.get_default(call_default_factory=True)


def remove_unknown(draft: MigratedConfig) -> None:
    """Remove the keys that the target does not have, except those that `keep_layers` handles."""
    known = fields_of(draft.target)
    draft.remove("runtime_config", "PEFT never saves it")
    for key in list(draft.values):
        if key in known or key in (*SELECTING, *SETTING):
            continue
        if key not in FIELDS:
            draft.remove(key, f"no release has the key `{printable(key)}`")
        else:
            _remove_field(draft, key)


def _remove_field(draft: MigratedConfig, key: str) -> None:
    value = draft.values[key]
    if key == "init_lora_weights":
        _remove_init(draft, value)
    elif not is_set(key, value):
        draft.remove(key, _harmless(draft, key))
    elif key == "enable_lora":
        draft.block(
            "`enable_lora` uses one factor for a fused layer, which needs differently shaped "
            f"tensors in PEFT {draft.target}",
            "/enable_lora",
        )
    elif key == "target_parameters" and not draft.values.get("target_modules"):
        draft.block(
            f"PEFT {draft.target} cannot adapt parameters, and there are no `target_modules`",
            "/target_parameters",
        )
    else:
        reason = f"PEFT {draft.target} has no `{key}`, which changes what the adapter computes"
        draft.remove(key, reason, Loss.LOSSY)


def _harmless(draft: MigratedConfig, key: str) -> str:
    """Return why a key can be removed."""
    since = notes(FIELDS[key], Since)[0].release
    has_not = "no longer has" if at_least(draft.target, since) else "does not have"
    (affects,) = notes(FIELDS[key], Affects)
    if affects is Affects.RESULT:
        return f"PEFT {draft.target} {has_not} `{key}`, and it is not used"
    effect = "only affects training" if affects is Affects.TRAINING else "does not affect results"
    return f"PEFT {draft.target} {has_not} `{key}`, which {effect}"


def _remove_init(draft: MigratedConfig, value: Any) -> None:
    init = find_init(value) if isinstance(value, str) else None
    if init and init.changes_base:
        reason = f"PEFT {draft.target} does not change the base weights like `{value}`"
        draft.remove("init_lora_weights", reason, Loss.LOSSY)
    else:
        draft.remove("init_lora_weights", "the saved factors replace the initial ones")
