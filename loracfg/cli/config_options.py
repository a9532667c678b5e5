"""Options that are named like the fields of `LoraConfig`, made from the table of fields."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import click

from loracfg.config.history.field_facts import FLAGS
from loracfg.config.history.field_table import ACCEPTED, DEFAULTS

if TYPE_CHECKING:
    from loracfg.document.json_value import Json
    from loracfg.settings.keys import Value

_PREFIX: Final = "field_"
_OF_FILES: Final = (
    *("peft_type", "peft_version", "auto_mapping", "inference_mode", "revision"),
    *("base_model_name_or_path", "megatron_config", "megatron_core"),
)
"""Fields that PEFT writes when it saves an adapter, or that need a program that PEFT imports."""
FIELDS: Final = tuple(name for name in DEFAULTS if name not in _OF_FILES)
"""The fields that have an option."""
_ASKED: Final = "?"
_NAME: Final = re.compile(r"[\w.-]+")
_SHORTHANDS: Final = ("all-linear",)


class _FieldOption(click.Option):
    """An option for a field, whose help is only read from the model of the config to be shown."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the option and the first sentence on its field."""
        from loracfg.config.model.lora_config import LoraConfig

        field = LoraConfig.model_fields[(self.name or "").removeprefix(_PREFIX)]
        first, dot, _ = (field.description or "").partition(". ")
        self.help = f"{first}." if dot else first
        return super().get_help_record(ctx)


@cache
def field_options() -> tuple[click.Option, ...]:
    """Return an option for each field."""
    return tuple(map(_option, FIELDS))


def given_values(choices: dict[str, Value]) -> dict[str, Json]:
    """Take the values of fields that are given from the values of a command's options."""
    taken = {name: choices.pop(f"{_PREFIX}{name}") for name in FIELDS}
    return {name: _json(value) for name, value in taken.items() if value is not None}


def asks_for_targets(values: dict[str, Json]) -> bool:
    """Tell whether what can be targeted is asked for."""
    return values.get("target_modules") in (_ASKED, [_ASKED])


def _json(value: Any) -> Json:
    found: Json = value
    return found


def _option(name: str) -> click.Option:
    kinds = {kind[0] for kind in ACCEPTED.get(name, ())}
    text = f"--{name.replace('_', '-')}"
    if name in FLAGS:
        names = [f"{text}/--no-{name.replace('_', '-')}", f"{_PREFIX}{name}"]
        return _FieldOption(names, default=None)
    return _FieldOption(
        [text, f"{_PREFIX}{name}"],
        metavar=_metavar(name, kinds),
        callback=_reader(name, kinds),
    )


def _metavar(name: str, kinds: set[str]) -> str:
    if words := _words(name):
        return f"[{'|'.join(words)}]"
    if "list" in kinds:
        return "NAME,…" if "pattern" in kinds or _has_texts(name) else "N,…"
    return "N" if kinds & {"integer", "number"} else "VALUE" if "init" in kinds else "JSON"


def _has_texts(name: str) -> bool:
    return any(kind[0] == "list" and kind[2][0] != "integer" for kind in ACCEPTED[name])


def _words(name: str) -> tuple[str, ...]:
    return next((kind[1:] for kind in ACCEPTED.get(name, ()) if kind[0] == "word"), ())


def _reader(
    name: str, kinds: set[str]
) -> Callable[[click.Context, click.Parameter, str | None], Json]:
    """Return a function that reads the text of an option."""

    def read(_: click.Context, __: click.Parameter, text: str | None) -> Json:
        if text is None:
            return None
        stripped = text.strip()
        if stripped.startswith(("[", "{", '"')) and (value := _parsed(stripped)) is not None:
            return value
        if "list" in kinds:
            return _list(name, stripped, kinds)
        if "init" in kinds or kinds <= {"null", "word", "text"}:
            return {"true": True, "false": False}.get(stripped.lower(), stripped)
        value = _parsed(stripped)
        if value is None:
            raise click.BadParameter(f"`{text}` cannot be read; write it as JSON")
        return value

    return read


def _list(name: str, text: str, kinds: set[str]) -> Json:
    """Return a list of names or numbers, or a pattern, which has other characters."""
    if not _has_texts(name):
        value = _parsed(f"[{text}]")
        if not isinstance(value, list):
            raise click.BadParameter(f"`{text}` is not a list of numbers, such as `0,1`")
        return value[0] if len(value) == 1 and "integer" in kinds else value
    names = [one for part in text.split(",") if (one := part.strip())]
    is_pattern = "pattern" in kinds and not (names and all(map(_NAME.fullmatch, names)))
    entries: list[Json] = [*names]
    return text if is_pattern or text in _SHORTHANDS else entries


def _parsed(text: str) -> Json:
    try:
        found: Json = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found
