"""The result of reading a config file: the config as PEFT uses it, and faults."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from loracfg.config.history.releases import PEFT_RELEASE
from loracfg.config.model.constraints import Conflict, Constraint, at_stake, staged_conflicts
from loracfg.named_tuple import NamedTuple
from loracfg.report.fault import Fault

if TYPE_CHECKING:
    from loracfg.config.model.config_values import ConfigValues


class RefusedValue(NamedTuple):
    """A value that PEFT rejects, as text, with what it accepts and the permitted values."""

    pointer: str
    given: str
    wanted: str
    choices: tuple[str, ...]


class UnknownKey(NamedTuple):
    """A key that is not a field, and the field that the author probably meant, if any."""

    name: str
    intended: str | None = None


class RemovedKeys(NamedTuple):
    """Keys that PEFT has removed."""

    names: tuple[str, ...]


class ConfigReading(NamedTuple):
    """A config as read from a file.

    Attributes:
        config: the values that PEFT uses. A value that only PEFT accepts is replaced by what it
            means to PEFT, and one that PEFT fails on by the field's default. If no field has a
            fault, this may be a `PlainConfig`.
        present: the keys in the file.
        unusable: the fields with a value that PEFT fails on, or that is not known.
        faults: what is wrong with single fields.
        conflicts: the constraints between fields that the config breaks.
        at_stake: the constraints that it may break in some release.
        unknown: the fields with a value that is not known, and why.
    """

    config: ConfigValues
    present: frozenset[str]
    unusable: frozenset[str]
    faults: tuple[Fault, ...]
    conflicts: tuple[Conflict, ...]
    at_stake: tuple[Constraint, ...] = ()
    unknown: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(
        cls,
        config: ConfigValues,
        given: Iterable[str],
        unusable: Iterable[str] = (),
        faults: Iterable[Fault] = (),
    ) -> ConfigReading:
        """Return the reading of a config, with the conflicts between its usable fields."""
        stake, broken = at_stake(config), frozenset(unusable)
        found = [conflict for _, conflict in staged_conflicts(config, PEFT_RELEASE, stake)]
        between_usable = tuple(c for c in found if broken.isdisjoint((c.field, *c.others)))
        return cls(config, frozenset(given), broken, tuple(faults), between_usable, stake)

    def without(self, unknown: Mapping[str, str]) -> ConfigReading:
        """Return the reading if the values of some fields are not known, with the reasons."""
        return self._replace(
            unusable=self.unusable | unknown.keys(),
            conflicts=tuple(
                c for c in self.conflicts if unknown.keys().isdisjoint((c.field, *c.others))
            ),
            unknown=tuple(unknown.items()),
        )

    def usable(self, *fields: str) -> bool:
        """Return whether PEFT can use the values of all these fields."""
        return self.unusable.isdisjoint(fields)
