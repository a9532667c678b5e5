"""Render untrusted text as Markdown that only shows it, on GitHub and elsewhere.

Escapes do not stop GitHub from linking `@user`, `#1`, addresses or commits, since it looks for them
in the rendered text. It never does in code, so everything that is not clearly a word or a number
becomes code.
"""

from __future__ import annotations

import re
from typing import Final

from loracfg.report.render.words import visible

MAX_CODE: Final = 400
"""The maximum characters of a name; longer ones are cut."""
MAX_PROSE: Final = 2000
"""The maximum characters of a text; longer ones are cut."""

_CUT: Final = "..."
_BEFORE: Final = "(\"'"
_AFTER: Final = ")\"'.,;:!?"
_CODE: Final = re.compile("`([^`]+)`")
_COMMIT: Final = re.compile(r"[0-9a-f]{7,40}\b")
_PLAIN: Final = re.compile(r"[A-Za-z]+(?:['-][A-Za-z]+)*|[0-9]+(?:[.,][0-9]+)*%?")
_RULE: Final = re.compile("[A-Z]+[0-9]+")
_ADDRESS: Final = re.compile(r"https://[A-Za-z0-9./_~#?=%+:-]+")


def code(text: str) -> str:
    """Return a text as a code span, with a fence longer than any run of backticks in it."""
    text = _cut(visible(text), MAX_CODE) or " "
    fence = "`"
    while fence in text:
        fence += "`"
    loses_spaces = text[0] == text[-1] == " " and text.strip(" ")
    pad = " " if loses_spaces or "`" in (text[0], text[-1]) else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def prose(text: str) -> str:
    """Return a text on one line; text in backticks, and all that is not a word, becomes code."""
    parts = _CODE.split(_cut(visible(text), MAX_PROSE))
    result = ""
    for number, part in enumerate(parts):
        shown = code(part) if number % 2 else re.sub("[^ ]+", _word, part)
        touches = result.endswith("`") and shown.startswith("`")  # they would be one span
        result += f" {shown}" if touches else shown
    return result.strip(" ")


def link(rule: str, url: str) -> str:
    """Return the code of a rule, with a link to its page if both are well-formed."""
    if _RULE.fullmatch(rule) and _ADDRESS.fullmatch(url):
        return f"[{rule}]({url})"
    return code(rule)


def _word(found: re.Match[str]) -> str:
    """Return the Markdown for a token between spaces; punctuation around it does not change."""
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
