"""Keys that the target does not have, and keys whose default it does not share."""

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
    """Write out what a file leaves to the default of its release, where the target's differs."""
    theirs, ours = fields_at(draft.source), fields_at(draft.target)
    for key in sorted(theirs.keys() & ours.keys() - draft.values.keys()):
        default = _default(theirs[key])
        if default == _default(ours[key]):
            continue
        if theirs[key].is_required():
            draft.block(f"the file gives no `{key}`, and PEFT {draft.source} has no default for it")
        else:
            draft.set(key, default, f"PEFT {draft.target} has not the default `{default}`")
    _write_blocks(draft)


def _write_blocks(draft: MigratedConfig) -> None:
    """Write the number of blocks for 0.19.x, whose default for it was no number."""
    blocks = draft.values.get("use_bdlora")
    usable = not isinstance(blocks, dict) or "nblocks" in blocks
    if usable or draft.target not in ("0.19.0", "0.19.1"):
        return
    if blocks:
        draft.set_in("use_bdlora", "nblocks", 1, f"PEFT {draft.target} has no usable default")
    else:
        draft.clear("use_bdlora", "an empty object asks for one block, as a plain layer has")


def _default(info: Any) -> Any:
    return info.get_default(call_default_factory=True)


def remove_unknown(draft: MigratedConfig) -> None:
    """Remove the keys that the target does not have, but for those that `layers.py` judges."""
    known = fields_of(draft.target)
    draft.remove("runtime_config", "it is never in a file")
    for key in list(draft.values):
        if key in known or key in (*SELECTING, *SETTING):
            continue
        if key not in FIELDS:
            draft.remove(key, f"`{printable(key)}` is no key of any release")
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
            "`enable_lora` makes one factor for a fused layer, which needs another form of the "
            f"tensors in PEFT {draft.target}",
            "/enable_lora",
        )
    elif key == "target_parameters" and not draft.values.get("target_modules"):
        draft.block(
            f"PEFT {draft.target} adapts no parameters, and there are no `target_modules`",
            "/target_parameters",
        )
    else:
        reason = f"PEFT {draft.target} has no `{key}`, which the adapter computes with"
        draft.remove(key, reason, Loss.LOSSY)


def _harmless(draft: MigratedConfig, key: str) -> str:
    """Say why a key may go."""
    since = notes(FIELDS[key], Since)[0].release
    gone = "" if not at_least(draft.target, since) else " any more"
    (affects,) = notes(FIELDS[key], Affects)
    if affects is Affects.RESULT:
        return f"PEFT {draft.target} has no `{key}`{gone}, and it is not used"
    rest = "how it is trained" if affects is Affects.TRAINING else "nothing that it computes"
    return f"PEFT {draft.target} has no `{key}`{gone}, which changes {rest}"


def _remove_init(draft: MigratedConfig, value: Any) -> None:
    init = find_init(value) if isinstance(value, str) else None
    if init and init.changes_base:
        reason = f"PEFT {draft.target} does not change the base weights, as `{value}` does"
        draft.remove("init_lora_weights", reason, Loss.LOSSY)
    else:
        draft.remove("init_lora_weights", "the saved factors replace the initial ones")
