"""Generates `field_table.py`: the fields of `LoraConfig` as data that needs no pydantic.

Each annotation becomes a tuple of alternatives: a kind of value with its arguments, as
`plain_config.py` tests them. An annotation that cannot be expressed so raises `TypeError`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from pydantic import AfterValidator, BaseModel, BeforeValidator, WithJsonSchema
from pydantic.fields import FieldInfo

from loracfg.config.history.all_fields import FIELDS, notes
from loracfg.config.history.annotations import Affects, Before, ByRelease, Literals, Since, Until
from loracfg.config.model.lora_config import LoraConfig
from loracfg.config.model.types import (
    InitCheck,
    Meanings,
    PatternCheck,
    as_list,
    as_pair,
    as_sorted,
    check_json,
    check_number,
    plain_value,
)
from loracfg.config.reading.with_models import NESTED

PATH: Final = "loracfg/config/history/field_table.py"

_HEAD: Final = '''\
"""The fields of `LoraConfig` as plain data.

Generated from `lora_fields.py` and `all_fields.py` by `python docs/generate.py`.
"""

from __future__ import annotations

from typing import Any, Final

from loracfg.document.json_value import Json
'''
_BOUNDS: Final = ("ge", "gt", "le", "lt")
"""The attributes of notes on numbers."""

_WIDTH: Final = 100
_SILENT: Final = (Affects, Before, ByRelease, Literals, Meanings, Since, Until, WithJsonSchema)
"""Notes that reject no JSON value."""

_HANDLED: Final = (*_BOUNDS, "min_length", "max_length", "union_mode")
_REDUNDANT: Final = frozenset({as_list, as_pair, as_sorted, check_number, plain_value})
"""Validators that reject no more than the kind of value itself."""


def table_text() -> str:
    """Return the text of `field_table.py`."""
    fields = {n: info for n, info in LoraConfig.model_fields.items() if n != "runtime_config"}
    defaults = {name: _default(info) for name, info in fields.items()}
    until = {name: notes(info, Until) for name, info in FIELDS.items()}
    parts = [
        _HEAD,
        _table(
            "SINCE",
            "str",
            {name: notes(info, Since)[0].release for name, info in FIELDS.items()},
            "The first release with each field, including removed fields.",
        ),
        _table(
            "UNTIL",
            "str",
            {name: found[0].release for name, found in until.items() if found},
            "The first release without the field, for removed fields.",
        ),
        _table(
            "RESULTS",
            "Json",
            {n: _default(i) for n, i in FIELDS.items() if notes(i, Affects) == [Affects.RESULT]},
            "Fields that affect layers or their results, with defaults; `loftq_config` can, too.",
        ),
        _table("DEFAULTS", "Json", defaults, "The defaults of the newest release's fields."),
        _table(
            "NESTED",
            "tuple[str, ...]",
            {name: tuple(model.model_fields) for name, model in NESTED.items()},
            "The keys of each nested config.",
        ),
        _table(
            "ACCEPTED",
            "tuple[tuple[Any, ...], ...]",
            {name: _alternatives(info) for name, info in fields.items()},
            "The kinds of value that each field of the newest release accepts, except nested "
            "configs.",
        ),
    ]
    return "\n".join(parts)


def _table(name: str, values: str, rows: dict[str, Any], meaning: str) -> str:
    lines = "".join(_row(f'    "{key}": ', value) for key, value in rows.items())
    return f'{name}: Final[dict[str, {values}]] = {{\n{lines}}}\n"""{meaning}"""\n'


def _row(start: str, value: Any) -> str:
    """Return a row as code, formatted as the formatter would."""
    line = f"{start}{_text(value)},\n"
    if len(line) <= _WIDTH + 1:
        return line
    indent = " " * (len(start) - len(start.lstrip()))
    return f"{start}(\n" + "".join(_row(f"{indent}    ", v) for v in value) + f"{indent}),\n"


def _text(value: Any) -> str:
    """Return a value as code, like `repr` but with double quotes."""
    if isinstance(value, tuple):
        inner = ", ".join(map(_text, value))
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if isinstance(value, str):
        assert '"' not in value
        return f'r"{value}"' if "\\" in value else f'"{value}"'
    return repr(value)


def _default(info: FieldInfo) -> Any:
    return info.get_default(call_default_factory=True)


def _alternatives(info: FieldInfo) -> tuple[tuple[Any, ...], ...]:
    """Return the kinds of value that a field accepts, starting with null, the most common one."""
    return tuple(sorted(_kinds(info.annotation, info.metadata), key=lambda k: k != ("null",)))


def _kinds(annotation: Any, outer: list[Any]) -> Iterator[tuple[Any, ...]]:
    if get_origin(annotation) is Annotated:
        inner, *own = get_args(annotation)
        yield from _kinds(inner, [*own, *outer])
    elif _is_union(annotation) and get_args(annotation) != (float, int):
        for option in get_args(annotation):
            yield from _kinds(option, outer)
    elif kind := _kind(annotation, _Notes.of(outer)):
        yield kind


def _is_union(annotation: Any) -> bool:
    return get_origin(annotation) in (Union, UnionType)


@dataclass
class _Notes:
    """The constraints that the notes on a type put on its values."""

    bounds: list[tuple[str, float]] = field(default_factory=list)
    least: int = 0
    most: int | None = None
    check: Any = None

    @classmethod
    def of(cls, notes: Iterable[object]) -> _Notes:
        found = cls()
        for note in notes:
            found.add(note)
        return found

    def add(self, note: object) -> None:
        bounds = [name for name in _BOUNDS if hasattr(note, name)]
        self.bounds += [(name, getattr(note, name)) for name in bounds]
        self.least = getattr(note, "min_length", self.least)
        self.most = getattr(note, "max_length", self.most)
        match note:
            case FieldInfo():
                for inner in note.metadata:
                    self.add(inner)
            case AfterValidator():
                self.check = note.func
            case BeforeValidator() if note.func in _REDUNDANT:
                pass
            case _ if isinstance(note, _SILENT) or any(hasattr(note, name) for name in _HANDLED):
                pass
            case _:
                raise TypeError(f"cannot express the note {note}")


def _kind(annotation: Any, notes: _Notes) -> tuple[Any, ...] | None:
    """Return the kind of a type that is not a union, or None for nested configs and pairs."""
    if get_origin(annotation) in (list, dict, tuple):
        return _compound_kind(annotation, notes)
    if annotation is str:
        return _text_kind(notes)
    if notes.most or notes.check:
        raise TypeError(f"cannot express {notes}")
    if annotation in (NoneType, bool):
        return ("null",) if annotation is NoneType else ("flag",)
    if annotation is int or _is_union(annotation):
        return ("integer" if annotation is int else "number", *notes.bounds)
    if get_origin(annotation) is Literal:
        return ("word", *get_args(annotation))
    if issubclass(annotation, BaseModel):
        return None
    raise TypeError(f"cannot express the type {annotation}")


def _compound_kind(annotation: Any, notes: _Notes) -> tuple[Any, ...] | None:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is dict:
        return _object_kind(arguments, notes)
    if notes.most or notes.check:
        raise TypeError(f"cannot express {notes}")
    items = tuple(_kinds(arguments[0], [])) if origin is list else ()
    return ("list", notes.least, *items) if items else None


def _text_kind(notes: _Notes) -> tuple[Any, ...]:
    match notes.check:
        case None if not notes.most:
            return ("text", notes.least)
        case PatternCheck(template):
            return ("pattern", notes.least, template)
        case InitCheck():
            return ("init",)
    raise TypeError(f"cannot express the check {notes.check}")


def _object_kind(arguments: tuple[Any, ...], notes: _Notes) -> tuple[Any, ...]:
    if arguments != (str, Any):
        (key,), (item,) = (tuple(_kinds(argument, [])) for argument in arguments)
        return ("map", key, item)
    if notes.most == 0:
        return ("empty",)
    if notes.check is check_json:
        return ("object",)
    raise TypeError(f"cannot express an object of {arguments}")
