"""Reads the program of a model type from text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from loracfg.base.derivation.text.configs import ConfigReader, read_definition
from loracfg.base.derivation.text.constants import read_value
from loracfg.base.derivation.text.expressions import ExpressionReader
from loracfg.base.derivation.text.normal import CycleError, normalise
from loracfg.base.derivation.text.parse_errors import FactsError
from loracfg.base.derivation.text.requirements import read_requirements
from loracfg.base.derivation.text.table import ExpressionTable
from loracfg.base.derivation.text.tokens import Cursor, Entry, entries
from loracfg.base.derivation.text.trees import TreeReader

if TYPE_CHECKING:
    from loracfg.base.catalogue.program_data import ModelRecord, Node, ProgramData


def read(text: str) -> ProgramData:
    """Read a program from its text.

    Raises:
        FactsError: if the text is invalid.
    """
    return read_sections(entries(text))


def read_sections(sections: list[Entry]) -> ProgramData:
    """Read a program from sections of a text.

    Raises:
        FactsError: if they are invalid.
    """
    try:
        return _FileReader(sections).program()
    except RecursionError:
        raise FactsError("the file is nested too deeply", 1, 1) from None


class _FileReader:
    def __init__(self, sections: list[Entry]) -> None:
        self.sections = sections
        self.table = ExpressionTable()
        self.expressions = ExpressionReader(self.table)
        self.trees = TreeReader(self.expressions, _blocks(sections))
        self.configs = ConfigReader(self.table)
        self.records: dict[str, Any] = {}
        self.classes: dict[str, ModelRecord] = {}
        self.checks: list[Any] = []

    def program(self) -> ProgramData:
        for section in self.sections:
            self._section(section)
        for name in self.trees.names - self.trees.blocks.keys():
            self.trees.block(name)
        program: ProgramData = {
            "exprs": self.table.rows,
            "nodes": self.trees.nodes,
            "checks": self.checks,
            "classes": self.classes,
            "configs": self.records,
        }
        try:
            return normalise(program)
        except CycleError as error:
            blocks = self.trees.blocks.items()
            name = next((name for name, number in blocks if number == error.node), "")
            places = [one.tokens[1] for one in self.sections if one.tokens[1:]]
            place = next((one for one in places if one.text == name.partition(".")[0]), places[0])
            raise place.fault(f"`{name or place.text}` contains itself") from None

    def _section(self, section: Entry) -> None:
        cursor = Cursor(section.tokens)
        if read_definition(self.expressions, cursor):
            self.trees.nothing_below(section)
        elif cursor.accept("config"):
            self._config(cursor, section)
        elif cursor.accept("model"):
            self._model(cursor, section)
        elif cursor.accept("block"):
            self._block(cursor, section)
        elif cursor.accept("requirements"):
            self._requirements(cursor, section)
        else:
            raise cursor.peek().fault(f"unexpected {cursor.found()}")
        cursor.finish()

    def _config(self, cursor: Cursor, section: Entry) -> None:
        token = cursor.peek()
        name = cursor.name()
        if name in self.records:
            raise token.fault(f"`{name}` is already defined")
        bases: list[str] | None = None
        if cursor.accept("("):
            bases = []
            while not cursor.accept(")"):
                bases.append(cursor.name())
                if not cursor.at(")"):
                    cursor.expect(",")
        self.records[name] = self.configs.record(bases, section)

    def _model(self, cursor: Cursor, section: Entry) -> None:
        token = cursor.peek()
        name = cursor.name()
        if name in self.classes:
            raise token.fault(f"`{name}` is already defined")
        one: ModelRecord = {"root": -1, "in": None, "out": None, "checks": []}
        self.classes[name] = one
        rest = [entry for entry in section.inside if not self._read_place(entry, one)]
        if name in self.trees.names:
            node = self._described(cursor, name)
            self.trees.contents(node, rest)
            one["root"] = self.trees.define(name, node)
        else:
            cursor.expect(":")
            root = self.trees.child(cursor, Entry(section.tokens, rest))
            if type(root) is not int:
                raise token.fault(f"`{name}` is not a module")
            one["root"] = root

    def _described(self, cursor: Cursor, name: str) -> Node:
        if not cursor.accept(":"):
            return {"class": name.partition(".")[0]}
        return self.trees.description(cursor)

    def _read_place(self, entry: Entry, one: ModelRecord) -> bool:
        cursor = Cursor(entry.tokens)
        if cursor.accept("input", "="):
            one["in"] = self.trees.place(cursor)
            cursor.finish()
            return True
        if cursor.accept("output", "="):
            one["out"] = self.trees.place(cursor)
            cursor.finish()
            return True
        if cursor.accept("tied", "="):
            one["tied"] = read_value(cursor)
            cursor.finish()
            return True
        if cursor.at("export") and cursor.peek(2).text == "=":
            cursor.take()
            name = cursor.name()
            cursor.expect("=")
            one.setdefault("exports", {})[name] = self.expressions.read(cursor)
            cursor.finish()
            return True
        return False

    def _block(self, cursor: Cursor, section: Entry) -> None:
        token = cursor.peek()
        name = _block_name(cursor)
        if name in self.classes:
            raise token.fault(f"`{name}` is already defined")
        node = self._described(cursor, name)
        self.trees.contents(node, section.inside)
        self.trees.define(name, node)

    def _requirements(self, cursor: Cursor, section: Entry) -> None:
        names: list[str] = []
        while not names or cursor.accept(","):
            token = cursor.peek()
            names.append(cursor.name())
            if names[-1] not in self.classes:
                raise token.fault(f"there is no model `{names[-1]}`")
        for group in read_requirements(self.expressions, section.inside):
            for name in names:
                self.classes[name]["checks"].append(len(self.checks))
            self.checks.append(group)


def _blocks(sections: list[Entry]) -> set[str]:
    """Return the names of all blocks, including those of models."""
    names = set()
    for section in sections:
        cursor = Cursor(section.tokens)
        if cursor.accept("block"):
            names.add(_block_name(cursor))
        elif cursor.accept("model"):
            name = cursor.name()
            is_other = cursor.accept(":") and cursor.peek().text != name
            if not is_other and cursor.peek(1).text != ".":
                names.add(name)
    return names


def _block_name(cursor: Cursor) -> str:
    name = cursor.name()
    return f"{name}.{cursor.take().text}" if cursor.accept(".") else name
