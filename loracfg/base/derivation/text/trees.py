"""Reads the trees of modules of a program."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from loracfg.base.catalogue.trees.layers import LAYERS
from loracfg.base.derivation.text.expressions import Reader
from loracfg.base.derivation.text.tokens import Cursor, Entry, Token

Node = dict[str, Any]
_TENSORS: Final = {"parameter": "parameters", "buffer": "buffers"}
_OPTIONS: Final = ("padding", "groups")


class TreeReader:
    """Reads nodes; blocks are found by name once all are read.

    Attributes:
        nodes: what was read; a block stands where it is referred to first, or defined.
        blocks: the numbers of blocks.
        defined: the names of blocks that have been defined.
    """

    def __init__(self, expressions: Reader, blocks: set[str]) -> None:
        self.expressions = expressions
        self.nodes: list[Node] = []
        self.names = blocks
        self.blocks: dict[str, int] = {}

    def block(self, name: str) -> int:
        """Return the number of a block, defined or not."""
        number = self.blocks.get(name)
        if number is None:
            number = self.blocks[name] = len(self.nodes)
            self.nodes.append({})
        return number

    def define(self, name: str, node: Node) -> int:
        """Say what a block is."""
        number = self.block(name)
        self.nodes[number] = node
        return number

    def add(self, node: Node) -> int:
        """Add a node that has no name."""
        self.nodes.append(node)
        return len(self.nodes) - 1

    def child_after_colon(self, cursor: Cursor, entry: Entry) -> Any:
        """Read a child: a node, or the cases below."""
        if cursor.accept(":") and cursor.peek().kind == "end":
            return self.cases(entry)
        return self.child(cursor, entry)

    def child(self, cursor: Cursor, entry: Entry) -> Any:
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
        """Take the name of a block, if one comes."""
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
            raise entry.inside[0].tokens[0].fault("nothing may stand below this line")

    def description(self, cursor: Cursor) -> Node:
        """Read what a node is, without what it contains.

        Raises:
            FactsError: if it is nothing known.
        """
        node = self._start(cursor)
        while cursor.accept(","):
            self._option(cursor, node)
        if cursor.accept("#"):
            node["shared"] = self._whole_number(cursor)
            if cursor.accept("per"):
                node["loops"] = [self.expressions.variable(cursor)]
                while cursor.accept(","):
                    node["loops"].append(self.expressions.variable(cursor))
        return node

    def _start(self, cursor: Cursor) -> Node:
        token = cursor.peek()
        if cursor.accept("("):
            name = self._class_choice(cursor)
            cursor.expect(")")
            return self._of_class(cursor, name)
        if token.kind != "name":
            raise token.fault(f"expected a module, found {cursor.found()}")
        cursor.take()
        if not cursor.at("("):
            return self._of_class(cursor, token.text)
        if token.text == "activation":
            cursor.take()
            node = {"activation": self.expressions.read(cursor)}
            cursor.expect(")")
            return node
        if token.text.startswith("Auto"):
            cursor.take()
            mapping, config = self.expressions.model(cursor, token)
            return {"model": mapping, "config": config}
        if token.text in LAYERS:
            return {"layer": token.text, "sizes": self._sizes(cursor, "(", ")")}
        return {"layer": "Norm", "class": token.text, "sizes": self._sizes(cursor, "(", ")")}

    def _of_class(self, cursor: Cursor, name: Any) -> Node:
        node: Node = {"class": name}
        if cursor.accept("as"):
            kind = cursor.name()
            if cursor.at("("):
                node.update(layer=kind, sizes=self._sizes(cursor, "(", ")"))
            else:
                node["kind"] = kind
        return node

    def _class_choice(self, cursor: Cursor) -> Any:
        if cursor.accept("("):
            name = self._class_choice(cursor)
            cursor.expect(")")
        else:
            name = cursor.name()
        return self._rest_of_choice(cursor, name, self._class_choice)

    def _rest_of_choice(self, cursor: Cursor, yes: Any, read: Any) -> Any:
        if not cursor.accept("if"):
            return yes
        condition = self.condition(cursor)
        return ["if", condition, yes, read(cursor) if cursor.accept("else") else None]

    def condition(self, cursor: Cursor) -> Any:
        """Read a condition: an expression without a choice."""
        return self.expressions.condition(cursor)

    def _sizes(self, cursor: Cursor, start: str, end: str) -> list[Any]:
        cursor.expect(start)
        return self.expressions.until(cursor, end)

    def _option(self, cursor: Cursor, node: Node) -> None:
        token = cursor.peek()
        if cursor.accept("bias"):
            node["bias"] = self.condition(cursor) if cursor.accept("if") else True
        elif cursor.accept("batch_norms"):
            node["batch_norms"] = cursor.name()
        elif cursor.accept("transposed"):
            node["transposed"] = True
        elif token.text in _OPTIONS and token.kind == "name":
            cursor.take()
            node[token.text] = self.expressions.read(cursor)
        else:
            raise token.fault(f"unexpected {cursor.found()}")

    def _whole_number(self, cursor: Cursor) -> int:
        token = cursor.peek()
        number = cursor.number()
        if not isinstance(number, int):
            raise token.fault("expected a whole number")
        return number

    def contents(self, node: Node, inside: list[Entry]) -> None:
        """Read what a node contains.

        Raises:
            FactsError: if it cannot contain that.
        """
        for entry in inside:
            cursor = Cursor(entry.tokens)
            if cursor.at("ties") and cursor.peek(1).text in ("of", "="):
                self._ties(cursor, node)
                continue
            kind = _kind_of(entry)
            if kind in _TENSORS:
                node.setdefault(_TENSORS[kind], []).append(self._parameter(cursor, entry))
            elif kind == "child":
                node.setdefault("children", []).append(self._entry(cursor, entry))
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

    def _shape_choice(self, cursor: Cursor) -> Any:
        if cursor.accept("("):
            shape = self._shape_choice(cursor)
            cursor.expect(")")
        elif cursor.accept("none"):
            shape = None
        elif cursor.accept("unknown"):
            shape = "unknown"
        else:
            shape = self._sizes(cursor, "[", "]")
        return self._rest_of_choice(cursor, shape, self._shape_choice)

    def _name(self, cursor: Cursor) -> Any:
        if cursor.accept("("):
            name = self.expressions.read(cursor)
            cursor.expect(")")
            return name
        return cursor.name()

    def _items(self, entries: list[Entry]) -> list[Any]:
        items: list[Any] = []
        for position, entry in enumerate(entries):
            word = entry.tokens[0].text
            if word == "if":
                end = position + 1
                while end < len(entries) and entries[end].tokens[0].text in ("elif", "else"):
                    end += 1
                items.append(self._choice_of(entries[position:end], self._only_item))
            elif word not in ("elif", "else"):
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
        items = [["for", variable, count, [self._guarded(cursor, entry)]]]
        return [name, self.add({"class": "ModuleList", "items": items})]

    def cases(self, entry: Entry) -> Any:
        """Read the cases below a line.

        Raises:
            FactsError: if there are none.
        """
        if not entry.inside:
            raise entry.tokens[-1].fault("expected the lines `if`, `elif`, `else` below this one")
        return self._choice_of(entry.inside, self.child_after_colon)

    def _choice_of(self, cases: list[Entry], read: Callable[[Cursor, Entry], Any]) -> Any:
        words = [one.tokens[0].text for one in cases]
        rest = words[1:-1] if words[-1:] == ["else"] else words[1:]
        if words[:1] != ["if"] or any(word != "elif" for word in rest):
            raise cases[0].tokens[0].fault("expected the lines `if`, `elif`, `else` from here on")
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

    def _path(self, cursor: Cursor) -> str:
        path = cursor.name()
        while cursor.accept("."):
            path += f".{cursor.name()}"
        return path

    def place(self, cursor: Cursor) -> Any:
        """Read where a module is.

        Raises:
            FactsError: if there is no place.
        """
        token = cursor.peek()
        if cursor.accept("("):
            place = self.place(cursor)
            cursor.expect(")")
        elif cursor.accept("none"):
            place = None
        elif cursor.accept("unknown"):
            place = ["unknown"]
        elif cursor.accept("#"):
            place = ["shared", self._whole_number(cursor)]
            while cursor.accept("of"):  # in these turns of the loops around it
                place.append(self._whole_number(cursor))
        elif token.kind == "string":
            place = cursor.string()
        elif cursor.peek(1).text == "(":
            cursor.take()
            cursor.expect("(")
            mapping, config = self.expressions.model(cursor, token)
            cursor.expect(".")
            name = self._path(cursor)
            cursor.expect("at")
            place = ["model", cursor.string(), mapping, config, name]
        else:
            place = self._path(cursor)
        return self._rest_of_choice(cursor, place, self.place)


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
