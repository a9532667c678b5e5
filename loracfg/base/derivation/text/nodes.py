"""Reads lines about single modules: what they are, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from loracfg.base.catalogue.trees.layers import LAYERS
from loracfg.base.derivation.text.expressions import ExpressionReader
from loracfg.base.derivation.text.tokens import Cursor

if TYPE_CHECKING:
    from collections.abc import Callable

    from loracfg.base.catalogue.program_data import Choice, Node, Operand
    from loracfg.document.json_value import Json


_OPTIONS: Final = ("padding", "groups")


class NodeReader:
    """Reads lines about single modules."""

    def __init__(self, expressions: ExpressionReader) -> None:
        self.expressions = expressions

    def description(self, cursor: Cursor) -> Node:
        """Read the description of a node, without its content.

        Raises:
            FactsError: if it is nothing known.
        """
        node = self._start(cursor)
        while cursor.accept(","):
            self._option(cursor, node)
        if cursor.accept("#"):
            node["shared"] = self._whole_number(cursor)
            if cursor.accept("per"):
                loops: list[Json] = [self.expressions.variable(cursor)]
                while cursor.accept(","):
                    loops.append(self.expressions.variable(cursor))
                node["loops"] = loops
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
            part = {"part": self._path(cursor)} if cursor.accept(".") else {}
            return {"model": mapping, "config": config, **part}
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

    def _rest_of_choice(
        self, cursor: Cursor, yes: Choice, read: Callable[[Cursor], Choice]
    ) -> Choice:
        if not cursor.accept("if"):
            return yes
        condition = self.condition(cursor)
        return ["if", condition, yes, read(cursor) if cursor.accept("else") else None]

    def condition(self, cursor: Cursor) -> Operand:
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
        elif cursor.accept("identity"):
            node["identity"] = cursor.name()
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

    def _path(self, cursor: Cursor) -> str:
        path = cursor.name()
        while cursor.accept("."):
            path += f".{cursor.name()}"
        return path

    def place(self, cursor: Cursor) -> Choice:
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
            while cursor.accept("of"):  # in these iterations of the loops around it
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
