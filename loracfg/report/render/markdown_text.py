"""Text from strangers as Markdown that shows it and does nothing else, on GitHub as elsewhere.

Escapes do not keep GitHub from linking `@user`, `#1`, addresses or commits, since it looks for them
in the rendered text, but never in code. So whatever is not plainly a word or a number is code.
"""

from __future__ import annotations

import re
from typing import Final

from loracfg.report.render.words import visible

MAX_CODE: Final = 400
"""Longer names are cut to this many characters."""
MAX_PROSE: Final = 2000
"""Longer sentences are cut to this many characters."""

_CUT: Final = "..."
_BEFORE: Final = "(\"'"
_AFTER: Final = ")\"'.,;:!?"
_CODE: Final = re.compile("`([^`]+)`")
_COMMIT: Final = re.compile(r"[0-9a-f]{7,40}\b")
_PLAIN: Final = re.compile(r"[A-Za-z]+(?:['-][A-Za-z]+)*|[0-9]+(?:[.,][0-9]+)*%?")
_RULE: Final = re.compile("[A-Z]+[0-9]+")
_ADDRESS: Final = re.compile(r"https://[A-Za-z0-9./_~#?=%+:-]+")


def code(text: str) -> str:
    """Return a text as a code span; its fence is longer than any run of backticks in it."""
    text = _cut(visible(text), MAX_CODE) or " "
    fence = "`"
    while fence in text:
        fence += "`"
    loses_spaces = text[0] == text[-1] == " " and text.strip(" ")
    pad = " " if loses_spaces or "`" in (text[0], text[-1]) else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def prose(text: str) -> str:
    """Return sentences on one line; what they have in backticks, and all but words, is code."""
    parts = _CODE.split(_cut(visible(text), MAX_PROSE))
    result = ""
    for number, part in enumerate(parts):
        shown = code(part) if number % 2 else re.sub("[^ ]+", _word, part)
        touches = result.endswith("`") and shown.startswith("`")  # which would be one span
        result += f" {shown}" if touches else shown
    return result.strip(" ")


def link(rule: str, url: str) -> str:
    """Return the code of a rule, linked to its page if both look as they should."""
    if _RULE.fullmatch(rule) and _ADDRESS.fullmatch(url):
        return f"[{rule}]({url})"
    return code(rule)


def _word(found: re.Match[str]) -> str:
    """Return what stands between two spaces, with the punctuation round it as it is."""
    token = found[0]
    word = token.lstrip(_BEFORE).rstrip(_AFTER)
    if not word or (_PLAIN.fullmatch(word) and not _COMMIT.match(word)):
        return token
    before, _, after = token.partition(word)
    if "(" in word and after.startswith(")"):
        word, after = f"{word})", after[1:]
    return f"{before}{code(word)}{after}"


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - len(_CUT)] + _CUT
