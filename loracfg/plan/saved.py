"""The names of modules that are saved whole, also where one stands inside another.

Source: `_set_trainable` and `ModulesToSaveWrapper.adapter_state_dict` in `peft/utils/other.py`,
0.21.2. The PEFT classes of tasks with a head wrap twice (`peft/peft_model.py`), and the second time
find the copies that the first time made.
"""

from __future__ import annotations


def nested_stems(owner: str, path: str, *, twice: bool) -> tuple[str, ...]:
    """Return what the names of a saved module inside another one, its `owner`, begin with."""
    inside = path.removeprefix(owner + ".")
    depth = inside.count(".") + 1
    if depth <= 2 and not twice:
        return (path,)
    copies = (
        f"{path}.original_module",
        f"{path}.modules_to_save",
        f"{owner}.modules_to_save.default.{inside}",
    )
    if depth == 1:
        return (path, *copies)
    return (*copies, f"{owner}.original_module.{inside}") if twice else copies


def saved_name(stem: str, local: str) -> str:
    """Return the name of a tensor: only an adapter name next to the last part is removed."""
    in_copy = stem.endswith(".modules_to_save") and "." in local
    return f"{stem}.default.{local}" if in_copy else f"{stem}.{local}"
