"""Writes and reads the facts of an architecture as one text: the library, then its model types.

The programs of the model types look as in other facts files. The index of the layout precedes
them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from loracfg.base.catalogue.printing.configs import field_text
from loracfg.base.catalogue.printing.constants import string_text, value_text
from loracfg.base.catalogue.printing.facts import facts_text
from loracfg.base.catalogue.printing.line_breaks import line
from loracfg.base.derivation.layout_index import LayoutIndex
from loracfg.base.derivation.text.configs import read_field
from loracfg.base.derivation.text.constants import read_value
from loracfg.base.derivation.text.parse_errors import FactsError
from loracfg.base.derivation.text.reader import read_sections
from loracfg.base.derivation.text.tokens import Cursor, Entry, Token, entries

if TYPE_CHECKING:
    from loracfg.base.catalogue.program_data import ProgramData


VERSION: Final = 1
"""The version of the format."""
START: Final = "facts "
"""The first words of the text."""

_Check = Callable[[Any], bool]


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and _NAME.fullmatch(value) is not None


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and "\n" not in value


def _are_names(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_name, value))


def _table(of: _Check) -> _Check:
    """Return a check for dicts with names as keys, and values that pass a given check."""
    return lambda value: (
        isinstance(value, dict) and all(map(_is_name, value)) and all(map(of, value.values()))
    )


_NAME: Final = re.compile(r"[^\s|:$]{1,300}")
_OF_LIBRARY: Final[dict[str, _Check]] = {
    "tasks": _table(_is_name),
    "mappings": _table(_table(lambda value: _is_name(value) or _are_names(value))),
    "generation": lambda value: _are_names(value) or _table(lambda _: True)(value),
    "activations": _table(lambda value: isinstance(value, list)),
    "declined": _table(_is_text),
}
_OF_TYPE: Final[dict[str, _Check]] = {
    "models": _are_names,
    "automatic": _are_names,
    "takes": _table(_is_name),
    "elsewhere": _are_names,
    "configs": _are_names,
}
"""The keys of a library or a model type, with checks of their values."""


@dataclass(frozen=True)
class ArchitectureFacts:
    """The facts of an architecture.

    Attributes:
        index: its model types and classes, and the parts of the library's index that they need.
        programs: the program of each model type.
    """

    index: LayoutIndex
    programs: dict[str, ProgramData]


def write_architecture_facts(facts: ArchitectureFacts) -> str:
    """Return the facts of an architecture as text.

    Raises:
        ValueError: if the text cannot express a part of them.
    """
    index = facts.index
    head = [line(0, f"{START}{VERSION}: {string_text(index.library)}")]
    mappings = _mappings(index)
    for key in _OF_LIBRARY:
        value = mappings if key == "mappings" else getattr(index, key)
        if value:
            head.append(line(1, f"{key} = {value_text(value)}"))
    if index.base_fields:
        head.append(line(1, "fields"))
        head += [line(2, field_text(name, one)) for name, one in index.base_fields.items()]
    texts = ["\n".join([*head, ""])]
    for model_type, program in facts.programs.items():
        texts.append("\n".join([*_head_of_type(index, model_type), ""]))
        texts.append(facts_text(program))
    return "\n".join(texts)


def _mappings(index: LayoutIndex) -> dict[str, dict[str, Any]]:
    """Return the entries of the auto-mappings for the model types of the architecture."""
    found = {
        name: {key: one for key, one in mapping.items() if key in index.types}
        for name, mapping in index.mappings.items()
    }
    return {name: mapping for name, mapping in found.items() if mapping}


def _head_of_type(index: LayoutIndex, model_type: str) -> Iterator[str]:
    config_class, *models = index.types[model_type]
    yield line(0, f"type {string_text(model_type)}: {config_class}")
    here = {name: one for name, one in index.classes.items() if one[0] == model_type}
    values: dict[str, Any] = {
        "models": models,
        "automatic": index.automatic.get(model_type, []),
        "takes": {name: one[1] for name, one in here.items() if one[1] != config_class},
        "elsewhere": [name for name in models if name not in here],
        "configs": [name for name, home in index.configs.items() if home == model_type],
    }
    usual = _usual(config_class, models)
    for key in _OF_TYPE:
        if values[key] != usual[key]:
            yield line(1, f"{key} = {value_text(values[key])}")


def _usual(config_class: str, models: list[str]) -> dict[str, Any]:
    """Return the defaults of the keys of a model type."""
    empty: dict[str, Any] = {"models": [], "takes": {}, "elsewhere": []}
    return {**empty, "automatic": models, "configs": [config_class]}


def read_architecture_facts(text: str) -> ArchitectureFacts:
    """Read the facts of an architecture from a text.

    Raises:
        FactsError: if the text is invalid.
    """
    first, *rest = entries(text) or [Entry([])]
    index = _read_library(first)
    groups: list[list[Entry]] = []
    for section in rest:
        if Cursor(section.tokens).at("type"):
            groups.append([])
        elif not groups:
            raise section.tokens[0].fault("expected a model type")
        groups[-1].append(section)
    programs: dict[str, ProgramData] = {}
    for head, *sections in groups:
        model_type = _read_type(head, index)
        programs[model_type] = read_sections(sections)
    return ArchitectureFacts(index, programs)


def _read_library(section: Entry) -> LayoutIndex:
    if not section.tokens:
        raise FactsError("the file is empty", 1, 1)
    cursor = Cursor(section.tokens)
    cursor.expect(START.strip())
    token = cursor.peek()
    if cursor.number() != VERSION:
        raise token.fault(f"unknown facts version {token.text:.20}")
    cursor.expect(":")
    index = LayoutIndex(cursor.string(), {}, {})
    cursor.finish()
    rest = []
    for entry in section.inside:
        if Cursor(entry.tokens).at("fields"):
            index.base_fields = dict(read_field(Cursor(one.tokens)) for one in entry.inside)
        else:
            rest.append(entry)
    for key, value in _values(rest, _OF_LIBRARY).items():
        setattr(index, key, value)
    return index


def _read_type(section: Entry, index: LayoutIndex) -> str:
    cursor = Cursor(section.tokens)
    cursor.expect("type")
    token = cursor.peek()
    model_type: str = _checked(cursor.string(), _is_name, token)
    if model_type in index.types:
        raise token.fault(f"`{model_type}` is already defined")
    cursor.expect(":")
    config_class = cursor.name()
    cursor.finish()
    given = _values(section.inside, _OF_TYPE)
    models: list[str] = given.get("models", [])
    values = {**_usual(config_class, models), **given}
    index.types[model_type] = [_checked(config_class, _is_name, token), *models]
    index.automatic[model_type] = values["automatic"]
    for name in models:
        if name not in values["elsewhere"]:
            index.classes[name] = [model_type, values["takes"].get(name, config_class)]
    index.configs |= dict.fromkeys(values["configs"], model_type)
    return model_type


def _values(lines: list[Entry], keys: dict[str, _Check]) -> dict[str, Any]:
    """Return the values of `key = value` lines."""
    found: dict[str, Any] = {}
    for entry in lines:
        cursor = Cursor(entry.tokens)
        token = cursor.peek()
        key = cursor.name()
        if key not in keys or key in found:
            raise token.fault(f"unexpected `{key:.40}`")
        cursor.expect("=")
        found[key] = _checked(read_value(cursor), keys[key], token)
        cursor.finish()
    return found


def _checked(value: Any, check: _Check, token: Token) -> Any:
    if not check(value):
        raise token.fault("the value has the wrong type")
    return value
