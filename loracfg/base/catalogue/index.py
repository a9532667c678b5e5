"""What a layout of the catalogue has: its model types, classes and the files that they are in.

A layout is a package of `constructors`: the classes of one major release of a library.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

LAYOUTS: Final = ("5", "4")
"""Major releases of transformers, whose classes name modules differently, newest first."""
DIFFUSERS: Final = "diffusers"
"""The layout of the classes of diffusers, which have no model types."""

PACKAGE: Final = f"{__package__}.constructors"
FOLDER: Final = Path(__file__).with_name("constructors")


class Grouped(Mapping[str, str]):
    """Names with the value that each has; the file has all names of a value in one text."""

    def __init__(self, groups: dict[str, str]) -> None:
        self.groups = groups
        self.met: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        if name not in self.met:
            self.met[name] = self._find(name)
        return self.met[name]

    def _find(self, name: str) -> str:
        between = f" {name} "
        for value, names in self.groups.items():
            if name in names and between in f" {names} ":
                return value
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return (name for names in self.groups.values() for name in names.split())

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Types(Mapping[str, list[str]]):
    """Model types with their classes; the file has the config class before them."""

    def __init__(self, types: dict[str, str]) -> None:
        self.types = types

    def __getitem__(self, model_type: str) -> list[str]:
        return self.types[model_type].split()[1:]

    def __iter__(self) -> Iterator[str]:
        return iter(self.types)

    def __len__(self) -> int:
        return len(self.types)


class Mappings(Mapping[str, dict[str, Any]]):
    """Auto-mappings: the class of each model type, a list where there are several."""

    def __init__(self, texts: dict[str, str]) -> None:
        self.texts = texts
        self.met: dict[str, dict[str, Any]] = {}

    def __getitem__(self, name: str) -> dict[str, Any]:
        if name not in self.met:
            pairs = (pair.split(":") for pair in self.texts[name].split())
            self.met[name] = {key: one.split("|") if "|" in one else one for key, one in pairs}
        return self.met[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.texts)

    def __len__(self) -> int:
        return len(self.texts)


class Index(NamedTuple):
    """The index of a layout. What is asked of it is looked up in texts, which is soon done.

    Attributes:
        library: name and release of the library, as `transformers 5.23.0`.
        configs: the config class of each model type.
        classes: the model classes of each model type, those that are taken first first.
        files: the module of each class.
        takes: the config class of each model class.
        mappings: the auto-mappings that constructors and PEFT's task types use.
        tasks: the auto-mapping of each of PEFT's task types.
        generation: keys of a config that are about generating.
        renames: how PEFT takes names of the layout before for those of this one, by class.
        automatic: the classes of each model type that an auto class gives for its config.
    """

    library: str
    configs: dict[str, str]
    classes: Types
    files: Grouped
    takes: Grouped
    mappings: Mappings
    tasks: dict[str, str]
    generation: list[str]
    renames: dict[str, list[list[str]]]
    automatic: dict[str, str]


def package_of(layout: str) -> str:
    """Return the package of a layout."""
    return f"{PACKAGE}.{layout if layout == DIFFUSERS else f'transformers{layout}'}"


@cache
def read_index(package: str) -> Index:
    """Return the index of a layout's package."""
    path = FOLDER / package.rpartition(".")[2] / "index.json"
    value = json.loads(path.read_text("utf-8"))
    types: dict[str, str] = value["types"]
    return Index(
        value["library"],
        {model_type: names.partition(" ")[0] for model_type, names in types.items()},
        Types(types),
        Grouped(value["files"]),
        Grouped(value["takes"]),
        Mappings(value["mappings"]),
        value["tasks"],
        value["generation"],
        value["renames"],
        value["automatic"],
    )


def load(package: str, name: str) -> Any:
    """Return a class of a layout.

    Raises:
        KeyError: if there is none of that name.
    """
    file = read_index(package).files[name]
    return getattr(importlib.import_module(f"{package}.{file}"), name)
