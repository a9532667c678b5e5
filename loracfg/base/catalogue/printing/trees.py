"""Writes the module trees of a program."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from loracfg.base.catalogue.printing.constants import string_text
from loracfg.base.catalogue.printing.expressions import Printer
from loracfg.base.catalogue.printing.line_breaks import line
from loracfg.base.catalogue.printing.notation import (
    BIT_OR,
    KEYWORDS,
    OR,
    RESERVED,
    is_word,
    loop_name,
)
from loracfg.base.catalogue.trees.layers import LAYERS

if TYPE_CHECKING:
    from loracfg.base.catalogue.program_data import Choice, Loop, Node, ProgramData


CONTAINERS: Final = ("ModuleList", "Sequential")
"""Container classes, whose names do not describe their content."""
FEW: Final = 2
"""The maximum number of tensors of a module that is repeated instead of written as a block."""


class Blocks:
    """Nodes that are written once and referred to by name.

    Attributes:
        names: the names of these nodes.
    """

    def __init__(self, program: ProgramData) -> None:
        self.nodes: list[dict[str, Any]] = program["nodes"]
        self.names: dict[int, str] = {}
        for name, one in program["classes"].items():
            if self.nodes[one["root"]].get("class") == name:
                self.names[one["root"]] = name
        blocks = self._several([one["root"] for one in program["classes"].values()])
        classes = {first_class(self.nodes[number]) for number in blocks | self.names.keys()}
        blocks |= {n for n, node in enumerate(self.nodes) if self._looks_like(node, classes)}
        counts = Counter(program["classes"].keys())
        for number in sorted(blocks - self.names.keys()):
            name = first_class(self.nodes[number])
            counts[name] += 1
            is_plain = counts[name] == 1 and name not in CONTAINERS
            self.names[number] = name if is_plain else f"{name}.{counts[name]}"

    def _several(self, roots: list[int]) -> set[int]:
        """Return the nodes of several lines that would be written several times."""
        uses = Counter(roots)
        blocks = set()
        for number in range(len(self.nodes) - 1, -1, -1):  # children come before parents
            count = uses[number]
            if number in self.names:
                count = 1
            elif count > 1 and not self._is_short(self.nodes[number]):
                blocks.add(number)
                count = 1
            for child in children_of(self.nodes[number]):
                uses[child] += count
        return blocks

    def _is_short(self, node: dict[str, Any]) -> bool:
        if first_class(node) in CONTAINERS and len(node.get("items", ())) <= 1:
            return "children" not in node
        if "children" in node or "items" in node or "ties" in node:
            return "model" in node
        return len(node.get("parameters", ())) + len(node.get("buffers", ())) <= FEW

    def _looks_like(self, node: dict[str, Any], classes: set[str]) -> bool:
        """Tell whether a node would look like a reference to a block."""
        name = node.get("class")
        if not isinstance(name, str) or name not in classes or name in CONTAINERS:
            return False
        return node.keys().isdisjoint(["layer", "kind", "groups", "transposed", "shared"])


def first_class(node: Node) -> str:
    """Return the class of a node; the first one if there are several."""
    name: Any = node.get("class") or node.get("layer") or ""
    while not isinstance(name, str):
        name = name[2]
    return name


def children_of(node: Node) -> Iterator[int]:
    """Yield the nodes that a node refers to."""
    own: Mapping[str, Any] = node
    for child in own.get("items", ()):
        yield from _nodes_in(child)
    for entry in own.get("children", ()):
        yield from _nodes_of(entry)


def nodes_in(program: ProgramData) -> list[int]:
    """Return the nodes of all classes, children before parents."""
    found: set[int] = set()
    todo = [one["root"] for one in program["classes"].values()]
    while todo:
        number = todo.pop()
        if number not in found:
            found.add(number)
            todo += children_of(program["nodes"][number])
    return sorted(found)


def _nodes_of(entry: Any) -> Iterator[int]:
    if entry[0] == "for" and len(entry) == 4:
        for one in entry[3]:
            yield from _nodes_of(one)
    else:
        yield from _nodes_in(entry[1])


def _nodes_in(child: Any) -> Iterator[int]:
    if type(child) is int:
        yield child
    elif type(child) is list:
        for part in child[2:] if child[0] == "if" else child[3]:
            yield from _nodes_in(part)


def _has_loop(child: Any) -> bool:
    return type(child) is list and (child[0] == "for" or any(map(_has_loop, child[2:])))


def _has_loop_inside(child: Any) -> bool:
    return type(child) is list and child[0] == "if" and _has_loop(child)


def _nested(child: Any) -> tuple[list[Any], Any]:
    """Return the conditions under which a child exists, and the child."""
    conditions = []
    while type(child) is list and child[0] == "if" and child[3] is None:
        conditions.append(child[1])
        child = child[2]
    return conditions, child


class TreeWriter:
    """Writes nodes as lines.

    Attributes:
        lines: the lines so far.
        printer: the printer of expressions.
    """

    def __init__(self, nodes: list[dict[str, Any]], names: dict[int, str], printer: Printer):
        self.nodes, self.names, self.printer = nodes, names, printer
        self.lines: list[str] = []
        self.met: list[int] = []

    def add(self, depth: int, text: str) -> None:
        """Add a line."""
        self.lines.append(line(depth, text))

    def head(self, number: int) -> str:
        """Return a node as one line: the name of its block, or its description."""
        name = self.names.get(number)
        if name is None:
            return self.description(number)
        if number not in self.met:
            self.met.append(number)
        return name

    def description(self, number: int) -> str:
        """Return the description of a node, without its content."""
        node, text = self.nodes[number], self.printer.text
        if "layer" in node:
            parts = [self._layer(node)]
            bias = node.get("bias")
            if bias is not None:
                parts.append("bias" if bias is True else f"bias if {text(bias, OR)}")
        elif "activation" in node:
            parts = [f"activation({text(node['activation'])})"]
        elif "model" in node:
            part = f".{node['part']}" if "part" in node else ""
            parts = [self.printer.model(node["model"], node["config"]) + part]
            parts += [f"{key} {node[key]}" for key in ("batch_norms", "identity") if key in node]
        else:
            parts = [self.choice(node["class"], str, "()")]
            if "kind" in node:
                parts[0] += f" as {node['kind']}"
        parts += [f"{key} {text(node[key])}" for key in ("padding", "groups") if key in node]
        if "transposed" in node:
            parts.append("transposed")
        return ", ".join(parts) + self._shared(node)

    def _layer(self, node: dict[str, Any]) -> str:
        layer, name = node["layer"], node.get("class")
        sizes = f"({', '.join(map(self.printer.text, node['sizes']))})"
        if name is None or (layer == "Norm" and name not in LAYERS):
            return f"{name or layer}{sizes}"
        return f"{name} as {layer}{sizes}"

    def _shared(self, node: dict[str, Any]) -> str:
        if "shared" not in node:
            return ""
        loops = ", ".join(map(loop_name, node.get("loops", ())))
        return f" #{node['shared']}" + (f" per {loops}" if loops else "")

    def choice(self, choice: Choice, leaf: Callable[[Choice], str], brackets: str = "") -> str:
        """Return a choice between things as text, in brackets if `brackets` is not empty."""
        if type(choice) is not list or not choice or choice[0] != "if":
            return leaf(choice)
        _, condition, yes, no = choice
        first = self.choice(yes, leaf, "()")
        text = f"{first} if {self.printer.text(condition, OR)}"
        if no is not None:
            text += f" else {self.choice(no, leaf)}"
        return f"({text})" if brackets else text

    def contents(self, depth: int, number: int) -> None:
        """Write the content of a node, unless it is written as a block."""
        node = self.nodes[number]
        if "ties" in node:
            config = self.printer.text(node["config"])
            of = "" if config == "config" else f" of {config}"
            self.add(depth, f"ties{of} = {self.printer.text(node['ties'])}")
        for key, word in (("parameters", "parameter"), ("buffers", "buffer")):
            self._tensors(depth, word, node.get(key, ()))
        self._items(depth, node.get("items", ()))
        self._entries(depth, node.get("children", ()))

    def _tensors(self, depth: int, word: str, entries: Any) -> None:
        for entry in entries:
            if entry[0] == "for" and len(entry) == 4:
                self.add(depth, f"for {self._loop(entry[1], entry[2])}:")
                self._tensors(depth + 1, word, entry[3])
                continue
            name, shape = entry
            text = self.choice(shape, self._shape)
            space = "" if text.startswith("[") else " "
            self.add(depth, f"{word} {self._name(name)}{space}{text}")

    def _shape(self, shape: Any) -> str:
        if shape is None:
            return "none"
        return shape if shape == "unknown" else f"[{', '.join(map(self.printer.text, shape))}]"

    def _name(self, name: Any) -> str:
        if type(name) is not str:
            return f"({self.printer.text(name)})"
        return name if is_word(name) and name not in KEYWORDS else string_text(name)

    def _loop(self, variable: int, count: Any) -> str:
        return f"{loop_name(variable)} < {self.printer.text(count, BIT_OR)}"

    def _items(self, depth: int, items: Any) -> None:
        for item in items:
            if _has_loop_inside(item):
                self._guarded_items(depth, item)
                continue
            if type(item) is not list or item[0] != "for":
                self._child(depth, "-", item)
                continue
            _, variable, count, inside = item
            if len(inside) == 1 and not _has_loop(inside[0]):
                self._child(depth, f"[{self._loop(variable, count)}]", inside[0])
            else:
                self.add(depth, f"for {self._loop(variable, count)}:")
                self._items(depth + 1, inside)

    def _guarded_items(self, depth: int, choice: Any) -> None:
        word = "if"
        while type(choice) is list and choice[0] == "if":
            _, condition, child, choice = choice
            self.add(depth, f"{word} {self.printer.text(condition, OR)}:")
            self._items(depth + 1, [child])
            word = "elif"
        if choice is not None:
            self.add(depth, "else:")
            self._items(depth + 1, [choice])

    def _entries(self, depth: int, entries: Any) -> None:
        for entry in entries:
            if entry[0] == "for" and len(entry) == 4:
                self.add(depth, f"for {self._loop(entry[1], entry[2])}:")
                self._entries(depth + 1, entry[3])
                continue
            label, child = self._name(entry[0]), entry[1]
            layers = self.layers_of(child)
            if layers is not None:
                variable: Any
                inside: Any
                _, variable, count, inside = layers
                (child,) = inside
                label += f"[{self._loop(variable, count)}]"
            self._child(depth, label, child)

    def layers_of(self, child: Choice) -> Loop | None:
        """Return the loop of a list of modules that only consists of a loop over one child."""
        if type(child) is not int or child in self.names:
            return None
        node = self.nodes[child]
        if node.keys() - {"varies"} != {"class", "items"} or node["class"] != "ModuleList":
            return None
        match node["items"]:
            case [["for", _, _, [int() | None | ["if", *_]]] as loop]:
                return loop  # type: ignore[no-any-return]
        return None

    def _child(self, depth: int, label: str, child: Any) -> None:
        conditions, inner = _nested(child)
        if conditions and type(inner) is int:
            self._case(depth, f"{label} if {self._all(conditions)}", inner)
        elif type(child) is list:
            self.add(depth, label if label == "-" else f"{label}:")
            self._cases(depth + 1, child)
        else:
            self._case(depth, label, child)

    def _case(self, depth: int, label: str, child: Any) -> None:
        if type(child) is list:
            self.add(depth, f"{label}:")
            self._cases(depth + 1, child)
            return
        text = "none" if child is None else self.head(child)
        self.add(depth, f"- {text}" if label == "-" else f"{label}: {text}")
        if child is not None and child not in self.names:
            self.contents(depth + 1, child)

    def _cases(self, depth: int, choice: Any) -> None:
        word = "if"
        while type(choice) is list:
            _, condition, child, choice = choice
            conditions, inner = _nested(child)
            self._case(depth, f"{word} {self._all([condition, *conditions])}", inner)
            word = "elif"
        if choice is not None:
            self._case(depth, "else", choice)

    def _all(self, conditions: list[Any]) -> str:
        return ", ".join(self.printer.text(one, OR) for one in conditions)

    def place(self, place: Choice) -> str:
        """Return the place of a module as text."""
        if place is None:
            return "none"
        if isinstance(place, str):
            words = place.split(".")
            is_plain = all(is_word(word) for word in words) and words[0] not in RESERVED
            return place if is_plain else string_text(place)
        if isinstance(place, list) and place[0] in ("?", "unknown"):
            return "unknown"
        if isinstance(place, list) and place[0] == "shared":
            return " of ".join([f"#{place[1]}", *map(str, place[2:])])
        if isinstance(place, list) and place[0] == "model":
            path: Any
            mapping: Any
            _, path, mapping, config, name = place
            return f"{self.printer.model(mapping, config)}.{name} at {string_text(path)}"
        raise ValueError(f"no way to write the place {place!r:.80}")
