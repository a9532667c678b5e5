"""Reads expressions into rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from loracfg.base.catalogue.printing.notation import (
    BINARY,
    BIT_OR,
    COMPARISON,
    CONSTANTS,
    KEYWORDS,
    LEAVES,
    LOOP_NAMES,
    NOT,
    OPERATIONS_OF_NAMES,
    OR,
    POWER,
    ROOTS,
    SIGN,
    UNARY,
    mapping_of,
)
from loracfg.base.catalogue.variants import variant
from loracfg.base.derivation.text.calls import CALLS
from loracfg.base.derivation.text.table import ExpressionTable
from loracfg.base.derivation.text.tokens import Cursor, Token

if TYPE_CHECKING:
    from loracfg.base.catalogue.program_data import Operand


DEEPEST: Final = 40
_DIGITS: Final = 3
"""The most digits of a loop number."""
_SIGNS: Final = {sign: (op, precedence) for op, (sign, precedence) in BINARY.items()}
_UNARY: Final = {sign: op for op, sign in UNARY.items()}


def loop_number(token: Token) -> int | None:
    """Return the number of a loop if a token is the loop's variable, else None."""
    name = token.text
    if name in LOOP_NAMES and len(name) == 1:
        return LOOP_NAMES.index(name)
    number = name[1:]
    is_number = len(number) <= _DIGITS and number.isdigit()
    if name[:1] == "i" and is_number and int(number) >= len(LOOP_NAMES):
        return int(number)
    return None


class ExpressionReader:
    """Reads expressions of one scope into a table.

    Attributes:
        table: the rows.
        names: the values of defined names.
        root: the config that bare names belong to, `c` or `c2`.
        has_leaves: whether `gone` and `keep` are values.
        conditions: the conditions of requirements so far.
    """

    def __init__(
        self, table: ExpressionTable, names: Mapping[str, Operand] | None = None, root: str = "c"
    ) -> None:
        self.table = table
        self.names = dict(names or {})
        self.root = root
        self.has_leaves = False
        self.conditions = 0
        self._depth = 0

    def read(self, cursor: Cursor) -> Operand:
        """Read an expression of any kind.

        Raises:
            FactsError: if there is none.
        """
        self._enter(cursor)
        item = self.choice(cursor)
        if cursor.accept("for"):
            variable, count = self.loop(cursor)
            item = self.table.add(["for", variable, count, item])
        self._depth -= 1
        return item

    def loop(self, cursor: Cursor) -> tuple[int, Operand]:
        """Read `i < count`.

        Raises:
            FactsError: if there is none.
        """
        variable = self.variable(cursor)
        cursor.expect("<")
        return variable, self.binary(cursor, BIT_OR)

    def variable(self, cursor: Cursor) -> int:
        """Read the variable of a loop.

        Raises:
            FactsError: if something else follows.
        """
        token = cursor.take()
        number = loop_number(token)
        if number is None:
            raise token.fault(f"expected the variable of a loop, found `{token.text:.40}`")
        return number

    def condition(self, cursor: Cursor) -> Operand:
        """Read an expression other than a choice, which needs brackets.

        Raises:
            FactsError: if there is none.
        """
        return self.binary(cursor, OR)

    def choice(self, cursor: Cursor) -> Operand:
        """Read an expression that is not a loop.

        Raises:
            FactsError: if there is none.
        """
        choices: list[tuple[Operand, Operand]] = []
        value = self.binary(cursor, OR)
        while cursor.accept("if"):
            condition = self.binary(cursor, OR)
            if not cursor.accept("else"):
                value = self.table.add(["opt", condition, value])
                break
            choices.append((condition, value))
            value = self.binary(cursor, OR)
        for condition, yes in reversed(choices):
            value = self.table.add(["if", condition, yes, value])
        return value

    def binary(self, cursor: Cursor, least: int) -> Operand:
        """Read operations of at least the given precedence.

        Raises:
            FactsError: if there are none.
        """
        left = self._unary(cursor, least)
        while True:
            sign, length = self._sign(cursor)
            op, precedence = _SIGNS.get(sign, ("", -1))
            if precedence < least:
                return left
            for _ in range(length):
                cursor.take()
            right = self._right(cursor, precedence)
            left = self.table.add([op, left, right])
            if precedence == COMPARISON and _SIGNS.get(self._sign(cursor)[0], ("", -1))[1] == (
                COMPARISON
            ):
                raise cursor.peek().fault("comparisons do not chain; put one in brackets")

    def _right(self, cursor: Cursor, precedence: int) -> Operand:
        if precedence != POWER:
            return self.binary(cursor, precedence + 1)
        return self._deeper(cursor, SIGN)

    def _sign(self, cursor: Cursor) -> tuple[str, int]:
        token = cursor.peek()
        if token.kind not in ("name", "sign"):
            return "", 0
        if token.text in ("not", "is"):
            both = f"{token.text} {cursor.peek(1).text}"
            if both in _SIGNS:
                return both, 2
        return token.text, 1

    def _unary(self, cursor: Cursor, least: int) -> Operand:
        token = cursor.peek()
        if token.kind == "name" and token.text == "not" and least <= NOT:
            cursor.take()
            return self.table.add(["not", self._deeper(cursor, NOT)])
        if token.kind == "sign" and token.text in _UNARY and least <= SIGN:
            cursor.take()
            number = cursor.peek()
            is_number = number.kind == "number" or number.text in ("inf", "nan")
            if token.text == "-" and is_number and cursor.peek(1).text != "**":
                return [
                    -(cursor.number() if number.kind == "number" else float(cursor.take().text))
                ]
            return self.table.add([_UNARY[token.text], self._deeper(cursor, SIGN)])
        return self._postfix(cursor)

    def _deeper(self, cursor: Cursor, least: int) -> Operand:
        self._enter(cursor)
        value = self.binary(cursor, least)
        self._depth -= 1
        return value

    def _enter(self, cursor: Cursor) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise cursor.peek().fault("the expression is nested too deeply")

    def _postfix(self, cursor: Cursor) -> Operand:
        value = self._atom(cursor)
        while True:
            if cursor.accept("."):
                name = cursor.name()
                if cursor.accept("("):
                    value = self.table.add(["str", name, value, *self.until(cursor, ")")])
                else:
                    value = self.table.add([".", value, name])
            elif cursor.accept("["):
                value = self._item(cursor, value)
            else:
                return value

    def _item(self, cursor: Cursor, owner: Operand) -> Operand:
        none: Operand = [None]
        bounds = [none]
        if not cursor.at(":"):
            index = self.read(cursor)
            if cursor.accept("]"):
                return self.table.add(["[]", owner, index])
            bounds = [index]
        while cursor.accept(":"):
            ends = cursor.at(":") or cursor.at("]")
            bounds.append(none if ends else self.binary(cursor, OR))
        cursor.expect("]")
        return self.table.add(["slice", owner, *bounds, *[none] * (3 - len(bounds))])

    def _atom(self, cursor: Cursor) -> Operand:
        token = cursor.peek()
        if token.kind == "number":
            return [cursor.number()]
        if token.kind == "string":
            return [cursor.string()]
        if token.kind == "name" and token.text not in KEYWORDS:
            cursor.take()
            if cursor.accept("("):
                return self._call(cursor, token)
            return self._name(cursor, token)
        for sign, form in _BRACKETS.items():
            if cursor.accept(sign):
                return form(self, cursor)
        raise token.fault(f"expected a value, found {cursor.found()}")

    def _name(self, cursor: Cursor, token: Token) -> Operand:
        name = token.text
        if name in self.names:
            return self.names[name]
        if name in CONSTANTS:
            return [CONSTANTS[name]]
        config = ROOTS[self.root].get(name)
        if config is not None:
            return self.table.add([config])
        variable = loop_number(token)
        if variable is not None:
            return self.table.add(["i", variable])
        if self.has_leaves and name in LEAVES:
            return self.table.add([name])
        if name in ("given", "argument"):
            cursor.expect(".")
            return self.table.add(["kw" if name == "given" else "arg", cursor.name()])
        return self.table.add([".", self.table.add([self.root]), name])

    def _call(self, cursor: Cursor, token: Token) -> Operand:
        name = token.text
        form = CALLS.get(name)
        if form is not None:
            made = form(self, cursor)
            cursor.expect(")")
            return made
        if name.startswith("Auto"):
            return self._of_model(cursor, *self.model(cursor, token))
        operands = self.until(cursor, ")")
        op = OPERATIONS_OF_NAMES.get(name)
        return self.table.add([op, *operands] if op else ["call", name, *operands])

    def model(self, cursor: Cursor, token: Token) -> tuple[str, Operand]:
        """Read the mapping and config of an inner model, up to the bracket.

        Raises:
            FactsError: if it is something else.
        """
        if token.text == "Auto":
            mapping = cursor.string()
            cursor.expect(",")
        else:
            mapping = mapping_of(token.text)
        config = self.read(cursor)
        arguments = []
        while cursor.accept(","):
            name = cursor.name()
            cursor.expect("=")
            arguments.append(f"{name}={cursor.name()}")
        cursor.expect(")")
        return variant(mapping, ", ".join(arguments)), config

    def _of_model(self, cursor: Cursor, mapping: str, config: Operand) -> Operand:
        cursor.expect(".")
        return self.table.add(["model", mapping, config, cursor.name()])

    def until(self, cursor: Cursor, end: str) -> list[Operand]:
        """Read expressions separated by commas, up to a bracket.

        Raises:
            FactsError: if something else comes.
        """
        operands: list[Operand] = []
        while not cursor.accept(end):
            operands.append(self.read(cursor))
            if not cursor.at(end):
                cursor.expect(",")
        return operands

    def _bracket(self, cursor: Cursor) -> Operand:
        if cursor.accept(")"):
            return self.table.add(["tuple"])
        value = self.read(cursor)
        if cursor.accept(")"):
            return value
        cursor.expect(",")
        return self.table.add(["tuple", value, *self.until(cursor, ")")])

    def _list(self, cursor: Cursor) -> Operand:
        return self.table.add(["list", *self.until(cursor, "]")])

    def _braces(self, cursor: Cursor) -> Operand:
        if cursor.accept("}"):
            return self.table.add(["dict"])
        if cursor.accept(",", "}"):
            return self.table.add(["set"])
        first = self.read(cursor)
        if not cursor.accept(":"):
            if not cursor.at("}"):
                cursor.expect(",")
            return self.table.add(["set", first, *self.until(cursor, "}")])
        operands = [first, self.read(cursor)]
        while not cursor.accept("}"):
            cursor.expect(",")
            operands.append(self.read(cursor))
            cursor.expect(":")
            operands.append(self.read(cursor))
        return self.table.add(["dict", *operands])


_BRACKETS: Final[dict[str, Callable[[ExpressionReader, Cursor], Operand]]] = {
    "(": ExpressionReader._bracket,
    "[": ExpressionReader._list,
    "{": ExpressionReader._braces,
}
