"""Writes an entry of the catalogue as JSON: each distinct node once, the ones it holds before it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from loracfg.base.catalogue.tree import turning_nodes
from loracfg.base.tracer.harvest import Item, Leaf

if TYPE_CHECKING:
    from loracfg.base.tracer.entry import TypeEntry


class Nodes:
    """The distinct nodes of an entry, by number."""

    def __init__(self) -> None:
        self.found: list[Any] = []
        self.numbers: dict[str, int] = {}

    def number(self, tree: Any) -> int | None:
        """Return the number of a tree's root, adding what is new."""
        if tree is None:
            return None
        return self._add(self._encoded(tree))

    def _encoded(self, tree: Any) -> list[Any]:
        if tree[0] == "?":
            return ["?", tree[1], [[value, self.number(branch)] for value, branch in tree[2]]]
        if tree[0] == "!":
            return ["!", tree[1], tree[2], tree[3], self.number(tree[4])]
        _, leaf, items = tree
        return ["=", _leaf(leaf), [self._item(item) for item in items]]

    def _item(self, item: list[Any]) -> list[Any]:
        what, name, value = item
        return [what, name, value if what == "alias" else self.number(value)]

    def _add(self, node: list[Any]) -> int:
        key = json.dumps(node)
        if key not in self.numbers:
            self.numbers[key] = len(self.found)
            self.found.append(json.loads(key))
        return self.numbers[key]


def _leaf(leaf: Any) -> Any:
    if not isinstance(leaf, Leaf):
        return leaf
    if leaf.activation is not None:
        return ["act", leaf.activation]
    return [
        leaf.class_name,
        leaf.kind,
        leaf.parameters,
        leaf.buffers,
        leaf.groups,
        leaf.is_transposed,
    ]


def _grouped(allowed: dict[str, list[str]]) -> list[list[Any]]:
    """Return the keys that may have the same kinds of value together."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for path, kinds in allowed.items():
        groups.setdefault(tuple(kinds), []).append(path)
    return [[list(kinds), paths] for kinds, paths in groups.items()]


def _keys(entry: TypeEntry) -> set[str]:
    """Return the keys of the config that attributes and guards are made of."""
    trees = [tree for tree in entry.attributes.values() if tree is not None]
    return set(_named(trees)) | set(_named(entry.guards))


def _named(value: Any) -> Iterator[str]:
    if isinstance(value, (list, tuple)):
        if len(value) == 2 and value[0] == "attr":
            yield value[1]
        for part in value:
            yield from _named(part)
    elif isinstance(value, Item):
        yield from _named(value.count)


def encode(entry: TypeEntry, tasks: dict[str, list[str]]) -> dict[str, Any]:
    """Return an entry as the catalogue has it; `tasks` are the classes of PEFT's task types."""
    nodes = Nodes()
    reads: list[dict[str, str]] = []
    classes = {}
    for one in entry.classes:
        if one.reads not in reads:
            reads.append(one.reads)
        numbers = nodes.number(one.tree), nodes.number(one.embeddings), reads.index(one.reads)
        classes[one.name] = numbers
    keys = _keys(entry)
    return {
        "parts": entry.parts,
        "tasks": tasks,
        "defaults": {path: value for path, value in entry.defaults.items() if path in keys},
        "kinds": _grouped(entry.kinds),
        "guards": [guard for guard in entry.guards if any(_named(guard))],
        "attributes": {path: nodes.number(tree) for path, tree in entry.attributes.items()},
        "reads": reads,
        "classes": classes,
        "nodes": nodes.found,
        "turning": sorted(turning_nodes(nodes.found)),
    }
