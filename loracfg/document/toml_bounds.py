"""Bounds for TOML text, checked in linear time before tomllib parses it.

The time of tomllib grows with the square of the parts of a key, and it calls itself for each level.
"""

from __future__ import annotations

import re
from typing import Final

from loracfg.document.toml_places import Place, TextLines

MAX_PARTS: Final = 16
"""The maximum parts of a dotted key; ours have 5."""
MAX_DEPTH: Final = 50
"""The maximum levels of arrays and inline tables."""
MAX_WORD: Final = 1_000
"""The maximum characters of a number, or of a part of a key without quotes."""

_TOKEN: Final = re.compile(
    r'''"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?'{3,5}|"""|\'\'\'|"(?:\\.|[^"\\\n])*"|'[^'\n]*\''''
    r"""|#[^\n]*|[^\s\[\]{}=,.#"']+|\S|\n""",
    re.DOTALL,
)
"""A string, a quote that begins none, a comment, a word, a mark, or the end of a line."""
_UNCLOSED: Final = frozenset({'"""', "'''", '"', "'"})


class TomlBoundError(ValueError):
    """Text that exceeds a bound: what does, and where."""

    def __init__(self, problem: str, place: Place) -> None:
        super().__init__(problem)
        self.problem, self.place = problem, place


def check_bounds(text: str) -> None:
    """Check that tomllib parses a text in a time that its length explains.

    Text that is not TOML passes if what comes before its first error does.

    Raises:
        TomlBoundError: it may take longer.
    """
    parts, depth = 1, 0
    for token in _TOKEN.finditer(text):
        word = token[0]
        if word == ".":
            parts += 1
            if parts > MAX_PARTS:
                raise _error(text, token, f"a key has more than {MAX_PARTS} parts")
        elif word in "=,\n":
            parts = 1
        elif word in "[{":
            parts, depth = 1, depth + 1
            if depth > MAX_DEPTH:
                raise _error(text, token, f"values are nested more than {MAX_DEPTH} levels deep")
        elif word in "]}":
            depth -= 1
        elif word in _UNCLOSED:
            return
        elif len(word) > MAX_WORD and word[0] not in "\"'#":
            problem = f"a number or a key has more than {MAX_WORD:,} characters"
            raise _error(text, token, problem)


def _error(text: str, token: re.Match[str], problem: str) -> TomlBoundError:
    return TomlBoundError(problem, TextLines(text).place(token.start()))
