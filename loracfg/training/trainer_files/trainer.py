"""What a reader of a trainer's files declares."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final, Literal

from loracfg.named_tuple import NamedTuple
from loracfg.sources.trainer_marks import Marks
from loracfg.training.trainer_files.options import TrainerOptions
from loracfg.training.trainer_files.trainer_file import NoteKind, TrainerFile

if TYPE_CHECKING:
    from loracfg.training.trainer_files.config_draft import ConfigDraft

Agreement = Literal["agrees", "differs", "not understood"]
"""How an option relates to PEFT: as its name says, differently, or it is not read."""


_LIKENESS: Final = 0.84
_OF_PEFT: Final = frozenset(
    (
        *("r", "target_modules", "exclude_modules", "target_parameters", "modules_to_save"),
        *("rank_pattern", "alpha_pattern", "layers_to_transform", "layers_pattern", "use_dora"),
        *("use_rslora", "init_lora_weights", "layer_replication", "trainable_token_indices"),
    )
)
"""Fields of `LoraConfig` whose names mean nothing else in a trainer's file."""


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
    misspelt: NoteKind = "not-understood",
) -> None:
    """Note options that are named like those for adapters, but are not among them.

    Args:
        draft: where to note them.
        trainer: the name of the trainer.
        release: its release.
        known: all options for adapters.
        prefixes: how the names of options for adapters begin.
        misspelt: what a misspelt option is: `differs` if the trainer drops it.
    """
    names = {fact.option.partition(".")[0]: fact.field for fact in known}
    for option in draft.options:
        is_alike = option.name.startswith(prefixes) or option.name in _OF_PEFT
        if not is_alike or option.name in names:
            continue
        near = _meant(option.name, names, draft.options)
        kind = misspelt if near else "not-understood"
        if kind == "differs" and option.value is None:
            continue
        why = f"{trainer} {release} has no such option"
        if kind != "not-understood":
            why = "there is no such option" + (", so it is dropped" if kind == "differs" else "")
        draft.note(kind, option, why, at_key=True, nearest=near)


def _meant(name: str, fields: Mapping[str, str | None], given: TrainerOptions) -> tuple[str, ...]:
    """Return the option that an unknown one stands for; nothing if that is not clear.

    Parsers of command lines take the beginning of a name for the name.
    """
    if given.is_from_words and any(known.startswith(name) for known in fields):
        return ()
    absent = {known: field for known, field in fields.items() if known not in given}
    of_field = next((known for known, field in absent.items() if field == name), None)
    return (of_field,) if of_field else (*get_close_matches(name.lower(), absent, 1, _LIKENESS),)
