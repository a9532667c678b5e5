"""A config before training: what PEFT's `LoraConfig` gets, and its places in the user's file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from loracfg.config import CONFIG_NAME
from loracfg.document.json_document import Document
from loracfg.document.parser import ParsedText
from loracfg.document.translation import Translation
from loracfg.report.fault import Fault
from loracfg.report.report import LORA, Diagnostic, Location, Region, Related
from loracfg.training.trainer_files.trainer_file import BASE, TrainerFile

if TYPE_CHECKING:
    from loracfg.base.architecture import Architecture
    from loracfg.document.json_value import Json, JsonObject

Made = Literal["PEFT adapter", "other adapter", "nothing"]
"""What a training produces: an adapter of PEFT, one of another program, or no LoRA adapter."""


@dataclass(frozen=True)
class ConfigSource:
    """A config before training.

    Attributes:
        name: what the user calls it: a path, a URL, `-`.
        document: the config as a JSON document, with the place of each value in the user's file;
            None if it cannot be read.
        notes: what is wrong with the file, and what a trainer's reader noted.
        folder: the folder of the file in reports.
        trainer_file: what the reader found in a trainer's file; None for an `adapter_config.json`
            and for options.
    """

    name: str
    document: Document | None
    notes: tuple[Fault, ...] = ()
    folder: str = "."
    trainer_file: TrainerFile | None = None

    @property
    def is_foreign(self) -> bool:
        """Whether it is not in an `adapter_config.json`."""
        return self.document is None or self.document.file != CONFIG_NAME

    @property
    def trainer(self) -> str | None:
        """The trainer whose file it is."""
        return self.trainer_file.trainer if self.trainer_file else None

    @property
    def is_peft(self) -> bool:
        """Whether PEFT makes the adapter, if there is one."""
        return self.trainer_file is None or self.trainer_file.is_peft

    @property
    def made(self) -> Made:
        """What the training produces."""
        if self.trainer_file and not self.trainer_file.trains_lora:
            return "nothing"
        return "PEFT adapter" if self.is_peft else "other adapter"

    @property
    def needs_base(self) -> bool:
        """Whether some of its values depend on the base."""
        return self.trainer_file is not None and self.trainer_file.resolver is not None

    def on_base(self, base: Architecture) -> ConfigSource:
        """Return it with the values that depend on the base."""
        document, found = self.document, self.trainer_file
        if document is None or found is None:
            return self
        found = found.resolve(base)
        translated = _document(document.text, found)
        return replace(self, document=translated, notes=found.findings, trainer_file=found)

    def placed(self, found: Diagnostic) -> Diagnostic:
        """Return a finding with its places in the user's file, and advice about its options.

        A pointer into the config is none into a trainer's file, where the field has another name,
        and only the config of an adapter can be repaired.
        """
        if self.trainer_file is None:
            return found._replace(fix=None) if self.is_foreign else found
        place = _placed(found.location, self.trainer_file)
        related = [
            Related(_placed(one.location, self.trainer_file), one.message) for one in found.related
        ]
        if origin := _origin(found.location.pointer or "", self.trainer_file):
            related.insert(0, Related(Location(self.trainer_file.file), origin))
        advice = _unset(found.location.pointer or "", self.trainer_file) or (
            found.help and _for_options(found.help, self.trainer_file.trainer)
        )
        return found._replace(location=place, related=tuple(related), fix=None, help=advice)


def source_of_trainer(text: str, found: TrainerFile, folder: str = ".") -> ConfigSource:
    """Return a trainer's file as a config with places in that file.

    Args:
        text: its text.
        found: what the reader of the trainer's files found in it.
        folder: the folder of the file in reports.
    """
    name = f"{folder}/{found.file}" if folder != "." else found.file
    return ConfigSource(name, _document(text, found), found.findings, folder, found)


def with_method(config: Mapping[str, Json]) -> JsonObject:
    """Return the config with the method, which PEFT's `LoraConfig` sets itself."""
    return {"peft_type": LORA, **config}


def _document(text: str, found: TrainerFile) -> Document:
    """Return the config that a trainer builds, without values if it trains no LoRA adapter."""
    unknown, named = found.unknown(), {BASE: found.base} if found.base else {}
    config: JsonObject = {}
    if found.trains_lora:
        known = {key: value for key, value in found.config.items() if key not in unknown}
        config = with_method({**named, **known})

    def place(pointer: str, key: bool) -> Region | None:
        return found.location(pointer, key=key).region

    translation = Translation(place, unknown, found.added())
    return Document(found.file, text, config, ParsedText(config), translation)


def _placed(place: Location, found: TrainerFile) -> Location:
    if place.file == CONFIG_NAME:
        return found.location(place.pointer or "")
    return place._replace(pointer=None) if place.file == found.file else place


def _origin(pointer: str, found: TrainerFile) -> str | None:
    """Return where the trainer takes a field of the config from, if its option has another name."""
    field = _field(pointer)
    if field not in found.config:
        return None
    option = found.options.get(field)
    if option is None:
        return f"{found.trainer} passes this `{field}` if no option sets it"
    if option.name == field:
        return None
    return f"{found.trainer} sets `{field}` from `{option.name}`"


def _field(pointer: str) -> str:
    return pointer.strip("/").partition("/")[0]


def _unset(pointer: str, found: TrainerFile) -> str | None:
    """Return advice about a field without a value, which no option sets."""
    field = _field(pointer)
    names = [f"`{name}`" for name, known in _settable(found.trainer) if known == field]
    has_value = field in found.options or found.config.get(field, True)
    return None if has_value or not names else f"set {' or '.join(names)}"


def _settable(trainer: str) -> list[tuple[str, str]]:
    """Return the options of a trainer that set a field of PEFT, with that field."""
    from loracfg.training.trainer_files.registry import trainers

    (options,) = (one.options for one in trainers() if one.name == trainer)
    return [
        (one.option, one.field)
        for one in options
        if one.field and one.agreement == "agrees" and "." not in one.option
    ]


def _for_options(advice: str, trainer: str) -> str:
    """Return advice about fields with the options that set them, where these have other names."""
    names: dict[str, str] = {}
    for option, field in _settable(trainer):
        names.setdefault(field, option)
    return re.sub(r"`(\w+)`", lambda name: f"`{names.get(name[1], name[1])}`", advice)
