"""The source of the facts about the config classes of a release, and what facts compute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from loracfg.base.catalogue.evaluation.rows import Rows

if TYPE_CHECKING:
    from loracfg.base.catalogue.program_data import ConfigRecord, FieldRecord


class ConfigClassSource(Protocol):
    """The source of the facts about a release."""

    @property
    def types(self) -> Mapping[str, str]:
        """Config classes by `model_type`."""

    @property
    def generation(self) -> Sequence[str] | dict[str, object]:
        """Keys for generation; in transformers 4 with their defaults."""

    @property
    def activations(self) -> frozenset[str]:
        """Names of activations."""

    @property
    def base_fields(self) -> Mapping[str, FieldRecord]:
        """Fields of all classes: type, default, checks; none in transformers 4."""

    def record(self, class_name: str) -> tuple[ConfigRecord, Rows | None]:
        """Return the facts about a class, and the rows for programs without their own.

        Raises:
            DeclinedError: if there are none.
        """


class ProgramRun(Protocol):
    """The evaluation of a method for one config, which applies its changes."""

    def require(self, key: str) -> None:
        """Check the requirements under a key of the program."""

    def assign(self, key: str) -> None:
        """Set attributes after all values are evaluated."""

    def assign_inside(self, key: str) -> None:
        """Set attributes of parts."""

    def passed_on(self) -> dict[str, object]:
        """Return the keys that are passed to the base."""


class FieldTest(Protocol):
    """The check of a field."""

    @property
    def fitting(self) -> frozenset[type] | None:
        """Types whose values are accepted without a test; None if all values are."""

    def __call__(self, value: object) -> None:
        """Check a value, or raise `RefusedError`."""
