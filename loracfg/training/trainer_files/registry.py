"""The trainers whose files can be read: ours, and those of plug-ins.

A package adds trainers with the entry point group `loracfg.trainers`; each entry is a `Trainer`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from loracfg.errors import LoracfgError
from loracfg.sources.trainer_marks import MARKS
from loracfg.training.trainer_files import (
    axolotl,
    llama_factory,
    mlx_lm,
    ms_swift,
    trl,
)
from loracfg.training.trainer_files.trainer import Trainer

if TYPE_CHECKING:
    from collections.abc import Sequence, Set
    from importlib.metadata import EntryPoint

    from loracfg.training.trainer_files.shell_words import ShellWord

GROUP: Final = "loracfg.trainers"
"""The entry point group of plug-ins."""

TRAINERS: Final = (
    axolotl.TRAINER,
    llama_factory.TRAINER,
    trl.TRAINER,
    ms_swift.TRAINER,
    mlx_lm.TRAINER,
)


@cache
def trainers() -> tuple[Trainer, ...]:
    """Return all trainers: ours, then those of plug-ins.

    Raises:
        LoracfgError: the trainer of a package cannot be loaded.
    """
    from importlib.metadata import entry_points

    return (*TRAINERS, *(_load(entry) for entry in entry_points(group=GROUP)))


def trainer_of_keys(keys: Set[str]) -> Trainer | None:
    """Return the trainer whose file has these keys, or None."""
    by_name = {one.name: one for one in trainers()}
    plugged = (marks for one in trainers() for marks in one.marks)
    for marks in (*MARKS, *plugged):
        if marks.match(keys) and marks.trainer in by_name:
            return by_name[marks.trainer]
    return None


def find_command(words: Sequence[ShellWord]) -> tuple[Trainer, Sequence[ShellWord]] | None:
    """Return the trainer that a command calls, and the arguments; None if it calls none."""
    texts = [word.text for word in words]
    for at, text in enumerate(texts):
        for trainer in trainers():
            for command in trainer.commands:
                if not f"/{text}".endswith(f"/{command.program}"):
                    continue
                if not command.verbs:
                    return trainer, words[at + 1 :]
                if at + 1 < len(texts) and texts[at + 1] in command.verbs:
                    return trainer, words[at + 2 :]
    return None


def _load(entry: EntryPoint) -> Trainer:
    try:
        found = entry.load()
    except Exception as error:
        raise _error(entry, f"it cannot be loaded (`{error}`)") from error
    if not isinstance(found, Trainer):
        raise _error(entry, "it is not a `Trainer`")
    return found


def _error(entry: EntryPoint, why: str) -> LoracfgError:
    package = entry.dist.name if entry.dist else "a package"
    declared = f"the entry point `{entry.name} = {entry.value}` of `{package}`"
    return LoracfgError(f"{declared} cannot be used: {why}", f"fix or uninstall `{package}`")
