"""Reads plain values of config classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from loracfg.base.catalogue.printing.notation import CONSTANTS
from loracfg.base.derivation.text.tokens import Cursor

if TYPE_CHECKING:
    from loracfg.document.json_value import Json

DEEPEST: Final = 40


def read_value(cursor: Cursor, depth: int = 0) -> Json:
    """Read a value as JSON, with `{"$": kind, "v": ...}` for what JSON cannot express.

    Raises:
        FactsError: if there is none.
    """
    token = cursor.peek()
    if depth > DEEPEST:
        raise token.fault("the value is nested too deeply")
    if token.kind == "string":
        return cursor.string()
    if token.kind == "number" or token.text == "-" or token.text in CONSTANTS:
        return _plain(cursor)
    if cursor.accept("["):
        return _until(cursor, "]", depth)
    if cursor.accept("("):
        return {"$": "tuple", "v": _until(cursor, ")", depth)}
    if cursor.accept("{"):
        return _braces(cursor, depth)
    if cursor.accept("dict", "("):
        cursor.expect("{")
        pairs = _pairs(cursor, [], depth)
        cursor.expect(")")
        return {"$": "dict", "v": pairs}
    if cursor.accept("new", "("):
        name = cursor.name()
        cursor.expect(")")
        return {"$": "new", "v": name}
    raise token.fault(f"expected a value, found {cursor.found()}")


def _plain(cursor: Cursor) -> Json:
    is_negative = cursor.accept("-")
    if cursor.peek().kind == "number":
        number = cursor.number()
        return -number if is_negative else number
    token = cursor.take()
    if token.text in ("inf", "nan"):
        return {"$": "float", "v": f"-{token.text}" if is_negative else token.text}
    if is_negative or token.text not in CONSTANTS:
        raise token.fault("expected a number")
    constant: Json = CONSTANTS[token.text]
    return constant


def _until(cursor: Cursor, end: str, depth: int) -> list[Any]:
    values = []
    while not cursor.accept(end):
        values.append(read_value(cursor, depth + 1))
        if not cursor.at(end):
            cursor.expect(",")
    return values


def _braces(cursor: Cursor, depth: int) -> Json:
    if cursor.accept("}"):
        return {}
    if cursor.accept(",", "}"):
        return {"$": "set", "v": []}
    token = cursor.peek()
    first = read_value(cursor, depth + 1)
    if cursor.accept(":"):
        start = [[first, read_value(cursor, depth + 1)]]
        if not cursor.at("}"):
            cursor.expect(",")
        pairs = _pairs(cursor, start, depth)
        if not all(isinstance(key, str) for key, _ in pairs):
            raise token.fault("a key is not a string: write `dict({...})`")
        return dict(pairs)
    if not cursor.at("}"):
        cursor.expect(",")
    return {"$": "set", "v": [first, *_until(cursor, "}", depth)]}


def _pairs(cursor: Cursor, pairs: list[Any], depth: int) -> list[Any]:
    while not cursor.accept("}"):
        key = read_value(cursor, depth + 1)
        cursor.expect(":")
        pairs.append([key, read_value(cursor, depth + 1)])
        if not cursor.at("}"):
            cursor.expect(",")
    return pairs
