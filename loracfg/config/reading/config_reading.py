"""What a config file says: the config that PEFT works with, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from loracfg.config.history.releases import PEFT_RELEASE
from loracfg.config.model.constraints import Conflict, Constraint, at_stake, staged_conflicts
from loracfg.report.fault import Fault

if TYPE_CHECKING:
    from loracfg.config.model.config_values import ConfigValues


class ConfigReading(NamedTuple):
    """A config as it stands in a file.

    `config` holds what PEFT works with: a value that PEFT takes although the model does not is
    replaced by its meaning, and one that PEFT fails on by the field's default; those fields are
    `unusable`. `present` are the keys that the file gives. `at_stake` are the constraints that the
    config may break in some release.

    Where nothing is wrong with single fields, `config` may be a `PlainConfig`.
    """

    config: ConfigValues
    present: frozenset[str]
    unusable: frozenset[str]
    faults: tuple[Fault, ...]
    conflicts: tuple[Conflict, ...]
    at_stake: tuple[Constraint, ...] = ()

    @classmethod
    def of(
        cls,
        config: ConfigValues,
        given: Iterable[str],
        unusable: Iterable[str] = (),
        faults: Iterable[Fault] = (),
    ) -> ConfigReading:
        """Return the reading of a config, with the conflicts between its usable fields."""
        stake, without = at_stake(config), frozenset(unusable)
        found = [conflict for _, conflict in staged_conflicts(config, PEFT_RELEASE, stake)]
        kept = tuple(c for c in found if without.isdisjoint((c.field, *c.others)))
        return cls(config, frozenset(given), without, tuple(faults), kept, stake)

    def usable(self, *fields: str) -> bool:
        """Tell whether none of the fields holds a value that PEFT fails on."""
        return self.unusable.isdisjoint(fields)
