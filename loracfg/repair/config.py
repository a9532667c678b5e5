"""Repairs of single values of the config."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, get_args

from loracfg.analysis.phrases import listed, plural
from loracfg.analysis.subject import Subject
from loracfg.config import CONFIG_NAME
from loracfg.config.reading.config_reading import RemovedKeys, UnknownKey
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


_SAME_VALUES: Final = "PEFT reads the same values before and after"
TENSORS_RIGHT: Final = "this assumes that the tensors are right and the config is wrong"


def set_field(field: str, value: Json, *, safe: bool, why: str) -> Repair:
    """Return a repair that sets a field to a value."""

    def repair(subject: Subject, _: Finding, draft: Draft) -> Change | None:
        title = f"set `{field}` to `{json.dumps(value)}`"
        return config_change(draft, {field: value}, title, safe=safe, why=why)

    repair.__doc__ = f"Set `{field}` to `{json.dumps(value)}`."
    return repair


def write_intended(title: str, what: str, *, safe: bool, why: str) -> Repair:
    """Return a repair that writes the intended value.

    Args:
        title: the title of the change; it may contain `{field}` and `{value}`.
        what: the description for the table of repairs.
        safe: whether the repair is safe.
        why: the reason for that.
    """

    def repair(_: Subject, found: FieldValue, draft: Draft) -> Change | None:
        change = _write(found, title, draft, safe=safe, why=why)
        return change and change._replace(edits=_edits(found))

    repair.__doc__ = what
    return for_data(FieldValue, repair)


def _write(found: FieldValue, title: str, draft: Draft, *, safe: bool, why: str) -> Change | None:
    """Return a change that writes the intended value; None if it is unknown."""
    if found.intended is None or CONFIG_NAME not in draft.sizes():
        return None
    value = _value(found)
    shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    name = found.pointer.removeprefix("/")
    changed = draft.with_config_edits([SetValue(found.pointer, value)])
    return Change(changed, title.format(field=name, value=shown), safe, why)


def _edits(found: FieldValue) -> tuple[Edit, ...]:
    return (Edit(CONFIG_NAME, found.pointer, _value(found)),)


def _value(found: FieldValue) -> bool | float | str | list[str] | None:
    """Return the intended value as configs write it."""
    match found.intended:
        case tuple(names):
            return list(names)
        case float(number):
            return as_config_number(number)
        case value:
            return value


def scale_alpha_of_fused_layers(subject: Subject, found: FieldValue, draft: Draft) -> Change | None:
    """Set the alpha of fused layers to keep the scale of the separate layers (LC340)."""
    reading = subject.adapter.reading
    if reading is None or "alpha_pattern" not in reading.present:
        return None
    changed = draft.with_config_edits([SetValue(found.pointer, found.intended)])
    title = f"set alpha of {plural(len(found.modules), 'layer')} to `{found.intended:g}`"
    edits = (Edit(CONFIG_NAME, found.pointer, found.intended),)
    return Change(changed, title, False, TENSORS_RIGHT, edits)


def remove_byte_order_mark(_: Subject, __: Finding, draft: Draft) -> Change | None:
    """Remove the byte order mark from the config (LC014)."""
    return Change(draft.with_config_edits([]), "remove the byte order mark", True, _SAME_VALUES)


def remove_repeated_key(subject: Subject, finding: Finding, draft: Draft) -> Change | None:
    """Keep the last value of a duplicate key, which is the one that PEFT reads (LC016)."""
    pointer, document = finding.location.pointer, subject.adapter.document
    if pointer is None or document is None:
        return None
    value = document.value
    for step in pointer.split("/")[1:]:
        value = value[int(step) if isinstance(value, list) else unescape(step)]
    changes: list[ConfigEdit] = [RemoveKey(pointer), SetValue(pointer, value)]
    title = f"keep the last value of `{pointer.removeprefix('/')}`"
    same = _has_equal_values(document, pointer)
    why = "all its values are the same" if same else "another value may be the intended one"
    return Change(draft.with_config_edits(changes), title, same, why)


def _has_equal_values(document: Document, pointer: str) -> bool:
    """Tell whether a duplicate key has the same value each time."""
    values = {
        json.dumps(json.loads(document.text[slice(*span.value)]))
        for repeat in document.parsed.repeated
        if repeat.pointer == pointer
        for span in repeat.spans
    }
    return len(values) < 2


def drop_removed_keys(_: Subject, found: RemovedKeys, draft: Draft) -> Change | None:
    """Remove the keys that only PEFT 0.1 and 0.2 had (LC107)."""
    changes: list[ConfigEdit] = [RemoveKey(f"/{escape(key)}") for key in found.names]
    why = "without a list in `enable_lora`, they have no effect"
    return Change(draft.with_config_edits(changes), f"remove {listed(found.names)}", True, why)


def correct_spelling(subject: Subject, found: UnknownKey, draft: Draft) -> Change | None:
    """Rename a misspelt key to the field with almost the same name (LC102)."""
    document = subject.adapter.document
    if found.intended is None or document is None:
        return None
    new = SetValue(f"/{escape(found.intended)}", document.value[found.name])
    why = "the name is a guess: it is the only field with a similar name"
    title = f"rename the key `{found.name}` to `{found.intended}`"
    changed = draft.with_config_edits([RemoveKey(f"/{escape(found.name)}"), new])
    return Change(changed, title, False, why)


def set_peft_type(_: Subject, found: FieldValue, draft: Draft) -> Change | None:
    """Set `peft_type` to the method of the tensors (LC023, LC024, LC025)."""
    given = found.given
    is_lora = given is None or (isinstance(given, str) and given.upper() == LORA)
    why = (
        "the file has the keys of a LoRA config"
        if is_lora
        else "these are LoRA tensors, but the rest of the config may belong to another adapter"
    )
    title = f'set `peft_type` to `"{LORA}"`'
    return config_change(draft, {"peft_type": LORA}, title, safe=is_lora, why=why)


def set_known_value(subject: Subject, finding: Finding, draft: Draft) -> Change | None:
    """Set `bias` or `task_type` to the valid value that was intended (LC106)."""
    from difflib import get_close_matches

    from loracfg.config.model.known_names import Task

    document, pointer = subject.adapter.document, finding.location.pointer
    given = document.value if document else {}
    if pointer == "/bias" and given.get("bias") is None:
        if _has_biases(subject):
            return None  # `all` and `lora_only` both train biases
        why = "the weight file has no bias of the base"
        return config_change(draft, {"bias": "none"}, 'set `bias` to `"none"`', safe=True, why=why)
    task = given.get("task_type")
    if pointer != "/task_type" or not isinstance(task, str):
        return None
    tasks = get_args(Task)
    close = get_close_matches(task.upper(), tasks, len(tasks), 0.8)
    if len(close) != 1:
        return None
    [intended] = close
    safe = intended == task.upper()
    why = "only the case differs" if safe else "it is the only task with a similar name"
    title = f"set `task_type` to `{json.dumps(intended)}`"
    return config_change(draft, {"task_type": intended}, title, safe=safe, why=why)


def _has_biases(subject: Subject) -> bool:
    """Tell whether the file has, or may have, biases of modules that are not saved whole."""
    if subject.adapter.header is None or subject.config is None:
        return True
    saved = [f".{name}." for name in subject.config.modules_to_save or ()]
    names = subject.adapter.names.values()
    biases = [f".{one.path}." for one in names if one.rest == "bias"]
    return any(not any(name in path for name in saved) for path in biases)


def set_alpha_from_metadata(_: Subject, found: FieldValue, draft: Draft) -> Change | None:
    """Set `lora_alpha` to the alpha in the metadata of the weight file (LC325)."""
    title = "set `{field}` to `{value}`, as in the metadata"
    why = "only the metadata of the weight file give an alpha"
    return _write(found, title, draft, safe=False, why=why)


def set_base_id(_: Subject, found: FieldValue, draft: Draft) -> Change | None:
    """Set `base_model_name_or_path` to the id of the base that you passed (LC702, LC703)."""
    why = "it is the id of the base that you passed"
    return _write(found, "set `{field}` to `{value}`", draft, safe=True, why=why)
