"""Reads the facts of config classes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from loracfg.base.catalogue.printing.configs import FLAGS, SECTIONS, VALUES, WORDS
from loracfg.base.catalogue.printing.notation import LEAVES
from loracfg.base.derivation.text.constants import read_value
from loracfg.base.derivation.text.expressions import ExpressionReader
from loracfg.base.derivation.text.normal import checks_of
from loracfg.base.derivation.text.requirements import is_requirement, read_requirements
from loracfg.base.derivation.text.table import ExpressionTable
from loracfg.base.derivation.text.tokens import Cursor, Entry, Token

if TYPE_CHECKING:
    from loracfg.base.catalogue.program_data import ConfigRecord, FieldRecord


MOST_CHOICES: Final = 1000
"""The most choices between values, `gone` and `keep`."""
LONGEST_TYPE: Final = 1000
"""The most characters of a field's type; the longest in the catalogue has 61."""
_KEYS: Final = {word: key for key, word in SECTIONS.items()}
_VALUES: Final = {WORDS.get(key, key): key for key in VALUES}


class ConfigReader:
    """Reads config classes and their programs."""

    def __init__(self, table: ExpressionTable) -> None:
        self.table = table

    def record(self, bases: list[str] | None, entry: Entry) -> ConfigRecord:
        """Read a class from the lines below its name.

        Raises:
            FactsError: if they are invalid.
        """
        found: Any = {} if bases is None else {"bases": bases}
        record: ConfigRecord = found
        for one in entry.inside:
            cursor = Cursor(one.tokens)
            word = cursor.peek().text
            if cursor.at("rope", ":"):
                cursor.take()
                cursor.take()
                found["rope"] = read_value(cursor)
            elif cursor.accept("through", ":"):
                found["through"] = read_value(cursor)
            elif cursor.accept("constant"):
                self._constant(cursor, record)
            elif word in FLAGS and cursor.peek(1).kind == "end":
                found[cursor.take().text] = 1
            elif word in _SECTIONS and cursor.peek(1).kind == "end":
                cursor.take()
                found[word] = dict(_SECTIONS[word](Cursor(x.tokens)) for x in one.inside)
            else:
                found.setdefault("does", {})[self._method(cursor)] = self._program(one.inside)
            cursor.finish()
        return record

    def _constant(self, cursor: Cursor, record: ConfigRecord) -> None:
        name = cursor.name()
        cursor.expect("=")
        record.setdefault("consts", {})[name] = read_value(cursor)

    def _method(self, cursor: Cursor) -> str:
        token = cursor.peek()
        if cursor.accept("does"):
            key = cursor.name()
        elif token.text in _KEYS:
            key = _KEYS[cursor.take().text]
        else:
            raise token.fault(f"unexpected {cursor.found()}")
        return key if cursor.peek().kind == "end" else f"{key} {cursor.name()}"

    def _program(self, entries: list[Entry]) -> dict[str, Any]:
        program: dict[str, Any] = {}
        reader = ExpressionReader(self.table)
        requirements = []
        for entry in entries:
            cursor = Cursor(entry.tokens)
            if is_requirement(entry):
                requirements.append(entry)
                continue
            if cursor.at("then") and cursor.peek(1).kind == "end":
                cursor.take()
                self._after(entry.inside, program)
            elif cursor.at("defaults") and cursor.peek(1).kind == "end":
                cursor.take()
                program["args"] = dict(_default(Cursor(one.tokens)) for one in entry.inside)
            elif not read_definition(reader, cursor):
                self._statement(reader, cursor, program)
            cursor.finish()
        program["checks"] = checks_of(read_requirements(reader, requirements), self.table)
        return program

    def _statement(self, reader: ExpressionReader, cursor: Cursor, program: dict[str, Any]) -> None:
        if cursor.peek().text in _VALUES and cursor.peek(1).text == ":":
            key = _VALUES[cursor.take().text]
            cursor.expect(":")
            program[key] = read_value(cursor)
        elif cursor.at("given") and cursor.peek(1).text != "=":
            cursor.take()
            program.setdefault("kw", []).extend(self._assignments(reader, cursor))
        elif cursor.at("return") and cursor.peek(1).text != "=":
            cursor.take()
            program["value"] = self._value(reader, cursor)
        elif cursor.at("set") and cursor.peek(1).text != "=":
            program.setdefault("nested0", []).append(self._nested(reader, cursor))
        elif cursor.accept("self", "."):
            program.setdefault("sets", []).append(self._assignment(reader, cursor))
        else:
            program.setdefault("pre", []).extend(self._assignments(reader, cursor))

    def _after(self, entries: list[Entry], program: dict[str, Any]) -> None:
        reader = ExpressionReader(self.table, root="c2")
        requirements = []
        for entry in entries:
            cursor = Cursor(entry.tokens)
            if is_requirement(entry):
                requirements.append(entry)
                continue
            if read_definition(reader, cursor):
                pass
            elif cursor.at("set") and cursor.peek(1).text != "=":
                program.setdefault("nested", []).append(self._nested(reader, cursor))
            else:
                program.setdefault("post", []).append(self._assignment(reader, cursor))
            cursor.finish()
        program["checks2"] = checks_of(read_requirements(reader, requirements), self.table)

    def _assignments(self, reader: ExpressionReader, cursor: Cursor) -> list[Any]:
        names = [cursor.name()]
        while cursor.accept(","):
            names.append(cursor.name())
        cursor.expect("=")
        if cursor.at("argument") and cursor.peek(1).kind == "end":
            cursor.take()
            return [[name, ["v", self.table.add(["arg", name])]] for name in names]
        value = self._value(reader, cursor)
        return [[name, value] for name in names]

    def _assignment(self, reader: ExpressionReader, cursor: Cursor) -> list[Any]:
        name = cursor.name()
        cursor.expect("=")
        return [name, self._value(reader, cursor)]

    def _nested(self, reader: ExpressionReader, cursor: Cursor) -> list[Any]:
        start = cursor.take()
        target = reader.choice(cursor)
        row = self.table.rows[target] if type(target) is int else [""]
        if row[0] != "." or type(row[2]) is not str:
            raise start.fault("expected an attribute of a part after `set`")
        cursor.expect("=")
        return [row[1], row[2], self._value(reader, cursor)]

    def _value(self, reader: ExpressionReader, cursor: Cursor) -> list[Any]:
        start = cursor.peek()
        reader.has_leaves = True
        operand = reader.choice(cursor)
        reader.has_leaves = False
        return self._split(operand, start, iter(range(MOST_CHOICES)))

    def _split(self, operand: Any, start: Token, cases: Iterator[int]) -> list[Any]:
        """Return a value; choices with `gone` or `keep` become choices between values."""
        if type(operand) is not int or operand not in self.table.with_leaves:
            return ["v", operand]
        if next(cases, None) is None:
            raise start.fault("there are too many cases")
        row = self.table.rows[operand]
        if row[0] in LEAVES:
            return list(row)
        if row[0] != "if" or row[1] in self.table.with_leaves:
            raise start.fault("`gone` and `keep` are not values here")
        yes, no = (self._split(one, start, cases) for one in row[2:])
        return ["if", row[1], yes, no]


def read_definition(reader: ExpressionReader, cursor: Cursor) -> bool:
    """Read a `let name = expression` line, if this is one.

    Raises:
        FactsError: if the name is taken.
    """
    if not cursor.at("let") or cursor.peek(1).kind != "name" or cursor.peek(2).text != "=":
        return False
    cursor.take()
    token = cursor.take()
    if token.text in reader.names:
        raise token.fault(f"`{token.text}` is already defined")
    cursor.expect("=")
    reader.names[token.text] = reader.read(cursor)
    return True


def _default(cursor: Cursor) -> tuple[str, Any]:
    name = cursor.name()
    cursor.expect("=")
    value = read_value(cursor)
    cursor.finish()
    return name, value


def read_field(cursor: Cursor) -> tuple[str, FieldRecord]:
    """Read a field of a config class.

    Raises:
        FactsError: if it is something else.
    """
    name = cursor.name()
    cursor.expect("(")
    words = []
    while cursor.peek().kind != "end" and not cursor.at(")"):
        words.append(cursor.take().text)
    cursor.expect(")")
    kind = "".join(words)
    if len(kind) > LONGEST_TYPE:
        raise cursor.peek().fault(f"the type has more than {LONGEST_TYPE} characters")
    field: list[Any] = [kind]
    if cursor.accept("="):
        field.append(read_value(cursor))
    checks = []
    while cursor.accept(","):
        checks.append(_check(cursor))
    cursor.finish()
    return name, [*field, checks] if checks else field


def _check(cursor: Cursor) -> list[Any]:
    name = cursor.name()
    if name != "in":
        ends = cursor.at(",") or cursor.peek().kind == "end"
        return [name] if ends else [name, read_value(cursor)]
    start = cursor.take()
    if start.text not in "[(":
        raise start.fault("expected an interval")
    low = read_value(cursor)
    cursor.expect(",")
    high = read_value(cursor)
    end = cursor.take()
    if end.text not in "])" or not end.text:
        raise end.fault("expected the end of the interval")
    return ["in", low, high, int(start.text == "("), int(end.text == ")")]


def _name(cursor: Cursor) -> tuple[str, str]:
    name = cursor.name()
    cursor.expect("is")
    other = cursor.name()
    cursor.finish()
    return name, other


def _part(cursor: Cursor) -> tuple[str, list[Any]]:
    name = cursor.name()
    cursor.expect(":")
    config = None if cursor.accept("none") else cursor.name()
    model_type = cursor.string() if cursor.peek().kind == "string" else None
    values = read_value(cursor) if cursor.at("{") else {}
    is_optional = int(cursor.accept("optional"))
    cursor.finish()
    return name, [config, model_type, values, is_optional]


_SECTIONS: Final = {"fields": read_field, "names": _name, "parts": _part}
