"""The layouts of the catalogue: model types, their classes and configs, and their programs.

A layout has the facts about the classes of one major release of a library.
"""

from __future__ import annotations

from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from loracfg.base.catalogue.lines import Lines
from loracfg.base.catalogue.packed import PackedFile
from loracfg.base.catalogue.variants import without_arguments

if TYPE_CHECKING:
    from loracfg.base.catalogue.configs.config_library import ConfigLibrary
    from loracfg.base.catalogue.evaluation.rows import Rows
    from loracfg.base.catalogue.program_data import (
        Activation,
        ConfigRecord,
        IndexData,
        ProgramData,
    )

LAYOUTS: Final = ("5", "4")
"""Major releases of transformers, which name modules differently, newest first."""
DIFFUSERS: Final = "diffusers"
"""The layout of diffusers, which has classes but no model types."""

PACKED: Final = Path(__file__).with_name("packed") / "facts.bin"

_PROGRAMS: Final = 64
"""The number of recently used programs that are cached."""


class Store(Protocol):
    """The storage of a layout's facts."""

    @property
    def index(self) -> IndexData:
        """The data about the whole layout, by section."""
        ...

    def program(self, model_type: str) -> ProgramData:
        """Return the program of a model type.

        Raises:
            KeyError: if there is none.
        """
        ...


class Layout:
    """A layout, which is read on demand.

    Attributes:
        name: its name.
        library: the library and its release, such as `transformers 5.23.0`.
        types: for each model type, the config class and then the model classes.
        is_part: whether the library has more model types. What depends on these is declined.
    """

    def __init__(self, name: str, packed: Store, *, is_part: bool = False) -> None:
        self.name = name
        self.is_part = is_part
        self._packed = packed
        self._mappings: dict[str, dict[str, list[str]]] = {}
        self._programs = lru_cache(_PROGRAMS)(packed.program)
        index = packed.index
        self.library: str = index["library"]
        self.types = Lines(index["types"])
        self._classes = Lines(index["classes"])  # the classes that `types` does not fully describe

    def classes_of(self, model_type: str) -> list[str]:
        """Return the classes of a model type, the preferred ones first."""
        found = self.types.get(model_type)
        return found.split()[1:] if found else []

    def config_of(self, model_type: str) -> str | None:
        """Return the config class of a model type."""
        found = self.types.get(model_type)
        return found.partition(" ")[0] if found else None

    def home_of(self, class_name: str) -> str | None:
        """Return the model type with the program of a class, or None if the class is unknown."""
        found = self._classes.get(class_name)
        if found is None:
            return self.types.key_by_later_word(class_name)
        return found.partition(" ")[0] or None

    def config_class_of(self, class_name: str) -> str | None:
        """Return the config class of a model class."""
        found = self._classes.get(class_name)
        if found is not None:
            return found.partition(" ")[2] or None
        model_type = self.types.key_by_later_word(class_name)
        return None if model_type is None else self.config_of(model_type)

    def home_of_config(self, class_name: str) -> str | None:
        """Return the model type with the program of a config class, or None if it is unknown."""
        found = Lines(self._packed.index["configs"]).get(class_name)
        if found is None:
            return next(iter(self.types.keys_by_first_word(class_name)), None)
        return found or None

    def program_of(self, class_name: str) -> tuple[str, ProgramData]:
        """Return the model type that has a class or a variant of it, with its program.

        Raises:
            KeyError: if there are no facts about the class.
        """
        plain, _ = without_arguments(class_name)
        model_type = self._home(plain)
        program = self.program(model_type)
        if class_name not in program["classes"]:
            raise KeyError(class_name)
        return model_type, program

    def program(self, model_type: str) -> ProgramData:
        """Return the program of a model type, which callers must not change.

        Raises:
            KeyError: if there is none.
        """
        return self._programs(model_type)

    def keywords(self, class_name: str) -> ConfigRecord:
        """Return the parameters of the constructor of a diffusers class.

        Raises:
            KeyError: if the class is unknown.
        """
        model_type = self._home(class_name)
        return self.program(model_type)["configs"][class_name]

    def _home(self, class_name: str) -> str:
        found = self.home_of(class_name)
        if found is None:
            raise KeyError(class_name)
        return found

    def mapped(self, mapping: str, config_class: str) -> list[str]:
        """Return the classes of an auto mapping for a config class.

        Raises:
            KeyError: if it has none.
        """
        types = self.types.keys_by_first_word(config_class)
        found = self.mapping(mapping)
        for one in [*types[-1:], *types]:
            if one in found:
                return found[one]
        raise KeyError(config_class)

    def mapping(self, name: str) -> dict[str, list[str]]:
        """Return the classes of each model type in an auto mapping, empty if it is unknown."""
        if name not in self._mappings:
            text: str = self._packed.index["mappings"].get(name, "")
            pairs = (pair.split(":") for pair in text.split())
            self._mappings[name] = {key: one.split("|") for key, one in pairs}
        return self._mappings[name]

    def task(self, task_type: str) -> dict[str, list[str]]:
        """Return the auto mapping of one of PEFT's task types, empty if it is unknown."""
        return self.mapping(self._packed.index["tasks"].get(task_type, ""))

    def automatic(self, model_type: str) -> list[str]:
        """Return the classes that auto classes select for a model type."""
        found = Lines(self._packed.index["automatic"]).get(model_type)
        return self.classes_of(model_type) if found is None else found.split()

    def renames(self, class_name: str) -> tuple[tuple[str, str], ...]:
        """Return the rules by which PEFT translates names of the older layout to this one."""
        rules: list[list[str]] = self._packed.index["renames"].get(class_name, [])
        return tuple((old, new) for old, new in rules)

    def declined(self, class_name: str) -> str | None:
        """Return why there are no facts about a class, if there are none."""
        return Lines(self._packed.index["declined"]).get(class_name)

    def activation(self, name: str) -> list[Activation]:
        """Return path, class, parameters and buffers of the modules of an activation.

        Raises:
            KeyError: if there is no such activation.
        """
        rows: list[Any] = self._packed.index["activations"][name]
        return [(path, one, parameters, buffers) for path, one, parameters, buffers in rows]

    @cached_property
    def library_configs(self) -> ConfigLibrary:
        """The config classes."""
        from loracfg.base.catalogue.configs.config_library import ConfigLibrary

        return ConfigLibrary(_ConfigFacts(self, self._packed))


class _ConfigFacts:
    """The source of the config classes of a layout."""

    def __init__(self, layout: Layout, packed: Store) -> None:
        self._layout = layout
        self.types = _ConfigTypes(layout)
        self.generation = packed.index["generation"]
        self.activations = frozenset(packed.index["activations"])
        self.base_fields = packed.index["base_fields"]

    def record(self, class_name: str) -> tuple[ConfigRecord, Rows | None]:
        """Return the facts of a config class.

        Raises:
            DeclinedError: if there are none.
        """
        from loracfg.base.catalogue.evaluation.refusals import DeclinedError
        from loracfg.base.catalogue.evaluation.rows import Rows

        home = self._layout.home_of_config(class_name)
        if home is None:
            raise DeclinedError(f"the catalogue has no facts about `{class_name}`")
        program = self._layout.program(home)
        return program["configs"][class_name], Rows(program["exprs"], program.get("free"))


class _ConfigTypes(dict[str, str]):
    """Config classes by model type, looked up on demand."""

    def __init__(self, layout: Layout) -> None:
        super().__init__()
        self._layout = layout

    def __missing__(self, model_type: str) -> str:
        found = self._layout.config_of(model_type)
        if found is None:
            raise KeyError(model_type)
        self[model_type] = found
        return found

    def __contains__(self, model_type: object) -> bool:
        from loracfg.base.catalogue.evaluation.refusals import DeclinedError

        if not isinstance(model_type, str):
            return False
        is_there = self._layout.config_of(model_type) is not None
        if not is_there and self._layout.is_part:
            raise DeclinedError(f"there are no facts about the model type `{model_type[:100]}`")
        return is_there


@cache
def layout_of(name: str) -> Layout:
    """Return a layout of the catalogue."""
    return Layout(name, _packed().layout(name))


@cache
def _packed() -> PackedFile:
    return PackedFile(PACKED)
