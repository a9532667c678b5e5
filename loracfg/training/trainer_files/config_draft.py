"""Collects what a reader finds out, and makes a `TrainerFile` of it."""

from __future__ import annotations

from collections.abc import Iterable, Set
from functools import partial
from typing import TYPE_CHECKING, Final

from loracfg.training.trainer_files.trainer_file import (
    NoteKind,
    OptionNote,
    Resolved,
    Resolver,
    TrainerFile,
)

if TYPE_CHECKING:
    from loracfg.base.architecture import Architecture
    from loracfg.document.json_value import Json, JsonObject
    from loracfg.report.report import Region
    from loracfg.training.trainer_files.options import TrainerOption, TrainerOptions

OTHER_FILE: Final = "the options of that file are not read"


class ConfigDraft:
    """The config of an adapter while its options are read."""

    def __init__(self, options: TrainerOptions) -> None:
        """Create an empty draft."""
        self.options = options
        self.config: JsonObject = {}
        self._places: dict[str, Region] = {}
        self._keys: dict[str, Region] = {}
        self._options: dict[str, TrainerOption] = {}
        self._notes: list[OptionNote] = []
        self._unresolved: dict[str, None] = {}
        self._resolver: Resolver | None = None

    def set(self, field: str, value: Json, option: TrainerOption | None = None) -> None:
        """Set a field of the config, which comes from an option, or from none if it is a default.

        If the value is a list, its items must be those of the option, in order.
        """
        self.config[field] = value
        self.place(field, option, has_parts=isinstance(value, list | dict))

    def place(self, field: str, option: TrainerOption | None, *, has_parts: bool = False) -> None:
        """Note the option that a field comes from."""
        if option is None:
            return
        self._options[field] = option
        if option.place.region is not None:
            self._places[field] = option.place.region
        for part, at in option.parts.items() if has_parts else ():
            if at.region is not None:
                self._places[f"{field}/{part}"] = at.region
        for part, at in option.part_keys.items() if has_parts else ():
            if at.region is not None:
                self._keys[f"{field}/{part}"] = at.region

    def note(
        self,
        kind: NoteKind,
        option: TrainerOption,
        why: str,
        field: str | None = None,
        *,
        at_key: bool = False,
        nearest: tuple[str, ...] = (),
    ) -> None:
        """Add a note about an option."""
        place = option.key if at_key else option.place
        value = None if isinstance(option.value, dict) else option.value
        if self.options.is_from_words and isinstance(value, list):
            value = " ".join(map(str, value)) or None
        self._notes.append(OptionNote(kind, option.name, place, why, value, field, nearest))

    def note_absence(self, kind: NoteKind, name: str, why: str) -> None:
        """Add a note about an option that is not given."""
        self._notes.append(OptionNote(kind, name, self.options.whole, why))

    def leave_to_base(self, fields: tuple[str, ...], resolver: Resolver) -> None:
        """Leave fields to a function of the base, which may also change others."""
        self._unresolved.update(dict.fromkeys(fields))
        self._resolver = resolver

    def leave_to_file(self, option: TrainerOption, fields: Iterable[str]) -> None:
        """Take fields as unknown, which another file may set that is not read.

        Args:
            option: the option that names the file.
            fields: the fields; if there are none, the file may still set other options.
        """
        unknown = list(fields)
        self.note("not-understood", option, OTHER_FILE, unknown[0] if unknown else None)
        for field in unknown:
            self.place(field, option)

    def finish(
        self, trainer: str, release: str, base: TrainerOption | None, main: TrainerOption | None
    ) -> TrainerFile:
        """Return the file that was read.

        Args:
            trainer: the trainer's name.
            release: the release whose code was compared with the reader.
            base: the option that names the base.
            main: the option that makes the trainer train LoRA.
        """
        is_lora = all(note.kind != "no-lora" for note in self._notes)
        about = [one for one in self._notes if one.kind == "not-understood" and one.field]
        names = {one.option for one in about}
        unknown = {one.field for one in about if one.field}
        unknown |= {field for field, option in self._options.items() if option.name in names}
        config = {field: one for field, one in self.config.items() if field not in unknown}
        unresolved = dict.fromkeys((*self._unresolved, *sorted(unknown)))
        resolver = self._resolver and partial(_without, frozenset(unknown), self._resolver)
        return TrainerFile(
            trainer=trainer,
            release=release,
            file=self.options.file,
            config=config if is_lora else {},
            places=self._places,
            place=main.place if main else self.options.whole,
            base=_text_of(base),
            base_place=base.place if base else None,
            notes=tuple(self._notes),
            unresolved=tuple(unresolved) if is_lora else (),
            resolver=resolver if is_lora else None,
            keys=self._keys,
            options=self._options,
        )


def _without(unknown: Set[str], resolver: Resolver, base: Architecture) -> Resolved:
    """Return what a base adds, without the fields that are not understood."""
    found = resolver(base)
    kept = {field: value for field, value in found.config.items() if field not in unknown}
    return found._replace(config=kept)


def _text_of(option: TrainerOption | None) -> str | None:
    if option is None or option.is_odd:
        return None
    match option.value:
        case str(text) | [str(text)]:
            return text
        case _:
            return None
