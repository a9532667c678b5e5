"""What a trainer's file says about the adapter that will be trained."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

from loracfg.document.display import printable, show
from loracfg.document.pointer import unescape
from loracfg.named_tuple import NamedTuple
from loracfg.report.evidence import OptionOfTrainer
from loracfg.report.fault import Fault
from loracfg.report.report import Location, Region

if TYPE_CHECKING:
    from loracfg.base.architecture import Architecture
    from loracfg.document.json_value import Json, JsonObject
    from loracfg.training.trainer_files.options import TrainerOption

NoteKind = Literal["no-lora", "not-understood", "rejected", "differs", "unmatched"]
"""What a note says about an option.

- `no-lora`: because of it, the trainer trains no LoRA adapter;
- `not-understood`: it may change the adapter in a way that is not known here;
- `rejected`: the trainer stops because of it;
- `differs`: the adapter differs from what the option, or its name in PEFT, seems to say;
- `unmatched`: it is a name that the trainer finds nowhere in the base.
"""

BASE: Final = "base_model_name_or_path"
"""The PEFT field of the base."""

_LEADS: Final[Mapping[NoteKind, str]] = MappingProxyType(
    {
        "no-lora": "no LoRA adapter is trained",
        "not-understood": "not understood",
        "rejected": "the trainer rejects it",
        "differs": "the adapter differs",
        "unmatched": "it matches nothing",
    }
)


class OptionNote(NamedTuple):
    """Something to know about an option: its name, place and value, and why.

    `why` is a clause without a full stop. `field` is the PEFT field that the option is about, and
    `nearest` has the names of the base that are spelt most like the value, or the option that was
    probably meant.
    """

    kind: NoteKind
    option: str
    place: Location
    why: str
    value: Json = None
    field: str | None = None
    nearest: tuple[str, ...] = ()

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
        keys: the places of the keys of mappings, under `field/key`.
        options: the options that the fields come from.
        is_peft: whether the trainer builds the adapter with PEFT, which saves and loads it.
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
    keys: Mapping[str, Region] = field(default_factory=dict)
    options: Mapping[str, TrainerOption] = field(default_factory=dict)
    is_peft: bool = True

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

    def location(self, pointer: str, *, key: bool = False) -> Location:
        """Return the place in the file that a value of the PEFT config comes from.

        Args:
            pointer: a JSON pointer into the config, such as `/target_modules/1`.
            key: whether the key of a mapping is meant, not its value.
        """
        at = unescape(pointer.strip("/"))
        if key and at in self.keys:
            return Location(self.file, region=self.keys[at])
        if at == BASE and self.base_place is not None:
            return self.base_place
        while at:
            if at in self.places:
                return Location(self.file, region=self.places[at])
            at = at.rpartition("/")[0]
        return self.place

    def unknown(self) -> dict[str, str]:
        """Return the PEFT fields whose values are not known, and why."""
        why = "it cannot be resolved on this base"
        if self.resolver is not None:
            why = f"{self.trainer} takes it from the base, which is not known"
        found = dict.fromkeys(self.unresolved, why)
        for note in self.notes:
            if note.kind == "not-understood" and note.field:
                why = f"it depends on `{note.option}`, which is not understood"
                found |= dict.fromkeys((note.field, *self._fields_of(note.option)), why)
            if note.kind == "rejected" and note.place.region is not None:
                for name in self._fields_at(note.place.region):
                    found[name] = f"{self.trainer} rejects `{note.option}`"
        return found

    def added(self) -> dict[str, frozenset[str]]:
        """Return the entries of lists that are not in the option that the list comes from."""
        lists = ((name, one) for name, one in self.config.items() if isinstance(one, list))
        return {name: frozenset(map(str, one)) - self._given(name, one) for name, one in lists}

    def _given(self, name: str, entries: list[Json]) -> frozenset[str]:
        option = self.options.get(name)
        match option.value if option else ():
            case list(items) | tuple(items):
                return frozenset(map(str, items))
            case str(text):
                return frozenset((text, *(part.strip() for part in text.split(","))))
            case _:  # such as a flag, which stands for names
                return frozenset(map(str, entries))

    def _fields_of(self, option: str) -> Iterator[str]:
        return (name for name, one in self.options.items() if one.name == option)

    def _fields_at(self, region: Region) -> Iterator[str]:
        return (name for name, one in self.places.items() if one == region and "/" not in name)

    @property
    def findings(self) -> tuple[Fault, ...]:
        """The notes as faults, whose kinds are those of the notes after `trainer-`."""
        return tuple(map(self._fault, self.notes))

    def _fault(self, note: OptionNote) -> Fault:
        text, given = note.value, None
        if text is not None:
            given = f"`{printable(text)}`" if isinstance(text, str) else show(text)
        name = note.value if note.kind == "unmatched" and isinstance(note.value, str) else None
        about = self.trainer, self.release, note.option, given, note.why, note.field
        data = OptionOfTrainer(*about, name, note.nearest)
        return Fault(f"trainer-{note.kind}", note.message, note.place, data=data)
