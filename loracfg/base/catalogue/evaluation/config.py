"""Configs as records. Names from files are keys of tables, never names of Python's attributes.

A `Config` has attributes as data. What its class computes, shares or checks is in the tables of its
`ConfigClass`, which facts fill.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Protocol

from loracfg.base.catalogue.evaluation.budget import Budget
from loracfg.base.catalogue.evaluation.layer_differences import LayerDifferences
from loracfg.base.catalogue.evaluation.refusals import DeclinedError, RefusedError
from loracfg.named_tuple import NamedTuple

if TYPE_CHECKING:
    from loracfg.base.catalogue.evaluation.facts_source import (
        ConfigClassSource,
        FieldTest,
        ProgramRun,
    )
    from loracfg.base.catalogue.program_data import Computation

GLOBAL_ACCESS: Final = "allow_global_per_layer_attribute_access"
"""The attribute by which a config may be read although its layers differ."""
DIRECTLY: Final = "__dict__."
"""The prefix of attributes that are set although the class computes them."""
NOT_THROUGH: Final = ("_name_or_path", "model_type", "dtype", "_attn_implementation_internal")
"""The attributes of a config that are its own if it passes on all others to a part."""


class Member(NamedTuple):
    """A computed attribute: how to read it, and how to set it if that is possible."""

    read: Callable[[Config], Any]
    write: Callable[[Config, Any], None] | None = None


class Start(NamedTuple):
    """The state of a new config of a class, before any key is read.

    Attributes:
        plain: defaults that may be shared and need no check; none if the order matters because a
            field has an alias or is computed.
        others: all other fields, with their defaults.
        validators: methods that check a new config.
    """

    plain: dict[str, Any]
    others: dict[str, Any]
    validators: list[Callable[[Config], None]]


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


class ConfigClasses(Protocol):
    """The config classes of a release, and what the release does with their configs."""

    types: Mapping[str, str]
    """Config classes by `model_type`."""
    source: ConfigClassSource
    """The source of the facts."""
    is_older: bool
    """Whether the release is one of transformers 4."""
    generation: frozenset[str]
    """Keys for generation, which do not describe the model."""
    generation_defaults: Mapping[str, object]
    """Their defaults, in transformers 4."""
    base_methods: Mapping[str, Callable[[Config], None]]
    """The methods of the base class that others may call by name."""

    def config_class(self, name: str) -> ConfigClass:
        """Return a class by its name."""

    def class_of_type(self, model_type: object) -> ConfigClass:
        """Return the class of a `model_type`."""

    def make(
        self, config_class: ConfigClass, values: Mapping[str, object], budget: Budget
    ) -> Config:
        """Create a config of a class from the keys of a `config.json`."""

    def from_dict(
        self, config_class: ConfigClass, values: Mapping[str, object], budget: Budget
    ) -> Config:
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

    def text_config(self, config: Config, decoder: object = None, encoder: object = None) -> object:
        """Return the part of a config that describes the text model, or the config itself."""

    def call(self, config: Config, method: str) -> object:
        """Return the result of one of the methods of configs that facts may name."""

    def frequencies(self, config: Config, kind: object, layer_type: object) -> int:
        """Return the number of frequencies of rotary positions."""

    def check_generation(self, config: Config) -> None:
        """Check the settings for generation, like a new model that generates."""


class ConfigClass:
    """A class of configs: the facts about it, including those about its bases.

    Attributes:
        name: the name.
        library: the classes of the release; None for the arguments of a diffusers class.
        lineage: the class itself and its bases, nearest first.
        own: what the class adds: constants, and members.
        constants: values that all configs of the class share.
        members: computed attributes.
        methods: what other methods may call by name.
        fields: defaults by name, in order; `NO_DEFAULT` without a default.
        checks: the check of each field.
        names: aliases of attributes.
        parts: inner configs: class or None, type, default values, whether null stays null.
        programs: what methods compute: `post`, `init`, `text`, `check ...`, `get ...`, `set ...`.
        rope: how older keys for rotary positions are read; None for the usual way.
        through: the part whose attributes are those of the config.
        shared: parts that get the values of some attributes: their keys, and the attributes.
        is_config: whether it is a config class, rather than a base of some.
        is_loose: whether the class checks none of its fields.
        reads_dicts: whether the class has its own way to read a dict.
        writes_dicts: whether the class has its own way to write a dict.
        reserved: attributes that a config must not set.
        withheld: attributes of the library's configs that ours do not have.
        start: the state of a new config, when it was needed once.
    """

    def __init__(
        self,
        name: str,
        library: ConfigClasses | None = None,
        bases: Sequence[ConfigClass] = (),
        own: Mapping[str, object] | None = None,
        methods: Mapping[str, Callable[[Config], None]] | None = None,
    ) -> None:
        self.name, self.library = name, library
        self.own = own or {}
        # a class comes before its bases, as in Python
        inherited = reversed([one for base in bases for one in base.lineage])
        self.lineage: tuple[ConfigClass, ...] = (self, *reversed(dict.fromkeys(inherited)))
        self.names_of_lineage = frozenset(one.name for one in self.lineage)
        visible: dict[str, Any] = {}
        for one in reversed(self.lineage):
            visible |= one.own
        self.members = {k: one for k, one in visible.items() if type(one) is Member}
        self.constants = {k: one for k, one in visible.items() if type(one) is not Member}
        self.methods: dict[str, Callable[[Config], None]] = {}
        for base in reversed(bases):
            self.methods |= base.methods
        self.methods |= methods or {}
        known: list[ConfigClass] = [base for base in bases if base.is_config]
        first = known[0] if known else None
        self.fields: dict[str, Any] = {
            name: one for base in reversed(known) for name, one in base.fields.items()
        }
        self.checks: dict[str, FieldTest] = dict(first.checks) if first else {}
        self.names: dict[str, str] = first.names if first else {}
        self.parts: dict[str, list[Any]] = first.parts if first else {}
        self.programs: dict[str, ConfigMethod] = dict(first.programs) if first else {}
        self.rope: dict[str, Any] | None = first.rope if first else None
        self.through: str | None = first.through if first else None
        self.shared: dict[str, list[str]] = first.shared if first else {}
        self.is_config: bool = first is not None
        self.is_loose: bool = first.is_loose if first else False
        self.reads_dicts: bool = first.reads_dicts if first else False
        self.writes_dicts: bool = first.writes_dicts if first else False
        self.reserved: frozenset[str] = first.reserved if first else frozenset()
        self.withheld: frozenset[str] = first.withheld if first else frozenset()
        self.start: Start | None = None

    def is_a(self, name: str) -> bool:
        """Return whether the class or one of its bases has a name."""
        return name in self.names_of_lineage


class Config:
    """A config of a class, as the library's config object.

    Attributes:
        config_class: its class.
        attributes: the values that were set, by name.
        budget: the remaining budget of the request.
        layers: how layers differ, if they do.
    """

    __slots__ = ("attributes", "budget", "config_class", "layers")

    def __init__(
        self, config_class: ConfigClass, attributes: dict[str, Any], budget: Budget
    ) -> None:
        self.config_class, self.attributes, self.budget = config_class, attributes, budget
        self.layers: LayerDifferences | None = None

    @property
    def library(self) -> ConfigClasses:
        """The config classes of the release.

        Raises:
            DeclinedError: if the config does not have them.
        """
        if self.config_class.library is None:
            raise DeclinedError("the model creates a config")
        return self.config_class.library

    def __repr__(self) -> str:
        """Return the name of the class, for messages."""
        return f"{self.config_class.name}(...)"

    def read(self, name: str) -> Any:
        """Return an attribute.

        Raises:
            AttributeError: if there is none.
            RefusedError: if layers differ in it.
            DeclinedError: if its value is unknown.
        """
        if self.layers is not None:
            self._refuse_differing(name, self.layers)
        config_class = self.config_class
        if config_class.through is not None:
            part = self._part_with(name)
            if part is not None:
                return part.read(name)
        return self.read_plainly(name)

    def read_plainly(self, name: str) -> Any:
        """Return an attribute, whether or not layers differ in it or a part has it, too.

        Raises:
            AttributeError: if there is none.
            DeclinedError: if its value is unknown.
        """
        config_class = self.config_class
        member = config_class.members.get(name)
        if member is not None:
            return member.read(self)
        attributes = self.attributes
        if name in attributes:
            return attributes[name]
        if name in config_class.constants:
            return copy_value(config_class.constants[name])
        if name in config_class.withheld or name in config_class.reserved or name[:2] == "__":
            raise DeclinedError(f"the value of `{name}` in a config is unknown")
        raise AttributeError(f"{config_class.name} has no {name}")

    def get(self, name: str, default: object = None) -> Any:
        """Return an attribute, or a default if there is none."""
        try:
            return self.read(name)
        except AttributeError:
            return default

    def has(self, name: str) -> bool:
        """Return whether there is an attribute."""
        if name in self.config_class.withheld:
            return True
        try:
            self.read(name)
        except AttributeError:
            return False
        return True

    def set(self, name: str, value: object) -> None:
        """Set an attribute, which a field may check.

        Raises:
            RefusedError: if the field does not accept the value.
            AttributeError: if the attribute is computed and cannot be set.
            DeclinedError: if the library would need the attribute for something else.
        """
        config_class = self.config_class
        if config_class.through is not None:
            part = self._part_with(name, is_set=True)
            if part is not None:
                part.set(name, value)
                return
        if name in config_class.shared.get("names", ()):
            for key in config_class.shared["parts"]:
                as_config(self.read(key)).set(name, value)
        check = config_class.checks.get(name)
        if check is not None:
            fitting = check.fitting
            if fitting is not None and type(value) not in fitting:
                check(value)
        elif name in config_class.reserved or name.startswith("__"):
            raise DeclinedError(f"the config sets `{name}`")
        self.put(name, value)

    def put(self, name: str, value: object) -> None:
        """Set an attribute without a check.

        Raises:
            AttributeError: if it is computed and cannot be set.
        """
        member = self.config_class.members.get(name)
        if member is None:
            self.attributes[name] = value
        elif member.write is None:
            raise AttributeError(f"{self.config_class.name} cannot set {name}")
        else:
            member.write(self, value)

    def copy(self) -> Config:
        """Return a copy with the same values."""
        made = Config(self.config_class, self.attributes.copy(), self.budget)
        made.layers = self.layers
        return made

    def _refuse_differing(self, name: str, layers: LayerDifferences) -> None:
        is_hidden = self.config_class.names.get(name, name) in layers.hidden
        if is_hidden and not self.attributes.get(GLOBAL_ACCESS):
            raise RefusedError(f"`{name}` differs per layer (`per_layer_config`)")

    def _part_with(self, name: str, *, is_set: bool = False) -> Config | None:
        """Return the part that an attribute is passed on to, if there is one."""
        through = self.config_class.through
        if name in NOT_THROUGH or through not in self.attributes:
            return None
        part = self.attributes[through]
        if part is None and is_set:
            return None
        if type(part) is not Config:
            raise TypeError(f"{type(part).__name__} has no attributes")
        return part if name in part.attributes else None


def copy_value(value: Any) -> Any:
    """Return an independent copy of a value, with copies of the configs in it."""
    if isinstance(value, (list, tuple)):
        return type(value)(map(copy_value, value))
    if isinstance(value, dict):
        return {key: copy_value(part) for key, part in value.items()}
    if isinstance(value, Config):
        value.budget.spend_items(len(value.attributes))
        made = value.copy()
        made.attributes = copy_value(value.attributes)
        return made
    return value.copy() if isinstance(value, set) else value


def as_config(value: object) -> Config:
    """Return a value that is a config.

    Raises:
        AttributeError: if it is something else.
    """
    if type(value) is not Config:
        raise AttributeError(f"{type(value).__name__} is not a config")
    return value


def get_attribute(value: object, name: str, default: object = None) -> Any:
    """Return an attribute of a value; a default if it is not a config that has one."""
    return value.get(name, default) if type(value) is Config else default
