"""The reference of all config fields, with types in JSON terms."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from loracfg.config.history.annotations import Since
from loracfg.config.history.field_table import UNTIL
from loracfg.config.history.releases import PEFT_RELEASE
from loracfg.config.model.lora_config import LoraConfig
from loracfg.config.reading.with_models import NESTED

_TYPE_NAMES: Final = {
    str: "string",
    int: "integer",
    float: "number",
    bool: "`true` or `false`",
    NoneType: "`null`",
    Any: "anything",
}
_BOUNDS: Final = ((Ge, "ge", "≥"), (Gt, "gt", ">"), (Le, "le", "≤"), (Lt, "lt", "<"))


def config_page() -> str:
    """Return the reference of all config fields, including nested ones."""
    parts = [
        "# The config",
        f"The fields of `adapter_config.json` in PEFT {PEFT_RELEASE}. *Since* is the first release "
        "with the field. A key that is not in the file has its default.",
        "[In Python](python.md), use `loracfg.LoraConfig` instead of PEFT's.",
        "\n".join(_field_rows(LoraConfig)),
        "Removed: "
        + ", ".join(f"`{key}` in {release}" for key, release in sorted(UNTIL.items()))
        + ".",
    ]
    for name, model in NESTED.items():
        text = inspect.cleandoc(model.__doc__ or "").replace("\n", " ")
        parts += [f"## {model.__name__}", f"`{name}`. {text}", "\n".join(_field_rows(model))]
    return "\n\n".join(parts) + "\n"


def _field_rows(model: type[BaseModel]) -> Iterator[str]:
    yield "| Key | Type | Default | Since | Meaning |"
    yield "|---|---|---|---|---|"
    for name, info in model.model_fields.items():
        since = next((m.release for m in info.metadata if isinstance(m, Since)), "")
        cells = (f"`{name}`", _type_of(info), _default_of(info), since, info.description or "")
        yield f"| {' | '.join(map(cell, cells))} |"


def cell(text: str) -> str:
    """Escape a text for a table cell."""
    return text.replace("|", "\\|").replace("\n", " ")


def _type_of(info: FieldInfo) -> str:
    return _type_text(info.annotation) + _bounds(info.metadata)


def _bounds(metadata: list[Any]) -> str:
    found = [
        f"{sign} {getattr(item, attribute)}"
        for item in metadata
        for kind, attribute, sign in _BOUNDS
        if isinstance(item, kind)
    ]
    return ", " + ", ".join(found) if found else ""


def _type_text(annotation: Any) -> str:
    """Return the name of a type in JSON terms."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _type_text(arguments[0])
    if origin is Literal:
        return " or ".join(f"`{json.dumps(value)}`" for value in arguments)
    if origin in (Union, UnionType):
        options = dict.fromkeys(_type_text(option) for option in arguments)
        if "number" in options:
            options.pop("integer", None)
        return " or ".join(options)
    if origin is list:
        return f"list of {_plural(_type_text(arguments[0]))}"
    if origin is tuple:
        return "pair of integers"
    if origin is dict:
        values = _type_text(arguments[1])
        return "object" if values == "anything" else f"object of {_plural(values)}"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    return _TYPE_NAMES[annotation]


def _plural(noun: str) -> str:
    first, _, rest = noun.partition(" ")
    return f"{first}s {rest}".strip()


def _default_of(info: FieldInfo) -> str:
    default = info.get_default(call_default_factory=True)
    if isinstance(default, BaseModel):
        return "its defaults"
    return f"`{json.dumps(default)}`"
