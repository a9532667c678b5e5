"""Prints an architecture as an indented tree with sizes, merging equal neighbours."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import Any, Final

from loracfg.base.architecture import Architecture, Kind, Module
from loracfg.named_tuple import NamedTuple

MOST_LINES: Final = 20_000
_USUAL: Final = ({"weight"}, {"weight", "bias"})


class OutlineNode(NamedTuple):
    """A module with its children.

    Attributes:
        module: the module.
        name: its name in its parent.
        inside: its children.
        parameters: the number of parameters of the module and its descendants.
        same: a number that equal trees share.
    """

    module: Module
    name: str
    inside: list[OutlineNode]
    parameters: int
    same: int


def outline(tree: Architecture) -> str:
    """Return a tree as text.

    Equal modules with consecutive numbers, such as `0`, `1` and `2`, share one line, `[0-2]`.
    """
    root = _branch(tree)
    notes = _notes(tree)
    lines = [f"{_described(root)}  # {root.parameters - _count_shared(tree):,} parameters"]
    for text in _lines(root, 1, notes):
        if len(lines) == MOST_LINES:
            lines.append("…")
            break
        lines.append(text)
    return "\n".join(lines) + "\n"


def _count_shared(tree: Architecture) -> int:
    """Return the size of the parameters that are tied to others, which are already counted."""
    shared = tree.shared
    if shared is None:
        shared = tuple((path, "weight") for path in tree.tied)
    return sum(prod(tree.modules[path].parameters.get(name, (0,))) for path, name in shared)


def _branch(tree: Architecture) -> OutlineNode:
    """Return the root node of a tree."""
    inside: dict[str, list[OutlineNode]] = {}
    known: dict[Any, int] = {}
    found: OutlineNode | None = None
    for path, module in reversed(tree.modules.items()):
        children = inside.pop(path, [])
        children.reverse()
        own = sum(map(prod, module.parameters.values()))
        what: Any = (
            *(module.kind, module.class_name, module.groups, module.is_transposed),
            *(tuple(module.parameters.items()), tuple(module.buffers.items())),
            tuple((child.name, child.same) for child in children),
        )
        number = known.setdefault(what, len(known))
        parent, _, name = path.rpartition(".")
        count = own + sum(child.parameters for child in children)
        found = OutlineNode(module, name, children, count, number)
        if path:
            inside.setdefault(parent, []).append(found)
    if found is None or found.module.path:
        raise ValueError("the tree has no root")
    return found


def _notes(tree: Architecture) -> dict[str, str]:
    """Return the notes on modules, by path."""
    found: dict[str, list[str]] = {}
    for path, what in (
        (tree.input_embeddings, "input embeddings"),
        (tree.output_embeddings, "output embeddings"),
        *((path, "tied to the input embeddings") for path in tree.tied),
    ):
        if path:
            found.setdefault(path, []).append(what)
    for alias, path in tree.aliases.items():
        if path in tree.modules and alias.rpartition(".")[0] not in tree.aliases:
            found.setdefault(path, []).append(f"also {alias}")
    return {path: ", ".join(texts) for path, texts in found.items()}


def _lines(branch: OutlineNode, depth: int, notes: dict[str, str]) -> Iterator[str]:
    indent = "  " * depth
    module = branch.module
    if not _is_usual(module):
        for word, tensors in (("parameter", module.parameters), ("buffer", module.buffers)):
            for name, shape in tensors.items():
                yield f"{indent}{word} {name}[{', '.join(map(str, shape))}]"
    for first, last in _runs(branch.inside):
        label = first.name if first is last else f"[{first.name}-{last.name}]"
        if first is last and first.module.class_name == "ModuleList":
            runs = list(_runs(first.inside))
            if len(runs) == 1 and not first.module.parameters:
                (first, last) = runs[0]
                label += f"[{first.name}]" if first is last else f"[{first.name}-{last.name}]"
        note = notes.get(first.module.path)
        yield f"{indent}{label}: {_described(first)}" + (f"  # {note}" if note else "")
        yield from _lines(first, depth + 1, notes)


def _runs(branches: list[OutlineNode]) -> Iterator[tuple[OutlineNode, OutlineNode]]:
    """Yield the first and last of each run of equal modules in a list."""
    start = 0
    for position, one in enumerate(branches):
        following = branches[position + 1] if position + 1 < len(branches) else None
        is_last = (
            following is None
            or following.same != one.same
            or not (one.name.isdigit() and following.name == str(int(one.name) + 1))
        )
        if is_last:
            yield branches[start], one
            start = position + 1


def _is_usual(module: Module) -> bool:
    """Return whether the size of the weight describes all tensors of a module."""
    return not module.parameters or (
        module.parameters.keys() in _USUAL
        and len(module.parameters["weight"]) > 0
        and next(iter(module.parameters)) == "weight"
    )


def _described(branch: OutlineNode) -> str:
    module = branch.module
    text = module.class_name
    if module.kind is not Kind.OTHER and module.kind != module.class_name:
        text += f" as {module.kind}"
    if module.parameters and _is_usual(module):
        text += f"({', '.join(map(str, module.parameters['weight']))})"
        text += ", bias" if "bias" in module.parameters else ""
    text += f", groups {module.groups}" if module.groups != 1 else ""
    return text + (", transposed" if module.is_transposed else "")
