"""An entry of the catalogue: what is known of one model type in one release of transformers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ClassEntry:
    """What is known of one class.

    `tree` and `whole` are numbers of nodes: the modules, and `[input embedding, output embedding,
    tied modules]`. `reads` maps the attributes that are always read to the kind that they had.
    """

    tree: int
    whole: int
    reads: dict[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of one model type.

    Attributes:
        parts: the model types of the configs inside its config, by key.
        tasks: the classes of PEFT's task types, the one that is taken first.
        defaults: the defaults of keys, by path.
        kinds: kinds of value with the keys, by path, that may have them.
        guards: conditions on keys with the only outcome that is known.
        attributes: nodes that make the attributes of the config, None where it is not known.
        classes: the classes by name.
        nodes: all nodes (`loracfg.base.catalogue.tree`).
        turning: the numbers of nodes that may be different in each turn of a loop.
    """

    parts: dict[str, str]
    tasks: dict[str, list[str]]
    defaults: dict[str, Any]
    kinds: list[tuple[list[str], list[str]]]
    guards: list[tuple[Any, Any]]
    attributes: dict[str, int | None]
    classes: dict[str, ClassEntry]
    nodes: list[Any]
    turning: frozenset[int]


def parse_entry(text: str) -> Entry:
    """Return the entry in the text of a file of the catalogue."""
    value: dict[str, Any] = json.loads(text)
    reads = value["reads"]
    classes = {
        name: ClassEntry(tree, whole, reads[read])
        for name, (tree, whole, read) in value["classes"].items()
    }
    return Entry(
        value["parts"],
        value["tasks"],
        value["defaults"],
        value["kinds"],
        value["guards"],
        value["attributes"],
        classes,
        value["nodes"],
        frozenset(value["turning"]),
    )
