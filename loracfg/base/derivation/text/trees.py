"""Reads the module trees of a program."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from loracfg.base.derivation.text.expressions import ExpressionReader
from loracfg.base.derivation.text.nodes import NodeReader
from loracfg.base.derivation.text.tokens import Cursor, Entry, Token

if TYPE_CHECKING:
    from loracfg.base.catalogue.program_data import Choice, Node
    from loracfg.document.json_value import Json


_TENSORS: Final = {"parameter": "parameters", "buffer": "buffers"}


class TreeReader(NodeReader):
    """Reads nodes; names of blocks are resolved at the end.

    Attributes:
        nodes: the nodes so far; a block has the number of its first reference.
        names: the names of all blocks.
        blocks: the numbers of blocks.
    """

    def __init__(self, expressions: ExpressionReader, blocks: set[str]) -> None:
        super().__init__(expressions)
        self.nodes: list[Node] = []
        self.names = blocks
        self.blocks: dict[str, int] = {}

    def block(self, name: str) -> int:
        """Return the number of a block, even before its definition."""
        number = self.blocks.get(name)
        if number is None:
            number = self.blocks[name] = len(self.nodes)
            self.nodes.append({})
        return number

    def define(self, name: str, node: Node) -> int:
        """Define a block."""
        number = self.block(name)
        self.nodes[number] = node
        return number

    def add(self, node: Node) -> int:
        """Add a node without a name."""
        self.nodes.append(node)
        return len(self.nodes) - 1

    def child_after_colon(self, cursor: Cursor, entry: Entry) -> Choice:
        """Read a child: a node, or the cases below."""
        if cursor.accept(":") and cursor.peek().kind == "end":
            return self.cases(entry)
        return self.child(cursor, entry)

    def child(self, cursor: Cursor, entry: Entry) -> Choice:
        """Read a node, or none.

        Raises:
            FactsError: if it is something else.
        """
        if cursor.accept("none"):
            cursor.finish()
            return None
        name = self.block_name(cursor)
        if name is not None:
            cursor.finish()
            self.nothing_below(entry)
            return self.block(name)
        node = self.description(cursor)
        cursor.finish()
        self.contents(node, entry.inside)
        return self.add(node)

    def block_name(self, cursor: Cursor) -> str | None:
        """Take the name of a block, if one is next."""
        token = cursor.peek()
        numbered = f"{token.text}.{cursor.peek(2).text}"
        if token.kind != "name":
            return None
        if cursor.peek(1).text == "." and numbered in self.names:
            for _ in range(3):
                cursor.take()
            return numbered
        is_name = cursor.peek(1).kind == "end" and token.text in self.names
        return cursor.take().text if is_name else None

    def nothing_below(self, entry: Entry) -> None:
        """Check that no lines are indented below.

        Raises:
            FactsError: if there are some.
        """
        if entry.inside:
            raise entry.inside[0].tokens[0].fault("unexpected indented line")

    def contents(self, node: Node, inside: list[Entry]) -> None:
        """Read the content of a node.

        Raises:
            FactsError: if the node cannot contain it.
        """
        for entry in inside:
            cursor = Cursor(entry.tokens)
            if cursor.at("ties") and cursor.peek(1).text in ("of", "="):
                self._ties(cursor, node)
                continue
            kind = _kind_of(entry)
            if kind in _TENSORS:
                _list_of(node, _TENSORS[kind]).append(self._parameter(cursor, entry))
            elif kind == "child":
                _list_of(node, "children").append(self._entry(cursor, entry))
        items = self._items([entry for entry in inside if _kind_of(entry) == "item"])
        if items:
            node["items"] = items

    def _ties(self, cursor: Cursor, node: Node) -> None:
        cursor.expect("ties")
        is_of = cursor.accept("of")
        table = self.expressions.table
        node["config"] = self.expressions.read(cursor) if is_of else table.add(["c"])
        cursor.expect("=")
        node["ties"] = self.expressions.read(cursor)
        cursor.finish()

    def _parameter(self, cursor: Cursor, entry: Entry) -> list[Any]:
        if cursor.accept("for"):
            variable, count = self._for(cursor)
            inside = [self._parameter(Cursor(one.tokens), one) for one in entry.inside]
            return ["for", variable, count, inside]
        cursor.take()
        name, shape = self._name(cursor), self._shape_choice(cursor)
        cursor.finish()
        return [name, shape]

    def _name(self, cursor: Cursor) -> Any:
        if cursor.accept("("):
            name = self.expressions.read(cursor)
            cursor.expect(")")
            return name
        return cursor.name()

    def _items(self, entries: list[Entry]) -> list[Any]:
        items: list[Any] = []
        end = 0
        for position, entry in enumerate(entries):
            if entry.tokens[0].text == "if":
                end = position + 1
                while end < len(entries) and entries[end].tokens[0].text in ("elif", "else"):
                    end += 1
                items.append(self._choice_of(entries[position:end], self._only_item))
            elif position >= end:
                items.append(self._item(Cursor(entry.tokens), entry))
        return items

    def _only_item(self, cursor: Cursor, entry: Entry) -> Any:
        cursor.expect(":")
        cursor.finish()
        items = self._items(entry.inside)
        if len(items) != 1:
            raise entry.tokens[0].fault("expected one item below this line")
        return items[0]

    def _item(self, cursor: Cursor, entry: Entry) -> Any:
        if cursor.accept("for"):
            variable, count = self._for(cursor)
            return ["for", variable, count, self._items(entry.inside)]
        if cursor.accept("["):
            variable, count = self.expressions.loop(cursor)
            cursor.expect("]")
            return ["for", variable, count, [self._guarded(cursor, entry)]]
        cursor.expect("-")
        if cursor.peek().kind == "end":
            return self.cases(entry)
        return self._guarded(cursor, entry) if cursor.at("if") else self.child(cursor, entry)

    def _for(self, cursor: Cursor) -> tuple[int, Any]:
        loop = self.expressions.loop(cursor)
        cursor.expect(":")
        cursor.finish()
        return loop

    def _guarded(self, cursor: Cursor, entry: Entry) -> Any:
        if not cursor.accept("if"):
            return self.child_after_colon(cursor, entry)
        conditions = self._conditions(cursor)
        cursor.expect(":")
        return _under(conditions, self.child(cursor, entry))

    def _entry(self, cursor: Cursor, entry: Entry) -> list[Any]:
        if cursor.accept("for"):
            variable, count = self._for(cursor)
            inside = [self._entry(Cursor(one.tokens), one) for one in entry.inside]
            return ["for", variable, count, inside]
        name = self._name(cursor)
        if not cursor.accept("["):
            return [name, self._guarded(cursor, entry)]
        variable, count = self.expressions.loop(cursor)
        cursor.expect("]")
        items: list[Json] = [["for", variable, count, [self._guarded(cursor, entry)]]]
        return [name, self.add({"class": "ModuleList", "items": items})]

    def cases(self, entry: Entry) -> Choice:
        """Read the cases below a line.

        Raises:
            FactsError: if there are none.
        """
        if not entry.inside:
            raise entry.tokens[-1].fault("expected `if`, `elif` and `else` lines below this one")
        return self._choice_of(entry.inside, self.child_after_colon)

    def _choice_of(self, cases: list[Entry], read: Callable[[Cursor, Entry], Any]) -> Choice:
        words = [one.tokens[0].text for one in cases]
        rest = words[1:-1] if words[-1:] == ["else"] else words[1:]
        if words[:1] != ["if"] or any(word != "elif" for word in rest):
            raise cases[0].tokens[0].fault("expected only `if`, `elif` and `else` lines from here")
        choice = None
        for one in reversed(cases):
            cursor = Cursor(one.tokens)
            word = cursor.take().text
            if word == "else":
                choice = read(cursor, one)
            else:
                condition, *more = self._conditions(cursor)
                choice = ["if", condition, _under(more, read(cursor, one)), choice]
        return choice

    def _conditions(self, cursor: Cursor) -> list[Any]:
        conditions = [self.condition(cursor)]
        while cursor.accept(","):
            conditions.append(self.condition(cursor))
        return conditions


def _under(conditions: list[Any], child: Any) -> Any:
    for condition in reversed(conditions):
        child = ["if", condition, child, None]
    return child


def _begins_name(token: Token) -> bool:
    return (
        token.text == "(" or token.kind == "string" or (token.kind == "name" and token.text != "if")
    )


def _kind_of(entry: Entry) -> str:
    """Return whether a line is about a `parameter`, a `buffer`, an `item` or a `child`."""
    first = entry.tokens[0].text
    if first == "for":
        return _kind_of(entry.inside[0]) if entry.inside else "item"
    if first in ("-", "[", "if", "elif", "else"):
        return "item"
    is_tensor = first in _TENSORS and len(entry.tokens) > 1 and _begins_name(entry.tokens[1])
    return first if is_tensor else "child"


def _list_of(node: Node, key: str) -> list[Json]:
    """Return the list of a node for a key, which is added if it is new."""
    found = node.setdefault(key, [])
    assert isinstance(found, list)
    return found
