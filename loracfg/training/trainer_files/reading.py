"""Reads a trainer's file: YAML, JSON, a shell script, or arguments."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from loracfg.document.json_document import read_document
from loracfg.document.yaml_document import read_yaml
from loracfg.errors import LoracfgError
from loracfg.sources.trainer_marks import MAX_BYTES
from loracfg.training.trainer_files.options import (
    TrainerOptions,
    options_of_json,
    options_of_words,
    options_of_yaml,
)
from loracfg.training.trainer_files.registry import find_command, trainer_of_keys
from loracfg.training.trainer_files.shell_words import commands_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loracfg.training.trainer_files.shell_words import ShellWord
    from loracfg.training.trainer_files.trainer import Trainer
    from loracfg.training.trainer_files.trainer_file import TrainerFile

_YAML: Final = frozenset({".yaml", ".yml"})
_OPTION_FILES: Final = _YAML | {".json"}


def read_trainer_file(name: str, text: str) -> TrainerFile | None:
    """Read a trainer's file into the PEFT config that the trainer builds.

    The suffix of the name decides between YAML, JSON and shell scripts. Without one of these, text
    that begins with `--` is taken as arguments, `{` means JSON, and everything else is YAML if it
    is a mapping, or else a script.

    Args:
        name: the name of the file, for messages and places.
        text: its content.

    Returns:
        what the file says, or None if it is not a file of a known trainer.

    Raises:
        LoracfgError: the text is too large, is YAML that cannot be parsed or a script that names
            the file to read, or PyYAML is missing.
    """
    found = _options_of(name, text)
    if found is None:
        return None
    options, trainer = found
    trainer = trainer or trainer_of_keys(options.names())
    return trainer.read(options) if trainer else None


def _options_of(name: str, text: str) -> tuple[TrainerOptions, Trainer | None] | None:
    """Return the options of a text, and the trainer if a command names it."""
    suffix, start = PurePath(name).suffix.lower(), text.lstrip()[:2]
    if suffix in _YAML:
        document = read_yaml(text, name)
        return (options_of_yaml(document), None) if document else None
    if suffix == ".json" or (suffix != ".sh" and start[:1] == "{"):
        return _of_json(name, text)
    if suffix == ".sh" or start == "--" or text.startswith("#!"):
        return _of_script(name, text)
    try:
        document = read_yaml(text, name)
    except LoracfgError:
        document = None  # it need not be YAML
    return (options_of_yaml(document), None) if document else _of_script(name, text)


def _of_json(name: str, text: str) -> tuple[TrainerOptions, Trainer | None] | None:
    document, _ = read_document(text.encode(), name)
    if document is None or not isinstance(document.value, dict):
        return None
    return options_of_json(document), None


def _of_script(name: str, text: str) -> tuple[TrainerOptions, Trainer | None] | None:
    """Return the options of the first command that calls a trainer, or of arguments alone."""
    if len(text) > MAX_BYTES:
        message = f"`{name}` has {len(text)} characters, more than the limit of {MAX_BYTES}"
        raise LoracfgError(message, "pass the command of one training run")
    for words in commands_of(text, name):
        if words[0].text.startswith("--"):
            return options_of_words(words, name), None
        if found := find_command(words):
            trainer, arguments = found
            _refuse_other_file(name, trainer, arguments)
            has_options = any(word.text.startswith("-") for word in arguments)
            if has_options and trainer.reads_words:
                return options_of_words(arguments, name), trainer
    return None


def _names_options(text: str) -> bool:
    return PurePath(text).suffix.lower() in _OPTION_FILES


def _refuse_other_file(name: str, trainer: Trainer, arguments: Sequence[ShellWord]) -> None:
    """Refuse a command that takes its options from a file, which is its first argument.

    A variable in that place may also stand for options, which are not known either.

    Raises:
        LoracfgError: it does.
    """
    places = arguments[:1] if trainer.reads_words else arguments
    files = [word for word in places if _names_options(word.text)]
    files += (word for word in places if not word.is_literal and not word.text.startswith("-"))
    for word in files[:1]:
        message = f"`{name}` starts {trainer.name} with the options of `{word.text}`"
        advice = f"pass `{word.text}`" if word.is_literal else "write out what it stands for"
        raise LoracfgError(f"{message}, which is not read", advice)
