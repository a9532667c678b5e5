"""The source of the facts about the config classes of a release, and what facts compute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from loracfg.base.catalogue.evaluation.rows import Rows

if TYPE_CHECKING:
    from loracfg.base.catalogue.evaluation.config import Config
    from loracfg.base.catalogue.program_data import Computation, ConfigRecord, FieldRecord


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


class ConfigMethod(Protocol):
    """What a class computes in a method."""

    @property
    def data(self) -> Computation:
        """Lists of checks, assignments and so on, by their key in the facts."""

    def run(
        self, config: Config, keywords: Mapping[str, object], before: Config | None = None
    ) -> ProgramRun:
        """Start the evaluation for a config."""

    def result(self, config: Config) -> Any:
        """Return what the method returns for a config."""
