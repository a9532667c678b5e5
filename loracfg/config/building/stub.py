"""Generates the stub of `LoraConfig` for type checkers and editors.

The class itself has notes in its annotations, descriptions in `Field` and a generated constructor.
In the stub, fields have plain types and docstrings, which editors show, and the constructor lists
everything that it accepts.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from textwrap import fill
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Union, get_args, get_origin

from pydantic import BaseModel, BeforeValidator

from loracfg.config.model.lora_config import LoraConfig
from loracfg.config.model.types import as_list, as_pair, as_sorted
from loracfg.config.reading.with_models import NESTED

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

_WIDTH: Final = 100
_FIELD: Final = " " * 4
_ARGUMENT: Final = " " * 8
_HEAD: Final = '''\
"""`LoraConfig` as type checkers and editors see it. Made by `python docs/generate.py`."""

from pathlib import Path
from typing import Any, Literal

import peft
from peft.tuners.lora import config as theirs

from loracfg.config.model.lora_fields import LoraFields
from loracfg.config.model.nested import (
    {names},
)
from loracfg.document.json_value import JsonObject

'''
PATH: Final = "loracfg/config/model/lora_config.pyi"

_ENUMS: Final = {"task_type": "peft.TaskType", "peft_type": "peft.PeftType"}
"""The enums of PEFT with the values of a field."""


def stub_text() -> str:
    """Return the text of the stub."""
    names = ",\n    ".join(sorted(model.__name__ for model in NESTED.values()))
    return "\n".join([_HEAD.format(names=names), *_class()])


def _class() -> Iterator[str]:
    """Yield the lines of the class."""
    fields = LoraConfig.model_fields
    yield "class LoraConfig(LoraFields):"
    yield _docstring(inspect.getdoc(LoraConfig) or "", _FIELD)
    yield ""
    for name, info in fields.items():
        yield f"{_FIELD}{name}: {type_text(info.annotation)} = {_default(info)}"
        yield _docstring(info.description or "", _FIELD)
        yield ""
    yield f"{_FIELD}def __init__("
    yield f"{_ARGUMENT}self,"
    for name, info in fields.items():
        yield f"{_ARGUMENT}{name}: {_argument(name, info)} = {_default(info)},"
    yield f"{_FIELD}) -> None:"
    yield f'{_ARGUMENT}"""Create a LoraConfig."""'
    yield from _methods()


def _methods() -> Iterator[str]:
    """Yield the public methods, with the first line of their docstrings as bodies."""
    (found,) = ast.parse(inspect.getsource(LoraConfig)).body
    assert isinstance(found, ast.ClassDef)
    for node in found.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            first = (ast.get_docstring(node) or "").partition("\n")[0]
            node.body = [ast.Expr(ast.Constant(first))]
            yield ""
            yield "\n".join(_FIELD + line for line in ast.unparse(node).splitlines())
    yield ""


def _docstring(text: str, indent: str) -> str:
    if len(text) + len(indent) + 6 <= _WIDTH and "\n" not in text:
        return f'{indent}"""{text}"""'
    paragraphs = [
        fill(part, _WIDTH, initial_indent=indent, subsequent_indent=indent)
        for part in text.split("\n\n")
    ]
    whole = "\n\n".join(paragraphs)
    return f'{indent}"""{whole.lstrip()}\n{indent}"""'


def _default(info: FieldInfo) -> str:
    default = info.get_default(call_default_factory=True)
    return f'"{default}"' if isinstance(default, str) else repr(default)


def type_text(annotation: object) -> str:
    """Return a type as code, without the notes on its values."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return type_text(arguments[0])
    if origin in (Union, UnionType):
        return " | ".join(dict.fromkeys(type_text(option) for option in arguments))
    if origin is Literal:
        return f"Literal[{', '.join(repr(word) for word in arguments)}]".replace("'", '"')
    if isinstance(origin, type):
        return f"{origin.__name__}[{', '.join(type_text(argument) for argument in arguments)}]"
    if annotation is NoneType or annotation is Any:
        return "None" if annotation is NoneType else "Any"
    assert isinstance(annotation, type), f"{annotation} has no name"
    return annotation.__name__


def _argument(name: str, info: FieldInfo) -> str:
    """Return the type that the constructor accepts for a field."""
    kinds = [*_accepted(info.annotation), *([_ENUMS[name]] if name in _ENUMS else [])]
    return " | ".join(sorted(dict.fromkeys(kinds), key=lambda kind: kind == "None"))


def _accepted(annotation: object) -> Iterator[str]:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        for option in arguments:
            yield from _accepted(option)
    elif origin is Annotated:
        yield from _accepted(arguments[0])
        functions = {note.func for note in arguments[1:] if isinstance(note, BeforeValidator)}
        if as_pair in functions:
            yield "list[int]"
        if functions & {as_list, as_sorted}:
            (item,) = (" | ".join(_accepted(item)) for item in get_args(arguments[0]))
            yield f"tuple[{item}, ...]"
            if as_sorted in functions:
                yield from (f"{kind}[{item}]" for kind in ("set", "frozenset"))
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield from (annotation.__name__, f"theirs.{annotation.__name__}", "dict[str, Any]")
    elif origin is list:
        yield from (f"list[{item}]" for item in _accepted(arguments[0]))
    else:
        yield type_text(annotation)
