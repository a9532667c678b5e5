"""What is at a place in a document: a key or value of the config, and the text to replace."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from loracfg.document.unfinished_json import JsonToken, Steps, json_cursor, json_tokens
from loracfg.document.unfinished_yaml import yaml_cursor
from loracfg.named_tuple import NamedTuple
from loracfg.sources.trainer_marks import trainer_of_text

if TYPE_CHECKING:
    from loracfg.lsp.buffers import Buffer

_YAML: Final = frozenset({".yaml", ".yml"})
_NAMING: Final = frozenset(
    {
        "additional_target",
        "lora_alpha_pattern",
        "lora_modules_to_save",
        "lora_parameters.keys",
        "lora_rank_pattern",
        "lora_target",
        "lora_target_modules",
        "lora_target_parameters",
        "modules_to_save",
        "peft_config.modules_to_save",
        "peft_config.target_modules",
        "peft_layers_pattern",
        "peft_layers_to_transform",
        "target_modules",
        "target_parameters",
    }
)
"""The options of trainers whose values are names; others, such as flags, concern fields too."""
_SEPARATED_BY_COMMAS: Final = frozenset({"additional_target", "lora_target"})
"""The options whose value can be a text with several names."""


class NamePlace(NamedTuple):
    """A place where a name can be.

    Attributes:
        field: the field of the config that the value belongs to.
        in_list: whether the place is in a list or a key of an object, and not all of the value.
        is_key: whether it is a key.
        start: the offset of the text to replace.
        end: the offset after it.
        before: how the name is preceded when it is inserted.
        after: how it is followed.
        typed: what there is before the cursor.
        others: the other entries, which need not be offered again.
    """

    field: str
    in_list: bool
    is_key: bool
    start: int
    end: int
    before: str = ""
    after: str = ""
    typed: str = ""
    others: frozenset[str] = frozenset()


def name_place(buffer: Buffer, offset: int) -> NamePlace | None:
    """Return what is at a place in a document; None if no name can be there."""
    if buffer.is_adapter:
        return _in_json(buffer.text, offset, None)
    trainer = trainer_of_text(buffer.text)
    if trainer is None:
        return None
    fields = _fields_of_options(trainer)
    if PurePath(buffer.name).suffix.lower() in _YAML:
        return _in_yaml(buffer.text, offset, fields)
    return _in_json(buffer.text, offset, fields) if buffer.text.lstrip()[:1] == "{" else None


def _fields_of_options(trainer: str) -> dict[str, str]:
    """Return the fields that the options of a trainer set, by the names of the options."""
    from loracfg.training.trainer_files.registry import trainers

    options = (fact for one in trainers() if one.name == trainer for fact in one.options)
    return {fact.option: fact.field for fact in options if fact.field and fact.option in _NAMING}


def _in_json(text: str, offset: int, options: dict[str, str] | None) -> NamePlace | None:
    found = json_cursor(text, offset)
    if found.role is None:
        return None
    field, inside = _field_of(found.path, options)
    is_key = found.role == "key"
    if field is None or len(inside) > 1 or (is_key and not inside):
        return None
    others = frozenset(one.text for one in json_tokens(text) if _is_beside(one, found.path, is_key))
    token, end = found.token, ": " if is_key else ""
    in_list, quote = bool(inside), '"'
    if token is None:
        after = f'"{end}'
        return NamePlace(field, in_list, is_key, offset, offset, quote, after, "", others)
    others -= {token.text}
    if not token.is_string:
        typed = text[token.start : offset]
        after = f'"{end}'
        return NamePlace(
            field, in_list, is_key, token.start, token.end, quote, after, typed, others
        )
    start = token.start + 1
    stop, after = (token.end - 1, "") if token.is_closed else (offset, f'"{end}')
    return NamePlace(field, in_list, is_key, start, stop, "", after, text[start:offset], others)


def _field_of(path: Steps, options: dict[str, str] | None) -> tuple[str | None, Steps]:
    """Return the field that a path leads to, and the rest of the path."""
    if options is None:
        return (str(path[0]), path[1:]) if path else (None, ())
    for length in range(len(path), 0, -1):
        field = options.get(".".join(map(str, path[:length])))
        if field is not None:
            return field, path[length:]
    return None, ()


def _is_beside(token: JsonToken, path: Steps, is_key: bool) -> bool:
    """Tell whether a token is an entry of the same list or object."""
    if (token.role == "key") != is_key or len(token.path) != len(path):
        return False
    return len(path) > 1 and token.path[:-1] == path[:-1]


def _in_yaml(text: str, offset: int, options: dict[str, str]) -> NamePlace | None:
    found = yaml_cursor(text, offset)
    if found is None:
        return None
    option = ".".join(found.path)
    field = options.get(option)
    if field is None:
        return None
    is_key = found.role == "key"
    in_list = found.role != "value" or option in _SEPARATED_BY_COMMAS
    after = ": " if is_key and not found.has_colon else ""
    typed = text[found.start : offset]
    return NamePlace(field, in_list, is_key, found.start, found.end, "", after, typed, found.others)
