"""Precomputes the loops that the rows and nodes of a program depend on, for the evaluator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from loracfg.base.catalogue.evaluation.rows import Rows

if TYPE_CHECKING:
    from loracfg.base.catalogue.program_data import Node, ProgramData
    from loracfg.document.json_value import Json


class Dependence:
    """Finds the loops and rows that each node of a program depends on, including its children's."""

    def __init__(self, program: ProgramData) -> None:
        self.nodes: list[dict[str, Any]] = program["nodes"]
        self.free = Rows(program["exprs"]).loops
        self._known: dict[int, tuple[int, frozenset[int], bool]] = {}

    def varies(self, number: int) -> list[int] | bool | None:
        """Return the rows that a node's variants depend on.

        Returns None if it has no variants, and True if no rows distinguish them.
        """
        loops, rows, is_open = self._of_node(number)
        if not loops:
            return None
        return True if is_open else sorted(rows)

    def _of_node(self, number: int) -> tuple[int, frozenset[int], bool]:
        """Return the loops and rows that a node depends on, and whether there may be more rows."""
        known = self._known.get(number)
        if known is None:
            known = self._known[number] = self._find(self.nodes[number])
        return known

    def _find(self, node: dict[str, Any]) -> tuple[int, frozenset[int], bool]:
        rows = {one for one in own_rows(node) if self.free[one]}
        loops, is_open = 0, False
        for one in rows:
            loops |= self.free[one]
        for variable in node.get("loops", ()) if "shared" in node else ():
            loops, is_open = loops | 1 << variable, True
        entries = [*node.get("items", ()), *(_child(one) for one in node.get("children", ()))]
        is_open = is_open or (any(len(one) == 4 for one in _tensors(node)) and bool(loops))
        for child in entries:
            inner_loops, inner_rows, inner_open = self._of_child(child)
            loops, is_open = loops | inner_loops, is_open or inner_open
            rows |= inner_rows
        return loops, frozenset(rows), is_open

    def _of_child(self, child: Any) -> tuple[int, frozenset[int], bool]:
        if child is None:
            return 0, frozenset(), False
        if type(child) is int:
            return self._of_node(child)
        if child[0] == "if":
            first, second = self._of_child(child[2]), self._of_child(child[3])
            loops, rows, is_open = (
                first[0] | second[0],
                first[1] | second[1],
                first[2] or second[2],
            )
            return self._with_row(child[1], loops, rows, is_open)
        _, variable, count, inner = child
        loops, rows, is_open = 0, frozenset[int](), False
        for one in map(_child, inner):
            found = self._of_child(one)
            loops, rows, is_open = loops | found[0], rows | found[1], is_open or found[2]
        bit = 1 << variable
        kept = frozenset(row for row in rows if not self.free[row] & bit)
        outer = loops & ~bit
        is_open = bool(outer) and (is_open or any(self.free[r] & ~bit for r in rows - kept))
        return self._with_row(count, outer, kept, is_open)

    def _with_row(
        self, operand: Any, loops: int, rows: frozenset[int], is_open: bool
    ) -> tuple[int, frozenset[int], bool]:
        if type(operand) is int and self.free[operand]:
            return loops | self.free[operand], rows | {operand}, is_open
        return loops, rows, is_open


def _child(entry: Any) -> Any:
    """Return the child of an entry, which may have a name."""
    is_named = type(entry) is list and len(entry) == 2
    return entry[1] if is_named else entry


def _tensors(node: dict[str, Any]) -> list[Any]:
    return [*node.get("parameters", ()), *node.get("buffers", ())]


def own_rows(node: Node) -> Iterator[int]:
    """Yield the rows that a node uses itself, without those of its children."""
    own: Mapping[str, Any] = node
    for key in ("bias", "padding", "groups", "activation", "config", "ties"):
        if type(own.get(key)) is int:
            yield own[key]
    yield from (one for one in own.get("sizes", ()) if type(one) is int)
    yield from _rows_of_choice(own.get("class"))
    for entry in _tensors(node):
        yield from _rows_of_shape(entry)
    yield from _names(own.get("children", ()))


def _rows_of_shape(entry: Any) -> Iterator[int]:
    if len(entry) == 4:
        if type(entry[2]) is int:
            yield entry[2]
        for one in entry[3]:
            yield from _rows_of_shape(one)
        return
    if type(entry[0]) is int:
        yield entry[0]
    yield from _rows_of_choice(entry[1])


def _names(entries: Any) -> Iterator[int]:
    for entry in entries:
        if len(entry) == 4:
            yield from _names(entry[3])
        elif type(entry[0]) is int:
            yield entry[0]


def _rows_of_choice(choice: Any) -> Iterator[int]:
    """Yield the rows of a shape or name, including those of its conditions."""
    if type(choice) is not list:
        return
    if choice[:1] == ["if"]:
        if type(choice[1]) is int:
            yield choice[1]
        yield from _rows_of_choice(choice[2])
        yield from _rows_of_choice(choice[3])
    else:
        yield from (one for one in choice if type(one) is int)


def annotate(program: ProgramData) -> ProgramData:
    """Return a program with the keys about loops that evaluation needs: `free` and `varies`."""
    dependence = Dependence(program)
    nodes: list[Node] = []
    for number, node in enumerate(program["nodes"]):
        varies = dependence.varies(number)
        known: Json = [*varies] if isinstance(varies, list) else varies
        nodes.append(node if known is None else {**node, "varies": known})
    return {**program, "free": dependence.free, "nodes": nodes}


def whole(program: ProgramData) -> ProgramData:
    """Return a program with all its parts and the keys about loops."""
    parts: ProgramData = {"exprs": [], "nodes": [], "checks": [], "classes": {}, "configs": {}}
    return annotate({**parts, "programs": [], **program})
