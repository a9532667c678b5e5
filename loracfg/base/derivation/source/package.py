"""A transcript: an importable package of classes with an index."""

from __future__ import annotations

import importlib
import json
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any


@dataclass(frozen=True)
class Index:
    """The index of a transcript.

    Attributes:
        library: name and release of the library, as `transformers 5.23.0`.
        configs: the config class of each model type; empty for diffusers.
        classes: the model classes of each model type, in order of preference; for diffusers, each
            class is its own type.
        files: the module of each class.
        takes: the config class of each model class; empty for diffusers.
        mappings: the auto-mappings that constructors and PEFT's task types use: a class, or a list
            of classes, for each model type.
        tasks: the auto-mapping of each of PEFT's task types.
        generation: config keys for generation.
        automatic: the classes of each model type that an auto class picks for its config.
        generating: the classes that take generation settings from their config, each with its
            module, as in `llama.LlamaForCausalLM`.
    """

    library: str
    configs: dict[str, str]
    classes: dict[str, list[str]]
    files: dict[str, str]
    takes: dict[str, str]
    mappings: dict[str, dict[str, Any]]
    tasks: dict[str, str]
    generation: list[str]
    automatic: dict[str, list[str]]
    generating: list[str]

    def generates(self, cls: type) -> bool:
        """Return whether a model class takes its generation settings from its config."""
        return f"{cls.__module__.rpartition('.')[2]}.{cls.__name__}" in self.generating


@dataclass(frozen=True)
class Package:
    """A transcript that this process can import as the package `name`."""

    name: str

    @property
    def index(self) -> Index:
        """The index of the transcript."""
        return read_index(self.name)

    def load(self, name: str) -> type:
        """Return a class.

        Raises:
            KeyError: if there is none of that name.
        """
        return load(self.name, name)

    def module(self, file: str) -> ModuleType:
        """Return a module of the package, such as `common_activations` or `llama`."""
        return importlib.import_module(f"{self.name}.{file}")

    def modules(self) -> dict[str, str]:
        """Return the module of each class in the modules that are imported so far."""
        loaded = [one for name, one in sys.modules.items() if name.startswith(f"{self.name}.")]
        return {
            name: module.__name__
            for module in loaded
            for name, value in vars(module).items()
            if isinstance(value, type) and value.__module__ == module.__name__
        }


@cache
def read_index(package: str) -> Index:
    """Return the index of the transcript with this package name."""
    (folder,) = importlib.import_module(package).__path__
    return Index(**json.loads((Path(folder) / "index.json").read_text("utf-8")))


def load(package: str, name: str) -> type:
    """Return a class of the transcript with this package name.

    Raises:
        KeyError: if there is none of that name.
    """
    file = read_index(package).files[name]
    found: type = getattr(importlib.import_module(f"{package}.{file}"), name)
    return found
