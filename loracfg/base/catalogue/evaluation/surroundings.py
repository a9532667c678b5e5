"""The interfaces that evaluating rows needs: config classes of a release, and inner models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from loracfg.base.catalogue.evaluation.budget import Budget

if TYPE_CHECKING:
    from loracfg.base.catalogue.program_data import Operand, Row


class ConfigClasses(Protocol):
    """The config classes of a release."""

    @property
    def types(self) -> Mapping[str, str]:
        """Config classes by `model_type`."""

    def config_class(self, name: str) -> type[object]:
        """Return a class by its name."""

    def class_of_type(self, model_type: object) -> type[object]:
        """Return the class of a `model_type`."""

    def make(
        self, config_class: type[object], values: Mapping[str, object], budget: Budget
    ) -> object:
        """Create a config of a class from the keys of a `config.json`."""

    def from_dict(
        self, config_class: type[object], values: Mapping[str, object], budget: Budget
    ) -> object:
        """Create a config of a class from a dict, as the class reads files."""

    def backbone(
        self,
        budget: Budget,
        keywords: Mapping[str, object],
        config: object,
        backbone: object,
        model_type: object,
        defaults: object,
        timm: Mapping[str, object] | None,
    ) -> object:
        """Create the config of a backbone from current and older keys."""


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
    def config(self) -> object:
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
