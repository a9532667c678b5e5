"""What a reader of a trainer's files declares."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Literal

from loracfg.named_tuple import NamedTuple
from loracfg.sources.trainer_marks import Marks
from loracfg.training.trainer_files.options import TrainerOptions
from loracfg.training.trainer_files.trainer_file import TrainerFile

if TYPE_CHECKING:
    from loracfg.training.trainer_files.config_draft import ConfigDraft

Agreement = Literal["agrees", "differs", "not understood"]
"""How an option relates to PEFT: as its name says, differently, or it is not read."""


class OptionFact(NamedTuple):
    """A documented option, for the table in the docs: the PEFT field that it sets, if any."""

    option: str
    field: str | None
    remark: str = ""
    agreement: Agreement = "agrees"


class Command(NamedTuple):
    """How a trainer is called: a program or script, by the end of its path, and its argument."""

    program: str
    verbs: frozenset[str] = frozenset()


class Trainer(NamedTuple):
    """A trainer whose files can be read.

    Attributes:
        name: its name. `loracfg.sources.trainer_marks` has the keys of the files of ours.
        release: the release that the reader was compared with.
        read: the reader.
        options: the options for the table in the docs.
        commands: how it is called on a command line.
        marks: the keys of its files, of a plug-in.
        reads_words: whether a command line without a file can have all options.
    """

    name: str
    release: str
    read: Callable[[TrainerOptions], TrainerFile]
    options: Sequence[OptionFact]
    commands: Sequence[Command] = ()
    marks: Sequence[Marks] = ()
    reads_words: bool = True


def unread_options(
    draft: ConfigDraft,
    trainer: str,
    release: str,
    known: Iterable[OptionFact],
    prefixes: tuple[str, ...],
) -> None:
    """Note options that are named like those for adapters, but are not among them."""
    names = {fact.option.partition(".")[0] for fact in known}
    for option in draft.options:
        if option.name.startswith(prefixes) and option.name not in names:
            why = f"{trainer} {release} has no such option"
            draft.note("not-understood", option, why, at_key=True)
