"""Writes the facts about config classes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from loracfg.base.catalogue.printing.constants import string_text, value_text
from loracfg.base.catalogue.printing.expressions import Printer
from loracfg.base.catalogue.printing.line_breaks import line
from loracfg.base.catalogue.printing.naming import Namer
from loracfg.base.catalogue.printing.notation import CHOICE, LEAVES, OR, is_word
from loracfg.base.catalogue.printing.requirements import (
    Branch,
    groups_of,
    requirement_lines,
    tree_of,
)
from loracfg.base.catalogue.printing.structure import AFTER, PROGRAM_KEYS, OperandCollector

if TYPE_CHECKING:
    from loracfg.base.catalogue.program_data import ConfigRecord, FieldRecord, Term


FLAGS: Final = ("loose", "from_dict", "to_dict")
VALUES: Final = ("no", "base", "made_as", "first", "then", "late", "only", "closed", "labels")
"""The keys of a program that are written as plain values."""
WORDS: Final = {
    "base": "calls",
    "first": "calls_first",
    "no": "declined",
    "then": "calls_last",
}
"""The names of some of them in the text."""
SECTIONS: Final = {
    "check": "check",
    "get": "property",
    "init": "constructor",
    "post": "creation",
    "set": "setter",
    "text": "text_config",
}
"""The names of the methods of a class in the text."""


class ConfigWriter:
    """Writes config classes as lines."""

    def __init__(self, namer: Namer) -> None:
        self.namer = namer

    def lines(self, name: str, record: ConfigRecord) -> list[str]:
        """Return the lines of a class."""
        bases = f"({', '.join(record['bases'])})" if "bases" in record else ""
        found = [line(0, f"config {name}{bases}")]
        found += [line(1, flag) for flag in FLAGS if record.get(flag)]
        if "through" in record:
            found.append(line(1, f"through: {value_text(record['through'])}"))
        for key, value in record.get("consts", {}).items():
            found.append(line(1, f"constant {_word(key)} = {value_text(value)}"))
        for title, lines in (
            ("fields", map(field_text, *_pairs(record, "fields"))),
            ("names", (f"{_word(k)} is {_word(v)}" for k, v in record.get("names", {}).items())),
            ("parts", map(_part, *_pairs(record, "parts"))),
        ):
            some = [line(2, text) for text in lines]
            if title in record:
                found += [line(1, title), *some]
        if "rope" in record:
            found.append(line(1, f"rope: {value_text(record['rope'])}"))
        for key, program in record.get("does", {}).items():
            word, _, rest = key.partition(" ")
            found.append(line(1, f"{SECTIONS.get(word, f'does {word}')} {rest}".strip()))
            found += self._program(program)
        return found

    def _program(self, program: Mapping[str, Any]) -> Iterator[str]:
        for key in VALUES:
            if key in program:
                yield line(2, f"{WORDS.get(key, key)}: {value_text(program[key])}")
        if "args" in program:
            yield line(2, "defaults")
            for name, value in program["args"].items():
                yield line(3, f"{_word(name)} = {value_text(value)}")
        yield from self._before(program)
        if program.keys() & AFTER:
            yield line(2, "then")
            yield from self._after(program)

    def _before(self, program: Mapping[str, Any]) -> Iterator[str]:
        operands = OperandCollector()
        operands.rewritten_program(program, [key for key in PROGRAM_KEYS if key not in AFTER])
        printer, names = self.namer.printer(operands.found)
        yield from (line(2, text) for text in names)
        yield from requirement_lines(printer, 2, _requirements(program, "checks", printer))
        for text, names in _by_value(printer, program.get("pre", ())):
            together = [", ".join(names)] if text == "argument" else names
            yield from (line(2, f"{name} = {text}") for name in together)
        for name, value in program.get("sets", ()):
            yield line(2, f"self.{_word(name)} = {value_of(printer, value)}")
        for text, names in _by_value(printer, program.get("kw", ())):
            yield line(2, f"given {', '.join(names)} = {text}")
        for owner, name, value in program.get("nested0", ()):
            target = f"{printer.text(owner, CHOICE)}.{_word(name)}"
            yield line(2, f"set {target} = {value_of(printer, value)}")
        if "value" in program:
            yield line(2, f"return {value_of(printer, program['value'])}")

    def _after(self, program: Mapping[str, Any]) -> Iterator[str]:
        operands = OperandCollector()
        operands.rewritten_program(program, AFTER)
        printer, names = self.namer.printer(operands.found, "c2")
        yield from (line(3, text) for text in names)
        yield from requirement_lines(printer, 3, _requirements(program, "checks2", printer))
        for owner, name, value in program.get("nested", ()):
            target = f"{printer.text(owner, CHOICE)}.{_word(name)}"
            yield line(3, f"set {target} = {value_of(printer, value)}")
        for name, value in program.get("post", ()):
            yield line(3, f"{_word(name)} = {value_of(printer, value)}")


def _requirements(program: Mapping[str, Any], key: str, printer: Printer) -> Branch:
    return tree_of(groups_of(program.get(key, []), printer.rows))


def _by_value(printer: Printer, sets: Any) -> Iterator[tuple[str, list[str]]]:
    """Yield each value with the consecutive names that are set to it.

    The argument of the same name is `argument`.
    """
    texts = []
    for name, value in sets:
        row = printer.rows[value[1]] if value[0] == "v" and type(value[1]) is int else []
        text = "argument" if row == ["arg", name] else value_of(printer, value)
        texts.append((_word(name), text))
    for text, entries in groupby(texts, lambda entry: entry[1]):
        yield text, [name for name, _ in entries]


def _pairs(record: Mapping[str, Any], key: str) -> tuple[list[str], list[Any]]:
    found = record.get(key, {})
    return list(found), list(found.values())


def _word(name: str) -> str:
    return name if is_word(name) else string_text(name)


def field_text(name: str, field: FieldRecord) -> str:
    """Return the declaration of a field: its name, type, default and checks."""
    parts: list[Any] = field
    text = f"{_word(name)} ({parts[0].replace('|', ' | ')})"
    if len(parts) > 1:
        text += f" = {value_text(parts[1])}"
    return ", ".join([text, *map(_check, parts[2] if len(parts) > 2 else ())])


def _check(check: list[Any]) -> str:
    if check[0] == "in":
        _, low, high, excludes_low, excludes_high = check
        start, end = "(" if excludes_low else "[", ")" if excludes_high else "]"
        return f"in {start}{value_text(low)}, {value_text(high)}{end}"
    return " ".join([check[0], *map(value_text, check[1:])])


def _part(name: str, part: list[Any]) -> str:
    config, model_type, values, is_optional = part
    text = f"{_word(name)}: {config or 'none'}"
    if model_type is not None:
        text += f" {string_text(model_type)}"
    if values:
        text += f" {value_text(values)}"
    return text + (" optional" if is_optional else "")


def value_of(printer: Printer, value: Term) -> str:
    """Return the new value of an attribute or keyword as text."""
    if value[0] == "v":
        return printer.text(value[1], CHOICE)
    if value[0] in LEAVES:
        return str(value[0])
    yes: Any
    no: Any
    _, condition, yes, no = value
    first = value_of(printer, yes)
    if yes[0] == "if" or (yes[0] == "v" and first != printer.text(yes[1], OR)):
        first = f"({first})"
    return f"{first} if {printer.text(condition, OR)} else {value_of(printer, no)}"
