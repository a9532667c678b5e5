"""Writes all facts about a model type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from loracfg.base.catalogue.printing.configs import ConfigWriter
from loracfg.base.catalogue.printing.constants import value_text
from loracfg.base.catalogue.printing.expressions import name_text
from loracfg.base.catalogue.printing.line_breaks import line
from loracfg.base.catalogue.printing.naming import Namer
from loracfg.base.catalogue.printing.requirements import requirement_lines, sections, tree_of
from loracfg.base.catalogue.printing.structure import OperandCollector
from loracfg.base.catalogue.printing.trees import Blocks, TreeWriter, nodes_in

if TYPE_CHECKING:
    from loracfg.base.catalogue.program_data import ModelRecord, ProgramData


def facts_text(program: ProgramData, only: str | None = None) -> str:
    """Return a normalised program as text.

    Args:
        program: the program.
        only: the only model class to write, without config classes.

    Raises:
        ValueError: if the text cannot express a part of it.
    """
    namer = Namer(program["exprs"])
    sections: list[list[str]] = []
    if only is None:
        configs = ConfigWriter(namer)
        sections += [configs.lines(name, one) for name, one in program["configs"].items()]
    else:
        program = {**program, "classes": {only: program["classes"][only]}}
    sections += _models(program, namer)
    return "\n\n".join("\n".join(lines) for lines in sections) + "\n"


def _models(program: ProgramData, namer: Namer) -> Iterator[list[str]]:
    classes = program["classes"]
    operands = OperandCollector()
    for number in nodes_in(program):
        operands.rewritten_node(program["nodes"][number])
    for one in classes.values():
        operands.model(one)
    printer, definitions = namer.printer(operands.found)
    if definitions:
        yield [line(0, text) for text in definitions]
    blocks = Blocks(program)
    writer = TreeWriter(program["nodes"], blocks.names, printer)
    written: set[int] = set()
    for name, one in classes.items():
        yield _model(writer, name, one)
        written.add(one["root"] if blocks.names.get(one["root"]) == name else -1)
        while to_write := [
            n for n in writer.met if n not in written and blocks.names[n] not in classes
        ]:
            written.add(to_write[0])
            yield _block(writer, to_write[0])
    yield from _requirements(program, namer, printer.names)


def _model(writer: TreeWriter, name: str, one: ModelRecord) -> list[str]:
    root = one["root"]
    is_own = writer.names.get(root) == name
    head = writer.description(root) if is_own else writer.head(root)
    writer.lines = []
    writer.add(0, f"model {name_text(name)}" + ("" if head == name and is_own else f": {head}"))
    for word, place in (("input", one["in"]), ("output", one["out"])):
        if place is not None:
            writer.add(1, f"{word} = {writer.choice(place, writer.place)}")
    for word, operand in one.get("exports", {}).items():
        writer.add(1, f"export {word} = {writer.printer.text(operand)}")
    if "tied" in one:
        writer.add(1, f"tied = {value_text(one['tied'])}")
    if is_own or root not in writer.names:
        writer.contents(1, root)
    return writer.lines


def _block(writer: TreeWriter, number: int) -> list[str]:
    name = writer.names[number]
    text = writer.description(number)
    writer.lines = []
    writer.add(0, f"block {name}" + ("" if text == name.partition(".")[0] else f": {text}"))
    writer.contents(1, number)
    return writer.lines


def _requirements(program: ProgramData, namer: Namer, names: dict[int, str]) -> Iterator[list[str]]:
    checks, classes = program["checks"], program["classes"]
    operands = OperandCollector()
    for number in sorted({number for one in classes.values() for number in one["checks"]}):
        operands.check(checks[number])
    printer, definitions = namer.printer(operands.found, names=names)
    if definitions:
        yield [line(0, text) for text in definitions]
    of_class = {name: one["checks"] for name, one in classes.items()}
    for some, groups in sections(checks, of_class).items():
        head = line(0, f"requirements {', '.join(map(name_text, some))}")
        yield [head, *requirement_lines(printer, 1, tree_of(groups))]
