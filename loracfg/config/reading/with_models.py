"""Reads an `adapter_config.json` with the pydantic models, as the config that PEFT uses."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final, TypeVar, get_args

from pydantic import BaseModel

from loracfg.config.history.field_facts import FLAGS
from loracfg.config.history.field_table import RESULTS, UNTIL
from loracfg.config.history.releases import PEFT_RELEASE
from loracfg.config.model.constraints import WITH_PARAMETERS, conflicts
from loracfg.config.model.known_names import find_init
from loracfg.config.model.lora_fields import LoraFields
from loracfg.config.model.pydantic_errors import InvalidValue, closest_choice, value_at
from loracfg.config.model.validation_context import FIELDS_ONLY
from loracfg.config.reading.config_reading import ConfigReading, RefusedValue, UnknownKey
from loracfg.config.reading.field_problems import problems, validated
from loracfg.config.reading.tolerance import (
    FATAL_KEYS,
    NAMES,
    UNLOADED,
    loaded_nested,
    loaded_value,
)
from loracfg.document.display import printable, show
from loracfg.document.json_document import Document, read_document
from loracfg.document.pointer import escape
from loracfg.errors import LoracfgError
from loracfg.report.fault import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_Model = TypeVar("_Model", bound=LoraFields)

LOADS: Final = frozenset(
    {"unknown-key", "misspelt-key", "removed-key", "runtime-config", "loose-value"}
)
"""Kinds of config faults that do not keep PEFT from loading the file."""

_READ: Final = frozenset({"duplicate-key", "non-finite-number"})
"""Kinds of faults in the text that do not keep PEFT from reading it."""

_MAX_SUGGESTIONS: Final = 100
"""The maximum number of unknown keys for which a similar field is looked up."""


def _nested_models() -> dict[str, type[BaseModel]]:
    found = {}
    for name, info in LoraFields.model_fields.items():
        for option in (info.annotation, *get_args(info.annotation)):
            if isinstance(option, type) and issubclass(option, BaseModel):
                found[name] = option
    return found


NESTED: Final = _nested_models()
"""The model of each field that holds a nested config."""


def read_config(document: Document, model: type[LoraFields]) -> ConfigReading:
    """Validate the JSON object of a document field by field and return what PEFT uses."""
    config, unusable, faults = _read(document, model)
    reading = ConfigReading.of(config, document.value, unusable, faults)
    disputed = {f for c in reading.conflicts for f in (c.field, *c.others)} - FLAGS
    pointers = {f"/{field}" for field in disputed}
    kept = (f for f in faults if f.kind != "loose-value" or f.location.pointer not in pointers)
    return reading._replace(faults=tuple(kept))  # PEFT does not load a value that it disputes


def _read(document: Document, model: type[_Model]) -> tuple[_Model, set[str], list[Fault]]:
    """Return the config that PEFT uses, the fields that it fails on, and all faults."""
    given: dict[str, Any] = document.value
    faults = [*_unknown_keys(document), *_unknown_nested_keys(document)]
    fields = model.model_fields
    known = {k: _known_part(k, v) for k, v in given.items() if k in fields}
    known.pop("runtime_config", None)
    config = validated(known, model)
    unusable: set[str] = set()
    if isinstance(config, list):
        config, invalid = _repaired(model, config, known, document, unusable)
        faults += invalid
    return config, unusable, faults


def _repaired(
    model: type[_Model],
    found: list[InvalidValue],
    known: dict[str, Any],
    document: Document,
    unusable: set[str],
) -> tuple[_Model, list[Fault]]:
    """Return the config that PEFT uses despite invalid values, and a fault for each.

    The fields that PEFT fails on are added to `unusable`.
    """
    replaced: dict[str, Any] = {}
    faults = []
    for problem in found:
        if _repair_nested(problem, known):
            faults.append(_problem_fault(problem, document, "; PEFT loads it anyway"))
            continue
        default = LoraFields.model_fields[problem.field].get_default(call_default_factory=True)
        value = _loaded(problem.field, known, default, model)
        if value is UNLOADED:
            unusable.add(problem.field)
        replaced[problem.field] = default if value is UNLOADED else value
        faults.append(_problem_fault(problem, document, _meaning(problem.field, value)))
    valid = {name: value for name, value in known.items() if name not in replaced}
    config = model.model_validate(valid, context=FIELDS_ONLY)
    return config.model_copy(update=replaced), faults


def load_config(path: Path, model: type[_Model]) -> _Model:
    """Read a config file as PEFT would.

    Raises:
        LoracfgError: if the file is missing or unreadable, or PEFT cannot create an adapter from
            it.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise LoracfgError(f"cannot read `{path}`: {error.strerror}") from None
    document, faults = read_document(data, path.name)
    unread = [fault.message for fault in faults if fault.kind not in _READ]
    if document is None or unread:
        raise LoracfgError(f"cannot read `{path}`: {'; '.join(unread)}")
    if not isinstance(document.value, dict):
        raise LoracfgError(f"cannot read `{path}`: the file does not contain a JSON object")
    config, _, found = _read(document, model)
    fatal = [fault.message for fault in found if fault.kind not in LOADS]
    # PEFT can save configs that it cannot load an adapter with. They are still read here.
    broken = conflicts(config)
    fatal += [conflict.message for conflict in broken if conflict.name != WITH_PARAMETERS]
    if fatal:
        raise LoracfgError(f"PEFT {PEFT_RELEASE} does not load `{path}`: {'; '.join(fatal)}")
    return config


def _repair_nested(problem: InvalidValue, known: dict[str, Any]) -> bool:
    """Replace a nested value with what PEFT uses; return False if PEFT does not load it."""
    nested = known[problem.field]
    if problem.field not in NESTED or len(problem.path) < 2 or not isinstance(nested, dict):
        return False
    key = str(problem.path[1])
    default = NESTED[problem.field].model_fields[key].get_default(call_default_factory=True)
    value = loaded_nested(problem.field, key, nested[key], default)
    if value is not UNLOADED:
        nested[key] = value
    return value is not UNLOADED


def _loaded(field: str, known: dict[str, Any], default: Any, model: type[LoraFields]) -> Any:
    value = loaded_value(field, known, default)
    if field in NAMES and value is not UNLOADED and problems({field: value}, model):
        return UNLOADED
    return value


def _meaning(field: str, value: Any) -> str:
    if value is UNLOADED:
        return ""
    return f"; PEFT treats it as {show(value)}" if field in FLAGS else "; PEFT loads it anyway"


def _known_part(name: str, value: Any) -> Any:
    """Drop unknown keys of a nested config, as PEFT does."""
    if name in NESTED and isinstance(value, dict):
        return {k: v for k, v in value.items() if k in NESTED[name].model_fields}
    return value


def _unknown_keys(document: Document) -> Iterator[Fault]:
    fields = LoraFields.model_fields
    unknown = [key for key in document.value if key not in fields]
    if "runtime_config" in document.value:
        unknown.append("runtime_config")
    if not unknown:
        return
    for index, key in enumerate(unknown):
        close = closest_fields(key, document.value) if index < _MAX_SUGGESTIONS else []
        yield _unknown_key(key, document, close)


def closest_fields(key: str, given: Mapping[str, object]) -> list[str]:
    """Return the field that a key may be a misspelling of, unless the config already has it."""
    absent = [name for name in LoraFields.model_fields if name not in given]
    return get_close_matches(key.lower(), absent, 1, 0.84)


def _unknown_key(key: str, document: Document, close: list[str]) -> Fault:
    location = document.location(f"/{escape(key)}", key=True)
    name = f"`{printable(key)}`"
    if key == "runtime_config":
        message = f"{name} only applies to a single run; PEFT ignores it in a file"
        return Fault("runtime-config", message, location, "remove the key", data=UnknownKey(key))
    if key in UNTIL:
        value = show(document.value[key])
        message = f"{name} is {value}, but PEFT removed the key in {UNTIL[key]}"
        return Fault("removed-key", message, location, "remove the key", data=UnknownKey(key))
    if close and _is_missed(close[0], document.value[key]):
        message = f"{name} is not a key of LoraConfig, and `{close[0]}` is not set"
        data = UnknownKey(key, close[0])
        return Fault("misspelt-key", message, location, f"write `{close[0]}`", data=data)
    message = f"{name} is not a key of LoraConfig; PEFT ignores it"
    advice = f"write `{close[0]}`" if close else "remove the key"
    return Fault(
        "unknown-key", message, location, advice, data=UnknownKey(key, close[0] if close else None)
    )


def _is_missed(field: str, value: Any) -> bool:
    """Return whether the adapter computes something else because a field does not get a value."""
    if field == "init_lora_weights":
        method = find_init(value) if isinstance(value, str) else None
        return method is not None and method.changes_base
    return field in RESULTS and value != RESULTS[field]


def _unknown_nested_keys(document: Document) -> Iterator[Fault]:
    for name, model in NESTED.items():
        nested = document.value.get(name)
        if not isinstance(nested, dict) or name == "runtime_config":
            continue
        for key in nested:
            if key in model.model_fields:
                continue
            location = document.location(f"/{name}/{escape(key)}", key=True)
            message = f"`{name}.{printable(key)}` is not a key of {model.__name__}"
            data = UnknownKey(f"{name}.{key}")
            if name in FATAL_KEYS:
                message += ", and PEFT fails on it"
                yield Fault("fatal-key", message, location, "remove the key", data=data)
            else:
                message += "; PEFT ignores it"
                yield Fault("unknown-key", message, location, "remove the key", data=data)


def _problem_fault(problem: InvalidValue, document: Document, meaning: str) -> Fault:
    """Turn a problem into a fault. `meaning` says what PEFT does with a value that it loads."""
    kind = "loose-value" if meaning else problem.kind
    place = document.location(problem.pointer, key=problem.of_key)
    data = RefusedValue(problem.pointer, problem.shown, problem.wanted, problem.choices)
    return Fault(kind, problem.message + meaning, place, _advice(problem, document), data=data)


def _advice(problem: InvalidValue, document: Document) -> str:
    if not problem.choices:
        return "correct the value"
    close = closest_choice(value_at(document.value, problem.path), problem.choices)
    return f'write `"{close}"`' if close else "correct the value"
