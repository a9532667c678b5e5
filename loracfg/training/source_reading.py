"""From what a user names to a config before training."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from loracfg.config import CONFIG_NAME
from loracfg.document.json_document import MAX_BYTES, Document, read_document
from loracfg.errors import LoracfgError
from loracfg.sources.trainer_marks import SUFFIXES
from loracfg.training.config_source import ConfigSource, source_of_trainer, with_method

if TYPE_CHECKING:
    from loracfg.adapter.files import Files
    from loracfg.document.json_value import Json

OPTIONS: Final = "(options)"
"""The name of a config that is given by options."""
STDIN: Final = "-"
_MAY_BE_ARGUMENTS: Final = frozenset({"", ".txt"})
"""Suffixes of files that are no adapter, but may have the arguments of a trainer."""


def read_source(named: str, *, online: bool = False) -> tuple[ConfigSource, Files | None]:
    """Return the config that is named, and the files beside it, which may have a tokenizer.

    Args:
        named: an `adapter_config.json`, an adapter as for `validate`, a trainer's file, or `-`.
        online: whether to read ids from the Hub.

    Raises:
        LoracfgError: there is no config, or it is not one that loracfg knows.
    """
    if named == STDIN:
        return source_of_text(STDIN, _standard_input()), None
    path = Path(named)
    is_text = path.suffix.lower() in SUFFIXES | _MAY_BE_ARGUMENTS
    if is_text and path.name != CONFIG_NAME and path.is_file():
        folder = "." if path.parent == Path() else str(path.parent)
        return source_of_text(path.name, _bytes_of(path), folder), None
    return _of_adapter(named, online=online)


def source_of_options(values: Mapping[str, Json]) -> ConfigSource:
    """Return the config of options."""
    import json

    value = with_method(values)
    return ConfigSource(OPTIONS, Document(OPTIONS, json.dumps(value, indent=2), value))


def source_of_text(file: str, data: bytes, folder: str = ".") -> ConfigSource:
    """Return the config in a file: a trainer's, or PEFT's.

    Args:
        file: its name in reports.
        data: its bytes.
        folder: its folder in reports.

    Raises:
        LoracfgError: it is not a config that loracfg knows.
    """
    shown = f"{folder}/{file}" if folder != "." else file
    if file != CONFIG_NAME:
        from loracfg.training.trainer_files.reading import read_trainer_file

        text = data.decode("utf-8", errors="replace")
        if found := read_trainer_file(file, text):
            return source_of_trainer(text, found, folder)
    may_be_json = file == STDIN or Path(file).suffix.lower() not in SUFFIXES - {".json"}
    if not (may_be_json and data.lstrip().startswith(b"{")) and not file.endswith(".json"):
        message = f"`{shown}` is not a config of a trainer that loracfg knows"
        raise LoracfgError(message, f"pass the `{CONFIG_NAME}`, or options such as `--r 16`")
    document, faults = read_document(data, CONFIG_NAME if file == STDIN else file)
    return ConfigSource(shown, document, notes=tuple(faults), folder=folder)


def _of_adapter(named: str, *, online: bool) -> tuple[ConfigSource, Files]:
    """Return the config of an adapter, whose weights do not matter."""
    from loracfg.sources.opening import open_source

    source = open_source(named, online=online)
    files = source.files
    sizes = files.sizes()
    if CONFIG_NAME not in sizes:
        message = f"`{named}` has no `{CONFIG_NAME}`"
        raise LoracfgError(message, "pass a config, or options such as `--r 16`")
    try:
        with files.open(CONFIG_NAME) as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        message = f"`{source.named(CONFIG_NAME)}` cannot be read: {error.strerror or error}"
        raise LoracfgError(message, "make the file readable") from None
    document, faults = read_document(data, CONFIG_NAME, sizes[CONFIG_NAME])
    return ConfigSource(source.name, document, notes=tuple(faults), folder=source.name), files


def _bytes_of(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        message = f"`{path}` cannot be read: {error.strerror or error}"
        raise LoracfgError(message, "make the file readable") from None
    return _of_size(data, str(path))


def _standard_input() -> bytes:
    if sys.stdin is None:
        raise LoracfgError("standard input is closed", "redirect a config to it")
    return _of_size(sys.stdin.buffer.read(MAX_BYTES + 1), "standard input")


def _of_size(data: bytes, what: str) -> bytes:
    if len(data) > MAX_BYTES:
        raise LoracfgError(f"`{what}` is too large for a config", "pass a config")
    return data
