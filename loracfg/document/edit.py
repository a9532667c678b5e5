"""Edit JSON text and keep every character that an edit does not need to change."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from loracfg.document.parser import ParsedText, parse
from loracfg.document.pointer import escape, unescape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loracfg.document.json_document import Document
    from loracfg.document.json_value import Json

_LINE_END: Final = re.compile(r"(\r?\n)[ \t\r\n]*")


@dataclass(frozen=True, slots=True)
class SetValue:
    """Replace a value, or add a member to an object.

    An equal value keeps its spelling. 1, 1.0 and true are different; the order of keys is ignored.
    """

    pointer: str
    value: Any


@dataclass(frozen=True, slots=True)
class RemoveKey:
    """Remove a member of an object, including duplicates of its key."""

    pointer: str


ConfigEdit: TypeAlias = SetValue | RemoveKey


def apply_edits(document: Document, changes: Sequence[ConfigEdit]) -> str:
    """Return the text of a document after applying changes in order.

    New values are formatted like their neighbours. A new member is inserted in order if the keys of
    its object are sorted, and else at the end.

    Raises:
        ValueError: a change does not fit the document: its pointer leads through a missing value or
            a scalar, or to a missing key to remove or index to set; or a new value is not JSON
            (`NaN` and infinities are not).
    """
    start, end = document.parsed.spans[""].value
    editor = _Editor(document)
    for change in changes:
        if isinstance(change, SetValue):
            editor.set(change.pointer, change.value)
        else:
            editor.remove(change.pointer)
    return document.text[:start] + _text(editor.root.value) + document.text[end:]


@dataclass(slots=True, eq=False)
class _Member:
    """A member of an object, or an element of an array, whose `key` and `colon` are empty.

    `separator` is the text between the previous value and this member. For the first member, it is
    the text that would be there, or `""` if nothing in the object shows it.
    """

    step: str
    separator: str
    key: str
    colon: str
    value: str | _Container
    gone: bool = False


@dataclass(slots=True)
class _Container:
    """The parts of an object or array; `like` shows the layout of the line on which it begins."""

    brackets: str
    like: str
    lead: str = ""
    tail: str = ""
    members: list[_Member] = field(default_factory=list)
    by_step: dict[str, list[_Member]] = field(default_factory=dict)


def _split_container(text: str, parsed: ParsedText, like: str) -> _Container:
    """Split an object or array into the texts of its direct members."""
    start, end = parsed.spans[""].value
    result = _Container(text[start] + text[end - 1], like)
    repeated = {repeat.pointer: repeat.spans for repeat in parsed.repeated}
    value = parsed.value
    places = []
    for step in value if isinstance(value, dict) else map(str, range(len(value))):
        pointer = f"/{escape(step)}"
        spans = repeated.get(pointer) or (parsed.spans[pointer],)
        places += [(*(span.key or (span.value[0],) * 2), *span.value, step) for span in spans]
    at = start + 1
    for key_start, key_end, value_start, value_end, step in sorted(places):
        key, colon = text[key_start:key_end], text[key_end:value_start]
        member = _Member(step, text[at:key_start], key, colon, text[value_start:value_end])
        result.members.append(member)
        result.by_step.setdefault(step, []).append(member)
        at = value_end
    result.tail = text[at : end - 1]
    if result.members:
        first, *others = result.members[:2]
        result.lead = first.separator
        first.separator = others[0].separator if others else result.lead and "," + result.lead
    return result


def _text(value: str | _Container) -> str:
    if isinstance(value, str):
        return value
    parts: list[str] = []
    separators: list[str] = []
    for member in value.members:
        separators.append(member.separator)
        if member.gone:
            continue
        # A line end before or after removed members is kept.
        line_end = next((text for text in separators if "\n" in text), member.separator)
        parts += (line_end if parts else value.lead, member.key, member.colon, _text(member.value))
        separators = []
    tail = value.tail if parts or not value.members else ""
    return "".join((value.brackets[0], *parts, tail, value.brackets[1]))


def _indentation(like: str) -> str:
    """Return the blanks at the start of a text's last line; a comma counts as a blank."""
    line = like[like.rfind("\n") + 1 :]
    return line[: len(line) - len(line.lstrip(" \t\r,"))].replace(",", " ")


@dataclass(frozen=True, slots=True)
class _Style:
    """The layout of a file; `comma` and `colon` include the blanks around them on one line."""

    newline: str
    indent: str
    comma: str
    colon: str

    @classmethod
    def of(cls, document: Document, root: _Member) -> _Style:
        text, spans = document.text, document.parsed.spans
        colons = (text[s.key[1] : s.value[0]] for s in spans.values() if s.key)
        colon = next(colons, ": ")
        comma = ", " if colon[-1].isspace() else ","
        if isinstance(root.value, _Container):
            separators = (member.separator for member in root.value.members[1:])
            comma = next((found for found in separators if "\n" not in found), comma)
        # Only blanks contain line ends, since strings escape them.
        line_end = _LINE_END.search(text, *spans[""].value)
        if line_end is None:
            return cls("", "", comma, colon)
        return cls(line_end[1], line_end[0].rpartition("\n")[2], comma, colon)

    def written(self, value: Json, like: str) -> str:
        """Return a value on one line or on several, like the text `like`."""
        if "\n" not in like:
            return json.dumps(value, separators=(self.comma, self.colon), allow_nan=False)
        text = json.dumps(value, indent=self.indent, separators=(",", self.colon), allow_nan=False)
        return text.replace("\n", self.newline + _indentation(like))


class _Editor:
    def __init__(self, document: Document) -> None:
        text, parsed = document.text, document.parsed
        value: str | _Container = text[slice(*parsed.spans[""].value)]
        if isinstance(parsed.value, dict | list):
            value = _split_container(text, parsed, "")
        self.root = _Member("", "", "", "", value)
        self.style = _Style.of(document, self.root)

    def set(self, pointer: str, value: Json) -> None:
        if not pointer:
            self.replace(self.root, value)
            return
        parent, step = self.parent(pointer)
        if step in parent.by_step:
            self.replace(parent.by_step[step][-1], value)
        elif parent.brackets == "{}":
            self.add(parent, step, value)
        else:
            raise ValueError(f"`{pointer}` is not an element of its array")

    def remove(self, pointer: str) -> None:
        parent, step = self.parent(pointer)
        if parent.brackets != "{}":
            raise ValueError(f"`{pointer}` is not a member of an object")
        if step not in parent.by_step:
            raise ValueError(f"`{pointer}` is not in the document")
        for member in parent.by_step.pop(step):
            member.gone = True

    def parent(self, pointer: str) -> tuple[_Container, str]:
        """Return the object or array that contains a pointer's target, and the last step."""
        root, *steps = map(unescape, pointer.split("/"))
        if root or not steps:
            raise ValueError(f"`{pointer}` does not point to a member")
        member = self.root
        for step in steps[:-1]:
            found = self.inside(member, pointer).by_step.get(step)
            if found is None:
                raise ValueError(f"`{pointer}` leads through `{step}`, which is missing")
            member = found[-1]
        return self.inside(member, pointer), steps[-1]

    def inside(self, member: _Member, pointer: str) -> _Container:
        if isinstance(member.value, str):
            if member.value[0] not in "{[":
                raise ValueError(f"`{pointer}` leads through a scalar value")
            member.value = _split_container(member.value, parse(member.value), member.separator)
        return member.value

    def replace(self, member: _Member, value: Json) -> None:
        text = _text(member.value)
        present = parse(text).value
        if json.dumps(present, sort_keys=True) == json.dumps(value, sort_keys=True):
            return
        holds_others = isinstance(present, dict | list) and present
        member.value = self.style.written(value, text if holds_others else member.separator)

    def add(self, parent: _Container, step: str, value: Json) -> None:
        kept = [member for member in parent.members if not member.gone]
        steps = [member.step for member in kept]
        in_order = all(one <= other for one, other in pairwise(steps))
        place = bisect_right(steps, step) if in_order else len(steps)
        after = parent.members.index(kept[place]) if place < len(kept) else len(parent.members)
        separator, colon = self.spacing(parent, after)
        text = self.style.written(value, separator)
        member = _Member(step, separator, json.dumps(step), colon, text)
        parent.members.insert(after, member)
        parent.by_step[step] = [member]

    def spacing(self, parent: _Container, place: int) -> tuple[str, str]:
        """Return the separator and the colon for a new member, and lay out an empty object."""
        if parent.members:
            neighbour = parent.members[max(place - 1, 0)]
            neighbour.separator = neighbour.separator or self.style.comma
            return neighbour.separator, neighbour.colon
        parent.lead = parent.tail
        if "\n" in parent.like:
            parent.tail = self.style.newline + _indentation(parent.like)
            parent.lead = parent.tail + self.style.indent
        return parent.lead and "," + parent.lead, self.style.colon
