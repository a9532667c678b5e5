"""JSON bodies: an adapter's config, the header of its weights, and its base."""

from __future__ import annotations

import json
from base64 import b64encode
from binascii import a2b_base64
from collections.abc import Callable
from itertools import islice
from typing import Annotated, Any, Final, Literal, TypeVar

from loracfg_api.problems import too_large
from loracfg_api.submission import ADAPTER, DEFAULTS, Fields, Release, ValidateOptions
from loracfg_api.uploads.bases import BASE, base_of_files
from pydantic import (
    BeforeValidator,
    ConfigDict,
    Discriminator,
    FailFast,
    Field,
    Tag,
    WithJsonSchema,
    WrapValidator,
    model_validator,
)

from loracfg.adapter.directory import SAFETENSORS_NAME
from loracfg.base.facts_file import MAX_BYTES
from loracfg.base.search import UploadedBase
from loracfg.config import CONFIG_NAME
from loracfg.document.plain import MAX_VALUES
from loracfg.document.size import holds_more_values
from loracfg.sources.archive.held import HeldFile, HeldFiles
from loracfg.sources.archive.member_names import MAX_NAME, NAME_PATTERN, refuse_clashes, sound_name

C = TypeVar("C")

_SYMBOLS: Final = ("[A-Za-z0-9+/]", "[A-Za-z0-9_-]")
_LAST: Final = "(?:{0}[AQgw](?:==)?|{0}{{2}}[AEIMQUYcgkosw048]=?)?"
"""What follows the groups of four; the bits that belong to no byte are zero."""
_BASE64: Final = "^(?:{}|{})$".format(
    *(f"(?:{symbol}{{4}})*{_LAST.format(symbol)}" for symbol in _SYMBOLS)
)
_NO_BASE64: Final = "not valid base64"
_URL_SAFE: Final = str.maketrans("-_", "+/")
_SHARDS: Final = 1000
_NAMES: Final = 10_000
_MAX_SIZE: Final = 2**53 - 1
"""Larger numbers are not exact in JavaScript."""


def _whole(value: object) -> object:
    """Return a whole number as an integer, however it is written, like JSON Schema."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _decoded(value: object) -> object:
    """Decode base64 in either alphabet, padded or not."""
    if not isinstance(value, str):
        return value
    text = value.rstrip("=")
    is_url_safe, rest = "-" in text or "_" in text, len(text) % 4
    padding = "=" * (-rest % 4)
    is_sound = rest != 1 and len(value) - len(text) <= len(padding)
    if not is_sound or (is_url_safe and ("+" in text or "/" in text)):
        raise ValueError(_NO_BASE64)
    plain = text.translate(_URL_SAFE) if is_url_safe else text
    try:
        data = a2b_base64(plain + padding, strict_mode=True)
    except ValueError:
        raise ValueError(_NO_BASE64) from None
    if rest and b64encode(data[1 - rest :])[:rest] != plain[-rest:].encode():
        raise ValueError(_NO_BASE64)  # there are bits that belong to no byte
    return data


Base64 = Annotated[
    bytes,
    BeforeValidator(_decoded),
    WithJsonSchema({"type": "string", "pattern": _BASE64, "contentEncoding": "base64"}),
]
_AT_ONCE: Final = 20
"""Entries of an object that are validated together; later ones only if these are right."""


def _at_most(count: int) -> WrapValidator:
    """Return a validator for objects whose entries are alike: the first wrong ones are enough."""

    def validate(value: object, validate_all: Callable[[object], dict[str, Any]]) -> dict[str, Any]:
        if not isinstance(value, dict):
            return validate_all(value)
        if len(value) > count:
            raise ValueError(f"it has {len(value)} keys, more than {count}")
        entries = iter(value.items())
        valid = validate_all(dict(islice(entries, _AT_ONCE)))
        while some := dict(islice(entries, _AT_ONCE)):
            valid |= validate_all(some)
        return valid

    return WrapValidator(validate)


Name = Annotated[str, Field(max_length=MAX_NAME)]
Size = Annotated[int, Field(ge=0, le=_MAX_SIZE), BeforeValidator(_whole)]


class WeightBytes(Fields):
    """The beginning of a weight file; for safetensors, up to the end of the header is enough."""

    head: Base64 = Field(description="First bytes of the file, in base64.")
    tail: Base64 = Field(b"", description="Last bytes of a `.bin` file, which hold its index.")
    size: Size = Field(description="Size of the whole file in bytes.")
    file: Literal["adapter_model.safetensors", "adapter_model.bin"] = SAFETENSORS_NAME

    def held(self) -> HeldFile:
        """Return the file."""
        rest = self.size - len(self.head)
        return HeldFile(self.size, self.head[: self.size], self.tail[-rest:] if rest > 0 else b"")


class FileBytes(Fields):
    """A file and its first bytes."""

    head: Base64 = Field(description="First bytes of the file, in base64.")
    size: Size = Field(description="Size of the whole file in bytes.")

    def held(self) -> HeldFile:
        """Return the file."""
        return HeldFile(self.size, self.head[: self.size])


class WeightHeader(Fields):
    """The header of a safetensors file as JSON; the file is assumed to be as long as it states."""

    header: dict[str, Any] = Field(description="Tensors by name, as in the file.")

    def held(self) -> HeldFile:
        """Return the file."""
        text = json.dumps(self.header).encode()
        ends = [_end(entry) for name, entry in self.header.items() if name != "__metadata__"]
        return HeldFile(
            8 + len(text) + max(ends, default=0), len(text).to_bytes(8, "little") + text
        )


def _weights_tag(value: object) -> str:
    return "WeightHeader" if isinstance(value, dict) and "header" in value else "WeightBytes"


Weights = Annotated[
    Annotated[WeightBytes, Tag("WeightBytes")] | Annotated[WeightHeader, Tag("WeightHeader")],
    Discriminator(_weights_tag),
]


FileName = Annotated[str, Field(max_length=MAX_NAME, json_schema_extra={"pattern": NAME_PATTERN})]
OtherFiles = Annotated[
    dict[Name, Size | FileBytes],
    Field(max_length=_NAMES),
    _at_most(_NAMES),
    Field(
        json_schema_extra={"propertyNames": {"pattern": NAME_PATTERN, "maxLength": MAX_NAME}},
    ),
]


class BaseBody(Fields):
    """A base, described by its config, the headers of its checkpoint, or both."""

    config: str | dict[str, Any] | None = Field(
        None, description="The `config.json`, as a string or an object."
    )
    facts: str | None = Field(
        None,
        description="Facts of the architecture, as written by `loracfg base trace`.",
        max_length=MAX_BYTES,
    )
    weights: Annotated[dict[Name, Weights], _at_most(_SHARDS)] = Field(
        default_factory=dict,
        description="Headers of the checkpoint, by file name.",
        max_length=_SHARDS,
    )
    files: OtherFiles = Field(
        default_factory=dict,
        description="The files of its tokenizer, as in the adapter's `files`.",
    )
    name: Name = Field(BASE, description="Name of the base in the report.")

    def given(self) -> UploadedBase:
        """Return the base."""
        config = self.config.encode() if isinstance(self.config, str) else _bounded(self.config)
        weights = {name: weights.held() for name, weights in self.weights.items()}
        facts = None if self.facts is None else self.facts.encode()
        others = HeldFiles({sound_name(n): _held(one) for n, one in self.files.items()})
        return base_of_files(self.name, config, weights, facts, others)


class PlaceBody(Fields):
    """A folder on the server, under a root that the operator allows."""

    path: str = Field(
        description="Path of the folder, relative to a root.",
        max_length=MAX_NAME,
        json_schema_extra={"pattern": NAME_PATTERN},
    )


def _has_path(value: object) -> bool:
    return isinstance(value, dict) and "path" in value


_BaseObject = Annotated[
    Annotated[BaseBody, Tag("BaseBody")] | Annotated[PlaceBody, Tag("PlaceBody")],
    Discriminator(lambda value: "PlaceBody" if _has_path(value) else "BaseBody"),
]
BaseField = Annotated[
    str | _BaseObject | None,
    Field(
        union_mode="left_to_right",
        description="The base: a model type of `GET /bases`, an object that describes it, or a "
        "folder on the server.",
    ),
]


class AdapterBody(Fields):
    """An adapter: its config and the header of its weights."""

    model_config = ConfigDict(
        json_schema_extra={
            "not": {
                "required": ["config", "config_base64"],
                "properties": {
                    "config": {"not": {"type": "null"}},
                    "config_base64": {"not": {"type": "null"}},
                },
            }
        }
    )

    name: Name = Field(ADAPTER, description="Name of the adapter in the report.")
    config: str | dict[str, Any] | None = Field(
        None,
        description="The `adapter_config.json`. Send it as a string to get line numbers in "
        "findings.",
    )
    config_base64: Base64 | None = Field(
        None, description="The config in base64, for a file that is not UTF-8."
    )
    weights: Weights | None = Field(None, description="The header of the weights.")
    files: OtherFiles = Field(
        default_factory=dict,
        description="The other files in the folder: sizes by name, or the first bytes too. Of a "
        "tokenizer, the first MiB of `tokenizer.json`, `tokenizer_config.json` and "
        "`added_tokens.json` is read.",
    )
    links: Annotated[list[FileName], FailFast()] = Field(
        default_factory=list,
        description="Those of the files that are links to places outside the folder.",
        max_length=_NAMES,
    )

    @model_validator(mode="after")
    def _files_are_others(self) -> AdapterBody:
        if self.config is not None and self.config_base64 is not None:
            raise ValueError("`config` and `config_base64` cannot be combined")
        if not self.files:
            return self
        has_config = self.config is not None or self.config_base64 is not None
        own = {CONFIG_NAME} if has_config else set()
        own |= {self._weights_file()} if self.weights else set()
        if own & self.files.keys():
            raise ValueError(f"`files` repeats `{min(own & self.files.keys())}`")
        return self

    def held(self) -> HeldFiles:
        """Return the files of the adapter."""
        held = {sound_name(name): _held(one) for name, one in self.files.items()}
        refuse_clashes(name.rstrip("/") for name in self.files)
        text = self._config()
        if text is not None:
            held[CONFIG_NAME] = HeldFile(len(text), text)
        if self.weights is not None:
            held[self._weights_file()] = self.weights.held()
        return HeldFiles(held, tuple(map(sound_name, self.links)))

    def _config(self) -> bytes | None:
        return self.config_base64 if self.config is None else text_of_config(self.config)

    def _weights_file(self) -> str:
        return self.weights.file if isinstance(self.weights, WeightBytes) else SAFETENSORS_NAME


class ValidateBody(AdapterBody):
    """An adapter to validate."""

    base: BaseField = None
    options: ValidateOptions = Field(
        default_factory=lambda: DEFAULTS, description="How to validate."
    )


class ValidatePlace(PlaceBody):
    """A folder on the server to validate."""

    base: BaseField = None
    options: ValidateOptions = Field(
        default_factory=lambda: DEFAULTS, description="How to validate."
    )


def validate_body(value: object) -> ValidateBody | ValidatePlace:
    """Return what to validate, from the value of a body.

    Raises:
        ValidationError: if it does not fit; a value with a `path` is read as a folder.
    """
    return (ValidatePlace if _has_path(value) else ValidateBody).model_validate(value)


class MigrateBody(AdapterBody):
    """An adapter whose config to migrate."""

    to: Release = Field(description="PEFT release to convert to.")
    from_release: Release | None = Field(
        None,
        alias="from",
        description="Treat the config as written by this release (default: detected).",
    )


def _held(file: int | FileBytes) -> HeldFile:
    return HeldFile(file) if isinstance(file, int) else file.held()


def text_of_config(config: str | dict[str, object]) -> bytes:
    """Return the text of a config; for an object, as PEFT would write it.

    Raises:
        ProblemError: if an object has more values than are read from a text.
    """
    text = config if isinstance(config, str) else json.dumps(_bounded(config), indent=2)
    return text.encode("utf-8", "surrogatepass")


def _bounded(config: C) -> C:
    """Return a config if it has no more values than are read from a text.

    Raises:
        ProblemError: if it has more.
    """
    if holds_more_values(config, MAX_VALUES):
        raise too_large("the config", None, MAX_VALUES, "JSON values")
    return config


def _end(entry: object) -> int:
    """Return where the data of a header entry ends, or 0 if the entry does not say."""
    offsets = entry.get("data_offsets") if isinstance(entry, dict) else None
    last = offsets[-1] if isinstance(offsets, list) and offsets else 0
    return last if type(last) is int and 0 <= last <= _MAX_SIZE else 0
