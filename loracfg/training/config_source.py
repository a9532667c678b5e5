"""A config before training: what PEFT's `LoraConfig` will be given, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from loracfg.config import CONFIG_NAME
from loracfg.document.json_document import Document, line_starts
from loracfg.document.parser import ParsedText, Span, Spans
from loracfg.report.fault import Fault
from loracfg.report.report import LORA, Region

if TYPE_CHECKING:
    from loracfg.document.json_value import Json, JsonObject


class TrainerFile(Protocol):
    """A trainer's file, read into the config that the trainer builds."""

    @property
    def trainer(self) -> str:
        """The name of the trainer, such as `axolotl`."""

    @property
    def config(self) -> Mapping[str, Json]:
        """The arguments of PEFT's `LoraConfig` that the trainer passes."""

    @property
    def places(self) -> Mapping[str, Region]:
        """Where the values of these fields stand; one without a place is the trainer's own."""

    @property
    def base(self) -> str | None:
        """The base model as the file names it."""

    @property
    def findings(self) -> tuple[Fault, ...]:
        """What was not understood, and what changes what is built."""


@dataclass(frozen=True)
class ConfigSource:
    """A config before training.

    Attributes:
        name: what the user calls it: a path, a URL, `-`.
        document: the config as a JSON document, with the place of each value in the user's file;
            None if it cannot be read.
        base: the base model as the file names it, if that is not in the document.
        trainer: the trainer whose file it is; None for an `adapter_config.json` and for options.
        notes: what is wrong with the file, and what a trainer's reader did not understand.
        folder: the folder of the file in reports.
    """

    name: str
    document: Document | None
    base: str | None = None
    trainer: str | None = None
    notes: tuple[Fault, ...] = ()
    folder: str = "."

    @property
    def is_foreign(self) -> bool:
        """Whether it is not in an `adapter_config.json`."""
        return self.document is None or self.document.file != CONFIG_NAME


def source_of_trainer(file: str, text: str, found: TrainerFile, folder: str = ".") -> ConfigSource:
    """Return a trainer's file as a config with places in that file.

    Args:
        file: the name of the file in reports.
        text: its text.
        found: what the reader of the trainer's files found in it.
        folder: the folder of the file in reports.
    """
    config = with_method(found.config)
    starts, root = line_starts(text), Span((0, min(1, len(text))))
    inside = {
        name: Span(
            (_offset(starts, at.line, at.column), _offset(starts, at.end_line, at.end_column))
        )
        for name, at in found.places.items()
    }
    spans = Spans(Span(root.value, None, inside))
    document = Document(file, text, config, ParsedText(config, spans))
    return ConfigSource(
        f"{folder}/{file}" if folder != "." else file,
        document,
        found.base,
        found.trainer,
        tuple(found.findings),
        folder,
    )


def with_method(config: Mapping[str, Json]) -> JsonObject:
    """Return the config with the method, which PEFT's `LoraConfig` sets itself."""
    return {"peft_type": LORA, **config}


def _offset(starts: list[int], line: int, column: int) -> int:
    return starts[min(line, len(starts)) - 1] + column - 1
