"""The interfaces that evaluating rows needs: inner models, and the evaluation itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from loracfg.base.catalogue.evaluation.budget import Budget
from loracfg.base.catalogue.evaluation.config import Config, ConfigClasses

if TYPE_CHECKING:
    from loracfg.base.catalogue.program_data import Operand, Row


class InnerModels(Protocol):
    """The models that may be inside another model."""

    def attribute(self, mapping: str, config: object, name: str) -> object:
        """Return an attribute of the model that a mapping selects for a config."""

    def has(self, mapping: str, config: object, name: str) -> bool:
        """Tell whether the model that a mapping selects for a config has a module of this name."""

    def activation(self, name: object) -> object:
        """Return the modules of an activation, or raise `RefusedError` if there is none."""


class RowRun(Protocol):
    """The evaluation of rows for a config, as operations see it."""

    @property
    def config(self) -> Config:
        """The value of the row `["c"]`."""

    @property
    def budget(self) -> Budget:
        """The remaining budget of the request."""

    @property
    def rows(self) -> list[Row]:
        """The rows."""

    @property
    def env(self) -> Mapping[object, int]:
        """The current turn of each loop."""

    @property
    def carried(self) -> Mapping[object, object]:
        """The state that the current turn of each loop gets from earlier ones."""

    @property
    def models(self) -> InnerModels | None:
        """The models that may be inside this one."""

    @property
    def library(self) -> ConfigClasses:
        """The config classes of the release."""

    def value(self, operand: Operand) -> object:
        """Return the value of an operand."""

    def values(self, operands: list[Operand]) -> list[object]:
        """Return the values of operands."""

    def items(self, operands: list[Operand]) -> list[object]:
        """Return the items of a list; a loop adds several, and a condition may add none."""

    def scan(self, row: Row) -> object:
        """Return the state of a row `["scan", loop, start, body, turn]` before a turn."""

    def remember_change(self, old: object, new: object) -> None:
        """Remember that a dict or list will get the content of its changed copy."""
