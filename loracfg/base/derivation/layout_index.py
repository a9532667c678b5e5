"""The index of a layout: its types, classes and auto-mappings, and the declined classes."""

from __future__ import annotations

import json
import textwrap
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from loracfg.base.catalogue.lines import lines

_LISTS: Final = ("types", "classes", "automatic")
_WIDTH: Final = 150


@dataclass
class LayoutIndex:
    """The index of a layout.

    Attributes:
        library: name and release of the library, as `transformers 5.23.0`.
        types: the config class of each model type, then its model classes in order of preference;
            in the order of the library.
        classes: the model type whose program has a class, and the config class that it takes.
        configs: the model type whose program has a config class.
        mappings: auto-mappings: the class of each model type, or a list of classes.
        tasks: the auto-mapping of each of PEFT's task types.
        automatic: the classes of each model type that an auto class picks.
        generation: config keys for generation; in transformers 4 with their defaults.
        base_fields: fields that all config classes have.
        activations: the modules of each activation: path, class, parameters and buffers.
        renames: how PEFT renames modules of the previous layout to those of this one, by class.
        declined: why nothing is known of a class.
    """

    library: str
    types: dict[str, list[str]]
    classes: dict[str, list[str]]
    configs: dict[str, str] = field(default_factory=dict)
    mappings: dict[str, dict[str, Any]] = field(default_factory=dict)
    tasks: dict[str, str] = field(default_factory=dict)
    automatic: dict[str, list[str]] = field(default_factory=dict)
    generation: Any = field(default_factory=list)
    base_fields: dict[str, list[Any]] = field(default_factory=dict)
    activations: dict[str, list[Any]] = field(default_factory=dict)
    renames: dict[str, list[list[str]]] = field(default_factory=dict)
    declined: dict[str, str] = field(default_factory=dict)

    def sections(self) -> dict[str, object]:
        """Return the sections of the packed index, which `catalogue.index` reads.

        The other sections omit what readers find in `types`: the first entry with a class, a config
        class or a type.
        """
        found = asdict(self)
        found["types"] = _words(self.types)
        found["declined"] = lines(self.declined)
        classes: dict[str, list[str]] = {}
        configs: dict[str, list[str]] = {}
        for model_type, (config, *names) in self.types.items():
            configs.setdefault(config, [model_type])
            for name in names:
                classes.setdefault(name, [model_type, config])
        homes = {name: [home] for name, home in self.configs.items()}
        names_of = {model_type: names for model_type, (_, *names) in self.types.items()}
        found["classes"] = _words(_differing(self.classes, classes))
        found["configs"] = _words(_differing(homes, configs))
        found["automatic"] = _words(_differing(self.automatic, names_of))
        found["mappings"] = {
            name: " ".join(f"{key}:{'|'.join(_listed(one))}" for key, one in mapping.items())
            for name, mapping in self.mappings.items()
        }
        return found

    def text(self) -> str:
        """Return the index as a file."""
        found = asdict(self)
        for name in _LISTS:
            found[name] = {key: _rows(one) for key, one in found[name].items()}
        if isinstance(self.generation, list):
            found["generation"] = _rows(self.generation)
        return json.dumps(found, indent=1, ensure_ascii=True) + "\n"


def index_of(text: str) -> LayoutIndex:
    """Return the index in a file."""
    found = json.loads(text)
    for name in _LISTS:
        found[name] = {key: " ".join(rows).split() for key, rows in found.get(name, {}).items()}
    if isinstance(found.get("generation"), list):
        found["generation"] = " ".join(found["generation"]).split()
    return LayoutIndex(**found)


def _words(rows: dict[str, list[str]]) -> str:
    return lines({key: " ".join(words) for key, words in rows.items()})


def _differing(rows: dict[str, list[str]], known: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return the rows that differ from the known ones; a row that is only known becomes empty."""
    keys = dict.fromkeys((*rows, *known))
    return {key: rows.get(key, []) for key in keys if rows.get(key, []) != known.get(key)}


def _rows(words: list[str]) -> list[str]:
    """Join words into lines of limited length."""
    return textwrap.wrap(" ".join(words), _WIDTH, break_long_words=False, break_on_hyphens=False)


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
