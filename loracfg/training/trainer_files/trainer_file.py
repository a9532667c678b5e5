"""What a trainer's file says about the adapter that will be trained."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

from loracfg.document.display import show
from loracfg.named_tuple import NamedTuple
from loracfg.report.fault import Fault
from loracfg.report.report import Location, Region

if TYPE_CHECKING:
    from loracfg.base.architecture import Architecture
    from loracfg.document.json_value import Json, JsonObject

NoteKind = Literal["no-lora", "not-understood", "rejected", "differs"]
"""What a note says about an option.

- `no-lora`: because of it, the trainer trains no LoRA adapter;
- `not-understood`: it may change the adapter in a way that is not known here;
- `rejected`: the trainer stops because of it;
- `differs`: the adapter differs from what the option, or its name in PEFT, seems to say.
"""

_LEADS: Final[Mapping[NoteKind, str]] = MappingProxyType(
    {
        "no-lora": "no LoRA adapter is trained",
        "not-understood": "not understood",
        "rejected": "the trainer rejects it",
        "differs": "the adapter differs",
    }
)


class OptionNote(NamedTuple):
    """Something to know about an option: its name, place and value, and why.

    `why` is a clause without a full stop. `field` is the PEFT field that the option is about.
    """

    kind: NoteKind
    option: str
    place: Location
    why: str
    value: Json = None
    field: str | None = None

    @property
    def message(self) -> str:
        """The note as a sentence without a full stop."""
        given = "" if self.value is None else f" is {show(self.value)}"
        return f"`{self.option}`{given}: {_LEADS[self.kind]}: {self.why}"


class Resolved(NamedTuple):
    """What a base adds to a config: values of fields, and notes."""

    config: JsonObject
    notes: tuple[OptionNote, ...] = ()


Resolver = Callable[["Architecture"], Resolved]
"""Gives the fields that depend on the base."""


@dataclass(frozen=True)
class TrainerFile:
    """The PEFT config that a trainer builds from a file, with the places of its values.

    Attributes:
        trainer: the name of the trainer.
        release: the release of the trainer with whose code the reader was compared.
        file: the name of the file.
        config: values of `LoraConfig` by PEFT's names, as the trainer passes them. What it leaves
            to PEFT is absent, and so are the fields in `unresolved`. It is empty if no LoRA adapter
            is trained.
        places: the place in the file of the value that each field comes from. Parts of lists have
            places of their own, under `field/index`.
        place: the place of the option that makes the trainer train LoRA; for values without option.
        base: the base model that the file names.
        base_place: where it does.
        notes: what is not understood, rejected or different.
        unresolved: the PEFT fields that depend on the base.
        resolver: the function that gives them.
    """

    trainer: str
    release: str
    file: str
    config: JsonObject
    places: Mapping[str, Region]
    place: Location
    base: str | None = None
    base_place: Location | None = None
    notes: tuple[OptionNote, ...] = ()
    unresolved: tuple[str, ...] = ()
    resolver: Resolver | None = field(default=None, repr=False, compare=False)

    @property
    def trains_lora(self) -> bool:
        """Whether the trainer trains a LoRA adapter of PEFT, as far as is understood."""
        return not any(note.kind == "no-lora" for note in self.notes)

    def resolve(self, architecture: Architecture) -> TrainerFile:
        """Return the file with the values that depend on the base.

        Fields that cannot be resolved stay absent, and a note says why.
        """
        if self.resolver is None:
            return self
        found = self.resolver(architecture)
        left = tuple(one for one in self.unresolved if one not in found.config)
        return replace(
            self,
            config=self.config | found.config,
            notes=self.notes + found.notes,
            unresolved=left,
            resolver=None,
        )

    def location(self, pointer: str) -> Location:
        """Return the place in the file that a value of the PEFT config comes from.

        Args:
            pointer: a JSON pointer into the config, such as `/target_modules/1`.
        """
        at = pointer.strip("/")
        while at:
            if at in self.places:
                return Location(self.file, region=self.places[at])
            at = at.rpartition("/")[0]
        return self.place

    @property
    def findings(self) -> tuple[Fault, ...]:
        """The notes as faults, whose kinds are those of the notes after `trainer-`."""
        return tuple(Fault(f"trainer-{note.kind}", note.message, note.place) for note in self.notes)
