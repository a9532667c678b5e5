"""Splits facts files into trees of lines, and lines into tokens."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Final

from loracfg.base.catalogue.evaluation.config import DIRECTLY
from loracfg.base.catalogue.printing.line_breaks import GOES_ON, STEP
from loracfg.base.derivation.text.parse_errors import FactsError
from loracfg.named_tuple import NamedTuple

MOST_BYTES: Final = 4_000_000
MOST_TOKENS: Final = 60_000
"""The most tokens of a file; the largest in the catalogue has a third of that."""
DEEPEST: Final = 100
LONGEST_NUMBER: Final = 1000
_TOKEN: Final = re.compile(
    r"(?P<space> +)"
    r"|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"
    r'|(?P<string>"(?:[^"\\]++|\\.)*+")'
    r"|(?P<sign>\*\*|//|<<|>>|==|!=|<=|>=|\.\.\.|[-+*/%&|^~<>=.,:()\[\]{}#])",
    re.ASCII,
)
NO_NAME: Final = "is not a name that facts have"
"""The end of the reason for refusing names that only objects of Python have."""


class Token(NamedTuple):
    """A word of a line: its kind (`name`, `number`, `string`, `sign`), text and place."""

    kind: str
    text: str
    line: int
    column: int

    def fault(self, message: str) -> FactsError:
        """Return an error at this place."""
        return FactsError(message, self.line, self.column)


@dataclass
class Entry:
    """A line with the lines that are indented below it."""

    tokens: list[Token]
    inside: list[Entry] = field(default_factory=list)


def entries(text: str) -> list[Entry]:
    """Return the lines of a text, each with those below it.

    Raises:
        FactsError: if it is too long, has the wrong indentation, or has an unexpected character.
    """
    if len(text) > MOST_BYTES:
        raise FactsError("the file is too long", 1, 1)
    top: list[Entry] = []
    levels = [top]
    left = MOST_TOKENS
    for number, line in enumerate(text.split("\n"), 1):
        content = line.lstrip(" ")
        if not content:
            continue
        indent = len(line) - len(content)
        goes_on = bool(top) and content.startswith(GOES_ON)
        tokens = _tokens(line, indent + goes_on * len(GOES_ON), number)
        left -= len(tokens)
        if left < 0:
            raise FactsError("the file is too long", number, 1)
        if goes_on:
            levels[-2][-1].tokens += tokens
            continue
        level = indent // STEP
        if indent % STEP or level >= len(levels):
            raise FactsError(
                "the line is indented too far, or by an odd number", number, indent + 1
            )
        if level > DEEPEST:
            raise FactsError("the line is nested too deeply", number, indent + 1)
        entry = Entry(tokens)
        levels[level].append(entry)
        levels[level + 1 :] = [entry.inside]
    return top


def _tokens(line: str, start: int, number: int) -> list[Token]:
    found = []
    while start < len(line):
        match = _TOKEN.match(line, start)
        if match is None or match.lastgroup is None:
            raise FactsError(f"unexpected character `{line[start]}`", number, start + 1)
        if match.lastgroup != "space":
            found.append(Token(match.lastgroup, match.group(), number, start + 1))
        start = match.end()
    return found


class Cursor:
    """Reads the tokens of a line one by one."""

    __slots__ = ("_end", "_position", "_tokens")

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens, self._position = tokens, 0
        last = tokens[-1]
        self._end = Token("end", "", last.line, last.column + len(last.text))

    def peek(self, ahead: int = 0) -> Token:
        """Return a following token without taking it."""
        position = self._position + ahead
        return self._tokens[position] if position < len(self._tokens) else self._end

    def take(self) -> Token:
        """Take the next token."""
        token = self.peek()
        self._position += 1
        return token

    def at(self, *texts: str) -> bool:
        """Return whether these names or signs are next."""
        return all(
            (token := self.peek(k)).text == text and token.kind in ("name", "sign")
            for k, text in enumerate(texts)
        )

    def accept(self, *texts: str) -> bool:
        """Take these names or signs if they are next."""
        if not self.at(*texts):
            return False
        self._position += len(texts)
        return True

    def expect(self, text: str) -> Token:
        """Take a name or sign.

        Raises:
            FactsError: if something else comes.
        """
        if not self.at(text):
            raise self.peek().fault(f"expected `{text}`, found {self.found()}")
        return self.take()

    def found(self) -> str:
        """Describe the next token."""
        token = self.peek()
        return f"`{token.text:.40}`" if token.text else "the end of the line"

    def name(self) -> str:
        """Take a name, in quotes or not.

        Raises:
            FactsError: if something else comes, or a name that only objects of Python have.
        """
        token = self.peek()
        if token.kind not in ("name", "string"):
            raise token.fault(f"expected a name, found {self.found()}")
        name = self.string() if token.kind == "string" else self.take().text
        if name.startswith("__") and not name.startswith(DIRECTLY):
            raise token.fault(f"`{name:.40}` {NO_NAME}")
        return name

    def number(self) -> int | float:
        """Take a number.

        Raises:
            FactsError: if something else comes, or it is too long.
        """
        token = self.take()
        if token.kind != "number" or len(token.text) > LONGEST_NUMBER:
            raise token.fault(f"expected a number, found `{token.text:.40}`")
        return int(token.text) if token.text.isdigit() else float(token.text)

    def string(self) -> str:
        """Take a string; adjacent strings are joined.

        Raises:
            FactsError: if something else comes, or it has an escape that JSON does not know.
        """
        if self.peek().kind != "string":
            raise self.peek().fault(f"expected a string, found {self.found()}")
        parts = []
        while self.peek().kind == "string":
            token = self.take()
            try:
                parts.append(json.loads(token.text, strict=False))
            except ValueError:
                raise token.fault("the string has an escape that JSON does not know") from None
        return "".join(parts)

    def finish(self) -> None:
        """Check that the line ends here.

        Raises:
            FactsError: if it does not.
        """
        if self.peek().kind != "end":
            raise self.peek().fault(f"unexpected {self.found()}")
