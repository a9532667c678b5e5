"""The facts about a config class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from loracfg.base.catalogue.configs.config_values import NO_DEFAULT
from loracfg.base.catalogue.configs.field_types import FieldCheck
from loracfg.base.catalogue.configs.programs import Program
from loracfg.base.catalogue.evaluation.rows import Rows
from loracfg.base.catalogue.evaluation.surroundings import ConfigClasses

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


class ReleaseLibrary(ConfigClasses, Protocol):
    """The config classes of a release, as they see each other."""

    @property
    def source(self) -> ConfigClassSource:
        """The source of the facts."""

    @property
    def is_older(self) -> bool:
        """Whether the release is one of transformers 4."""

    @property
    def generation(self) -> frozenset[str]:
        """Keys for generation, which do not describe the model."""

    @property
    def generation_defaults(self) -> Mapping[str, object]:
        """Their defaults, in transformers 4."""


class Facts:
    """The facts about a config class, including those about its bases.

    Attributes:
        library: the classes of the release.
        fields: defaults by name, in order; `NO_DEFAULT` without a default.
        checks: the check of each field.
        names: aliases of attributes.
        parts: inner configs: class or None, type, default values, whether null stays null.
        programs: what methods compute: `post`, `init`, `text`, `check ...`, `get ...`, `set ...`.
        rope: how older keys for rotary positions are read; None for the usual way.
        is_loose: whether the class checks none of its fields.
        reads_dicts: whether the class has its own way to read a dict.
        writes_dicts: whether the class has its own way to write a dict.
    """

    def __init__(self, library: ReleaseLibrary, *, is_loose: bool = False) -> None:
        self.library = library
        self.fields: dict[str, Any] = {}
        self.checks: dict[str, FieldCheck] = {}
        self.names: dict[str, str] = {}
        self.parts: dict[str, list[Any]] = {}
        self.programs: dict[str, Program] = {}
        self.rope: dict[str, Any] | None = None
        self.is_loose = is_loose
        self.reads_dicts = self.writes_dicts = False
        self.start: Start | None = None

    def add_fields(self, fields: Mapping[str, FieldRecord]) -> None:
        """Add the fields of a class, `[type, default, checks]`, to those of its bases."""
        activations = self.library.source.activations
        kind: Any
        for name, (kind, *rest) in fields.items():
            self.fields[name] = rest[0] if rest else NO_DEFAULT
            if not self.is_loose:
                checks: Any = rest[1] if rest[1:] else []
                self.checks[name] = FieldCheck(name, kind, checks, activations)


class Start:
    """The state of a new config of a class, before any key is read.

    Attributes:
        plain: defaults that may be shared and need no check; none if the order matters because a
            field has an alias or is a property.
        others: all other fields, with their defaults.
        validators: methods that check a new config.
    """

    __slots__ = ("others", "plain", "validators")

    def __init__(self, config_class: type, facts: Facts) -> None:
        self.plain: dict[str, Any] = {}
        self.others: dict[str, Any] = {}
        in_order = any(
            name in facts.names or isinstance(getattr(config_class, name, None), property)
            for name in facts.fields
        )
        for name, default in facts.fields.items():
            check = facts.checks.get(name)
            is_plain = type(default) not in (dict, list) and default is not NO_DEFAULT
            fits = check is None or check.fitting is None or type(default) in check.fitting
            (self.plain if is_plain and fits and not in_order else self.others)[name] = default
        names = sorted(name for name in dir(config_class) if name.startswith("validate_"))
        self.validators = [getattr(config_class, name) for name in names]
