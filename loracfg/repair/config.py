"""Repairs of single values of the config."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, get_args

from loracfg.analysis.phrases import listed, plural
from loracfg.analysis.subject import Subject
from loracfg.config import CONFIG_NAME
from loracfg.config.reading.fault_data import RemovedKeys, UnknownKey
from loracfg.document.edit import ConfigEdit, RemoveKey, SetValue
from loracfg.document.json_document import Document
from loracfg.document.pointer import escape, unescape
from loracfg.repair.change import Change, Repair, as_config_number, config_change, for_data
from loracfg.repair.draft import Draft
from loracfg.report.evidence import FieldValue
from loracfg.report.report import LORA, Edit
from loracfg.rules.rule import Finding

if TYPE_CHECKING:
    from loracfg.document.json_value import Json


_AS_LOADED: Final = "PEFT reads the same values before and after"
_MEANT: Final = "it says what was meant, in the form that PEFT reads"
_TRUSTED: Final = "the tensors are taken for right, and the config for wrong"


def set_field(field: str, value: Json, *, safe: bool, why: str) -> Repair:
    """Return the repair that sets one field to a value."""

    def repair(subject: Subject, _: Finding, draft: Draft) -> Change | None:
        title = f"sets `{field}` to `{json.dumps(value)}`"
        return config_change(draft, {field: value}, title, safe=safe, why=why)

    repair.__doc__ = f"Set `{field}` to `{json.dumps(value)}`."
    return repair


def write_intended(title: str, what: str, *, safe: bool) -> Repair:
    """Return the repair that writes the value that was meant.

    `title` may have the `{field}` and the `{value}`, and `what` is for the list of repairs.
    """

    def repair(_: Subject, found: FieldValue, draft: Draft) -> Change | None:
        change = _written(found, title, draft, safe=safe, why=_MEANT if safe else _TRUSTED)
        return change and change._replace(edits=_edits(found))

    repair.__doc__ = what
    return for_data(FieldValue, repair)


def _written(found: FieldValue, title: str, draft: Draft, *, safe: bool, why: str) -> Change | None:
    """Return the change that writes the value that was meant; None if that is not known."""
    if found.meant is None or CONFIG_NAME not in draft.sizes():
        return None
    value = _value(found)
    shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    name = found.pointer.removeprefix("/")
    changed = draft.with_config_edits([SetValue(found.pointer, value)])
    return Change(changed, title.format(field=name, value=shown), safe, why)


def _edits(found: FieldValue) -> tuple[Edit, ...]:
    return (Edit(CONFIG_NAME, found.pointer, _value(found)),)


def _value(found: FieldValue) -> bool | float | str | list[str] | None:
    """Return the value that was meant, as a config has it."""
    match found.meant:
        case tuple(names):
            return list(names)
        case float(number):
            return as_config_number(number)
        case value:
            return value


def scale_alpha_of_fused_layers(subject: Subject, found: FieldValue, draft: Draft) -> Change | None:
    """Give fused layers an alpha that is larger by as much as their rank (LC340)."""
    reading = subject.adapter.reading
    if reading is None or "alpha_pattern" not in reading.present:
        return None
    changed = draft.with_config_edits([SetValue(found.pointer, found.meant)])
    title = f"give {plural(len(found.modules), 'layer')} alpha `{found.meant:g}`"
    edits = (Edit(CONFIG_NAME, found.pointer, found.meant),)
    return Change(changed, title, False, _TRUSTED, edits)


def remove_byte_order_mark(_: Subject, __: Finding, draft: Draft) -> Change | None:
    """Write the config without a byte order mark (LC014)."""
    return Change(draft.with_config_edits([]), "takes out the byte order mark", True, _AS_LOADED)


def remove_repeated_key(subject: Subject, finding: Finding, draft: Draft) -> Change | None:
    """Keep the last of several values of one key, which is the one that PEFT reads (LC016)."""
    pointer, document = finding.location.pointer, subject.adapter.document
    if pointer is None or document is None:
        return None
    value = document.value
    for step in pointer.split("/")[1:]:
        value = value[int(step) if isinstance(value, list) else unescape(step)]
    changes: list[ConfigEdit] = [RemoveKey(pointer), SetValue(pointer, value)]
    title = f"keeps the last value of `{pointer.removeprefix('/')}`"
    same = _has_equal_values(document, pointer)
    why = "its values are the same" if same else "another value may be the one that was meant"
    return Change(draft.with_config_edits(changes), title, same, why)


def _has_equal_values(document: Document, pointer: str) -> bool:
    """Return whether a key that appears more than once has the same value each time."""
    values = {
        json.dumps(json.loads(document.text[slice(*span.value)]))
        for repeat in document.parsed.repeated
        if repeat.pointer == pointer
        for span in repeat.spans
    }
    return len(values) < 2


def drop_removed_keys(_: Subject, found: RemovedKeys, draft: Draft) -> Change | None:
    """Remove the keys that only PEFT 0.1 and 0.2 knew (LC107)."""
    changes: list[ConfigEdit] = [RemoveKey(f"/{escape(key)}") for key in found.names]
    why = "without a list in `enable_lora`, they say what is so anyway"
    return Change(draft.with_config_edits(changes), f"removes {listed(found.names)}", True, why)


def correct_spelling(subject: Subject, found: UnknownKey, draft: Draft) -> Change | None:
    """Give a key the name of the field that it is a letter or two away from (LC102)."""
    document = subject.adapter.document
    if found.meant is None or document is None:
        return None
    new = SetValue(f"/{escape(found.meant)}", document.value[found.name])
    why = "the name is a guess: no field but this one is written alike"
    title = f"renames the key `{found.name}` to `{found.meant}`"
    changed = draft.with_config_edits([RemoveKey(f"/{escape(found.name)}"), new])
    return Change(changed, title, False, why)


def set_peft_type(_: Subject, found: FieldValue, draft: Draft) -> Change | None:
    """Name the method that the tensors are of (LC023, LC024, LC025)."""
    given = found.given
    meant = given is None or (isinstance(given, str) and given.upper() == LORA)
    why = (
        "the file has the keys of a LoRA config"
        if meant
        else "the tensors are those of LoRA, but the rest of the config may be for another adapter"
    )
    title = f'sets `peft_type` to `"{LORA}"`'
    return config_change(draft, {"peft_type": LORA}, title, safe=meant, why=why)


def set_known_value(subject: Subject, finding: Finding, draft: Draft) -> Change | None:
    """Write `bias` and `task_type` as one of their choices, where one is meant (LC106)."""
    from difflib import get_close_matches

    from loracfg.config.model.known_names import Task

    document, pointer = subject.adapter.document, finding.location.pointer
    given = document.value if document else {}
    if pointer == "/bias" and given.get("bias") is None:
        if _has_biases(subject):
            return None  # `all` and `lora_only` both train biases
        why = "no bias of the base is in the weight file"
        return config_change(draft, {"bias": "none"}, 'sets `bias` to `"none"`', safe=True, why=why)
    task = given.get("task_type")
    if pointer != "/task_type" or not isinstance(task, str):
        return None
    tasks = get_args(Task)
    close = get_close_matches(task.upper(), tasks, len(tasks), 0.8)
    if len(close) != 1:
        return None
    [meant] = close
    safe = meant == task.upper()
    why = "only the case of letters differs" if safe else "it is the only name that is alike"
    title = f"sets `task_type` to `{json.dumps(meant)}`"
    return config_change(draft, {"task_type": meant}, title, safe=safe, why=why)


def _has_biases(subject: Subject) -> bool:
    """Tell whether the file holds biases of modules that are not saved whole, or may."""
    if subject.adapter.header is None or subject.config is None:
        return True
    saved = [f".{name}." for name in subject.config.modules_to_save or ()]
    names = subject.adapter.names.values()
    biases = [f".{one.path}." for one in names if one.rest == "bias"]
    return any(not any(name in path for name in saved) for path in biases)


def set_alpha_from_metadata(_: Subject, found: FieldValue, draft: Draft) -> Change | None:
    """Write the alpha that only the metadata of the weight file give (LC325)."""
    title = "sets `{field}` to `{value}`, as the metadata say"
    why = "the metadata of the weight file are the only word on it"
    return _written(found, title, draft, safe=False, why=why)


def set_base_id(_: Subject, found: FieldValue, draft: Draft) -> Change | None:
    """Name the base by the id that it was given by (LC702, LC703)."""
    why = "it is the base that was named, and its weights are for whoever loads the adapter"
    return _written(found, "sets `{field}` to `{value}`", draft, safe=True, why=why)
