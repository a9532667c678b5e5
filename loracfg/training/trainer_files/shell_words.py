"""Splits a shell script into commands and words, with their places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from loracfg.document.json_document import line_starts, region
from loracfg.errors import LoracfgError
from loracfg.named_tuple import NamedTuple
from loracfg.report.report import Region

_TOKEN: Final = re.compile(
    r"""
    (?P<blank>(?:[ \t\r]|\\\r?\n)+)
  | (?P<comment>\#[^\n]*)
  | (?P<end>\n|;|&&?|\|\|?|[()])
  | (?P<word>(?:\\.|'[^']*'|"(?:\\.|[^"\\])*"|\$\([^()]*\)|`[^`]*`|[^\s;&|()'"`\\])+)
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_PART: Final = re.compile(
    r"""\\\n|\\(?P<escaped>.)|'(?P<single>[^']*)'|"(?P<double>(?:\\.|[^"\\])*)"|(?P<bare>[^'"\\]+)""",
    re.DOTALL,
)
_IN_DOUBLE: Final = re.compile(r"\\([\"\\$`\n])")
_EXPANDS: Final = re.compile(r"[$`]")
_GLOB: Final = re.compile(r"[*?\[{~]")

MAX_WORDS: Final = 20_000


class ShellWord(NamedTuple):
    """A word after quotes are removed, its place, and whether the shell leaves it as it is."""

    text: str
    region: Region
    is_literal: bool = True


def commands_of(text: str, file: str) -> Iterator[list[ShellWord]]:
    """Yield the words of each command of a script, in order.

    Raises:
        LoracfgError: the script has too many words.
    """
    starts, words, count = line_starts(text), list[ShellWord](), 0
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup
        if kind == "word":
            count += 1
            if count > MAX_WORDS:
                raise LoracfgError(f"`{file}` has more than {MAX_WORDS} words")
            words.append(_word(token[0], region(starts, *token.span())))
        elif kind == "end" and words:
            yield words
            words = []
    if words:
        yield words


def _word(raw: str, place: Region) -> ShellWord:
    parts, is_literal = [], True
    for part in _PART.finditer(raw):
        match part.lastgroup:
            case "escaped" | "single":
                parts.append(part[part.lastgroup])
            case "double":
                inner = part["double"]
                is_literal &= _EXPANDS.search(_IN_DOUBLE.sub("", inner)) is None
                parts.append(_IN_DOUBLE.sub(r"\1", inner))
            case "bare":
                bare = part["bare"]
                is_literal &= not (_EXPANDS.search(bare) or _GLOB.search(bare))
                parts.append(bare)
            case _:
                pass  # a line that goes on
    return ShellWord("".join(parts), place, is_literal)
