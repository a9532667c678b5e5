"""Reads expressions that look like function calls but are not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from loracfg.base.catalogue.program_data import Operand
from loracfg.base.derivation.text.table import ExpressionTable
from loracfg.base.derivation.text.tokens import Cursor


class OperandReader(Protocol):
    """Reads the expressions inside a call; each method raises `FactsError` if there is none."""

    table: ExpressionTable

    def read(self, cursor: Cursor) -> Operand:
        """Read an expression of any kind."""

    def choice(self, cursor: Cursor) -> Operand:
        """Read an expression that is not a loop."""

    def loop(self, cursor: Cursor) -> tuple[int, Operand]:
        """Read `i < count`."""

    def variable(self, cursor: Cursor) -> int:
        """Read the variable of a loop."""


def _has(reader: OperandReader, cursor: Cursor) -> Operand:
    owner = reader.read(cursor)
    if cursor.accept(","):
        return reader.table.add(["has", owner, reader.read(cursor)])
    row = reader.table.rows[owner] if type(owner) is int else []
    op = {".": "has", "kw": "kwhas", "model": "modelhas"}.get(row[0] if row else "")
    if op is None:
        raise cursor.peek().fault("expected an attribute before this")
    return reader.table.add([op, *row[1:]])


def _get_attribute(reader: OperandReader, cursor: Cursor) -> Operand:
    owner = reader.read(cursor)
    cursor.expect(",")
    return reader.table.add([".", owner, reader.read(cursor)])


def _named_call(reader: OperandReader, cursor: Cursor) -> Operand:
    name = cursor.string()
    return reader.table.add(["call", name, *_more(reader, cursor)])


def _method(reader: OperandReader, cursor: Cursor) -> Operand:
    owner = reader.read(cursor)
    cursor.expect(",")
    name = cursor.string()
    return reader.table.add(["mcall", owner, name, *_more(reader, cursor)])


def _more(reader: OperandReader, cursor: Cursor) -> list[Operand]:
    operands = []
    while cursor.accept(","):
        operands.append(reader.read(cursor))
    return operands


def _is_instance(reader: OperandReader, cursor: Cursor) -> Operand:
    value = reader.read(cursor)
    return reader.table.add(["isinst", value, *_words(cursor)])


def _words(cursor: Cursor) -> list[str]:
    words = []
    while cursor.accept(","):
        words.append(cursor.name())
    return words


def _enum(reader: OperandReader, cursor: Cursor) -> Operand:
    return reader.table.add(["enum", cursor.name(), *_words(cursor)])


def _each(reader: OperandReader, cursor: Cursor) -> Operand:
    variable, count = reader.loop(cursor)
    cursor.expect(":")
    items = [reader.read(cursor), *_more(reader, cursor)]
    return reader.table.add(["for", variable, count, *items])


def _scan(reader: OperandReader, cursor: Cursor) -> Operand:
    variable = reader.variable(cursor)
    cursor.expect(":")
    return reader.table.add(["scan", variable, reader.read(cursor), *_more(reader, cursor)])


def _carried(reader: OperandReader, cursor: Cursor) -> Operand:
    return reader.table.add(["acc", reader.variable(cursor)])


def _text_config(reader: OperandReader, cursor: Cursor) -> Operand:
    return reader.table.add(["text", reader.read(cursor), *_named(reader, cursor)])


def _changed(reader: OperandReader, cursor: Cursor) -> Operand:
    return reader.table.add(["with", reader.read(cursor), *_named(reader, cursor)])


def _named(reader: OperandReader, cursor: Cursor) -> list[str | Operand]:
    named: list[str | Operand] = []
    while cursor.accept(","):
        named.append(cursor.name())
        cursor.expect("=")
        named.append(reader.choice(cursor))
    return named


def _new(reader: OperandReader, cursor: Cursor) -> Operand:
    return reader.table.add(["config", cursor.name(), *_named(reader, cursor)])


CALLS: Final[dict[str, Callable[[OperandReader, Cursor], Operand]]] = {
    "call": _named_call,
    "carried": _carried,
    "changed": _changed,
    "each": _each,
    "enum": _enum,
    "getattr": _get_attribute,
    "has": _has,
    "is_a": _is_instance,
    "method": _method,
    "new": _new,
    "scan": _scan,
    "text_config": _text_config,
}
"""Words before a bracket that are not functions, and the readers of the rest."""
